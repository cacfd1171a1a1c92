package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the settings of a shared Redis may be. */
class RedisSettingsTest {

    private static RedisSettings read(Map<String, String> settings) {
        return RedisSettings.read(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class));
    }

    @Test
    void unsetNothingIsShared() {
        assertThat(read(Map.of())).isEqualTo(new RedisSettings(false, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost:6379",
                "rediss://:secret@redis.example.com:6379/1",
                "redis://[2001:db8::1]:6379",
                "redis://a:6379,redis://b:6379",
                "redis://a:6379, redis://b:6379",
                "unix:///run/redis.sock"
            })
    void aUrlOfRedisIsTaken(String hosts) {
        assertThat(read(Map.of("postern.redis.hosts", hosts))).isEqualTo(new RedisSettings(true, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:6379",
                "http://localhost:6379",
                "redis:secret",
                "redis://",
                "redis://a:6379,",
                "redis://a:6379,secret@b",
                "redis://a b",
                "unix:"
            })
    void whatIsNoneStopsTheStartAndIsNotRepeated(String hosts) {
        assertThatThrownBy(() -> read(Map.of("postern.redis.hosts", hosts)))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith(
                        "postern.redis.hosts is not a list of URLs of Redis; expected redis://HOST:PORT")
                .hasMessageNotContaining("secret");
    }

    @Test
    void refreshTokensAreRefusedWithoutRedisOnlyWhereThereIsOne() {
        assertThat(read(Map.of(
                        "postern.redis.hosts", "redis://localhost:6379",
                        "postern.redis.refresh-tokens-without", "refuse")))
                .isEqualTo(new RedisSettings(true, true));
        assertThatThrownBy(() -> read(Map.of("postern.redis.refresh-tokens-without", "refuse")))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("no refresh token would ever be taken");
    }
}
