package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.CopyCodec;
import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedParser;
import dev.postern.feed.PublishedFeeds;
import dev.postern.fetch.Validators;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that starts with the copies of an earlier life, while its publisher is dead. */
@QuarkusTest
@WithTestResource(FollowedZonesRestartTest.AfterAnEarlierLife.class)
class FollowedZonesRestartTest {

    /** Nobody listens at the port. */
    private static final String POLICY = """
            zones:
              aws: {feed: {format: aws-ip-ranges, service: EC2, region: eu-west-1, url: "https://localhost:1/ip-ranges.json"}}
            accounts:
              acme:
                namespaces: [acme]
                network: {allow: [{zone: aws}], must-admit: [11.0.0.0]}
                bindings: [{subjects: [anonymous], roles: [Reader], namespace: acme}]
            """;

    /** Leaves the copy that a server would have kept a month ago. */
    public static final class AfterAnEarlierLife implements QuarkusTestResourceLifecycleManager {

        private final PosternResource postern = new PosternResource();

        @Override
        public Map<String, String> start() {
            postern.init(Map.of(
                    PosternResource.POLICY,
                    POLICY,
                    "postern.source.trusted-proxies",
                    "127.0.0.1",
                    "postern.feeds.allowed-private-addresses",
                    "127.0.0.0/8,::1",
                    "postern.feeds.connect-timeout",
                    "1s"));
            Map<String, String> settings = postern.start();
            keep(Path.of(settings.get("postern.data")).resolve("feeds"));
            return settings;
        }

        private static void keep(Path folder) {
            PolicyCompiler compiler = new PolicyCompiler(Set.of());
            FeedDeclaration feed = PolicyCompiler.feeds(List.of(compiler.read(new Document("policy.yaml", POLICY))))
                    .getFirst();
            byte[] file = PublishedFeeds.file(feed.selection(), PublishedFeeds.prefixes(20_000))
                    .getBytes(StandardCharsets.UTF_8);
            try {
                FeedParser.Parsed parsed = (FeedParser.Parsed) FeedParser.parse(
                        new ByteArrayInputStream(file), feed.selection(), new FeedParser.Limits(10_000_000, 20_000));
                FeedCopy copy = FeedCopy.of(parsed, Validators.NONE, Instant.parse("2026-01-01T00:00:00Z"));
                Files.createDirectories(folder);
                try (OutputStream out =
                        Files.newOutputStream(folder.resolve(feed.id().fileName() + ".json"))) {
                    CopyCodec.write(out, feed, new CopyCodec.Kept(copy, Optional.empty()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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

    @ParameterizedTest
    @CsvSource({"11.0.0.0, 200", "11.0.1.0, 403", "203.0.113.1, 403"})
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
    void readinessSaysWhatAPersonShouldLookAt() throws InterruptedException {
        // When
        RawHttp.Answer answer = ready();
        for (int i = 0; i < 100 && !answer.body().contains("unreachable"); i++) {
            Thread.sleep(100);
            answer = ready();
        }
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().replaceAll("\\s", ""))
                .contains("\"degraded\":true", "\"zoneaws\":\"iskeptasitwas:unreachable,cannotbeconnectedto");
    }

    private RawHttp.Answer ready() {
        return RawHttp.get(health, health.getPath(), List.of(new RawHttp.Line("Host", "localhost")));
    }
}
