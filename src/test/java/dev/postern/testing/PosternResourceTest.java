package dev.postern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shared set-up: a Postern of the test's own answers, with the test's policy. */
@QuarkusTest
@WithTestResource(PosternResource.class)
class PosternResourceTest {

    @TestHTTPResource
    URI server;

    @Test
    void a_key_of_the_policy_gets_a_token_that_the_published_key_verifies() throws IOException {
        // Given
        ObjectMapper json = new ObjectMapper();
        String target = RawHttp.tokenTarget("registry.localhost", List.of("repository:acme/app:pull,push"));
        List<RawHttp.Line> lines = List.of(
                new RawHttp.Line("Host", "postern.example.com"),
                new RawHttp.Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY)));

        // When
        RawHttp.Answer answer = RawHttp.get(server, target, lines);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        Jwt token = Jwt.decode(json.readTree(answer.body()).path("token").asText());
        assertThat(token.claims().path("sub").asText()).isEqualTo("service-id:acme/bot");
        assertThat(token.claims().path("access").toString())
                .isEqualTo("[{\"type\":\"repository\",\"name\":\"acme/app\",\"actions\":[\"pull\",\"push\"]}]");
        JsonNode jwks = json.readTree(RawHttp.get(server, "/jwks.json", lines).body());
        assertThat(token.isSignedByOneOf(jwks)).isTrue();
    }

    @Test
    void a_key_that_the_policy_does_not_have_is_refused() {
        // Given
        String target = RawHttp.tokenTarget("registry.localhost", List.of());
        List<RawHttp.Line> lines = List.of(
                new RawHttp.Line("Host", "postern.example.com"),
                new RawHttp.Line("Authorization", RawHttp.basic("iamapikey", "another")));

        // When
        RawHttp.Answer answer = RawHttp.get(server, target, lines);

        // Then
        assertThat(answer.status()).isEqualTo(401);
    }
}
