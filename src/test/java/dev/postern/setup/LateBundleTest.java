package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.bundle.Archives;
import dev.postern.policy.bundle.OpenSsl;
import dev.postern.testing.PosternResource;
import dev.postern.testing.Publisher;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestAuthority;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The first bundle comes long after the start, and a zone of it follows a feed whose publisher is down. */
@QuarkusTest
@WithTestResource(LateBundleTest.Impatient.class)
@Timeout(120)
class LateBundleTest {

    /** Waits a short while for feeds. */
    public static final class Impatient extends BundledPolicyTest.BeforeItsBundle {
        @Override
        public Map<String, String> start() {
            Map<String, String> settings = new HashMap<>(super.start());
            settings.put("postern.feeds.start-timeout", "4s");
            settings.put("postern.feeds.allowed-private-addresses", "127.0.0.0/8,::1");
            settings.put("postern.feeds.tls-configuration-name", "feeds");
            return settings;
        }
    }

    private static final String ACCOUNT = """
            zones:
              ci: {feed: {format: lines, url: "https://localhost:%d/ci.txt", refresh: 1m}}
            accounts:
              acme:
                namespaces: [acme]
                network: {allow: [{zone: ci}, {address: 127.0.0.0/8}]}
                bindings: [{subjects: [anonymous], roles: [Reader], namespace: acme}]
            """;

    @TestHTTPResource
    URI postern;

    private final URI url = URI.create(setting("postern.policy"));
    private final Path directory = Path.of(setting("postern.bundle.public-key")).getParent();

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    private int token() {
        return RawHttp.get(
                        postern,
                        "/token?service=registry.localhost&scope=repository:acme/a:pull",
                        List.of(new RawHttp.Line("Host", "localhost")))
                .status();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(40).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("it takes too long").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    @Test
    void itsFeedsHaveAsLongAsAtAStartAndThenItIsTakenWithoutThem() throws InterruptedException {
        // Given
        byte[] bundle = Archives.of("acme.yaml", ACCOUNT.formatted(url.getPort()));
        String signature = new OpenSsl(directory).sign("signer", bundle);
        assertThat(token()).isEqualTo(503);
        try (Publisher server = new Publisher(
                TestAuthority.load(directory.resolve(PosternResource.AUTHORITY_FILE))
                        .serverFor("localhost"),
                url.getPort())) {
            // When
            server.answers((request, out) -> (request.target().endsWith(".txt")
                            ? Publisher.status(500)
                            : request.target().endsWith(".sig") ? Publisher.says(signature) : Publisher.says(bundle))
                    .write(request, out));
            await(() -> server.requests().stream()
                    .anyMatch(request -> request.target().endsWith(".txt")));
            long asked = System.nanoTime();
            // Then
            assertThat(token()).as("it waits for its feed").isEqualTo(503);
            await(() -> token() == 200);
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThan(Duration.ofSeconds(2));
        }
    }
}
