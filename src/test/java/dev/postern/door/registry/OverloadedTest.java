package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More passwords than can be checked in time, over HTTP. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = OverloadedTest.POLICY),
            @ResourceArg(name = "postern.passwords.max-wait", value = "100ms")
        })
class OverloadedTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                service-ids:
                  bot:
                    api-keys:
                      - id: k1
                        digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                users:
                  alice: { password: "$2y$12$0123456789012345678901234567890123456789012345678901." }
            """;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 40;

    @TestHTTPResource
    URI server;

    private Answer get(String user, String password) {
        return RawHttp.get(
                server,
                "/token",
                List.of(new Line("Host", "localhost"), new Line("Authorization", RawHttp.basic(user, password))));
    }

    @Test
    void who_would_wait_too_long_is_told_to_come_back_and_api_keys_are_let_in() throws JsonProcessingException {
        try (ExecutorService senders = Executors.newFixedThreadPool(AT_ONCE)) {
            // When
            List<CompletableFuture<Answer>> answers = IntStream.range(0, AT_ONCE)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> get("alice", "wrong " + i), senders))
                    .toList();
            Answer key = get("iamapikey", TestPolicy.API_KEY);

            // Then
            assertThat(key.status()).isEqualTo(200);
            List<Answer> refused = answers.stream().map(CompletableFuture::join).toList();
            assertThat(refused).allSatisfy(answer -> assertThat(answer.status()).isIn(401, 503));
            List<Answer> overloaded =
                    refused.stream().filter(answer -> answer.status() == 503).toList();
            assertThat(overloaded).isNotEmpty();
            for (Answer answer : overloaded) {
                assertThat(answer.header("Retry-After")).isEqualTo("5");
                JsonNode error = JSON.readTree(answer.body()).path("errors").path(0);
                assertThat(error.path("code").asText()).isEqualTo("UNAVAILABLE");
                assertThat(answer.body()).doesNotContain("token\"");
            }
        }
    }
}
