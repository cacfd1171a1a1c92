package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.console.ConsoleSettings;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of the console may be. */
class ConsoleServiceTest {

    private static final Vertx VERTX = Vertx.vertx();

    @TempDir
    Path directory;

    private static ConsoleSettings read(Map<String, String> settings) {
        return ConsoleService.settings(
                new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(settings, "test", 100))
                        .addDiscoveredConverters()
                        .withMapping(PosternConfig.class)
                        .build()
                        .getConfigMapping(PosternConfig.class),
                oidc -> oidc.issuer(VERTX, new HttpClientOptions(), InstantSource.system()));
    }

    @Test
    void unsetThereIsNone() {
        // When
        ConsoleSettings settings = read(Map.of());

        // Then
        assertThat(settings.token()).isEmpty();
        assertThat(settings.sessions()).isEqualTo(Duration.ofHours(8));
    }

    @Test
    void aTokenAloneTurnsNothingOn() {
        assertThat(read(Map.of("postern.console.token-file", "/nowhere")).token())
                .isEmpty();
    }

    @Test
    void withATokenItIsOn() throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), "sixteen-letters!");

        // Then
        assertThat(read(Map.of("postern.console.enabled", "true", "postern.console.token-file", file.toString()))
                        .token())
                .isPresent();
    }

    @Test
    void withoutOneItStopsTheStartAndSaysWhatToSet() {
        assertThatThrownBy(() -> read(Map.of("postern.console.enabled", "true")))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("set postern.console.token-file to a file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-short-secret", "\n\n"})
    void aTokenThatCouldBeGuessedStopsItToo(String token) throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), token);

        // Then
        assertThatThrownBy(() ->
                        read(Map.of("postern.console.enabled", "true", "postern.console.token-file", file.toString())))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("postern.console.token-file: " + file)
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("a-short-secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "25h"})
    void aSessionIsNeitherTooShortNorTooLong(String session) {
        assertThatThrownBy(() -> read(Map.of("postern.console.session", session)))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("postern.console.session");
    }

    private static Map<String, String> oidc(String... others) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "postern.console.enabled", "true",
                "postern.console.oidc.issuer", "https://login.example.com/realms/corporate",
                "postern.console.oidc.client-id", "postern",
                "postern.console.oidc.redirect-uri", "https://postern.example.com/console/callback",
                "postern.console.oidc.allowed", "registry-operators"));
        for (int i = 0; i < others.length; i += 2) {
            settings.put("postern.console.oidc." + others[i], others[i + 1]);
        }
        return settings;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://postern.example.com/console/callback",
                "https://postern.example.com:9443/console/callback",
                "http://localhost:9000/console/callback",
                "http://127.0.0.1:9000/console/callback",
                "http://[::1]:9000/console/callback"
            })
    void anIssuerTurnsItOnWithoutAToken(String redirect) {
        // When
        ConsoleSettings settings = read(oidc("redirect-uri", redirect));

        // Then
        assertThat(settings.token()).isEmpty();
        assertThat(settings.issuer()).hasValueSatisfying(issuer -> {
            assertThat(issuer.name()).isEqualTo("login.example.com");
            assertThat(issuer.sessions()).isEqualTo(Duration.ofHours(1));
            assertThat(issuer.root() + "callback").isEqualTo(redirect);
        });
    }

    @Test
    void anIssuerAloneTurnsNothingOn() {
        // Given
        Map<String, String> settings = oidc();
        settings.remove("postern.console.enabled");

        // Then
        assertThat(read(settings).isOn()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
        issuer             | http://login.example.com                              | is not an https URL
        issuer             | https://user@login.example.com                        | has a user
        issuer             | https://login.example.com?tenant=a                    | has a query
        issuer             | login.example.com                                     | is not an https URL
        client-id          | ' '                                                   | expected the id
        client-secret-file | /nowhere                                              | cannot be read
        redirect-uri       | http://postern.example.com/console/callback           | plain http is for loopback alone
        redirect-uri       | http://localhost.example.com/console/callback         | plain http is for loopback alone
        redirect-uri       | https://postern.example.com/console/                  | expected the console's URL
        redirect-uri       | https://postern.example.com/console/callback/         | expected the console's URL
        redirect-uri       | https://postern.example.com/console/callback?a=b      | expected the console's URL
        redirect-uri       | https://a@postern.example.com/console/callback        | expected the console's URL
        redirect-uri       | https://postern.example.com/x/console/callback        | expected the console's URL
        redirect-uri       | /console/callback                                     | expected the console's URL
        scopes             | 'openid,two words'                                    | which is no scope
        claim              | ' '                                                   | is no claim's name
        allowed            | ' '                                                   | nobody could enter
        session            | 30s                                                   | postern.console.oidc.session
        session            | 25h                                                   | postern.console.oidc.session
        clock-skew         | 6m                                                    | postern.console.oidc.clock-skew
        timeout            | 2m                                                    | postern.console.oidc.timeout
        algorithms         | HS256                                                 | has 'HS256'
        algorithms         | none                                                  | has 'none'
        """, delimiter = '|')
    void anIssuerThatCannotBeMeantSoStopsTheStart(String setting, String value, String why) {
        assertThatThrownBy(() -> read(oidc(setting, value)))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith("postern.console.oidc.")
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer", "client-id", "redirect-uri", "allowed"})
    void anIssuerWithoutWhatMustBeSaidStopsItToo(String missing) {
        // Given
        Map<String, String> settings = oidc();
        settings.remove("postern.console.oidc." + missing);

        // Then
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith("postern.console.oidc." + missing);
    }
}
