package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages show, and that nothing of what strangers wrote becomes more than text in them. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.CONSOLE_TOKEN, value = ConsolePagesTest.TOKEN),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1"),
            @ResourceArg(name = "postern.private-endpoints.us-south.translated-addresses", value = "166.9.20.31"),
            @ResourceArg(name = "postern.private-endpoints.us-south.link-ids", value = "aws:vpce-0a1b2c3d4e5f60718"),
            @ResourceArg(name = PosternResource.POLICY, value = ConsolePagesTest.POLICY)
        })
class ConsolePagesTest {

    static final String TOKEN = "a-word-of-thirty-two-characters!";

    static final String POLICY = """
        accounts:
          acme:
            namespaces: [acme]
            network:
              allow:
                - { address: 203.0.113.0/24, note: "<b>office</b>" }
                - { address: 198.51.100.7, until: 2020-01-01T00:00:00Z }
                - { originator: 10.8.0.0/24, via: us-south }
              deny:
                - { address: 203.0.113.66 }
            service-ids: { bot: {} }
            bindings:
              - { subjects: [anonymous], roles: [Reader], repository: "public/**" }
              - { subjects: [service-id:bot], roles: [Writer] }
        """;

    private static final String SCOPE = "repository:acme/public/app:pull";
    private static final String SCRIPT = "<script>alert(1)</script>\u202e\u0007";

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @TestHTTPResource("/")
    URI service;

    private Visit visit;

    @BeforeEach
    void signIn() {
        visit = Visit.by(management, TOKEN);
    }

    /** Asks for a token from the address; answers the decision's id. */
    private String ask(String address) {
        List<Line> lines = List.of(new Line("Host", "localhost"), new Line("X-Forwarded-For", address));
        Answer answer = RawHttp.get(service, RawHttp.tokenTarget("registry.localhost", List.of(SCOPE)), lines);
        return answer.header("X-Postern-Decision");
    }

    private String page(String page, Predicate<String> isThere) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (true) {
            Answer answer = visit.get(page);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            if (isThere.test(answer.body())) {
                return answer.body();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError(answer.body());
            }
            Thread.sleep(50);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Test
    void a_refusal_is_shown_with_its_chain_its_rule_and_what_to_change() throws InterruptedException {
        // When
        String id = ask("192.0.2.50, 127.0.0.1");
        String found = page("refusals?id=" + id, body -> body.contains("<code>" + id + "</code>"));

        // Then
        assertThat(found)
                .contains("<h2 id=\"h-")
                .contains(">192.0.2.0/24</h2>")
                .contains("trusted-proxy")
                .contains("address-not-listed")
                .contains("policy.yaml:")
                .contains("- { address: 192.0.2.50, note: ")
                .contains("client with IP &#39;192.0.2.50&#39; is not allowed access.");
        assertThat(page("refusals", body -> true)).contains(id);
    }

    @Test
    void a_denied_address_is_told_that_no_rule_helps() throws InterruptedException {
        // When
        String id = ask("203.0.113.66");

        // Then
        assertThat(page("refusals?id=" + id, body -> body.contains("<code>" + id + "</code>")))
                .contains("deny beats allow")
                .doesNotContain("Copy the rule");
    }

    @Test
    void what_strangers_write_stays_text() throws InterruptedException {
        // When
        String id = ask(SCRIPT.substring(0, SCRIPT.length() - 1) + ", 127.0.0.1");
        String found = page("refusals?id=" + id, body -> body.contains("<code>" + id + "</code>"));

        // Then
        assertThat(found).contains("source-unknown").contains("&lt;script&gt;").doesNotContain("<script>alert");
        assertThat(found).doesNotContain("\u202e").doesNotContain("\u0007");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "refusals?id=",
                "rules?q=",
                "rules?in=",
                "map?in=",
                "map?block=",
                "try?ip=",
                "try?identity=x&scope=",
                "try?ip=192.0.2.1&endpoint=",
                "try?link="
            })
    void what_is_looked_for_stays_text(String query) {
        // When
        Answer answer = visit.get(query + encoded("\"'><img src=x onerror=alert(1)>" + SCRIPT));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .doesNotContain("<img")
                .doesNotContain("<script>alert")
                .doesNotContain("\u202e")
                .doesNotContain("\u0007");
    }

    @Test
    void an_unknown_id_is_said_to_be_none() throws InterruptedException {
        assertThat(page("refusals?id=7f3k9q0c2m5v8w1x", body -> true)).contains("No refusal of this id is kept here");
        assertThat(page("refusals?id=short", body -> true)).contains("not a decision&#39;s id");
    }

    @Test
    void decisions_are_counted_now() throws InterruptedException {
        // Given
        ask("203.0.113.10");
        ask("192.0.2.77");

        // Then
        String now = page("", body -> body.contains(">address-not-listed</th>"));
        assertThat(now).contains("</span>granted</th>").contains("<th scope=\"row\">registry</th>");
        assertThat(now).contains("policy: well");
        assertThat(visit.get("now.json").body()).startsWith("{\"step\":10,\"ends\":[");
    }

    @Test
    void rules_are_listed_and_found() throws InterruptedException {
        assertThat(page("rules", body -> true))
                .contains("address 203.0.113.0/24")
                .contains("&lt;b&gt;office&lt;/b&gt;")
                .contains("ended 2020-01-01 00:00:00")
                .contains("originator 10.8.0.0/24 via us-south")
                .contains("Rules 1 to 4 of 4");
        assertThat(page("rules?q=203.0.113.66", body -> true)).contains("Rules 1 to 2 of 2");
        assertThat(page("rules?show=expired", body -> true))
                .contains("Rules 1 to 1 of 1")
                .contains("198.51.100.7");
        assertThat(page("rules?q=office", body -> true)).contains("Rules 1 to 1 of 1");
        assertThat(page("rules?q=nothing+like+it", body -> true)).contains("No rule.");
        assertThat(page("rules?from=999999", body -> true)).contains("No rule.");
    }

    @Test
    void the_map_shows_what_is_open() throws InterruptedException {
        assertThat(page("map?in=account+acme", body -> true))
                .contains("255 addresses are open")
                .contains("203.0.0.0/8: less than 0.01 % open")
                .contains("10.0.0.0/8: closed");
        assertThat(page("map?in=account+acme&block=203.0.113.0/24", body -> true))
                .contains("203.0.113.66: closed")
                .contains("203.0.113.67: open");
    }

    @Test
    void a_trial_decides_as_the_gate_does() throws InterruptedException {
        assertThat(page("try?ip=203.0.113.10&scope=" + encoded(SCOPE), body -> true))
                .contains(">granted: granted</h2>")
                .contains("<dd>pull</dd>");
        assertThat(page("try?ip=192.0.2.1&scope=" + encoded(SCOPE), body -> true))
                .contains(">refused: address-not-listed</h2>")
                .contains("- { address: 192.0.2.1, note: ");
        assertThat(page(
                        "try?ip=10.8.0.9&endpoint=us-south&link=aws:vpce-0a1b2c3d4e5f60718&identity=service-id:acme/bot&scope="
                                + encoded("repository:acme/x:push"),
                        body -> true))
                .contains(">granted: granted</h2>")
                .contains("private endpoint us-south");
        assertThat(page(
                        "try?ip=10.9.0.9&endpoint=us-south&link=aws:vpce-0a1b2c3d4e5f60718&identity=service-id:acme/bot",
                        body -> true))
                .contains(">refused: address-not-listed</h2>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip=010.0.0.1",
                "ip=localhost",
                "link=aws:vpce-0a1b2c3d4e5f60718",
                "ip=192.0.2.1&endpoint=eu-de",
                "ip=192.0.2.1&identity=root",
                "ip=192.0.2.1&identity=user:acme/nobody",
                "ip=192.0.2.1&scope=repository",
                "endpoint=us-south"
            })
    void a_form_that_cannot_be_read_is_not_decided(String query) throws InterruptedException {
        assertThat(page("try?" + query, body -> true))
                .contains("role=\"alert\"")
                .doesNotContain("id=\"verdict\"");
    }

    @Test
    void visitors_see_what_is_seen_of_them() throws InterruptedException {
        // Given
        visit = visit.with("X-Forwarded-For", "192.0.2.200");

        // Then
        assertThat(page("me", body -> true))
                .contains("<strong>192.0.2.200</strong>")
                .contains("trusted-proxy");
    }
}
