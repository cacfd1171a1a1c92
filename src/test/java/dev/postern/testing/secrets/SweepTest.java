package dev.postern.testing.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.identity.ApiKeys;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sweep finds what is planted, and nothing else. */
class SweepTest {

    private static final String SECRET = "q7/W\"x+9 Zr\\~k2";

    @TempDir
    Path directory;

    private final Sweep sweep = new Sweep(List.of());

    static Stream<Arguments> writings() {
        return Stream.of(
                writing("plain", text -> text),
                writing("JSON", text -> text.replace("\\", "\\\\").replace("\"", "\\\"")),
                writing("URL", text -> URLEncoder.encode(text, StandardCharsets.UTF_8)),
                writing(
                        "URL, spaces as %20",
                        text -> URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20")),
                writing("hex", text -> HexFormat.of().formatHex(bytes(text))),
                writing("HEX", text -> HexFormat.of().withUpperCase().formatHex(bytes(text))),
                writing("base64", text -> Base64.getEncoder().encodeToString(bytes(text))),
                writing("base64url", text -> Base64.getUrlEncoder().encodeToString(bytes(text))),
                writing("after a user of 3", text -> Base64.getEncoder().encodeToString(bytes("bob:" + text))),
                writing("after a user of 5", text -> Base64.getEncoder().encodeToString(bytes("alice:" + text))),
                writing(
                        "after a user of 4",
                        text -> Base64.getUrlEncoder().encodeToString(bytes("anna:" + text + "?"))));
    }

    private static Arguments writing(String name, UnaryOperator<String> form) {
        return Arguments.of(name, form);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("writings")
    void aSecretThatIsPlantedIsFoundAndNotRepeated(String name, UnaryOperator<String> form) throws IOException {
        // Given
        sweep.add("the key of the test", bytes(SECRET));
        Path log = Files.writeString(directory.resolve("x.log"), "one\ntwo " + form.apply(SECRET) + " three\n");
        // When
        List<Sweep.Finding> findings = sweep.look(directory);
        // Then
        assertThat(findings).isNotEmpty();
        assertThat(findings.getFirst().toString())
                .startsWith(log + ":2: the key of the test, ")
                .doesNotContain(SECRET);
    }

    @Test
    void whatIsNearlyASecretIsNone() throws IOException {
        // Given
        sweep.add("the key of the test", bytes(SECRET));
        Files.writeString(directory.resolve("x.log"), SECRET.substring(1) + "\n" + SECRET.substring(0, 12) + "\n");
        // Then
        assertThat(sweep.look(directory)).isEmpty();
    }

    static List<String> shapes() {
        String part = "A".repeat(30);
        return List.of(
                "token=eyJ" + part + ".eyJ" + part + "." + part,
                "-----BEGIN " + "PRIVATE KEY-----",
                "-----BEGIN EC " + "PRIVATE KEY-----",
                "$2" + "y$10$" + part + part.substring(0, 23),
                "Authorization: Basic " + Base64.getEncoder().encodeToString(bytes("alice:pw")),
                "Authorization: Bearer " + part,
                "key " + ApiKeys.generate());
    }

    @ParameterizedTest(name = "{index}")
    @MethodSource("shapes")
    void whatLooksLikeASecretIsFound(String text) throws IOException {
        // Given
        Files.writeString(directory.resolve("TEST-x.xml"), "<system-out>" + text + "</system-out>");
        // Then
        assertThat(sweep.look(directory)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WWW-Authenticate: Basic realm=\"postern\", charset=\"UTF-8\"",
                "WWW-Authenticate: Bearer realm=\"https://postern.example.com/token\"",
                "-----BEGIN CERTIFICATE-----",
                "eyJhbGciOiJFUzI1NiJ9 alone",
                "postern_decisions_total{door=\"registry\",outcome=\"refused\"} 1.0",
                "postern_feed_prefixes_in_force_and_more_names_0",
                "HTTP Basic authentication",
                "$2y$10$ short"
            })
    void whatOnlyBeginsLikeOneIsNone(String text) throws IOException {
        // Given
        Files.writeString(directory.resolve("x.txt"), text);
        // Then
        assertThat(sweep.look(directory)).isEmpty();
    }

    @Test
    void theKeyOfTheExampleMayBePrintedOnceAndNowhereElse() throws IOException {
        // Given
        String key = ApiKeys.generate();
        Files.writeString(
                directory.resolve("a.log"),
                "Its API key, printed this once: " + key + "\n  curl -u 'iamapikey:" + key + "' \\\n");
        Path other = Files.writeString(directory.resolve("b.log"), "subject " + key + "\n");
        // Then
        assertThat(sweep.look(directory)).extracting(Sweep.Finding::file).containsExactly(other);
    }

    @Test
    void compressedFilesAreLookedThrough() throws IOException {
        // Given
        sweep.add("the key of the test", bytes(SECRET));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve("audit.jsonl.1.gz")))) {
            out.write(bytes("x" + SECRET));
        }
        // Then
        assertThat(sweep.look(directory)).hasSize(1);
    }

    @Test
    void whatIsAllowedIsForItsFileAndItsLabelOnly() throws IOException {
        // Given
        Sweep lenient = new Sweep(List.of(new Sweep.Allowed("a[.]log", "the key", "a test")));
        lenient.add("the key of the test", bytes(SECRET));
        lenient.add("another key", bytes("another-secret"));
        Files.writeString(directory.resolve("a.log"), SECRET + " another-secret");
        Files.writeString(directory.resolve("b.log"), SECRET);
        // Then
        assertThat(lenient.look(directory))
                .extracting(finding -> finding.file().getFileName() + " " + finding.what())
                .containsExactlyInAnyOrder("a.log another key, plain", "b.log the key of the test, plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC", "RSA"})
    void aPrivateKeyIsFoundByItsSecretNumber(String algorithm) throws Exception {
        // Given
        KeyPair pair = KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        String der = Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(pair.getPrivate().getEncoded());
        Path keys = Files.createDirectory(directory.resolve("keys"));
        Files.writeString(
                keys.resolve("a.key"),
                "-----BEGIN " + "PRIVATE KEY-----\n" + der + "\n-----END " + "PRIVATE KEY-----\n");
        Secrets.keys(directory).forEach(sweep::add);
        // When
        Files.writeString(
                directory.resolve("x.log"),
                Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()));
        // Then
        assertThat(sweep.look(directory))
                .extracting(Sweep.Finding::what)
                .anyMatch(what -> what.startsWith("the private key of " + keys.resolve("a.key")));
    }

    @Test
    void aSecretThatIsTooShortToBeToldApartIsNotTaken() {
        assertThatThrownBy(() -> sweep.add("short", bytes("secret"))).hasMessageContaining("too short");
    }

    @Test
    void theSecretsOfTheTestsAreATableOfLabels() throws IOException {
        assertThat(Sweep.table(Path.of("src/test/resources/secrets/known.tsv")))
                .hasSizeGreaterThan(5)
                .allSatisfy((label, value) -> assertThat(value).hasSizeGreaterThanOrEqualTo(Forms.SHORTEST));
    }
}
