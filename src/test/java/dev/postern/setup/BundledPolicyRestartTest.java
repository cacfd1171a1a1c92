package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.bundle.FollowedBundle;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that starts with the bundle of an earlier life, while the bundle's server is dead. */
@QuarkusTest
@WithTestResource(BundledPolicyRestartTest.AfterAnEarlierLife.class)
class BundledPolicyRestartTest {

    /** Leaves the copy that an earlier life has kept of a server whose name nobody has any more. */
    public static final class AfterAnEarlierLife implements QuarkusTestResourceLifecycleManager {

        private final PosternResource postern = new PosternResource();

        @Override
        public Map<String, String> start() {
            postern.init(Map.of("postern.source.trusted-proxies", "127.0.0.1"));
            Map<String, String> settings = new HashMap<>(postern.start());
            try (FollowedBundle bundle = new FollowedBundle(Path.of(settings.get("postern.data")))) {
                bundle.has(
                        "accounts/acme.yaml",
                        "accounts: {acme: {namespaces: [acme], network: {allow: [{address: 203.0.113.0/24}]},"
                                + " bindings: [{subjects: [anonymous], roles: [Reader], namespace: acme}]}}");
                bundle.ask();
                settings.put("postern.policy", bundle.where());
            }
            return settings;
        }

        @Override
        public void stop() {
            postern.stop();
        }
    }

    @TestHTTPResource
    URI server;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI health;

    private RawHttp.Answer ready() {
        return RawHttp.get(health, health.getPath(), List.of(new RawHttp.Line("Host", "localhost")));
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.7, 200", "203.0.114.7, 403"})
    void theCopyDecides(String caller, int status) {
        // When
        RawHttp.Answer answer = RawHttp.get(
                server,
                "/token?service=registry.localhost&scope=repository:acme/a:pull",
                List.of(new RawHttp.Line("Host", "localhost"), new RawHttp.Line("X-Forwarded-For", caller)));
        // Then
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    @Test
    void readinessSaysThatTheServerIsGone() throws InterruptedException {
        // When
        RawHttp.Answer answer = ready();
        for (int i = 0; i < 100 && !answer.body().contains("has no address"); i++) {
            Thread.sleep(100);
            answer = ready();
        }
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().replaceAll("\\s", ""))
                .contains("\"stale\":true", "policies.example.testhasnoaddress")
                .doesNotContain("s3cret");
    }
}
