package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.door.RegistrySettings;
import dev.postern.testing.TestIssuer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be said of the token services of others. */
class RegistryIssuerSettingsTest {

    private static final String HUB = "{ issuer: hub, jwks: 'https://hub.example.com/keys' }";

    @Test
    void oneThatIsSaidShortlySpeaksForOurRegistryAloneAndIsJudgedStrictly() throws IOException {
        // When
        List<RegistryIssuerSettings> read = RegistryIssuerSettings.read(config("{ hub: " + HUB + " }"));
        // Then
        assertThat(read).singleElement().satisfies(hub -> {
            assertThat(hub.name()).isEqualTo("hub");
            assertThat(hub.issuer().url()).isEqualTo("hub");
            assertThat(hub.issuer().audiences()).containsExactly("registry.example.com");
            assertThat(hub.issuer().algorithms()).contains("ES256", "RS256").doesNotContain("none", "HS256");
            assertThat(hub.issuer().clockSkew()).isEqualTo(Duration.ofSeconds(30));
            assertThat(hub.issuer().longest()).isEqualTo(8192);
        });
        assertThat(RegistryIssuerSettings.others(config("{ hub: " + HUB + " }")))
                .isEmpty();
    }

    @Test
    void withoutAnyThereAreNoOthers() throws IOException {
        assertThat(RegistryIssuerSettings.read(OidcPageTest.config("postern: { service: r }")))
                .isEmpty();
    }

    @Test
    void theirRegistriesAreThoseThatRoutesCanName() throws IOException {
        // When
        RegistrySettings settings = RegistrySettingsReader.read(config("""
                { a: { issuer: a, jwks: 'https://a.example.com/keys', audiences: [one, registry.example.com], realm: 'https://a.example.com/token' },
                  b: { issuer: b, jwks: 'https://b.example.com/keys', audiences: [one, two] } }"""));
        // Then
        assertThat(settings.others())
                .isEqualTo(Map.of("one", Optional.of("https://a.example.com/token"), "two", Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            { 'a b': { issuer: a, jwks: 'https://a.b/k' } }                                      | is not an issuer's name
            { hub: { issuer: ' ', jwks: 'https://a.b/k' } }                                      | issuers.hub.issuer is empty
            { hub: { issuer: postern.example.com, jwks: 'https://a.b/k' } }                      | which is postern.issuer: another's tokens would be called ours
            { hub: { issuer: hub } }                                                             | issuers.hub.jwks is not set, nor is 'jwks-file'
            { hub: { issuer: 'https://hub.example.com' } }                                       | issuers.hub.jwks is not set, nor is 'jwks-file'
            { hub: { issuer: hub, jwks: 'http://a.b/k' } }                                       | is not an https URL
            { hub: { issuer: hub, jwks: 'https://a.b/k', jwks-file: /nowhere } }                 | are both set
            { hub: { issuer: hub, jwks-file: /nowhere/keys.json } }                              | cannot be read
            { hub: { issuer: hub, jwks: 'https://a.b/k', algorithms: [HS256] } }                 | algorithms has 'HS256'
            { hub: { issuer: hub, jwks: 'https://a.b/k', algorithms: [none] } }                  | algorithms has 'none'
            { hub: { issuer: hub, jwks: 'https://a.b/k', audiences: [' '] } }                    | audiences is empty
            { hub: { issuer: hub, jwks: 'https://a.b/k', clock-skew: 10m } }                     | clock-skew is PT10M
            { hub: { issuer: hub, jwks: 'https://a.b/k', keys-interval: 0s } }                   | keys-interval is PT0S
            { hub: { issuer: hub, jwks: 'https://a.b/k', max-token-size: 64K } }                 | max-token-size is 65536
            { a: { issuer: x, jwks: 'https://a.b/k' }, b: { issuer: x, jwks: 'https://a.b/k' } } | is 'x', which is postern.registry.issuers.a.issuer already
            { hub: { issuer: hub, jwks: 'https://a.b/k', audiences: [one], realm: hub } }        | realm is 'hub'; expected the URL
            { hub: { issuer: hub, jwks: 'https://a.b/k', realm: 'https://a.b/' } }               | its tokens are for postern.service alone
            """)
    void whatCannotBeMeantStopsTheStart(String issuers, String message) {
        assertThatThrownBy(() -> RegistrySettingsReader.read(config(issuers))).hasMessageContaining(message);
    }

    @Test
    void whoComesWithoutATokenIsSentToOnePlaceAlone() {
        assertThatThrownBy(() -> RegistrySettingsReader.read(config("""
                { a: { issuer: a, jwks: 'https://a.b/k', audiences: [one], realm: 'https://a.b/' },
                  b: { issuer: b, jwks: 'https://a.b/k', audiences: [one], realm: 'https://b.b/' } }""")))
                .hasMessageContaining("is not that of another issuer for 'one'");
    }

    @Test
    void keysMayBeInAFile() throws IOException {
        assertThat(RegistryIssuerSettings.read(config(
                        "{ hub: { issuer: hub, jwks-file: '" + TestIssuer.jwksFile(TestIssuer.SHARED) + "' } }")))
                .hasSize(1);
    }

    private static PosternConfig config(String issuers) throws IOException {
        return OidcPageTest.config("postern: { service: registry.example.com, issuer: postern.example.com,"
                + " registry: { issuers: " + issuers.replace("\n", " ") + " } }");
    }
}
