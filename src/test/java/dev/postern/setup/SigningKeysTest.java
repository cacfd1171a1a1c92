package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.token.KeyFiles;
import dev.postern.token.SigningAlgorithm;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which keys the settings mean, and which settings mean none. */
class SigningKeysTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant IN_29_DAYS_AND_A_BIT =
            NOW.plus(Duration.ofDays(29)).plusSeconds(1);

    @TempDir
    Path directory;

    private PosternConfig config(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("postern.data", directory.toString()));
        for (String setting : settings) {
            all.put("postern.token." + setting.split("=")[0], setting.split("=")[1]);
        }
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
    }

    @Test
    void nothingNeedsToBeSetAndKeysChangeEachMonth() throws Exception {
        // When
        SigningKeys keys = SigningKeys.load(config(), NOW);

        // Then
        assertThat(keys.generated()).isTrue();
        assertThat(keys.bundle()).contains(directory.toAbsolutePath().resolve("signing-cert.pem"));
        assertThat(keys.refresh(IN_29_DAYS_AND_A_BIT).orElseThrow().others()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"libtrust", "thumbprint"})
    void whereRegistriesLookKeysUpTheyDoNotChangeUnasked(String form) throws Exception {
        assertThat(SigningKeys.load(config("key-id=" + form), NOW).refresh(IN_29_DAYS_AND_A_BIT))
                .isEmpty();
        assertThat(SigningKeys.load(config("key-id=" + form, "rotation.every=30d"), NOW)
                        .refresh(IN_29_DAYS_AND_A_BIT))
                .isPresent();
    }

    @Test
    void rotationCanBeSwitchedOff() throws Exception {
        assertThat(SigningKeys.load(config("rotation.every=0S"), NOW).refresh(IN_29_DAYS_AND_A_BIT))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "rotation.every=1d, postern.token.rotation.every",
        "rotation.every=401d, postern.token.rotation.every",
        "rotation.publish-ahead=0S, postern.token.rotation.publish-ahead",
        "key=key.pem, go together",
        "certificate=cert.pem, go together",
        "tls-configuration-name=signing, the server alone reads",
    })
    void whatCannotBeMeantStopsTheStart(String setting, String named) {
        assertThatThrownBy(() -> SigningKeys.load(config(setting), NOW))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining(named);
    }

    @Test
    void aKeyOfOnesOwnIsNotChangedByPostern() throws Exception {
        // Given
        Path key = directory.resolve("own.key");
        Path certificate = directory.resolve("own.crt");
        KeyFiles.write(KeyFiles.generate(SigningAlgorithm.ES256, "own", NOW), key, certificate);
        String[] own = {"key=" + key, "certificate=" + certificate};

        // Then
        SigningKeys keys = SigningKeys.load(config(own), NOW);
        assertThat(keys.generated()).isFalse();
        assertThat(keys.refresh(IN_29_DAYS_AND_A_BIT)).isEmpty();
        assertThatThrownBy(() -> SigningKeys.load(config(own[0], own[1], "rotation.every=30d"), NOW))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("of keys that Postern makes");
    }
}
