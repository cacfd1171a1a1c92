package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each path of the management port: not at the service port, not without leave, and with the headers that browsers heed. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.CONSOLE_TOKEN, value = ManagementPortTest.TOKEN),
            @ResourceArg(name = PosternResource.MANAGEMENT_TOKEN, value = ManagementPortTest.TOKEN),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class ManagementPortTest {

    static final String TOKEN = "a-word-of-thirty-two-characters!";

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @TestHTTPResource("/")
    URI service;

    private static Answer get(URI server, String path, Line... more) {
        List<Line> lines = new ArrayList<>(List.of(new Line("Host", "localhost")));
        lines.addAll(List.of(more));
        return RawHttp.get(server, path, lines);
    }

    private static Line bearer(String token) {
        return new Line("Authorization", "Bearer " + token);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/q",
                "/q/",
                "/q/metrics",
                "/q/metrics/",
                "/q/health",
                "/q/health/live",
                "/q/health/ready",
                "/q/health/started",
                "/q/health/well",
                "/q/health/group/none",
                "/console",
                "/console/",
                "/console/login",
                "/console/logout",
                "/console/sign-in",
                "/console/callback",
                "/console/signed-out",
                "/console/now.json",
                "/console/refusals",
                "/console/refusals.json",
                "/console/rules",
                "/console/map",
                "/console/try",
                "/console/me",
                "/console/assets/console.css",
                "/console/assets/console.js"
            })
    void the_service_port_has_none_of_it(String path) {
        // When
        Answer answer = get(service, path, bearer(TOKEN));

        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Location")).isEmpty();
        assertThat(answer.body()).doesNotContain("postern_").doesNotContain("checks");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/",
                "/console/refusals",
                "/console/rules",
                "/console/map",
                "/console/try",
                "/console/me",
                "/console/now.json",
                "/console/refusals.json",
                "/q/metrics",
                "/q/metrics/",
                "/q//metrics",
                "/q/./metrics",
                "/q/x/../metrics",
                "/q/%6Detrics"
            })
    void without_leave_nothing_is_shown(String path) {
        // When
        List<Answer> answers = List.of(
                get(management, path),
                get(management, path, bearer("another-word")),
                get(management, path, bearer("")));

        // Then
        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).isIn(303, 401, 404);
            assertThat(answer.header("Location")).isIn("", "login");
            assertThat(answer.body())
                    .doesNotContain("postern_")
                    .doesNotContain("<nav")
                    .doesNotContain("series");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/",
                "/console/refusals",
                "/console/rules",
                "/console/map",
                "/console/try",
                "/console/me",
                "/console/now.json",
                "/console/refusals.json"
            })
    void with_the_token_it_is(String path) {
        assertThat(get(management, path, bearer(TOKEN)).status()).isEqualTo(200);
    }

    @Test
    void metrics_are_shown_by_their_token() {
        assertThat(get(management, "/q/metrics").status()).isEqualTo(401);
        assertThat(get(management, "/q/metrics").header("WWW-Authenticate")).startsWith("Bearer");
        // The page comes in chunks, which RawHttp does not read: its status is on the first line of the whole.
        assertThat(new Management(management).metricsStatus(TOKEN)).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/none",
                "/q/metrics",
                "/q/health",
                "/q/health/live",
                "/q/health/ready",
                "/q/health/started",
                "/console",
                "/console/",
                "/console/login",
                "/console/now.json",
                "/console/assets/console.js"
            })
    void every_answer_says_what_a_browser_must_not_do(String path) {
        // When
        Answer answer = get(management, path);

        // Then
        assertThat(answer.header("Content-Security-Policy"))
                .startsWith("default-src 'none'")
                .contains("frame-ancestors 'none'");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cache-Control")).isIn("no-store", "private, max-age=86400");
        assertThat(answer.header("Server")).isEmpty();
    }

    @Test
    void a_token_that_could_be_guessed_stops_the_start(@TempDir Path directory) throws Exception {
        // Given
        Path file = Files.writeString(directory.resolve("token"), "a-short-secret");
        PosternConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of("postern.management.token-file", file.toString()), "test", 100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);

        // Then
        assertThatThrownBy(() -> ManagementGuard.token(config))
                .isInstanceOf(StartFault.class)
                .hasMessageContaining("postern.management.token-file: " + file)
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("a-short-secret"));
    }
}
