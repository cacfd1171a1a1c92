package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.policy.bundle.Archives;
import dev.postern.policy.bundle.OpenSsl;
import dev.postern.testing.PosternResource;
import dev.postern.testing.Publisher;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestAuthority;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose policy is a signed bundle, and which starts before the bundle's server does. */
@QuarkusTest
@WithTestResource(BundledPolicyTest.BeforeItsBundle.class)
@Timeout(120)
class BundledPolicyTest {

    /** Leaves a port where nobody listens yet, and a key whose private half is beside it. */
    public static class BeforeItsBundle implements QuarkusTestResourceLifecycleManager {

        private final PosternResource postern = new PosternResource();

        @Override
        public Map<String, String> start() {
            postern.init(Map.of(PosternResource.AUTHORITY, "own"));
            Map<String, String> settings = new HashMap<>(postern.start());
            Path directory = Path.of(settings.get("postern.policy")).getParent();
            settings.put("postern.policy", "https://localhost:" + freePort() + "/postern.tar.gz");
            settings.put(
                    "postern.bundle.public-key",
                    new OpenSsl(directory).publicKey("signer").toString());
            settings.put("postern.bundle.refresh", "1s");
            settings.put("postern.bundle.timeout", "2s");
            settings.put("postern.bundle.start-timeout", "1s");
            settings.put("postern.bundle.allowed-private-addresses", "127.0.0.0/8,::1");
            settings.put("postern.bundle.tls-configuration-name", "feeds");
            return settings;
        }

        private static int freePort() {
            try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
                return socket.getLocalPort();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            postern.stop();
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Formatter LINE = new PatternFormatter("%p %m");

    @TestHTTPResource
    URI postern;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI health;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private final URI url = URI.create(setting("postern.policy"));
    private final Path directory = Path.of(setting("postern.bundle.public-key")).getParent();
    private final OpenSsl openssl = new OpenSsl(directory);
    private final Queue<String> log = new ConcurrentLinkedQueue<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            log.add(LINE.format(record));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }

    @BeforeEach
    void listen() {
        Logger.getLogger("dev.postern.setup").addHandler(listener);
    }

    @AfterEach
    void theEnd() {
        Logger.getLogger("dev.postern.setup").removeHandler(listener);
    }

    private static String policy(String account) {
        return """
                accounts:
                  %1$s: {namespaces: [%1$s], bindings: [{subjects: [anonymous], roles: [Reader], namespace: %1$s}]}
                """.formatted(account);
    }

    private static RawHttp.Answer get(URI of, String target) {
        return RawHttp.get(of, target, List.of(new RawHttp.Line("Host", "localhost")));
    }

    private int token(String account) {
        return get(postern, "/token?service=registry.localhost&scope=repository:" + account + "/a:pull")
                .status();
    }

    private JsonNode policyCheck() {
        try {
            for (JsonNode check :
                    JSON.readTree(get(health, health.getPath()).body()).get("checks")) {
                if (check.get("name").asText().equals("policy")) {
                    return check;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new AssertionError("no check named policy");
    }

    private JsonNode await(Predicate<JsonNode> condition) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        JsonNode now = policyCheck();
        while (!condition.test(now)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still " + now);
            }
            Thread.sleep(100);
            now = policyCheck();
        }
        return now;
    }

    private static boolean isStale(JsonNode check) {
        return check.get("data").get("stale").asBoolean();
    }

    private double metric(String name) {
        return get(metrics, metrics.getPath())
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length())))
                .sum();
    }

    private void serve(Publisher server, byte[] bundle, String signature) {
        server.answers((request, out) -> (request.target().endsWith(".sig")
                        ? Publisher.says(signature)
                        : Publisher.says(bundle))
                .write(request, out));
    }

    @Test
    void theGateIsShutUntilThereIsABundleAndWhatIsInForceStaysWhateverComesThen() throws InterruptedException {
        // Given: nobody has a bundle
        assertThat(get(health, health.getPath()).status()).isEqualTo(503);
        assertThat(policyCheck().get("status").asText()).isEqualTo("DOWN");
        assertThat(policyCheck().get("data").get("rejection").asText())
                .contains(url + ": cannot be connected to", "there is no copy of it in use");
        assertThat(token("acme")).isEqualTo(503);

        // When: there is one
        byte[] good = Archives.of("accounts/acme.yaml", policy("acme"));
        String signature = openssl.sign("signer", good);
        try (Publisher server = new Publisher(
                TestAuthority.load(directory.resolve(PosternResource.AUTHORITY_FILE))
                        .serverFor("localhost"),
                url.getPort())) {
            serve(server, good, signature);
            await(check -> check.get("status").asText().equals("UP") && !isStale(check));
            // Then
            assertThat(get(health, health.getPath()).status()).isEqualTo(200);
            assertThat(token("acme")).isEqualTo(200);
            assertThat(log).anySatisfy(line -> assertThat(line).contains("in force: 1 accounts", "from " + url));

            // When: another that nobody has signed
            double rejections = metric("postern_policy_rejections_total");
            serve(server, Archives.of("a.yaml", policy("intruder")), signature);
            JsonNode stale = await(BundledPolicyTest::isStale);
            // Then
            assertThat(stale.get("data").get("rejection").asText())
                    .startsWith(url + ": has no good signature by the key sha256:");
            assertThat(metric("postern_policy_stale")).isEqualTo(1);
            assertThat(metric("postern_policy_rejections_total")).isEqualTo(rejections + 1);
            assertThat(log)
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("ERROR")
                            .contains("what was in force stays so", "no good signature"));
            assertThat(token("acme")).isEqualTo(200);
            assertThat(token("intruder")).isNotEqualTo(503);

            // When: one that locks its owner out
            byte[] broken = Archives.of(
                    "a.yaml",
                    "accounts: {acme: {namespaces: [acme], network: {allow: [], must-admit: [203.0.113.10]}}}");
            serve(server, broken, openssl.sign("signer", broken));
            await(check -> isStale(check)
                    && check.get("data").get("rejection").asText().contains("must-admit"));
            // Then
            assertThat(token("acme")).isEqualTo(200);

            // When: the good one again
            serve(server, good, signature);
            await(check -> !isStale(check));
        }
        // When: the server is gone
        await(BundledPolicyTest::isStale);
        // Then
        assertThat(get(health, health.getPath()).status()).isEqualTo(200);
        assertThat(token("acme")).isEqualTo(200);
    }
}
