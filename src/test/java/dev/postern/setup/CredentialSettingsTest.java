package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings of passwords and of wrong credentials may be. */
class CredentialSettingsTest {

    private static CredentialSettings read(Map<String, String> settings) {
        return CredentialSettings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class));
    }

    @Test
    void nothingNeedsToBeSet() {
        // When
        CredentialSettings settings = read(Map.of());
        // Then
        assertThat(settings.passwordFiles()).isEmpty();
        assertThat(settings.maxBcryptCost()).isEqualTo(14);
        assertThat(settings.longestWait()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.limits().window()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.limits().perSource()).isEqualTo(10);
        assertThat(settings.limits().perSubject()).isEqualTo(30);
    }

    @Test
    void aPasswordFileIsNamedByItsAccount() {
        // When
        CredentialSettings settings = read(Map.of(
                "postern.htpasswd.acme", "/etc/postern/acme.htpasswd",
                "postern.htpasswd.\"example.com\"", "users"));
        // Then
        assertThat(settings.passwordFiles())
                .isEqualTo(Map.of(
                        "acme", Path.of("/etc/postern/acme.htpasswd"),
                        "example.com", Path.of("users")));
    }

    @ParameterizedTest
    @CsvSource({
        "postern.passwords.max-bcrypt-cost, 3",
        "postern.passwords.max-bcrypt-cost, 17",
        "postern.passwords.max-wait, 99ms",
        "postern.passwords.max-wait, 61s",
        "postern.passwords.cache-size, -1",
        "postern.passwords.cache-size, 1000001",
        "postern.passwords.cache-life, 999ms",
        "postern.passwords.cache-life, 61m",
        "postern.throttle.window, 999ms",
        "postern.throttle.window, 61m",
        "postern.throttle.failures-per-source, 0",
        "postern.throttle.failures-per-source, 1000001",
        "postern.throttle.failures-per-subject, 0",
        "postern.throttle.failures-per-subject, 1000001"
    })
    void whatIsOutOfBoundsStopsTheStart(String key, String value) {
        assertThatThrownBy(() -> read(Map.of(key, value)))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith(key + " is ")
                .hasMessageContaining("expected");
    }

    @Test
    void aPasswordFileOfNoAccountStopsTheStart() {
        assertThatThrownBy(() -> read(Map.of("postern.htpasswd.\"a b\"", "users")))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith("postern.htpasswd.a b is not for an account");
    }
}
