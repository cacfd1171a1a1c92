package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What issuers and an IAM must be, that the start goes on. */
class OidcSettingsTest {

    private static final String GOOD = """
            postern:
              oidc:
                github: { issuer: "https://token.example.com", audiences: [registry.example.com] }
              iam: { token-endpoint: "https://iam.example.com/token", issuer: github }
            """;

    @Test
    void an_issuer_that_is_said_shortly_is_judged_strictly() throws IOException {
        // When
        OidcSettings settings = OidcSettings.read(OidcPageTest.config(GOOD)).getFirst();

        // Then
        assertThat(settings.issuer().algorithms())
                .doesNotContain("none", "HS256")
                .contains("RS256", "ES256", "EdDSA");
        assertThat(settings.issuer().clockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.issuer().longest()).isEqualTo(8192);
        assertThat(settings.issuer().rules().accounts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            audiences: [registry.example.com] | audiences: [' ']                                     | audiences is empty
            audiences: [registry.example.com] | audiences: [a], algorithms: [none]                   | algorithms has 'none'
            audiences: [registry.example.com] | audiences: [a], algorithms: [RS256, HS256]           | algorithms has 'HS256'
            audiences: [registry.example.com] | audiences: [a], account-claim: tenant                | accounts' is not
            audiences: [registry.example.com] | audiences: [a], roles-claim: roles                   | roles' go together
            audiences: [registry.example.com] | audiences: [a], roles-claim: r, roles: { x: Owner }  | roles.x is 'Owner'
            audiences: [registry.example.com] | audiences: [a], jwks: 'http://example.com/keys'      | is not an https URL
            audiences: [registry.example.com] | audiences: [a], jwks-file: /nowhere/keys.json        | cannot be read
            audiences: [registry.example.com] | audiences: [a], jwks-file: /x, jwks: 'https://a.b/'  | are both set
            audiences: [registry.example.com] | audiences: [a], clock-skew: 10m                      | clock-skew is PT10M
            audiences: [registry.example.com] | audiences: [a], keys-max-age: 1m                     | keys-max-age is PT1M
            audiences: [registry.example.com] | audiences: [a], keys-interval: 0s                    | keys-interval is PT0S
            audiences: [registry.example.com] | audiences: [a], max-token-size: 64K                  | max-token-size is 65536
            audiences: [registry.example.com] | audiences: [a], subject-claim: ' '                   | subject-claim is no claim's name
            https://token.example.com         | http://token.example.com                             | is not an https URL
            https://token.example.com         | token.example.com                                    | is not an https URL
            https://token.example.com         | ' '                                                  | issuer is empty
            issuer: github                    | issuer: nobody                                       | issuer is 'nobody'
            , issuer: github                  | ''                                                   | issuer is not set
            https://iam.example.com/token     | http://iam.example.com/token                         | is not an https URL
            issuer: github                    | issuer: github, retries: 9                           | retries is 9
            issuer: github                    | issuer: github, cache: 2h                            | cache is PT2H
            """)
    void what_cannot_be_meant_stops_the_start(String right, String wrong, String why) throws IOException {
        // Given
        String changed = GOOD.replace(right, wrong);
        PosternConfig config = OidcPageTest.config(changed);

        // Then
        assertThat(changed).isNotEqualTo(GOOD);
        assertThatThrownBy(() -> IamSettings.read(config, OidcSettings.read(config)))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining(why);
    }

    @Test
    void two_issuers_of_one_name_for_their_tokens_cannot_be_told_apart() throws IOException {
        // Given
        PosternConfig config = OidcPageTest.config("""
                postern:
                  oidc:
                    one: { issuer: "https://token.example.com", audiences: [a] }
                    two: { issuer: "https://token.example.com", audiences: [b] }
                """);

        // Then
        assertThatThrownBy(() -> OidcSettings.read(config)).hasMessageContaining("postern.oidc.one");
    }
}
