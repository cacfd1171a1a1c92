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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may look at the console, from where, and what it is sent with. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.CONSOLE_TOKEN, value = ConsoleAccessTest.TOKEN),
            // As ManagementPortTest has it, for one server is enough for both.
            @ResourceArg(name = PosternResource.MANAGEMENT_TOKEN, value = ConsoleAccessTest.TOKEN),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class ConsoleAccessTest {

    static final String TOKEN = "a-word-of-thirty-two-characters!";

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @TestHTTPResource("/")
    URI service;

    /** As if from an address of its own: what one test gets wrong does not count for another. */
    private Visit from(String address) {
        return Visit.ofAStranger(management).with("X-Forwarded-For", address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "refusals", "rules", "map", "try", "me", "now", "none", "../console/", "x%2fy"})
    void a_stranger_is_led_to_the_form(String page) {
        // When
        Answer answer = Visit.ofAStranger(management).get(page);

        // Then
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("login");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void without_the_slash_it_is_led_there() {
        // When
        Answer answer = RawHttp.get(management, "/console", List.of(new Line("Host", "localhost")));

        // Then
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).isEqualTo("/console/");
    }

    @Test
    void a_stranger_has_no_data() {
        // When
        Answer answer = Visit.ofAStranger(management).get("now.json");

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).isEqualTo("sign in first\n");
    }

    @Test
    void the_token_opens_a_session() {
        // When
        Answer answer = from("192.0.2.1").login(TOKEN);
        Visit signedIn = Visit.by(management, TOKEN);

        // Then
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Set-Cookie"))
                .contains("; HttpOnly; SameSite=Strict")
                .contains("Path=/console")
                .doesNotContain(TOKEN);
        assertThat(signedIn.get("").status()).isEqualTo(200);
        assertThat(signedIn.get("now.json").body()).contains("\"series\"");
    }

    @Test
    void signing_out_ends_it() {
        // Given
        Visit visit = Visit.by(management, TOKEN);

        // When
        Answer answer = visit.logout();

        // Then
        assertThat(answer.header("Set-Cookie")).contains("Max-Age=0");
        assertThat(visit.get("").status()).isEqualTo(303);
    }

    @Test
    void the_token_is_taken_as_a_bearer_too() {
        // When
        Answer right =
                from("192.0.2.2").with("Authorization", "Bearer " + TOKEN).get("");
        Answer wrong =
                from("192.0.2.2").with("Authorization", "Bearer " + TOKEN + "x").get("");

        // Then
        assertThat(right.status()).isEqualTo(200);
        assertThat(wrong.status()).isEqualTo(401);
        assertThat(wrong.header("WWW-Authenticate")).startsWith("Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a-word-of-thirty-two-characters", "A-word-of-thirty-two-characters!", "password"})
    void another_word_opens_none(String word) {
        // When
        Answer answer = from("192.0.2.3").login(word);

        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.body()).contains("That is not the token");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"postern-console=", "postern-console=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "other=x"})
    void another_cookie_opens_none(String cookie) {
        // When
        Answer answer = Visit.ofAStranger(management).with("Cookie", cookie).get("");

        // Then
        assertThat(answer.status()).isEqualTo(303);
    }

    @Test
    void who_is_wrong_too_often_has_to_wait_and_others_do_not() {
        // Given
        for (int i = 0; i < Guard.WRONG_A_MINUTE; i++) {
            assertThat(from("192.0.2.4").login("wrong").status()).isEqualTo(401);
        }

        // When
        Answer right = from("192.0.2.4").login(TOKEN);
        Answer other = from("192.0.2.5").login(TOKEN);

        // Then
        assertThat(right.status()).isEqualTo(429);
        assertThat(Integer.parseInt(right.header("Retry-After"))).isBetween(1, 60);
        assertThat(other.status()).isEqualTo(303);
    }

    @Test
    void another_sites_form_signs_nobody_in() {
        // When
        Answer answer = from("192.0.2.6").with("Sec-Fetch-Site", "cross-site").login(TOKEN);

        // Then
        assertThat(answer.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"login", "", "now.json", "assets/console.css", "assets/none", "nothing"})
    void every_answer_says_what_a_browser_must_not_do(String page) {
        // When
        Answer answer = Visit.by(management, TOKEN).get(page);

        // Then
        assertThat(answer.header("Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                .contains("frame-ancestors 'none'")
                .doesNotContain("unsafe")
                .doesNotContain("*");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
        assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cross-Origin-Resource-Policy")).isEqualTo("same-origin");
        assertThat(answer.header("Cache-Control"))
                .isEqualTo(
                        answer.status() == 200 && page.startsWith("assets/") ? "private, max-age=86400" : "no-store");
    }

    @Test
    void pages_have_neither_scripts_nor_styles_in_them() {
        // When
        String page = Visit.by(management, TOKEN).get("").body();

        // Then
        assertThat(page).doesNotContain("<style").doesNotContain(" style=").doesNotContain("onclick");
        assertThat(page)
                .doesNotContainPattern("<script(?![^>]* src=\"assets/)")
                .doesNotContain("http://")
                .doesNotContain("https://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/",
                "/console/login",
                "/console/assets/console.css",
                "/console/assets/chart.umd.min.js",
                "/webjars/chart.js/4.5.1/dist/chart.umd.min.js",
                "/dev/postern/console/console.js"
            })
    void the_service_port_has_nothing_of_it(String path) {
        // When
        Answer answer = RawHttp.get(service, path, List.of(new Line("Host", "localhost")));

        // Then
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.header("Location")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"})
    void nothing_else_than_get_is_taken(String method) {
        // Given
        Visit visit = Visit.by(management, TOKEN);

        // When
        Answer answer = RawHttp.exchange(
                management,
                method + " /console/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: "
                        + visit.lines().getLast().value() + "\r\n\r\n");

        // Then
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET");
    }

    @Test
    void a_form_too_large_is_refused() {
        // When
        Answer answer = from("192.0.2.7").login("x".repeat(5000));

        // Then
        assertThat(answer.status()).isEqualTo(400);
    }
}
