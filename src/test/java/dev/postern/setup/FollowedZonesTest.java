package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.feed.PublishedFeeds;
import dev.postern.feed.Selection;
import dev.postern.testing.PosternResource;
import dev.postern.testing.Publisher;
import dev.postern.testing.Publisher.Answer;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestAuthority;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
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

/**
 * A server whose zones follow Azure, AWS, Google and GitHub, with files of full size over real TLS, while the publishers
 * fail in every way: callers ask all the while, and not one is answered otherwise than before.
 */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.AUTHORITY, value = "own"),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1"),
            @ResourceArg(name = "postern.feeds.allowed-private-addresses", value = "127.0.0.0/8,::1"),
            @ResourceArg(name = "postern.feeds.timeout", value = "3s"),
            @ResourceArg(name = "postern.feeds.max-size", value = "8M")
        })
@Timeout(600)
class FollowedZonesTest {

    /** Every second prefix is for somebody else. */
    private static final int PREFIXES = 20_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Formatter LINE = new PatternFormatter("%p %m");

    /** Zone by zone: the form, and how a policy asks for it. */
    private static final Map<String, Selection> ZONES = zones();

    private static final Map<String, String> DECLARED = Map.of(
            "azure", "format: azure-service-tags, tag: AzureContainerRegistry.WestEurope",
            "aws", "format: aws-ip-ranges, service: EC2, region: eu-west-1",
            "google", "format: google-ip-ranges, service: Google Cloud, scope: europe-west1",
            "github", "format: github-meta, key: actions");

    private static Map<String, Selection> zones() {
        Map<String, Selection> zones = new LinkedHashMap<>();
        zones.put("azure", PublishedFeeds.SELECTIONS.get(0));
        zones.put("aws", PublishedFeeds.SELECTIONS.get(1));
        zones.put("google", PublishedFeeds.SELECTIONS.get(2));
        zones.put("github", PublishedFeeds.SELECTIONS.get(3));
        return zones;
    }

    @TestHTTPResource
    URI server;

    @TestHTTPResource(value = "/health/ready", management = true)
    URI health;

    @TestHTTPResource(value = "/metrics", management = true)
    URI metrics;

    private final Path policy = Path.of(ConfigProvider.getConfig().getValue("postern.policy", String.class));
    private final TestAuthority authority = TestAuthority.load(policy.resolveSibling(PosternResource.AUTHORITY_FILE));
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

    private Publisher publisher = new Publisher(authority.serverFor("localhost"));
    private int round;

    @BeforeEach
    void listen() {
        Logger.getLogger("dev.postern.feed").addHandler(listener);
    }

    @AfterEach
    void theEnd() {
        Logger.getLogger("dev.postern.feed").removeHandler(listener);
        publisher.close();
    }

    /** Zone by zone, its file with these prefixes; the zones' own differ, for each has a million addresses of its own. */
    private static byte[] file(String zone, int count) {
        return PublishedFeeds.file(ZONES.get(zone), PublishedFeeds.prefixes(count))
                .getBytes(StandardCharsets.UTF_8);
    }

    private void answer(Function<String, Answer> answers) {
        publisher.answers(
                (request, out) -> answers.apply(request.target().substring(1)).write(request, out));
    }

    /** A changed declaration is a question at once: each time, another time to the next. */
    private void ask() {
        round++;
        StringBuilder text = new StringBuilder("zones:\n");
        DECLARED.forEach(
                (zone, form) -> text.append("  %s: {feed: {%s, url: \"https://localhost:%d/%s\", refresh: %dm}}\n"
                        .formatted(zone, form, publisher.port(), zone, 60 + round)));
        text.append("accounts:\n");
        for (String zone : ZONES.keySet()) {
            text.append(
                    "  %1$s: {namespaces: [%1$s], network: {allow: [{zone: %1$s}], must-admit: [%2$s]}, bindings: [{subjects: [anonymous], roles: [Reader], namespace: %1$s}]}\n"
                            .formatted(
                                    zone,
                                    PublishedFeeds.prefixes(PREFIXES).getFirst().first()));
        }
        PosternResource.write(policy, text.toString());
    }

    private int status(String zone, Address caller) {
        return RawHttp.get(
                        server,
                        "/token?service=registry.localhost&scope=repository:" + zone + "/a:pull",
                        List.of(
                                new RawHttp.Line("Host", "localhost"),
                                new RawHttp.Line("X-Forwarded-For", caller.toString())))
                .status();
    }

    /** Asks for every zone, by an address of it and by one that is somebody else's. */
    private final class Callers implements AutoCloseable {
        private final List<AddressRange> prefixes = PublishedFeeds.prefixes(PREFIXES);
        private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
        private final AtomicInteger asked = new AtomicInteger();
        private volatile boolean over;
        private final Thread thread = Thread.ofPlatform().start(this::run);

        private void run() {
            for (int i = 0; !over; i = (i + 7) % PREFIXES) {
                AddressRange range = prefixes.get(i);
                int expected = i % 2 == 0 ? 200 : 403;
                for (String zone : ZONES.keySet()) {
                    int status = status(zone, range.last());
                    asked.incrementAndGet();
                    if (status != expected) {
                        surprises.add(status + " for " + range.last() + " in " + zone);
                    }
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            over = true;
            thread.join();
        }
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(String what, Supplier<String> state, Condition condition) throws Exception {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("still not " + what + ": " + state.get());
            }
            Thread.sleep(100);
        }
    }

    private JsonNode feeds() throws IOException {
        for (JsonNode check : JSON.readTree(text(health)).get("checks")) {
            if (check.get("name").asText().equals("feeds")) {
                return check;
            }
        }
        throw new AssertionError("no check named feeds");
    }

    private static String text(URI of) {
        return RawHttp.get(of, of.getPath(), List.of(new RawHttp.Line("Host", "localhost")))
                .body();
    }

    /** How often a zone's question had this outcome. */
    private double questions(String zone, String outcome) {
        return metric("postern_feed_questions_total", zone, outcome);
    }

    private double metric(String name, String zone, String outcome) {
        return text(metrics)
                .lines()
                .filter(line ->
                        line.startsWith(name + "{") && line.contains("zone=\"" + zone + "\"") && line.contains(outcome))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private void awaitGood() throws Exception {
        await(
                "good",
                () -> text(health),
                () -> !feeds().get("data").get("degraded").asBoolean()
                        && feeds().get("data").get("followed").asInt() == ZONES.size()
                        && ZONES.keySet().stream()
                                .allMatch(zone -> metric("postern_feed_outcome", zone, "taken") == 1
                                        || metric("postern_feed_outcome", zone, "confirmed") == 1));
    }

    /** A way to fail: what it is called, what is answered for a zone, and which words say so. */
    private record Way(String name, Function<String, Answer> answers, List<String> words) {}

    private List<Way> ways() {
        // Were it taken, it would open ranges: each of these has all of the good one, and one more.
        Map<String, byte[]> trap = bodies(PREFIXES + 2);
        Map<String, byte[]> huge = bodies(10 * PREFIXES);
        return List.of(
                new Way(
                        "slow",
                        zone -> (request, out) -> {
                            byte[] body = trap.get(zone);
                            out.write(Publisher.head(200, body.length));
                            out.write(body, 0, body.length - 100);
                            out.flush();
                            Thread.sleep(4_000);
                            out.write(body, body.length - 100, 100);
                        },
                        List.of("did not answer whole within 3 s")),
                new Way(
                        "half a body",
                        zone -> (request, out) -> {
                            out.write(Publisher.head(200, trap.get(zone).length));
                            out.write(trap.get(zone), 0, trap.get(zone).length / 2);
                        },
                        List.of("broke the answer off")),
                new Way("500", zone -> Publisher.status(500), List.of("answered with status 500")),
                new Way(
                        "HTML",
                        zone -> Publisher.says("<!DOCTYPE html><html><body>Please sign in</body></html>"),
                        List.of("is HTML or XML")),
                new Way(
                        "truncated JSON",
                        zone -> Publisher.says(Arrays.copyOf(trap.get(zone), trap.get(zone).length - 20)),
                        List.of("ends in the middle")),
                new Way(
                        "an empty list",
                        zone -> Publisher.says(bodies(0).get(zone)),
                        List.of("an empty feed is never taken")),
                new Way(
                        "ten times larger",
                        zone -> Publisher.says(huge.get(zone)),
                        List.of("answered with more than 8388608 bytes", "it would gain", "it would lose")),
                new Way(
                        "another publisher's file",
                        zone -> Publisher.says(trap.get(zone.equals("aws") ? "github" : "aws")),
                        List.of("has no ", "is not ")),
                new Way(
                        "others' addresses",
                        zone -> Publisher.says(others(zone)),
                        List.of("it would lose 100 % of its IPv4 addresses")),
                new Way(
                        "a redirect",
                        zone -> Publisher.status(302, "Location: https://127.0.0.1:" + publisher.port() + "/" + zone),
                        List.of("answered with a redirect to another place")));
    }

    private static Map<String, byte[]> bodies(int count) {
        Map<String, byte[]> bodies = new LinkedHashMap<>();
        ZONES.keySet().forEach(zone -> bodies.put(zone, file(zone, count)));
        return bodies;
    }

    private static byte[] others(String zone) {
        List<AddressRange> prefixes = PublishedFeeds.prefixes(PREFIXES);
        return PublishedFeeds.file(ZONES.get(zone), prefixes.subList(1, PREFIXES - 1))
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whateverPublishersDoNoCallerIsAnsweredOtherwise() throws Exception {
        // Given
        Map<String, byte[]> good = bodies(PREFIXES);
        answer(zone -> Publisher.says(good.get(zone)));
        ask();
        awaitGood();
        // What feeds were had for comes into force after they are.
        Address somebodyElses = PublishedFeeds.prefixes(PREFIXES).get(1).last();
        await(
                "in force",
                () -> text(health),
                () -> ZONES.keySet().stream().allMatch(zone -> status(zone, somebodyElses) == 403));
        assertThat(text(metrics)).contains("postern_feed_prefixes{zone=\"azure\"} 10000.0");
        try (Callers callers = new Callers()) {
            for (Way way : ways()) {
                // When
                fail(way);
                // Then
                recover(good, way.name());
                assertThat(callers.surprises).as(way.name()).isEmpty();
            }
            // When
            int port = publisher.port();
            publisher.close();
            fail(new Way("down", zone -> Publisher.status(404), List.of("cannot be connected to")));
            // Then
            publisher = new Publisher(authority.serverFor("localhost"), port);
            recover(good, "down");
            callers.close();
            assertThat(callers.surprises).isEmpty();
            assertThat(callers.asked.get()).isGreaterThan(500);
        }
    }

    private void fail(Way way) throws Exception {
        log.clear();
        answer(way.answers());
        ask();
        await(
                "said to fail (" + way.name() + ")",
                () -> text(health),
                () -> ZONES.keySet().stream()
                        .allMatch(zone -> said(way, trouble(zone))
                                && metric("postern_feed_outcome", zone, "") == 1
                                && metric("postern_feed_outcome", zone, "taken") == 0
                                && metric("postern_feed_outcome", zone, "confirmed") == 0));
        assertThat(feeds().get("status").asText()).isEqualTo("UP");
        for (String zone : ZONES.keySet()) {
            assertThat(log)
                    .as(way.name())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("WARN")
                            .contains("zone '" + zone + "'", "what was in force stays so")
                            .satisfies(text -> assertThat(said(way, text)).isTrue()));
            assertThat(metric("postern_feed_prefixes", zone, "")).as(way.name()).isEqualTo(10_000);
            assertThat(questions(zone, "unreachable") + questions(zone, "refused") + questions(zone, "held-back"))
                    .as(way.name())
                    .isPositive();
        }
    }

    private String trouble(String zone) {
        try {
            return Optional.ofNullable(feeds().get("data").get("zone " + zone))
                    .map(JsonNode::asText)
                    .orElse("");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean said(Way way, String text) {
        return way.words().stream().anyMatch(text::contains);
    }

    private void recover(Map<String, byte[]> good, String from) throws Exception {
        answer(zone -> Publisher.says(good.get(zone)));
        ask();
        awaitGood();
        assertThat(text(metrics)).as(from).doesNotContain("postern_feed_held_back{zone=\"azure\"} 1.0");
    }
}
