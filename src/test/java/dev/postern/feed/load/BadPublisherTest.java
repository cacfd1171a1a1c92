package dev.postern.feed.load;

import static dev.postern.feed.load.FollowedPublisher.meta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedState;
import dev.postern.feed.Gzip;
import dev.postern.testing.Publisher;
import dev.postern.testing.Publisher.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Publishers that fail, in every way that was thought of: no range is ever opened or lost by it. */
@Timeout(60)
class BadPublisherTest {

    private static final String GOOD = meta("192.0.2.0/24", "2001:db8::/48");

    /** What every bad answer would open, were it taken. */
    private static final String TRAP = meta("192.0.2.0/24", "203.0.113.0/24", "2001:db8::/48");

    @TempDir
    Path directory;

    private FollowedPublisher world;

    @BeforeEach
    void aPublisher() {
        world = new FollowedPublisher(directory);
    }

    @AfterEach
    void theEnd() {
        world.close();
    }

    static Stream<Arguments> badAnswers() {
        byte[] trap = TRAP.getBytes(StandardCharsets.UTF_8);
        byte[] gzip = Gzip.of(trap);
        return Stream.of(
                unreachable("closed without a word", (request, out) -> {}, "broke the answer off"),
                unreachable(
                        "not HTTP", (request, out) -> out.write("220 mail ESMTP\r\n".getBytes()), "broke the answer"),
                unreachable("500", Publisher.status(500), "answered with status 500"),
                unreachable("404", Publisher.status(404), "answered with status 404"),
                unreachable("204", Publisher.status(204), "answered with status 204"),
                unreachable(
                        "206",
                        (request, out) -> {
                            out.write(Publisher.head(206, trap.length, "Content-Range: bytes 0-9/10"));
                            out.write(trap);
                        },
                        "answered with status 206"),
                unreachable("429", Publisher.status(429, "Retry-After: 3600"), "answered with status 429"),
                unreachable(
                        "503 with a good body",
                        (request, out) -> {
                            out.write(Publisher.head(503, trap.length));
                            out.write(trap);
                        },
                        "answered with status 503"),
                unreachable(
                        "slow, a byte at a time",
                        (request, out) -> {
                            out.write(Publisher.head(200, trap.length));
                            for (byte b : trap) {
                                out.write(b);
                                out.flush();
                                Thread.sleep(100);
                            }
                        },
                        "did not answer whole within 1 s"),
                unreachable("silent", (request, out) -> Thread.sleep(3_000), "did not answer whole within 1 s"),
                unreachable(
                        "slow headers",
                        (request, out) -> {
                            out.write("HTTP/1.1 200 OK\r\n".getBytes());
                            for (int i = 0; i < 100; i++) {
                                out.write(("X-Header-" + i + ": 1\r\n").getBytes());
                                out.flush();
                                Thread.sleep(100);
                            }
                        },
                        "did not answer whole within 1 s"),
                unreachable(
                        "headers without end",
                        (request, out) -> {
                            out.write("HTTP/1.1 200 OK\r\n".getBytes());
                            for (int i = 0; i < 5_000; i++) {
                                out.write(("X-Header-" + i + ": 1234567890\r\n").getBytes());
                            }
                        },
                        "broke the answer off"),
                unreachable(
                        "half a body",
                        (request, out) -> {
                            out.write(Publisher.head(200, trap.length));
                            out.write(trap, 0, trap.length / 2);
                        },
                        "broke the answer off"),
                unreachable(
                        "half of the chunks",
                        (request, out) -> {
                            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes());
                            out.write((Integer.toHexString(trap.length) + "\r\n").getBytes());
                            out.write(trap);
                            out.write("\r\n".getBytes());
                        },
                        "broke the answer off"),
                unreachable(
                        "no length",
                        (request, out) -> {
                            out.write("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".getBytes());
                            out.write(trap);
                        },
                        "whether the answer is whole cannot be told"),
                unreachable(
                        "a page for people",
                        Publisher.says(TRAP, "Content-Type: text/html; charset=utf-8"),
                        "answered with a page for people (text/html)"),
                unreachable(
                        "a length beyond the limit",
                        (request, out) -> out.write(Publisher.head(200, 200_001)),
                        "answered with more than 200000 bytes"),
                unreachable(
                        "more than the limit, in chunks",
                        Publisher.inChunks(large(10), 8_000),
                        "answered with more than 200000 bytes"),
                unreachable(
                        "an encoding that nobody asked for",
                        Publisher.says(TRAP, "Content-Encoding: br"),
                        "answered with a Content-Encoding other than gzip"),
                unreachable(
                        "304 for nothing",
                        (request, out) -> {
                            if (request.header("if-none-match").isEmpty()) {
                                Publisher.status(304).write(request, out);
                            } else {
                                Publisher.status(500).write(request, out);
                            }
                        },
                        "answered with status"),
                unreachable(
                        "a redirect to another host",
                        Publisher.status(302, "Location: https://elsewhere.example.test/meta"),
                        "answered with a redirect to another place"),
                unreachable(
                        "a redirect to another port",
                        Publisher.status(307, "Location: https://feeds.example.test/meta"),
                        "answered with a redirect to another place"),
                unreachable(
                        "a redirect to plain HTTP",
                        (request, out) -> Publisher.status(301, "Location: http://" + request.header("host") + "/meta")
                                .write(request, out),
                        "answered with a redirect to another place"),
                unreachable(
                        "a redirect with a password",
                        (request, out) -> Publisher.status(
                                        301, "Location: https://user:word@" + request.header("host") + "/meta")
                                .write(request, out),
                        "answered with a redirect to another place"),
                unreachable(
                        "a redirect to itself",
                        Publisher.status(302, "Location: /meta"),
                        "answered with more than 3 redirects"),
                unreachable("a redirect to nowhere", Publisher.status(302), "answered with status 302"),
                unreachable(
                        "a redirect to what is no URL",
                        Publisher.status(302, "Location: ://"),
                        "answered with a redirect to another place"),
                refused("HTML", Publisher.says("<!DOCTYPE html><html>sign in</html>"), "is HTML or XML"),
                refused("an empty body", Publisher.says(""), "is empty"),
                refused("truncated JSON", Publisher.says(TRAP.substring(0, TRAP.length() - 2)), "ends in the middle"),
                refused("an empty list", Publisher.says(meta().replace("\"\"", "")), "an empty feed is never taken"),
                refused("another form", Publisher.says("{\"prefixes\": []}"), "has no list 'actions'"),
                refused("an error in JSON", Publisher.says("{\"message\": \"rate limit\"}"), "has no list 'actions'"),
                refused("a prefix with host bits", Publisher.says(meta("203.0.113.1/24")), "has host bits set"),
                refused(
                        "binary, and called JSON",
                        Publisher.says(gzip, "Content-Type: application/json"),
                        "is not text in UTF-8"),
                refused("no gzip", Publisher.says(TRAP, "Content-Encoding: gzip"), "is not what its Content-Encoding"),
                refused(
                        "half of a gzip",
                        Publisher.says(Arrays.copyOf(gzip, gzip.length / 2), "Content-Encoding: gzip"),
                        "cannot be read to its end"),
                refused(
                        "a gzip bomb",
                        Publisher.says(
                                Gzip.of((TRAP + " ".repeat(50_000_000)).getBytes(StandardCharsets.UTF_8)),
                                "Content-Encoding: gzip"),
                        "is larger than 200000 bytes"),
                refused("too many prefixes", Publisher.says(large(1)), "has more than 5000 prefixes"),
                heldBack("ten times as many addresses", Publisher.says(meta(tenTimes())), "would gain 900 %"),
                heldBack(
                        "everything", Publisher.says(meta("0.0.0.0/0", "192.0.2.0/24", "2001:db8::/48")), "wider than"),
                heldBack("everything of IPv6", Publisher.says(meta("192.0.2.0/24", "::/0")), "wider than /16"),
                heldBack("half of it", Publisher.says(meta("192.0.2.0/25", "2001:db8::/48")), "would lose 50 %"),
                heldBack("others altogether", Publisher.says(meta("203.0.113.0/24", "2001:db8::/48")), "lose 100 %"),
                heldBack("one family of two", Publisher.says(meta("192.0.2.0/24")), "of its IPv6 addresses"));
    }

    private static byte[] large(int times) {
        String[] prefixes = IntStream.range(0, 6_000 * times)
                .mapToObj(i -> "11." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff))
                .toArray(String[]::new);
        return meta(prefixes).getBytes(StandardCharsets.UTF_8);
    }

    private static String[] tenTimes() {
        return Stream.concat(
                        IntStream.range(0, 10).mapToObj(i -> "192.0." + (2 + i) + ".0/24"), Stream.of("2001:db8::/48"))
                .toArray(String[]::new);
    }

    private static Arguments unreachable(String name, Answer answer, String why) {
        return Arguments.of(name, answer, FeedOutcome.UNREACHABLE, why);
    }

    private static Arguments refused(String name, Answer answer, String why) {
        return Arguments.of(name, answer, FeedOutcome.REFUSED, why);
    }

    private static Arguments heldBack(String name, Answer answer, String why) {
        return Arguments.of(name, answer, FeedOutcome.HELD_BACK, why);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAnswers")
    void whatWasGoodStays(String name, Answer answer, FeedOutcome outcome, String why) {
        // Given
        FeedDeclaration feed = world.feed("ci");
        world.publisher.answers(Publisher.says(GOOD, "ETag: \"1\""));
        follow(feed);
        var before = world.keeper.snapshot();
        // When
        world.publisher.answers(answer);
        waitLittleFor(why);
        world.passRefresh();
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24", "2001:db8::/48");
        assertThat(world.keeper.snapshot()).isSameAs(before);
        FeedState state = world.state(feed);
        assertThat(state.outcome()).isEqualTo(outcome);
        assertThat(state.detail()).contains(why);
        assertThat(state.good().orElseThrow().confirmedAt()).isEqualTo(FollowedPublisher.START);
        // When: another life
        world.publisher.close();
        world.restart();
        follow(feed);
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24", "2001:db8::/48");
        assertThat(world.troubles()).isEmpty();
        assertThat(directory)
                .isDirectoryNotContaining(file -> file.getFileName().toString().startsWith("."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAnswers")
    void nothingIsHadOfItAtFirst(String name, Answer answer, FeedOutcome outcome, String why) {
        // Given
        FeedDeclaration feed = world.feed("ci");
        world.publisher.answers(answer);
        waitLittleFor(why);
        // When
        follow(feed);
        // Then: of what is good by itself, only the widths can be judged before there is another
        if (outcome != FeedOutcome.HELD_BACK || why.startsWith("wider")) {
            assertThat(world.seen(feed)).isEmpty();
            assertThat(world.state(feed).good()).isEmpty();
        } else {
            assertThat(world.state(feed).outcome()).isEqualTo(FeedOutcome.TAKEN);
        }
    }

    private void waitLittleFor(String why) {
        if (why.startsWith("did not answer whole")) {
            world.losePatience();
        }
    }

    private void follow(FeedDeclaration feed) {
        world.keeper.follow(List.of(feed));
    }

    @Test
    void aPublisherThatIsDownIsAskedLessAndLessOften() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        world.publisher.answers(Publisher.status(503));
        follow(feed);
        // When
        int asked = 0;
        for (int second = 1; second <= 7200; second++) {
            world.pass(Duration.ofSeconds(1));
            asked = world.publisher.requests().size();
        }
        // Then: after 2 s, 4 s, 8 s and so on, once an hour in the end
        assertThat(asked).isBetween(11, 14);
    }

    @Test
    void aPublisherThatIsBackIsTaken() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        world.publisher.answers(Publisher.status(503));
        follow(feed);
        // When
        world.publisher.answers(Publisher.says(GOOD));
        world.pass(Duration.ofSeconds(3));
        // Then
        assertThat(world.seen(feed)).hasSize(2);
    }
}
