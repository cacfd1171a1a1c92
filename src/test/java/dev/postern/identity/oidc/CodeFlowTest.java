package dev.postern.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.address.AddressRange;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.oidc.CodeFlow.Admitted;
import dev.postern.identity.oidc.CodeFlow.Attempt;
import dev.postern.identity.oidc.CodeFlow.Callback;
import dev.postern.identity.oidc.CodeFlow.Finished;
import dev.postern.identity.oidc.CodeFlow.NotAllowed;
import dev.postern.identity.oidc.CodeFlow.NotTaken;
import dev.postern.identity.oidc.CodeFlow.Unavailable;
import dev.postern.testing.TestAuthority;
import dev.postern.testing.TestIssuer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing people in by an issuer that says what a test wants, over real TLS. */
class CodeFlowTest {

    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Test Authority");
    private static final Vertx VERTX = Vertx.vertx();
    private static final TestIssuer KEY = TestIssuer.of("k1");
    private static final String REDIRECT = "https://postern.example.com/console/callback";
    private static final String SECRET = "a_secret?_of+the/client";
    private static final Attempt ATTEMPT = new Attempt("the-state", "the-nonce", "the-verifier".repeat(4));

    private final Map<String, String> discovery = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> exchanges = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> paths = new ConcurrentLinkedQueue<>();
    private final Instant now = Instant.now();
    private volatile int status = 200;
    private volatile String answer = "";
    private HttpsServer server;
    private String url = "";
    private HttpClientOptions trust = new HttpClientOptions();
    private CodeFlow flow;

    @TempDir
    Path directory;

    @BeforeEach
    void start() throws IOException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(AUTHORITY.serverFor("localhost")));
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        url = "https://localhost:" + server.getAddress().getPort() + "/realm";
        discovery.putAll(Map.of(
                "issuer", quoted(url),
                "authorization_endpoint", quoted(url + "/authorize?kind=a"),
                "token_endpoint", quoted(url + "/token"),
                "end_session_endpoint", quoted(url + "/end"),
                "jwks_uri", quoted(url + "/keys")));
        trust = new HttpClientOptions()
                .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(AUTHORITY.pem())));
        flow = flow("127.0.0.0/8");
        answer = given(claims());
    }

    @AfterEach
    void stop() {
        flow.close();
        server.stop(0);
    }

    private CodeFlow flow(String allowed) throws IOException {
        HttpsFetcher.Limits limits = new HttpsFetcher.Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), 256 * 1024);
        PublicAddresses addresses =
                new PublicAddresses("allowed", List.of(((AddressRange.Parsed) AddressRange.parse(allowed)).range()));
        HttpsFetcher.Resolver resolver =
                name -> new InetAddress[] {InetAddress.getByAddress(new byte[] {127, 0, 0, 1})};
        HttpsFetcher fetcher = new HttpsFetcher(VERTX, trust, limits, addresses, resolver, InstantSource.system());
        HttpsUrl at = ((HttpsUrl.Understood) HttpsUrl.read(url + "/.well-known/openid-configuration")).url();
        return new CodeFlow(
                new CodeFlow.Client(
                        "postern",
                        Optional.of(Files.writeString(directory.resolve("secret"), SECRET + "\n")),
                        REDIRECT,
                        List.of("openid", "groups"),
                        "realm/roles",
                        Set.of("operators", "auditors")),
                new Issuers.Known(
                        new Issuer(
                                url,
                                Set.of("postern"),
                                Set.of("ES256"),
                                Duration.ofSeconds(30),
                                8192,
                                IssuerRules.of("console")),
                        new KeyPlace.ByDiscovery(at, new KeyPlace.Asking(fetcher, Optional.empty())),
                        new KeyPace(Duration.ofSeconds(1), Duration.ofMinutes(10), Duration.ofHours(1))),
                VERTX,
                trust,
                limits,
                addresses,
                resolver);
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    private void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        paths.add(path);
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        switch (path) {
            case "/realm/.well-known/openid-configuration" ->
                say(
                        exchange,
                        200,
                        discovery.entrySet().stream()
                                .map(each -> quoted(each.getKey()) + ":" + each.getValue())
                                .collect(Collectors.joining(",", "{", "}")));
            case "/realm/keys" -> say(exchange, 200, TestIssuer.jwks(KEY));
            case "/realm/token" -> {
                exchanges.add(exchange.getRequestHeaders()
                                .getOrDefault("Authorization", List.of(""))
                                .getFirst() + "\n" + body);
                say(exchange, status, answer);
            }
            default -> say(exchange, 404, "");
        }
    }

    private static void say(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        if (status == 302) {
            exchange.getResponseHeaders().add("Location", text);
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private Map<String, Object> claims() {
        return new HashMap<>(Map.of(
                "iss",
                url,
                "sub",
                "ada",
                "aud",
                "postern",
                "nonce",
                ATTEMPT.nonce(),
                "iat",
                now.getEpochSecond(),
                "exp",
                now.getEpochSecond() + 60,
                "realm",
                Map.of("roles", List.of("readers", "operators"))));
    }

    private static String given(Map<String, Object> claims) {
        return given(KEY.token(claims));
    }

    private static String given(String token) {
        return "{\"access_token\": \"of-no-use-here\", \"token_type\": \"Bearer\", \"id_token\": \"" + token + "\"}";
    }

    private Finished finish() {
        return flow.finish(new Callback("the-code", Optional.empty()), ATTEMPT, now);
    }

    @Test
    void the_browser_is_sent_to_the_issuer_with_all_that_binds_its_answer() throws Exception {
        // When
        String location = ((CodeFlow.GoTo) flow.begin(ATTEMPT, now)).location();

        // Then
        Map<String, String> query = form(URI.create(location).getRawQuery());
        assertThat(location).startsWith(url + "/authorize?kind=a&");
        assertThat(query)
                .containsEntry("response_type", "code")
                .containsEntry("client_id", "postern")
                .containsEntry("redirect_uri", REDIRECT)
                .containsEntry("scope", "openid groups")
                .containsEntry("state", "the-state")
                .containsEntry("nonce", "the-nonce")
                .containsEntry("code_challenge_method", "S256");
        byte[] digest =
                MessageDigest.getInstance("SHA-256").digest(ATTEMPT.verifier().getBytes(StandardCharsets.US_ASCII));
        assertThat(Base64.getUrlDecoder().decode(query.get("code_challenge"))).isEqualTo(digest);
        assertThat(location).doesNotContain(ATTEMPT.verifier());
    }

    private static Map<String, String> form(String text) {
        return Arrays.stream(text.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
    }

    @Test
    void who_has_an_allowed_value_is_admitted() {
        // When
        Finished finished = finish();

        // Then
        assertThat(finished).isEqualTo(new Admitted());
        String[] exchange = exchanges.element().split("\n");
        assertThat(form(exchange[1]))
                .isEqualTo(Map.of(
                        "grant_type",
                        "authorization_code",
                        "code",
                        "the-code",
                        "redirect_uri",
                        REDIRECT,
                        "code_verifier",
                        ATTEMPT.verifier()));
        assertThat(new String(Base64.getDecoder().decode(exchange[0].substring(6)), StandardCharsets.UTF_8))
                .isEqualTo("postern:a_secret%3F_of%2Bthe%2Fclient");
    }

    @Test
    void an_issuer_that_takes_the_secret_in_the_form_alone_is_given_it_there() {
        // Given
        discovery.put("token_endpoint_auth_methods_supported", "[\"private_key_jwt\", \"client_secret_post\"]");

        // Then
        assertThat(finish()).isEqualTo(new Admitted());
        assertThat(exchanges.element()).startsWith("\n");
        assertThat(form(exchanges.element().strip()))
                .containsEntry("client_id", "postern")
                .containsEntry("client_secret", SECRET);
    }

    static Stream<Arguments> nobodies() {
        return Stream.of(
                Arguments.of("other roles", claim("realm", Map.of("roles", List.of("readers", "Operators")))),
                Arguments.of("none", claim("realm", Map.of("roles", List.of()))),
                Arguments.of("no claim", without("realm")),
                Arguments.of("elsewhere", claim("realm", Map.of("groups", List.of("operators")))),
                Arguments.of("a part of it", claim("realm", Map.of("roles", "operators auditors"))),
                Arguments.of("a name of it", claim("realm", Map.of("roles", Map.of("operators", true)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("nobodies")
    void who_has_none_is_not(String name, Consumer<Map<String, Object>> change) {
        // Given
        Map<String, Object> claims = claims();
        change.accept(claims);
        answer = given(claims);

        // Then
        assertThat(finish()).isEqualTo(new NotAllowed());
    }

    static Stream<Arguments> badTokens() {
        return Stream.of(
                Arguments.of("nonce", claim("nonce", "another")),
                Arguments.of("nonce", claim("nonce", List.of("the-nonce", "another"))),
                Arguments.of("nonce", without("nonce")),
                Arguments.of("another audience", claim("aud", "another")),
                Arguments.of("azp", without("aud")),
                Arguments.of("azp", claim("aud", List.of("postern", "another"))),
                Arguments.of("azp", claim("azp", "another")),
                Arguments.of("azp", claim("azp", List.of("postern", "another"))),
                Arguments.of("sub", without("sub")),
                Arguments.of("sub", claim("sub", "")),
                Arguments.of("another issuer's", claim("iss", "https://another.example.com")),
                Arguments.of("expired", claim("exp", Instant.now().getEpochSecond() - 31)),
                Arguments.of("when it expires", without("exp")),
                Arguments.of("in the future", claim("iat", Instant.now().getEpochSecond() + 300)),
                Arguments.of("not good yet", claim("nbf", Instant.now().getEpochSecond() + 300)));
    }

    private static Consumer<Map<String, Object>> claim(String name, Object value) {
        return claims -> claims.put(name, value);
    }

    private static Consumer<Map<String, Object>> without(String name) {
        return claims -> claims.remove(name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badTokens")
    void a_token_for_others_or_of_others_is_not_taken(String why, Consumer<Map<String, Object>> change) {
        // Given
        Map<String, Object> claims = claims();
        change.accept(claims);
        answer = given(claims);

        // Then
        assertThat(finish())
                .isInstanceOfSatisfying(
                        NotTaken.class, not -> assertThat(not.why()).contains(why));
    }

    @Test
    void a_token_of_another_key_kind_or_algorithm_is_not_taken() {
        // Given
        Map<String, Object> claims = claims();
        List<String> bad = List.of(
                TestIssuer.of("k2").token(claims),
                new TestIssuer("k1", TestIssuer.of("k2").keys()).token(claims),
                KEY.signed(Map.of("alg", "ES256", "kid", "k1", "typ", "at+jwt"), claims),
                KEY.signed(Map.of("alg", "none", "kid", "k1"), claims),
                KEY.signed(Map.of("alg", "HS256", "kid", "k1"), claims),
                KEY.signed(Map.of("alg", "ES256"), claims),
                TestIssuer.part(Map.of("alg", "none")) + "." + TestIssuer.part(claims) + ".",
                "no-token");

        // Then
        assertThat(bad).allSatisfy(token -> {
            answer = given(token);
            assertThat(finish()).isInstanceOf(NotTaken.class);
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void a_code_that_the_issuer_does_not_take_is_not_taken(int refusal) {
        // Given
        status = refusal;
        answer = "{\"error\": \"invalid_grant\"}";

        // Then
        assertThat(finish()).isInstanceOf(NotTaken.class);
    }

    @Test
    void an_answer_in_anothers_name_is_not_taken_and_the_code_is_not_sent() {
        // Given
        discovery.put("authorization_response_iss_parameter_supported", "true");

        // Then
        for (Optional<String> name : List.of(
                Optional.<String>empty(),
                Optional.of(""),
                Optional.of(url + "/"),
                Optional.of("https://another.example.com"))) {
            assertThat(flow.finish(new Callback("the-code", name), ATTEMPT, now))
                    .isInstanceOf(NotTaken.class);
        }
        assertThat(flow.finish(new Callback("", Optional.of(url)), ATTEMPT, now))
                .isInstanceOf(NotTaken.class);
        assertThat(exchanges).isEmpty();
        assertThat(flow.finish(new Callback("the-code", Optional.of(url)), ATTEMPT, now))
                .isEqualTo(new Admitted());
    }

    static Stream<Arguments> badAnswers() {
        return Stream.of(
                Arguments.of(500, "{}"),
                Arguments.of(302, "/realm/keys"),
                Arguments.of(200, "{\"access_token\": \"a\"}"),
                Arguments.of(200, "{\"id_token\": null}"),
                Arguments.of(200, "<html>"),
                Arguments.of(200, "{\"id_token\": \"" + "x".repeat(70_000) + "\"}"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badAnswers")
    void an_issuer_that_says_nothing_of_use_is_waited_for(int code, String text) {
        // Given
        status = code;
        answer = text;

        // Then
        assertThat(finish())
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        down -> assertThat(down.why()).contains("/realm/token").doesNotContain("the-code"));
        assertThat(paths.stream().filter("/realm/keys"::equals)).isEmpty();
    }

    static Stream<Arguments> badDiscoveries() {
        return Stream.of(
                Arguments.of("issuer", "\"https://another.example.com\"", "another issuer's"),
                Arguments.of("authorization_endpoint", "\"http://localhost/authorize\"", "no https URLs"),
                Arguments.of("authorization_endpoint", "\"javascript:alert(1)\"", "no https URLs"),
                Arguments.of("token_endpoint", "\"http://localhost/token\"", "no https URLs"),
                Arguments.of("token_endpoint", "7", "no https URLs"),
                Arguments.of("token_endpoint_auth_methods_supported", "[\"private_key_jwt\"]", "neither by"),
                Arguments.of("response_types_supported", "[\"id_token\"]", "gives no codes"),
                Arguments.of("code_challenge_methods_supported", "[\"plain\"]", "does not take S256"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badDiscoveries")
    void an_issuer_that_cannot_be_used_is_said_to_be_so(String name, String value, String why) {
        // Given
        discovery.put(name, value);

        // Then
        assertThat(flow.begin(ATTEMPT, now))
                .isInstanceOfSatisfying(
                        Unavailable.class, down -> assertThat(down.why()).contains(why));
        assertThat(finish()).isInstanceOf(Unavailable.class);
        assertThat(exchanges).isEmpty();
    }

    @Test
    void neither_is_asked_at_an_address_that_is_not_public() throws IOException {
        // Given
        CodeFlow strict = flow("203.0.113.0/24");

        // Then
        assertThat(strict.begin(ATTEMPT, now))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        down -> assertThat(down.why()).contains("127.0.0.1 is not a public address"));
        assertThat(paths).isEmpty();
        strict.close();
    }

    @Test
    void an_issuer_that_is_down_is_asked_now_and_then_and_found_when_it_is_back() {
        // Given
        String good = discovery.put("issuer", "\"down\"");
        for (int i = 0; i < 10; i++) {
            assertThat(flow.begin(ATTEMPT, now.plusMillis(i * 99))).isInstanceOf(Unavailable.class);
        }
        assertThat(paths.stream()
                        .filter(path -> path.contains("openid-configuration"))
                        .count())
                .as("one question for the description, one for the keys")
                .isLessThanOrEqualTo(2);

        // When
        discovery.put("issuer", good);

        // Then
        assertThat(flow.begin(ATTEMPT, now.plusSeconds(2))).isInstanceOf(CodeFlow.GoTo.class);
    }

    @Test
    void where_people_sign_out_is_known_when_the_issuer_has_said_so() {
        // Given
        String back = "https://postern.example.com/console/login";
        assertThat(flow.signOut(back)).isEmpty();

        // When
        flow.begin(ATTEMPT, now);

        // Then
        assertThat(flow.signOut(back))
                .contains(url + "/end?client_id=postern&post_logout_redirect_uri="
                        + "https%3A%2F%2Fpostern.example.com%2Fconsole%2Flogin");
    }

    @Test
    void nothing_that_is_secret_is_shown_in_words() {
        assertThat(ATTEMPT + " " + new Callback("the-code", Optional.of("b")) + new CodeFlow.GoTo("https://a?state=b")
                        + new CodeExchange.Given("a.b.c"))
                .isEqualTo("Attempt[…] Callback[…]GoTo[…]Given[…]");
    }
}
