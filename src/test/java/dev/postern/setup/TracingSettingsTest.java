package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditLog.Sink;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where traces may be sent. */
class TracingSettingsTest {

    private static Optional<Sink> sink(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>();
        settings.forEach((name, value) -> all.put("postern.tracing." + name, value));
        TracingSettings read = new TracingSettings(
                new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(all, "test", 100))
                        .addDiscoveredConverters()
                        .withMapping(PosternConfig.class)
                        .build()
                        .getConfigMapping(PosternConfig.class)
                        .tracing(),
                (key, name) -> {
                    throw new StartFault(key + " " + name.orElseThrow());
                });
        assertThat(read.sampling()).isNotNull();
        return read.sink();
    }

    @Test
    void unset_there_is_nowhere_to_send_them() {
        assertThat(sink(Map.of())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost:4318/v1/traces",
                "https://collector.example.com/v1/traces",
                "https://[2001:db8::1]:4318/otlp/v1/traces?tenant=a"
            })
    void a_collectors_url_is_taken(String url) {
        sink(Map.of("url", url)).orElseThrow().close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost:4318",
                "grpc://secret:4317/v1/traces",
                "file:///secret",
                "http://localhost:4318",
                "https://localhost:4318/",
                "https:///v1/secret",
                "https://user:secret@collector.example.com/v1/traces",
                "https://collector.example.com/v1/traces#secret"
            })
    void what_is_none_stops_the_start_and_is_not_repeated(String url) {
        assertThatThrownBy(() -> sink(Map.of("url", url)))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith("postern.tracing.url ")
                .hasMessageContaining("expected")
                .message()
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "ratio, 1.01, postern.tracing.ratio",
        "ratio, -0.01, postern.tracing.ratio",
        "ratio, NaN, postern.tracing.ratio",
        "timeout, 0.5S, postern.tracing.timeout",
        "timeout, 61S, postern.tracing.timeout",
        "tls-configuration-name, none, postern.tracing.tls-configuration-name",
        "bearer-token-file, /run/token, postern.tracing.url is not https"
    })
    void what_is_beyond_its_bounds_stops_the_start(String name, String value, String message) {
        assertThatThrownBy(() -> sink(Map.of("url", "http://localhost:4318/v1/traces", name, value)))
                .isInstanceOf(StartFault.class)
                .hasMessageStartingWith(message);
    }
}
