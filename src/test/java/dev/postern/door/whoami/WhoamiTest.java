package dev.postern.door.whoami;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What anybody is told of themselves, and that it is no more than where they are. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1"),
            @ResourceArg(name = "postern.private-endpoints.us-south.translated-addresses", value = "166.9.12.227"),
            @ResourceArg(name = "postern.private-endpoints.us-south.hostnames", value = "private.registry.example.com")
        })
class WhoamiTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    @Test
    void a_public_caller_sees_its_address_and_the_hops_that_were_believed() throws Exception {
        // When
        JsonNode seen = json(whoami("application/json", new RawHttp.Line("X-Forwarded-For", "192.0.2.1, 203.0.113.9")));

        // Then
        assertThat(seen.toString())
                .isEqualTo("{\"side\":\"public\",\"address\":\"203.0.113.9\",\"evidence\":["
                        + "{\"address\":\"127.0.0.1\",\"by\":\"peer\",\"finding\":\"trusted-proxy\"},"
                        + "{\"address\":\"203.0.113.9\",\"by\":\"x-forwarded-for\",\"finding\":\"caller\"}]}");
    }

    @Test
    void a_private_caller_sees_its_endpoint() throws Exception {
        // When
        JsonNode seen = json(whoami("application/json", new RawHttp.Line("X-Forwarded-For", "166.9.12.227")));

        // Then
        assertThat(seen.path("side").asText()).isEqualTo("private");
        assertThat(seen.path("endpoint").asText()).isEqualTo("us-south");
        assertThat(seen.path("address").asText()).isEqualTo("166.9.12.227");
    }

    @Test
    void who_cannot_be_known_is_told_so() throws Exception {
        // When
        JsonNode seen = json(whoami("application/json", new RawHttp.Line("X-Forwarded-For", "203.0.113.9, unknown")));

        // Then
        assertThat(seen.path("side").asText()).isEqualTo("unknown");
        assertThat(seen.path("why").asText()).isEqualTo("malformed-forwarding-header");
        assertThat(seen.has("address")).isFalse();
    }

    @Test
    void a_private_host_name_asked_for_from_elsewhere_is_a_contradiction() throws Exception {
        // When
        RawHttp.Answer answer = RawHttp.get(
                server,
                "/whoami",
                List.of(
                        new RawHttp.Line("Host", "private.registry.example.com"),
                        new RawHttp.Line("X-Forwarded-For", "203.0.113.9")));

        // Then
        assertThat(json(answer).path("why").asText()).isEqualTo("private-endpoint-mismatch");
    }

    @Test
    void a_terminal_gets_text() {
        // When
        RawHttp.Answer answer = whoami("text/plain", new RawHttp.Line("X-Forwarded-For", "203.0.113.9"));

        // Then
        assertThat(answer.header("content-type")).startsWith("text/plain");
        assertThat(answer.body())
                .isEqualTo("public, 203.0.113.9\n  127.0.0.1 (peer): trusted-proxy\n"
                        + "  203.0.113.9 (x-forwarded-for): caller\n");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
    }

    @Test
    void what_a_caller_wrote_comes_back_as_data_only() throws Exception {
        // When
        RawHttp.Answer answer =
                whoami("application/json", new RawHttp.Line("X-Forwarded-For", "\"},{\"side\":\"public\", <script>"));

        // Then
        assertThat(json(answer).path("side").asText()).isEqualTo("unknown");
        assertThat(answer.header("content-type")).startsWith("application/json");
    }

    @Test
    void it_says_nothing_of_rules_accounts_or_users() {
        assertThat(whoami("application/json", new RawHttp.Line("X-Forwarded-For", "203.0.113.9"))
                        .body())
                .doesNotContain("acme", "alice", "bot", "rule", "policy");
    }

    @Test
    void three_thousand_hops_are_answered_and_more_than_the_stated_limit_is_refused() throws Exception {
        // Given
        String within = "1.1.1.1,".repeat(3000) + "203.0.113.9";
        String beyond = "1.1.1.1,".repeat(10_000) + "203.0.113.9";

        // When
        RawHttp.Answer answered = whoami("application/json", new RawHttp.Line("X-Forwarded-For", within));
        RawHttp.Answer refused = whoami("application/json", new RawHttp.Line("X-Forwarded-For", beyond));

        // Then
        assertThat(json(answered).path("address").asText()).isEqualTo("203.0.113.9");
        assertThat(refused.status()).isEqualTo(431);
    }

    private RawHttp.Answer whoami(String accept, RawHttp.Line... lines) {
        List<RawHttp.Line> all =
                new ArrayList<>(List.of(new RawHttp.Line("Host", "localhost"), new RawHttp.Line("Accept", accept)));
        all.addAll(List.of(lines));
        return RawHttp.get(server, "/whoami", all);
    }

    private static JsonNode json(RawHttp.Answer answer) throws Exception {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }
}
