package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.decision.Reason;
import dev.postern.distribution.OciError;
import dev.postern.testing.PosternResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Who is refused is sent to Postern's own page, where the operator has none. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = @ResourceArg(name = "postern.registry.realm", value = "https://postern.example.com/token"))
class ReasonsLinkTest {

    @TestHTTPResource
    URI server;

    @Test
    void a_refusal_links_to_the_section_of_its_code_and_its_message_stays() throws Exception {
        // When
        HttpResponse<String> answer = get(
                "/token",
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString("alice:wrong".getBytes(StandardCharsets.UTF_8)));
        // Then
        JsonNode error = new ObjectMapper().readTree(answer.body()).at("/errors/0");
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(error.path("message").asText()).isEqualTo("incorrect username or password");
        assertThat(error.at("/detail/help").asText()).isEqualTo("https://postern.example.com/reasons#unauthorized");
        assertThat(error.at("/detail/decision").asText()).hasSize(16);
    }

    @Test
    void the_page_has_a_section_for_each_code_and_is_the_same_for_everybody() throws Exception {
        // When
        HttpResponse<String> page = get("/reasons", "Accept", "*/*");
        // Then
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("public, max-age=3600");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'none'");
        assertThat(page.body())
                .contains(EnumSet.complementOf(EnumSet.of(Reason.GRANTED)).stream()
                        .map(reason -> "id=\"" + OciError.of(reason, "").code().toLowerCase(Locale.ROOT) + "\"")
                        .distinct()
                        .toList());
        assertThat(Arrays.asList("127.0.0.1", "acme", "<script", "http://", "https://"))
                .noneMatch(page.body()::contains);
    }

    private HttpResponse<String> get(String path, String name, String value) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.resolve(path))
                            .header(name, value)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
