package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.SigningAlgorithm;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not stay so in production, what only should not, and what is as it should be. */
class ReadinessCheckTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String GOOD_POLICY =
            "accounts: { acme: { network: { allow: [{ address: 203.0.113.0/24 }] } } }";

    @TempDir
    Path directory;

    private final Map<String, String> settings = new HashMap<>();
    private Listeners listeners = new Listeners("127.0.0.1", 8080, true);
    private String policy = GOOD_POLICY;

    @BeforeEach
    void aGoodInstallation() throws KeyFault {
        Path key = directory.resolve("own.key");
        Path certificate = directory.resolve("own.crt");
        KeyFiles.write(KeyFiles.generate(SigningAlgorithm.ES256, "own", NOW), key, certificate);
        settings.putAll(Map.of(
                "postern.data", directory.toString(),
                "postern.token.key", key.toString(),
                "postern.token.certificate", certificate.toString(),
                "postern.policy", "/etc/postern/policy.yaml",
                "postern.service", "registry.example.com",
                "postern.issuer", "postern.example.com",
                "postern.source.trusted-proxies", "10.0.0.0/8"));
    }

    @Test
    void whatIsAsItShouldBeHasNothingToTell() {
        assertThat(found()).isEmpty();
    }

    // What stops the start

    @Test
    void aGeneratedKeyStopsTheStart() {
        // Given
        generatedKey();

        // Then
        assertThat(found()).containsExactly("severe postern.token.key");
    }

    @Test
    void aGeneratedKeyThatIsMeantToBeKeptDoesNot() {
        // Given
        generatedKey();
        settings.put("postern.token.rotation.every", "30d");

        // Then
        assertThat(found()).isEmpty();
    }

    @Test
    void theExamplePolicyStopsTheStart() {
        // Given
        settings.remove("postern.policy");

        // Then
        assertThat(found()).containsExactly("severe postern.policy");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0/0, severe postern.source.trusted-proxies",
        "::/0, severe postern.source.trusted-proxies",
        "0.0.0.0/1,",
        "10.0.0.0/8,"
    })
    void trustInEveryPeerStopsTheStart(String proxies, String expected) {
        // Given
        settings.put("postern.source.trusted-proxies", proxies);

        // Then
        assertThat(found()).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    // What is told, and starts

    @Test
    void trustInANumberOfHopsIsTold() {
        // Given
        settings.remove("postern.source.trusted-proxies");
        settings.put("postern.source.forwarded-hops", "1");
        settings.put("postern.source.forwarding-header", "x-forwarded-for");

        // Then
        assertThat(found()).containsExactly("postern.source.forwarded-hops");
    }

    @ParameterizedTest
    @CsvSource({"postern.service, registry.localhost", "postern.issuer, postern"})
    void aDefaultNameIsTold(String setting, String name) {
        // Given
        settings.put(setting, name);

        // Then
        assertThat(found()).containsExactly("postern.service, postern.issuer");
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, true, quarkus.http.insecure-requests",
        "203.0.113.5, true, quarkus.http.insecure-requests",
        "'::', true, quarkus.http.insecure-requests",
        "0.0.0.0, false,",
        "127.0.0.1, true,",
        "'::1', true,",
        "localhost, true,"
    })
    void credentialsInTheClearBeyondLoopbackAreTold(String host, boolean plain, String expected) {
        // Given
        listeners = new Listeners(host, 8080, plain);

        // Then
        assertThat(found()).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @CsvSource({"1h,", "61m, postern.token.lifetime", "24h, postern.token.lifetime"})
    void aTokenThatIsGoodForLongIsTold(String lifetime, String expected) {
        // Given
        settings.put("postern.token.lifetime", lifetime);

        // Then
        assertThat(found()).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void aBundleThatNobodySignsIsTold() {
        // Given
        settings.put("postern.policy", "https://policies.example.com/acme.tar.gz");
        assertThat(found()).containsExactly("postern.bundle.public-key");

        // When
        settings.put(
                "postern.bundle.public-key", directory.resolve("signer.pem").toString());

        // Then
        assertThat(found()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "libtrust, 30d, postern.token.rotation.every",
        "thumbprint, 30d, postern.token.rotation.every",
        "libtrust, 0S,",
        "x5c, 30d,"
    })
    void keysThatARegistryMustReadBeforeTheySignAreTold(String keyId, String every, String expected) {
        // Given
        generatedKey();
        settings.put("postern.token.key-id", keyId);
        settings.put("postern.token.rotation.every", every);

        // Then
        assertThat(found()).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accounts: { acme: {} }",
                "accounts: { acme: { network: { enforcement: report, allow: [{ address: 203.0.113.0/24 }] } } }",
                "accounts: { acme: { network: { enforcement: off } } }",
                "enterprise: { network: { enforcement: report, deny: [{ address: 192.0.2.0/24 }] } }\n" + GOOD_POLICY,
            })
    void rulesThatRefuseNobodyAreTold(String text) {
        // Given
        policy = text;

        // Then
        assertThat(found()).containsExactly("postern.policy");
    }

    @Test
    void aMessageNamesTheAccountAndThePlace() {
        // Given
        policy = "accounts: { acme: {} }";

        // Then
        assertThat(run().getFirst().message())
                .isEqualTo("account 'acme' has no network section, and admits every address (acme.yaml:1:13)");
    }

    @Test
    void withoutAPolicyTheSettingsAreChecked() {
        // Given
        settings.remove("postern.policy");

        // Then
        assertThat(run(Optional.empty())).extracting(ReadinessCheck::property).containsExactly("postern.policy");
    }

    private void generatedKey() {
        settings.remove("postern.token.key");
        settings.remove("postern.token.certificate");
    }

    private List<String> found() {
        return run().stream()
                .map(check -> (check.severe() ? "severe " : "") + check.property())
                .toList();
    }

    private List<ReadinessCheck> run() {
        Policy compiled =
                ((Compiled) new PolicyCompiler(Set.of()).compile(List.of(new Document("acme.yaml", policy)))).policy();
        return run(Optional.of(compiled));
    }

    private List<ReadinessCheck> run(Optional<Policy> inForce) {
        PosternConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
        return ReadinessCheck.run(
                config, listeners, SigningKeys.load(config, NOW), SourceSettingsReader.read(config), inForce);
    }
}
