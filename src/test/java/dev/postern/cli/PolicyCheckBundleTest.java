package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.bundle.Archives;
import dev.postern.policy.bundle.OpenSsl;
import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern policy check} of bundles: in a file, and at a URL over real TLS. */
class PolicyCheckBundleTest {

    private static final List<String> PROPERTIES = List.of("quarkus.config.locations", "quarkus.profile");
    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Test Authority");
    private static final String GOOD = "accounts: {acme: {namespaces: [acme]}}\n";

    private final Map<String, String> before = new HashMap<>();
    private final Publisher server = new Publisher(AUTHORITY.serverFor("localhost"));

    @TempDir
    Path directory;

    @BeforeEach
    void keepProperties() {
        PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
    }

    @AfterEach
    void restoreProperties() {
        server.close();
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    private CommandRun check(String policy) throws IOException {
        return check(policy, "");
    }

    private CommandRun check(String policy, String bundleSettings) throws IOException {
        Path pem = Files.writeString(directory.resolve("ca.pem"), AUTHORITY.pem());
        Path settings = Files.writeString(
                directory.resolve("application.yaml"), """
                postern:
                  data: %s
                  bundle:
                    allowed-private-addresses: ["127.0.0.0/8", "::1"]
                    tls-configuration-name: own
                    %s
                quarkus: { tls: { own: { trust-store: { pem: { certs: %s } } } } }
                """.formatted(directory.resolve("data"), bundleSettings, pem));
        return CommandRun.of("policy", "check", "--config", settings.toString(), policy);
    }

    private String url() {
        return "https://localhost:" + server.port() + "/postern.tar.gz";
    }

    @Test
    void aBundleInAFileIsChecked() throws IOException {
        // Given
        Path file = Files.write(directory.resolve("postern.tar.gz"), Archives.of("a.yaml", GOOD));
        // When
        CommandRun run = check(file.toString());
        // Then
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).endsWith("good: 1 accounts, 0 rules\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aMistakeIsToldWithBundleEntryLineAndColumn() throws IOException {
        // Given
        Path file = Files.write(
                directory.resolve("postern.tar.gz"),
                Archives.of("accounts/acme.yaml", "accounts:\n  acme: {net: {}}\n"));
        // When
        CommandRun run = check(file.toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(file + "!/accounts/acme.yaml:2:10: error: unknown key 'net'");
    }

    @Test
    void aBundleThatWouldBeRefusedIsRefused() throws IOException {
        // Given
        Path file = Files.write(directory.resolve("postern.tar.gz"), Archives.of("../a.yaml", GOOD));
        // When
        CommandRun run = check(file.toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(file + ": has the entry '../a.yaml'");
    }

    @Test
    void aBundleAtAUrlIsAskedForAndNotKept() throws IOException {
        // Given
        OpenSsl openssl = new OpenSsl(directory);
        Path key = openssl.publicKey("signer");
        byte[] bundle = Archives.of("a.yaml", GOOD);
        String signature = openssl.sign("signer", bundle);
        server.answers((request, out) -> (request.target().endsWith(".sig")
                        ? Publisher.says(signature)
                        : Publisher.says(bundle))
                .write(request, out));
        // When
        CommandRun run = check(url(), "public-key: " + key);
        // Then
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(directory.resolve("data")).doesNotExist();
        // When
        server.answers(Publisher.says(Archives.of("a.yaml", GOOD)));
        run = check(url(), "public-key: " + key);
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(url() + ": has no good signature by the key sha256:");
    }

    @Test
    void aServerThatHasNoneIsNamed() throws IOException {
        // When
        CommandRun run = check(url());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains(url() + ": answered with status 404");
    }

    @Test
    void whatCannotBeTheLocationOfAPolicyIsAFaultOfTheSettings() throws IOException {
        assertThat(check("http://localhost/postern.tar.gz").exitCode()).isEqualTo(78);
        assertThat(check("https://user:pw@localhost/postern.tar.gz").err())
                .contains("has a user, a password or a fragment")
                .doesNotContain("pw@");
        assertThat(check(url(), "refuse-older: true").err()).contains("postern.bundle.public-key is not");
        assertThat(check(url(), "signature: https://localhost/x.sig").err()).contains("public-key is not");
        assertThat(check(url(), "refresh: 2h").err()).contains("postern.bundle.refresh is PT2H; expected PT1S to PT1H");
        assertThat(check(url(), "public-key: " + directory.resolve("ca.pem")).err())
                .contains("is not one public key");
        assertThat(check(url(), "public-key: " + directory.resolve("none")).err())
                .contains("cannot be read (NoSuchFileException)");
        assertThat(server.requests()).isEmpty();
    }
}
