package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Forms;
import dev.postern.testing.Forms.Answer;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /token} by the Distribution OAuth2 specification, and what is not taken there. */
@QuarkusTest
@WithTestResource(PosternResource.class)
class TokenFormTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    // What is given

    @Test
    void a_password_gets_a_token_in_the_form_of_the_specification() throws JsonProcessingException {
        // When
        Answer answer = post(password("alice", TestPolicy.ALICES_PASSWORD, "repository:acme/app:pull,push"));

        // Then
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode json = JSON.readTree(answer.body());
        Set<String> names = new HashSet<>();
        json.fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyInAnyOrder("access_token", "scope", "expires_in", "issued_at");
        assertThat(json.path("scope").asText()).isEqualTo("repository:acme/app:pull");
        assertThat(json.path("expires_in").asInt()).isBetween(60, 300);
        assertThat(json.path("issued_at").asText()).endsWith("Z");
        assertThat(answer.header("content-type")).startsWith("application/json");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        Jwt token = Jwt.decode(json.path("access_token").asText());
        assertThat(token.claims().path("sub").asText()).isEqualTo("user:acme/alice");
        assertThat(token.claims().path("access").toString())
                .isEqualTo("[{\"type\":\"repository\",\"name\":\"acme/app\",\"actions\":[\"pull\"]}]");
    }

    @Test
    void an_api_key_is_a_password_here_as_it_is_in_a_header() throws JsonProcessingException {
        // When
        Answer answer = post(
                password("iamapikey", TestPolicy.API_KEY, "repository:acme/app:pull,push repository:acme/base:pull"));

        // Then
        assertThat(JSON.readTree(answer.body()).path("scope").asText())
                .isEqualTo("repository:acme/app:pull,push repository:acme/base:pull");
    }

    @Test
    void without_a_scope_it_is_a_login() throws JsonProcessingException {
        // Given
        Map<String, String> form = password("alice", TestPolicy.ALICES_PASSWORD, "");

        // When
        Answer answer = post(form);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("scope").asText("missing")).isEmpty();
    }

    @Test
    void nothing_granted_is_a_token_without_access() throws JsonProcessingException {
        // When
        Answer answer = post(password("alice", TestPolicy.ALICES_PASSWORD, "repository:acme/app:push"));

        // Then
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.path("scope").asText("missing")).isEmpty();
        assertThat(Jwt.decode(json.path("access_token").asText()).claims().path("access"))
                .isEmpty();
    }

    // What is refused

    @Test
    void wrong_credentials_are_401() throws JsonProcessingException {
        // When
        Answer answer = post(password("alice", "wrong", ""));

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).startsWith("Basic ");
        assertThat(error(answer).path("code").asText()).isEqualTo("UNAUTHORIZED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "..", "null"})
    void a_refresh_token_that_is_none_is_not_an_anonymous_caller(String token) {
        // Given
        Map<String, String> form = new LinkedHashMap<>(Map.of(
                "grant_type", "refresh_token",
                "service", "registry.localhost",
                "client_id", "test",
                "scope", "repository:acme/public/hello:pull",
                "refresh_token", token));

        // When
        Answer answer = post(form);

        // Then
        assertThat(answer.status()).isEqualTo(token.isEmpty() ? 400 : 401);
        assertThat(answer.body()).doesNotContain("access_token");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            service=registry.localhost&client_id=c&username=a&password=b                                    | grant_type
            grant_type=&service=registry.localhost&client_id=c&username=a&password=b                        | grant_type
            grant_type=client_credentials&service=registry.localhost&client_id=c                            | grant_type
            grant_type=PASSWORD&service=registry.localhost&client_id=c&username=a&password=b                | grant_type
            grant_type=password&grant_type=password&service=registry.localhost&client_id=c&username=a&password=b | grant_type
            grant_type=password&client_id=c&username=a&password=b                                           | service
            grant_type=password&service=another&client_id=c&username=a&password=b                           | service
            grant_type=password&service=registry.localhost&username=a&password=b                            | client_id
            grant_type=password&service=registry.localhost&client_id=c%00&username=a&password=b             | client_id
            grant_type=password&service=registry.localhost&client_id=c&password=b                           | username
            grant_type=password&service=registry.localhost&client_id=c&username=a                           | password
            grant_type=password&service=registry.localhost&client_id=c&username=a&password=b&password=c     | password
            grant_type=password&service=registry.localhost&client_id=c&username=a&username=b&password=b     | username
            grant_type=password&service=registry.localhost&client_id=c&username=a&password=b&access_type=ever | access_type
            grant_type=password&service=registry.localhost&client_id=c&username=a&password=b&scope=x:y:z&scope=x:y:z | scope
            grant_type=refresh_token&service=registry.localhost&client_id=c                                 | refresh_token
            grant_type=refresh_token&service=registry.localhost&client_id=c&refresh_token=a&refresh_token=a | refresh_token
            """)
    void a_field_that_is_missing_unknown_or_twice_is_400_and_named(String form, String field)
            throws JsonProcessingException {
        // When
        Answer answer = Forms.post(server, Forms.TYPE, form);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(error(answer).path("message").asText()).startsWith("the field '" + field + "'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%zz",
                "grant_type=password&service=registry.localhost&client_id=c&username=a&password=b#&scope=nonsense",
                "?grant_type=password&service=registry.localhost&client_id=c&username=a&password=b",
                "=grant_type=password&service=registry.localhost&client_id=c&username=a&password=b",
                "grant_type=password&service=registry.localhost&client_id=c&username=a&=password=b",
                "username=a%0Ab&password=c&grant_type=password&service=registry.localhost&client_id=c",
                "username=a:b&password=c&grant_type=password&service=registry.localhost&client_id=c",
                "grant_type=password&service=registry.localhost&client_id=c&username=a&password=b&scope=nonsense",
            })
    void a_form_that_cannot_be_meant_is_400(String form) throws JsonProcessingException {
        // When
        Answer answer = Forms.post(server, Forms.TYPE, form);

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(error(answer).path("message").asText()).contains("expected").doesNotContain("password=b");
    }

    @Test
    void an_empty_body_is_400() {
        assertThat(Forms.post(server, Forms.TYPE, "").status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form"})
    void another_content_type_is_415(String type) throws JsonProcessingException {
        // When
        Answer answer = Forms.post(server, type, "grant_type=password");

        // Then
        assertThat(answer.status()).isEqualTo(415);
        assertThat(error(answer).path("code").asText()).isEqualTo("UNSUPPORTED");
    }

    @Test
    void no_content_type_is_415() {
        assertThat(Forms.post(server, "", "grant_type=password").status()).isEqualTo(415);
    }

    @Test
    void a_body_beyond_the_bound_is_413_before_it_is_sent() {
        // Given
        List<RawHttp.Line> lines = List.of(
                new RawHttp.Line("Host", "localhost"),
                new RawHttp.Line("Content-Type", Forms.TYPE),
                new RawHttp.Line("Content-Length", "70000"));

        // When, Then
        assertThat(RawHttp.postWithoutBody(server, "/token", lines).status()).isEqualTo(413);
    }

    @Test
    void a_form_of_very_many_fields_is_400() {
        // Given
        String body = IntStream.range(0, 5000).mapToObj(i -> "f" + i + "=").collect(Collectors.joining("&"));

        // When, Then
        assertThat(Forms.post(server, Forms.TYPE, body).status()).isEqualTo(400);
    }

    @Test
    void credentials_in_two_places_are_400() {
        // When
        Answer answer = Forms.post(
                server,
                Forms.TYPE,
                Forms.encoded(password("alice", TestPolicy.ALICES_PASSWORD, "")),
                "Authorization",
                RawHttp.basic("iamapikey", TestPolicy.API_KEY));

        // Then
        assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void a_secret_in_the_url_is_400() {
        // When
        Answer answer = Forms.post(
                server.resolve("/token?password=s3cr3t-value"),
                Forms.TYPE,
                Forms.encoded(password("alice", TestPolicy.ALICES_PASSWORD, "")));

        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("s3cr3t-value");
    }

    private Answer post(Map<String, String> form) {
        return Forms.post(server, Forms.TYPE, Forms.encoded(form));
    }

    private static Map<String, String> password(String user, String password, String scope) {
        return Forms.password("registry.localhost", user, password, scope);
    }

    private static JsonNode error(Answer answer) throws JsonProcessingException {
        return JSON.readTree(answer.body()).path("errors").path(0);
    }
}
