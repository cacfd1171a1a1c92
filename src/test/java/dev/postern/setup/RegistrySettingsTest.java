package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.door.RegistrySettings;
import dev.postern.door.RegistrySettings.Mode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be said of the registry behind the doors. */
class RegistrySettingsTest {

    @Test
    void unsetATokenIsAskedForAndNobodyIsAnswered() throws IOException {
        assertThat(RegistrySettingsReader.read(OidcPageTest.config("postern: { service: r }")))
                .isEqualTo(new RegistrySettings(Mode.TOKEN, Optional.empty(), "r", Optional.empty(), Map.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://postern.example.com/token",
                "http://localhost:8080/token",
                "https://[2001:db8::1]/token",
                "https://postern.example.com/token?x=1"
            })
    void aRealmIsAUrl(String url) throws IOException {
        assertThat(read("{ realm: '" + url + "' }").realm()).contains(url);
    }

    @ParameterizedTest
    @CsvSource({
        "https://postern.example.com/token, https://postern.example.com/reasons",
        "https://example.com/auth/token?x=1, https://example.com/auth/reasons",
        "https://[2001:db8::1], https://[2001:db8::1]/reasons",
    })
    void theRefusedAreSentToThePageBesideTheTokenService(String realm, String page) throws IOException {
        assertThat(read("{ realm: '" + realm + "' }").reasons()).contains(page);
    }

    @Test
    void theOperatorsPageTakesItsPlace() throws IOException {
        assertThat(RegistrySettingsReader.read(
                                OidcPageTest.config("postern: { service: r, refer-url: 'https://wiki.example.com',"
                                        + " registry: { realm: 'https://postern.example.com/token' } }"))
                        .reasons())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            { mode: open }                                        | postern.registry.mode is 'open'; expected one of network, token, identity
            { mode: Network }                                     | postern.registry.mode is 'Network'
            { mode: token }                                       | postern.registry.realm is not set
            { realm: postern.example.com }                        | postern.registry.realm is 'postern.example.com'; expected the URL
            { realm: /token }                                     | expected the URL
            { realm: 'ftp://postern.example.com/token' }          | expected the URL
            { realm: 'https:///token' }                           | expected the URL
            { realm: 'https://postern.example.com/token#x' }      | expected the URL
            { realm: 'https://postern.example.com/to"ken' }       | expected the URL
            { realm: 'https://postern.example.com/to ken' }       | expected the URL
            { realm: 'https://postern.example.com/tokén' }        | expected the URL
            """)
    void whatIsNoneStopsTheStart(String registry, String message) {
        assertThatThrownBy(() -> read(registry)).hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"network", "identity"})
    void withoutTokensNoRealmIsNeeded(String mode) throws IOException {
        assertThat(read("{ mode: " + mode + " }").mode().name()).isEqualToIgnoringCase(mode);
    }

    private static RegistrySettings read(String registry) throws IOException {
        return RegistrySettingsReader.read(
                OidcPageTest.config("postern: { envoy: { enabled: true }, registry: " + registry + " }"));
    }
}
