package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller from an allowed address may do, and what its role still denies it. */
@InLab
class LabPullAndPushIT {
    private final Lab lab;

    LabPullAndPushIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void officeIsAllowed() {
        lab.postern();
        lab.stock();
        lab.allow("zone: office");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "RS256"})
    void theRegistryTakesTokensOfEitherAlgorithm(String algorithm) throws IOException {
        // Given
        lab.postern("algorithm=" + algorithm);
        String repository = "acme/app/signed-" + algorithm.toLowerCase(Locale.ROOT);
        Path pulled = lab.freshPath();
        // When
        Answer answer = lab.token(Lab.OFFICE, lab.buildBot(), "repository:" + repository + ":pull,push");
        Lab.Result push = lab.push(Lab.OFFICE, lab.buildBot(), repository);
        Lab.Result pull = lab.pull(Lab.OFFICE, lab.buildBot(), repository, pulled);
        // Then
        assertThat(answer.algorithm()).isEqualTo(algorithm);
        assertThat(answer.hasCertificateChain()).isTrue();
        push.succeeded();
        pull.succeeded();
        assertThat(blobs(pulled)).isEqualTo(blobs(lab.directory().resolve("image")));
    }

    @Test
    void aLoginFromTheOfficeSucceeds() {
        // When
        Lab.Result result = lab.skopeoLogin(Lab.OFFICE, lab.buildBot());
        // Then
        assertThat(result.succeeded().out()).contains("Login Succeeded!");
    }

    @Test
    void aSecondAddressOfTheAllowedBlockPullsToo() {
        // When
        Lab.Result pull = lab.pull("office2", lab.readerBot(), Lab.IMAGE, lab.freshPath());
        // Then
        pull.succeeded();
    }

    @Test
    void aReaderPulls() throws IOException {
        // Given
        Path pulled = lab.freshPath();
        // When
        Lab.Result pull = lab.pull(Lab.OFFICE, lab.readerBot(), Lab.IMAGE, pulled);
        // Then
        pull.succeeded();
        assertThat(blobs(pulled)).isEqualTo(blobs(lab.directory().resolve("image")));
    }

    @Test
    void aReadersPushIsRefusedByTheRegistry() {
        // Given
        String repository = "acme/app/of-a-reader";
        // When
        Answer answer = lab.token(Lab.OFFICE, lab.readerBot(), "repository:" + repository + ":pull,push");
        Lab.Result push = lab.push(Lab.OFFICE, lab.readerBot(), repository);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.granted()).containsExactly("repository:" + repository + ":pull");
        assertThat(push.failed().err()).contains("requested access to the resource is denied");
    }

    @Test
    void anyoneInTheOfficePullsAPublicImage() {
        // When
        Lab.Result pull = lab.pull(Lab.OFFICE, null, Lab.PUBLIC_IMAGE, lab.freshPath());
        // Then
        pull.succeeded();
    }

    @Test
    void nobodyInParticularIsGrantedNothingInAnImageThatIsNotPublic() {
        // When
        Answer answer = lab.token(Lab.OFFICE, null, "repository:" + Lab.IMAGE + ":pull");
        Lab.Result pull = lab.pull(Lab.OFFICE, null, Lab.IMAGE, lab.freshPath());
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.granted()).isEmpty();
        pull.failed();
    }

    /** The blobs of an OCI layout by their digests, in hexadecimal: the manifest, the configuration and the layer. */
    private static Map<String, String> blobs(Path layout) throws IOException {
        Map<String, String> blobs = new TreeMap<>();
        try (Stream<Path> files = Files.list(layout.resolve("blobs/sha256"))) {
            for (Path file : files.toList()) {
                blobs.put(file.getFileName().toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        assertThat(blobs).hasSize(3);
        return blobs;
    }
}
