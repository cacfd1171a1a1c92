package dev.postern.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.oidc.IssuerKeys.Answered;
import dev.postern.identity.oidc.IssuerKeys.Keys;
import dev.postern.identity.oidc.IssuerKeys.Silent;
import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
import dev.postern.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Asking an issuer for its keys, over real TLS: good answers, and what a hostile or broken one says. */
class KeySourcesTest {

    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Test Authority");
    private static final Vertx VERTX = Vertx.vertx();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final TestIssuer ISSUER = TestIssuer.of("k1");
    private static final String GOOD = TestIssuer.jwks(ISSUER);

    private final Publisher server = new Publisher(AUTHORITY.serverFor("localhost"));
    private final HttpsFetcher fetcher = new HttpsFetcher(
            VERTX,
            new HttpClientOptions().setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(AUTHORITY.pem()))),
            new HttpsFetcher.Limits(Duration.ofSeconds(5), PATIENCE, 256 * 1024),
            new PublicAddresses("allowed", List.of(loopback())),
            InetAddress::getAllByName,
            InstantSource.system());
    private final String url = "https://localhost:" + server.port();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        server.close();
        fetcher.close();
    }

    @Test
    void keys_are_had_at_a_url() {
        // Given
        server.answers(Publisher.says(GOOD, "Content-Type: application/json"));

        // Then
        assertThat(at(Optional.empty()))
                .isInstanceOfSatisfying(
                        Keys.class, keys -> assertThat(keys.keys().has("k1")).isTrue());
        assertThat(server.requests().getFirst().header("authorization")).isEmpty();
    }

    @Test
    void keys_are_had_by_discovery() {
        // Given
        discovers("{\"issuer\": \"" + url + "/realm\", \"jwks_uri\": \"" + url + "/keys\"}", GOOD);

        // Then
        assertThat(discovered()).isInstanceOf(Keys.class);
        assertThat(server.requests()).extracting(Publisher.Request::target).containsExactly("/discovery", "/keys");
    }

    @Test
    void a_bearer_token_goes_to_the_issuer_and_to_nobody_else() throws IOException {
        // Given
        Path bearer = Files.writeString(directory.resolve("token"), "bearer-of-the-publisher\n");
        try (Publisher other = new Publisher(AUTHORITY.serverFor("localhost"))) {
            other.answers(Publisher.says(GOOD));
            discovers(
                    "{\"issuer\": \"" + url + "/realm\", \"jwks_uri\": \"https://localhost:" + other.port()
                            + "/keys\"}",
                    GOOD);

            // When
            Answered answered = KeySources.of(
                            new KeyPlace.ByDiscovery(
                                    url("/discovery"), new KeyPlace.Asking(fetcher, Optional.of(bearer))),
                            url + "/realm")
                    .ask();

            // Then
            assertThat(answered).isInstanceOf(Keys.class);
            assertThat(server.requests().getFirst().header("authorization"))
                    .isEqualTo("Bearer bearer-of-the-publisher");
            assertThat(other.requests().getFirst().header("authorization")).isEmpty();
        }
    }

    static Stream<Arguments> badDiscoveries() {
        return Stream.of(
                Arguments.of(
                        "is another issuer's",
                        "{\"issuer\": \"https://evil.example.com\", \"jwks_uri\": \"URL/keys\"}"),
                Arguments.of("is another issuer's", "{\"issuer\": \"URL/realm/\", \"jwks_uri\": \"URL/keys\"}"),
                Arguments.of("is another issuer's", "{\"issuer\": [\"URL/realm\"], \"jwks_uri\": \"URL/keys\"}"),
                Arguments.of("is another issuer's", "{\"jwks_uri\": \"URL/keys\"}"),
                Arguments.of("is another issuer's", "{}"),
                Arguments.of("has no https URL of keys", "{\"issuer\": \"URL/realm\"}"),
                Arguments.of(
                        "has no https URL of keys",
                        "{\"issuer\": \"URL/realm\", \"jwks_uri\": \"http://localhost/keys\"}"),
                Arguments.of(
                        "has no https URL of keys",
                        "{\"issuer\": \"URL/realm\", \"jwks_uri\": \"file:///etc/passwd\"}"),
                Arguments.of("is not the JSON of one", "[]"),
                Arguments.of("is not the JSON of one", ""),
                Arguments.of("is not the JSON of one", "<html>not found</html>"),
                Arguments.of("is not the JSON of one", "{\"issuer\": \"URL/realm\", \"issuer\": \"URL/realm\"}"),
                Arguments.of("is not the JSON of one", "{\"a\":".repeat(5_000)),
                Arguments.of("answered with more than", "{\"issuer\": \"" + "x".repeat(70_000) + "\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badDiscoveries")
    void a_bad_discovery_is_not_believed(String why, String discovery) {
        // Given
        discovers(discovery.replace("URL", url), GOOD);

        // Then
        assertSilent(discovered(), why);
    }

    static Stream<Arguments> badKeys() {
        String many = IntStream.range(0, 101)
                .mapToObj(i -> "{\"kty\": \"EC\", \"kid\": \"k" + i + "\"}")
                .collect(Collectors.joining(",", "{\"keys\": [", "]}"));
        return Stream.of(
                Arguments.of("is no set of keys", "<html>down for maintenance</html>"),
                Arguments.of("is no set of keys", "{}"),
                Arguments.of("is no set of keys", "[]"),
                Arguments.of("is no set of keys", "{\"keys\": {}}"),
                Arguments.of("is no set of keys", "{\"keys\": [1]}"),
                Arguments.of("is no set of keys", GOOD + GOOD),
                Arguments.of("is no set of keys", GOOD.substring(0, GOOD.length() - 1)),
                Arguments.of("is no set of keys", many),
                Arguments.of("is no set of keys", "{\"keys\": [" + "[".repeat(10_000)),
                Arguments.of("has no key that is named", "{\"keys\": []}"),
                Arguments.of("has no key that is named", GOOD.replace("\"kid\":\"k1\"", "\"kid\":\"\"")),
                Arguments.of("has no key that is named", GOOD.replace("\"sig\"", "\"enc\"")),
                Arguments.of("has no key that is named", GOOD.replace("P-256", "P-192")),
                Arguments.of("has no key that is named", GOOD.replace("P-256", "P-384")),
                Arguments.of(
                        "has no key that is named",
                        "{\"keys\": [{\"kty\": \"oct\", \"kid\": \"k1\", \"k\": \"c2VjcmV0\"}]}"),
                Arguments.of(
                        "has no key that is named",
                        "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"k1\", \"e\": \"AQAB\", \"n\": \"" + "v".repeat(171)
                                + "\"}]}"),
                Arguments.of(
                        "has no key that is named",
                        "{\"keys\": [{\"kty\": \"RSA\", \"kid\": \"k1\", \"e\": \"AQAB\", \"n\": \""
                                + "v".repeat(20_000) + "\"}]}"),
                Arguments.of("answered with more than", "{\"keys\": [" + " ".repeat(300_000) + "]}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badKeys")
    void a_bad_set_of_keys_is_none(String why, String keys) {
        // Given
        server.answers(Publisher.says(keys));

        // Then
        assertSilent(at(Optional.empty()), why);
    }

    @Test
    void one_bad_key_does_not_lose_the_others() {
        // Given
        String both = GOOD.replace("[{", "[{\"kty\": \"RSA\", \"kid\": \"weak\", \"e\": \"AQAB\", \"n\": \"AQAB\"},{");
        server.answers(Publisher.says(both));

        // Then
        assertThat(at(Optional.empty())).isInstanceOfSatisfying(Keys.class, keys -> {
            assertThat(keys.keys().has("k1")).isTrue();
            assertThat(keys.keys().has("weak")).isFalse();
        });
    }

    @Test
    void an_issuer_that_does_not_end_is_not_waited_for() {
        // Given
        server.answers((request, out) -> {
            out.write(Publisher.head(200, 1_000));
            for (int i = 0; i < 150; i++) {
                out.write(' ');
                out.flush();
                Thread.sleep(100);
            }
        });

        // When
        long before = System.nanoTime();
        Answered answered = at(Optional.empty());

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(PATIENCE.plusSeconds(4));
        assertThat(answered).isInstanceOf(Silent.class);
    }

    @Test
    void a_redirect_to_another_place_is_not_followed() {
        // Given
        server.answers(Publisher.status(302, "Location: https://evil.example.com/keys"));

        // Then
        assertSilent(at(Optional.empty()), "redirect to another place");
    }

    @Test
    void a_file_of_keys_is_read_and_bounded() throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve("keys.json"), GOOD);
        var source = KeySources.of(new KeyPlace.InFile(file), "https://issuer.example.com");

        // Then
        assertThat(source.ask()).isInstanceOf(Keys.class);
        Files.write(file, (GOOD + " ".repeat(300_000)).getBytes(StandardCharsets.UTF_8));
        assertSilent(source.ask(), "is longer than");
        Files.delete(file);
        assertSilent(source.ask(), "cannot be read");
    }

    private void discovers(String discovery, String keys) {
        server.answers((request, out) -> Publisher.says(request.target().equals("/keys") ? keys : discovery)
                .write(request, out));
    }

    private Answered at(Optional<Path> bearer) {
        return KeySources.of(new KeyPlace.AtUrl(url("/keys"), new KeyPlace.Asking(fetcher, bearer)), url)
                .ask();
    }

    private Answered discovered() {
        return KeySources.of(
                        new KeyPlace.ByDiscovery(url("/discovery"), new KeyPlace.Asking(fetcher, Optional.empty())),
                        url + "/realm")
                .ask();
    }

    private HttpsUrl url(String path) {
        return switch (HttpsUrl.read(url + path)) {
            case HttpsUrl.Understood understood -> understood.url();
            case HttpsUrl.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }

    private static void assertSilent(Answered answered, String why) {
        assertThat(answered)
                .isInstanceOfSatisfying(
                        Silent.class,
                        silent -> assertThat(silent.why()).contains(why).hasSizeLessThan(400));
    }

    private static AddressRange loopback() {
        return switch (AddressRange.parse("127.0.0.0/8")) {
            case AddressRange.Parsed parsed -> parsed.range();
            case AddressRange.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }
}
