package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code GET /token} by the Distribution specification ({@code token.md}, {@code jwt.md}, {@code scope.md}) and by what
 * clients and registries were seen to need.
 */
@QuarkusTest
@WithTestResource(PosternResource.class)
class TokenServiceTest {

    private static final String BOT = RawHttp.basic("iamapikey", TestPolicy.API_KEY);
    private static final String ALICE = RawHttp.basic("alice", TestPolicy.ALICES_PASSWORD);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    // Scopes: how clients send them

    @Test
    void scopes_repeated_and_joined_by_blanks_are_taken_together() {
        // When
        JsonNode access = access(get(
                "/token?service=registry.localhost&scope=" + encoded("repository:acme/a:pull repository:acme/b:push")
                        + "&scope=" + encoded("repository:acme/c:pull,push"),
                BOT));

        // Then
        assertThat(access.toString())
                .isEqualTo("[{\"type\":\"repository\",\"name\":\"acme/a\",\"actions\":[\"pull\"]},"
                        + "{\"type\":\"repository\",\"name\":\"acme/b\",\"actions\":[\"push\"]},"
                        + "{\"type\":\"repository\",\"name\":\"acme/c\",\"actions\":[\"pull\",\"push\"]}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token?service=registry.localhost", "/token?service=registry.localhost&scope=", "/token"})
    void a_request_without_a_scope_is_a_login(String target) {
        // When
        RawHttp.Answer answer = get(target, ALICE);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(access(answer).toString()).isEqualTo("[]");
    }

    @Test
    void a_login_with_wrong_credentials_is_refused() {
        assertThat(get("/token?service=registry.localhost", RawHttp.basic("alice", "wrong"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void what_is_granted_is_what_was_asked_and_is_allowed() {
        // Given: a Reader asks to push, a Writer to pull only
        JsonNode readers = access(get(scope("repository:acme/app:pull,push"), ALICE));
        JsonNode writers = access(get(scope("repository:acme/app:pull"), BOT));

        // Then
        assertThat(readers.path(0).path("actions").toString()).isEqualTo("[\"pull\"]");
        assertThat(writers.path(0).path("actions").toString()).isEqualTo("[\"pull\"]");
    }

    @Test
    void nothing_granted_is_a_token_without_access_and_not_an_error() {
        // When
        RawHttp.Answer answer = get(scope("repository:acme/app:push"), ALICE);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(access(answer).toString()).isEqualTo("[]");
    }

    @Test
    void without_credentials_the_caller_is_anonymous_and_the_policy_decides() {
        // When
        RawHttp.Answer listed = get(scope("repository:acme/public/hello:pull,push"), null);
        RawHttp.Answer other = get(scope("repository:acme/app:pull"), null);

        // Then
        assertThat(claims(listed).path("sub").asText("missing")).isEmpty();
        assertThat(access(listed).path(0).path("actions").toString()).isEqualTo("[\"pull\"]");
        assertThat(access(other).toString()).isEqualTo("[]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            repository:acme/app:pull,pull           | [{"type":"repository","name":"acme/app","actions":["pull"]}]
            repository:acme/app:push,pull           | [{"type":"repository","name":"acme/app","actions":["pull","push"]}]
            repository(plugin):acme/app:pull        | [{"type":"repository","name":"acme/app","actions":["pull"]}]
            repository:acme/app:*                   | [{"type":"repository","name":"acme/app","actions":["delete","pull","push"]}]
            repository:acme/app:                    | []
            repository:acme/app:fetch               | []
            repository:nobody/app:pull              | []
            repository:host.example:5000/acme/app:pull | []
            registry:catalog:*                      | []
            aquarium:acme/app:pull                  | []
            """)
    void scopes_that_can_be_read_grant_what_they_may(String scope, String access) {
        assertThat(access(get(scope(scope), BOT)).toString()).isEqualTo(access);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "repository:acme/app",
                ":acme/app:pull",
                "repository::pull",
                "Repository:acme/app:pull",
                "repository:ACME/app:pull",
                "repository:acme/App:pull",
                "repository:acme/../other:pull",
                "repository:/acme/app:pull",
                "repository:acme/app/:pull",
                "repository:acme//app:pull",
                "repository:acme/-app:pull",
                "repository:acme/app:PULL",
                "repository:acme/app:pull;push",
                "repository:acme/%2e%2e:pull",
                "repository:acme/app\u0000:pull",
                "repository:acme/äpp:pull",
                "repository(:acme/app:pull",
            })
    void a_malformed_scope_is_400_and_named(String scope) {
        // When
        RawHttp.Answer answer = get(scope(scope), BOT);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(message(answer)).startsWith("the scope '").contains("expected type:name:actions");
        assertThat(answer.body()).doesNotContain("token\"");
    }

    @Test
    void the_number_of_scopes_and_their_size_are_bounded() {
        // Given
        String hundred = IntStream.range(0, 100)
                .mapToObj(i -> "&scope=" + encoded("repository:acme/r" + i + ":pull"))
                .collect(Collectors.joining());
        String longName = "repository:" + "a".repeat(16 * 1024) + ":pull";

        // When, Then
        RawHttp.Answer all = get("/token?service=registry.localhost" + hundred, BOT);
        assertThat(access(all)).hasSize(100);
        assertThat(get("/token?service=registry.localhost" + hundred + "&scope=repository:acme/r:pull", BOT)
                        .status())
                .isEqualTo(400);
        RawHttp.Answer tooLong = get("/token?scope=" + longName, BOT);
        assertThat(tooLong.status()).isEqualTo(400);
        assertThat(tooLong.body()).hasSizeLessThan(1024);
    }

    // The answer and the token in it

    @Test
    void the_answer_has_both_names_of_the_token_its_life_and_its_time() throws JsonProcessingException {
        // When
        RawHttp.Answer answer = get(scope("repository:acme/asked-for-here-alone:pull"), BOT);

        // Then
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.path("token").asText())
                .isNotEmpty()
                .isEqualTo(json.path("access_token").asText());
        assertThat(json.path("expires_in").isInt()).isTrue();
        assertThat(json.path("expires_in").asInt()).isEqualTo(300);
        assertThat(json.path("issued_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ");
        assertThat(json.has("refresh_token")).isFalse();
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void the_claims_have_the_types_that_registries_insist_on() throws JsonProcessingException {
        // Given
        Instant before = Instant.now().minusSeconds(1);

        // When
        RawHttp.Answer answer = get(scope("repository:acme/never-asked-before:pull"), ALICE);

        // Then
        JsonNode claims = claims(answer);
        Set<String> names = new HashSet<>();
        claims.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyInAnyOrder("iss", "sub", "aud", "exp", "nbf", "iat", "jti", "access");
        assertThat(claims.path("iss").asText()).isEqualTo("postern");
        assertThat(claims.path("sub").asText()).isEqualTo("user:acme/alice");
        assertThat(claims.path("aud").isTextual()).isTrue();
        assertThat(claims.path("aud").asText()).isEqualTo("registry.localhost");
        for (String time : List.of("exp", "nbf", "iat")) {
            assertThat(claims.path(time).isIntegralNumber()).as(time).isTrue();
        }
        assertThat(claims.path("iat").asLong())
                .isBetween(before.getEpochSecond(), Instant.now().getEpochSecond());
        assertThat(claims.path("exp").asLong() - claims.path("nbf").asLong()).isEqualTo(300);
        assertThat(claims.path("jti").isTextual()).isTrue();
        assertThat(claims.path("access").isArray()).isTrue();
        assertThat(JSON.readTree(answer.body()).path("issued_at").asText())
                .isEqualTo(Instant.ofEpochSecond(claims.path("iat").asLong()).toString());
    }

    @Test
    void the_header_carries_the_certificate_and_the_signature_is_raw() throws JsonProcessingException {
        // When
        Jwt jwt = jwt(get(scope("repository:acme/app:pull"), BOT));

        // Then
        assertThat(jwt.header().path("typ").asText()).isEqualTo("JWT");
        assertThat(jwt.header().path("alg").asText()).isEqualTo("ES256");
        assertThat(jwt.header().path("x5c")).hasSize(1);
        assertThat(jwt.header().has("kid")).isFalse();
        assertThat(jwt.text()).matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");
        byte[] signature =
                Base64.getUrlDecoder().decode(jwt.text().substring(jwt.text().lastIndexOf('.') + 1));
        assertThat(signature).hasSize(64);
        assertThat(jwt.isSignedByOneOf(JSON.readTree(get("/jwks.json", null).body())))
                .isTrue();
    }

    @Test
    void no_two_tokens_have_the_same_id() {
        // When
        Set<String> ids = IntStream.range(0, 200)
                .mapToObj(i -> claims(get(scope("repository:acme/app" + i + ":pull"), BOT))
                        .path("jti")
                        .asText())
                .collect(Collectors.toSet());

        // Then
        assertThat(ids).hasSize(200).allSatisfy(id -> assertThat(id).hasSize(22));
    }

    @Test
    void who_asks_for_the_same_again_gets_the_same_token_and_a_new_decision() throws JsonProcessingException {
        // When
        RawHttp.Answer first = get(scope("repository:acme/reused:pull"), BOT);
        RawHttp.Answer second = get(scope("repository:acme/reused:pull"), BOT);
        RawHttp.Answer others = get(scope("repository:acme/reused:pull"), ALICE);

        // Then
        assertThat(jwt(second).text()).isEqualTo(jwt(first).text());
        assertThat(JSON.readTree(second.body()).path("expires_in").asInt()).isBetween(290, 300);
        assertThat(JSON.readTree(second.body()).path("issued_at"))
                .isEqualTo(JSON.readTree(first.body()).path("issued_at"));
        assertThat(second.header("x-postern-decision")).isNotEqualTo(first.header("x-postern-decision"));
        assertThat(jwt(others).text()).isNotEqualTo(jwt(first).text());
    }

    @Test
    void the_account_parameter_is_not_an_identity() {
        assertThat(claims(get("/token?account=bob&service=registry.localhost", ALICE))
                        .path("sub")
                        .asText())
                .isEqualTo("user:acme/alice");
        assertThat(claims(get("/token?account=alice&service=registry.localhost", null))
                        .path("sub")
                        .asText())
                .isEmpty();
    }

    // What is not taken

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH"})
    void other_methods_are_405(String method) throws Exception {
        // When
        HttpResponse<String> answer = send(method);

        // Then
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, POST");
        assertThat(JSON.readTree(answer.body())
                        .path("errors")
                        .path(0)
                        .path("code")
                        .asText())
                .isEqualTo("UNSUPPORTED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/token?scope=%zz", "/token?scope=%", "/token?a=%4", "/token/?%zz=a"})
    void a_query_that_is_not_encoded_is_400(String target) {
        assertThat(get(target, BOT).status()).isEqualTo(400);
    }

    @Test
    void very_many_parameters_are_400() {
        assertThat(get("/token?" + "scope=repository:acme/app:pull&".repeat(129), BOT)
                        .status())
                .isEqualTo(400);
        assertThat(get("/token?" + "scope=repository:acme/app:pull&".repeat(99), BOT)
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/tokens", "/token/a", "/token;a=b", "/%74oken", "//token", "/token%3Fservice=a"})
    void no_other_path_issues(String target) {
        assertThat(get(target, BOT).status()).isEqualTo(404);
    }

    @Test
    void head_issues_nothing() throws Exception {
        // When
        HttpResponse<String> answer = send("HEAD");

        // Then
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(answer.headers().firstValue("X-Postern-Decision")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "username", "access_token", "token", "refresh_token", "api_key"})
    void secrets_in_the_url_are_refused(String parameter) {
        // When
        RawHttp.Answer answer = get("/token?" + parameter + "=s3cr3t-value", BOT);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(message(answer)).contains("'" + parameter + "'").doesNotContain("s3cr3t-value");
    }

    @ParameterizedTest
    @CsvSource({
        "service=another, service",
        "service=a&service=b, service",
        "account=a&account=b, account",
        "client_id=a%0Ab, client_id",
        "account=%C3%A4, account",
        "offline_token=true&offline_token=true, offline_token"
    })
    void parameters_that_cannot_be_meant_are_named(String query, String parameter) {
        // When
        RawHttp.Answer answer = get("/token?" + query, BOT);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(message(answer)).startsWith("the parameter '" + parameter + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic ", "Basic !!!", "Basic YQ==", "Basic /w==", "Foo bar", "Basic YTo=YTo="})
    void an_authorization_header_that_cannot_be_read_is_400(String value) {
        // When
        RawHttp.Answer answer = get("/token", value);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(message(answer)).contains("Authorization").contains("Basic");
    }

    @Test
    void two_authorization_headers_are_400() {
        // When
        RawHttp.Answer answer = RawHttp.get(
                server,
                "/token",
                List.of(
                        new RawHttp.Line("Host", "localhost"),
                        new RawHttp.Line("Authorization", BOT),
                        new RawHttp.Line("Authorization", ALICE)));

        // Then
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void wrong_credentials_are_401_in_the_form_that_clients_show() throws JsonProcessingException {
        // When
        RawHttp.Answer answer = get(scope("repository:acme/app:pull"), RawHttp.basic("alice", "s3cr3t-value"));

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).startsWith("Basic ");
        assertThat(answer.header("content-type")).startsWith("application/json");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.size()).isEqualTo(1);
        assertThat(body.path("errors").path(0).path("code").asText()).isEqualTo("UNAUTHORIZED");
        assertThat(body.path("errors").path(0).path("message").asText()).isEqualTo("incorrect username or password");
        assertThat(body.path("errors").path(0).path("detail").path("decision").asText())
                .isEqualTo(answer.header("x-postern-decision"))
                .hasSize(16);
        assertThat(answer.body()).doesNotContain("s3cr3t-value");
    }

    @Test
    void the_answer_is_the_same_for_an_unknown_user_and_for_a_wrong_password() {
        // When
        RawHttp.Answer known = get("/token", RawHttp.basic("alice", "wrong"));
        RawHttp.Answer unknown = get("/token", RawHttp.basic("nobody", "wrong"));
        RawHttp.Answer serviceId = get("/token", RawHttp.basic("bot", "wrong"));

        // Then
        assertThat(List.of(withoutId(unknown), withoutId(serviceId))).containsOnly(withoutId(known));
    }

    private static String withoutId(RawHttp.Answer answer) {
        return answer.status() + answer.body().replace(answer.header("x-postern-decision"), "ID");
    }

    private HttpResponse<String> send(String method) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/token"))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Authorization", BOT)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    private RawHttp.Answer get(String target, String authorization) {
        List<RawHttp.Line> lines = new ArrayList<>(List.of(new RawHttp.Line("Host", "localhost")));
        if (authorization != null) {
            lines.add(new RawHttp.Line("Authorization", authorization));
        }
        return RawHttp.get(server, target, lines);
    }

    private static String scope(String scope) {
        return "/token?service=registry.localhost&scope=" + encoded(scope);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Jwt jwt(RawHttp.Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        try {
            return Jwt.decode(JSON.readTree(answer.body()).path("token").asText());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode claims(RawHttp.Answer answer) {
        return jwt(answer).claims();
    }

    private static JsonNode access(RawHttp.Answer answer) {
        return claims(answer).path("access");
    }

    private static String message(RawHttp.Answer answer) {
        try {
            return JSON.readTree(answer.body())
                    .path("errors")
                    .path(0)
                    .path("message")
                    .asText();
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + answer.body(), e);
        }
    }
}
