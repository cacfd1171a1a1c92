package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.LoadState;
import com.microsoft.playwright.options.RequestOptions;
import com.microsoft.playwright.options.SameSiteAttribute;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.postern.serve.Browser.Look;
import dev.postern.testing.secrets.Secrets;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The packaged server's console in a real browser: each page, as a person uses it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

    private static final String TOKEN = "a-word-of-thirty-two-characters!";
    private static final String PULL = "repository:acme/app/web:pull";

    /** The pages, and where they are. */
    private static final Map<String, String> PAGES = Map.of(
            "now", "./",
            "refusals", "refusals",
            "rules", "rules",
            "map", "map?in=account+acme",
            "try",
                    "try?ip=192.0.2.50&identity=service-id%3Aacme%2Fbuild-bot&scope=repository%3Aacme%2Fapp%2Fweb%3Apull",
            "me", "me");

    /** Those of which there are pictures in the documentation. */
    private static final List<String> PICTURES = List.of(
            "now-desktop-light",
            "now-phone-dark",
            "refusals-phone-light",
            "refused-phone-light",
            "rules-desktop-dark",
            "map-phone-light",
            "try-desktop-dark",
            "try-phone-light");

    /** Where a picture shows the test's own directory, it shows where operators have theirs. */
    private static final String ELSEWHERE = """
        directory => {
          const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (texts.nextNode()) {
            texts.currentNode.data = texts.currentNode.data.replaceAll(directory, '/etc/postern');
          }
        }
        """;

    private final int port = PosternProcess.freePort();
    private final int management = PosternProcess.freePort();
    private final String console = "http://localhost:" + management + "/console/";
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> complaints = new ArrayList<>();
    private final List<BrowserContext> visitors = new ArrayList<>();
    private Path pictures = Path.of("");
    private Path files = Path.of("");
    private Browser browser;
    private PosternProcess postern;
    private OidcProvider issuer;
    private boolean hasIssuer;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        files = directory;
        Path base = Path.of(System.getProperty("postern.basedir"));
        browser = Browser.start(base);
        String wanted = System.getProperty("postern.pictures", "target/console");
        pictures = Files.createDirectories(base.resolve(wanted));
        issuer = new OidcProvider(directory, console);
        hasIssuer = OidcProvider.lacking().isEmpty();
        if (hasIssuer) {
            issuer.start();
        }
        Files.writeString(directory.resolve("client-secret"), "client-secret-of-console\n");
        Files.writeString(directory.resolve("token"), TOKEN + "\n");
        Files.writeString(directory.resolve("policy.yaml"), """
            zones:
              office: { addresses: [203.0.113.0/24, "2001:db8:1::/48", 198.51.100.7-198.51.100.30], except: [203.0.113.66] }
            accounts:
              acme:
                namespaces: [acme]
                network:
                  allow:
                    - { zone: office, note: the office }
                    - { address: 10.0.0.0/9, note: the data centre }
                    - { private-endpoint: us-south }
                    - { address: 192.0.2.14, until: 2020-12-31T00:00:00Z, note: "a contractor's laptop" }
                    - { address: 192.0.2.128/25, enforcement: report, note: to come }
                  deny:
                    - { address: 203.0.113.99, note: a lost machine }
                service-ids: { build-bot: { network: { allow: [{ zone: office }] } } }
                bindings:
                  - { subjects: [anonymous], roles: [Reader], repository: "app/**" }
                  - { subjects: [service-id:build-bot], roles: [Writer] }
              labs:
                namespaces: [labs]
                network: { enforcement: report, allow: [{ address: 203.0.113.0/24 }] }
                bindings: [{ subjects: [anonymous], roles: [Reader] }]
            """);
        Files.writeString(directory.resolve("application.yaml"), """
            quarkus:
              http: { port: %d }
              management: { port: %d }
              tls: { issuer: { trust-store: { pem: { certs: cert.pem } } } }
            postern:
              policy: "%s"
              source: { trusted-proxies: [127.0.0.1, "::1", 10.200.0.0/16] }
              private-endpoints: { us-south: { translated-addresses: [166.9.20.31] } }
              console:
                enabled: true
                token-file: token
                oidc:
                  issuer: %s
                  client-id: console
                  client-secret-file: client-secret
                  redirect-uri: %scallback
                  allowed: [registry-operators]
                  tls-configuration-name: issuer
                  allowed-private-addresses: ["127.0.0.0/8", "::1"]
            """.formatted(
                        port, management, "policy.yaml", issuer.url(), console));
        postern = PosternProcess.start(
                directory,
                Map.of(),
                "serve",
                "--profile",
                "local",
                "--config",
                directory.resolve("application.yaml").toString());
        postern.awaitOutput("rootcertbundle:");
        long until =
                System.nanoTime() + (wanted.startsWith("target") ? Duration.ZERO : Duration.ofSeconds(100)).toNanos();
        do {
            traffic();
            Thread.sleep(700);
        } while (System.nanoTime() < until);
    }

    @AfterAll
    void stop() throws Exception {
        if (browser != null) {
            browser.close();
        }
        if (postern != null) {
            postern.close();
        }
        if (issuer != null) {
            issuer.close();
        }
    }

    @AfterEach
    void leave() {
        visitors.forEach(BrowserContext::close);
        visitors.clear();
        List<String> heard = List.copyOf(complaints);
        complaints.clear();
        // A violation of the content security policy is one, too.
        assertThat(heard).as("what the browser complained of").isEmpty();
    }

    private void traffic() throws Exception {
        for (int i = 0; i < 9; i++) {
            ask("203.0.113." + (10 + i), PULL);
        }
        ask("203.0.113.10", "repository:acme/other:push");
        ask("192.0.2.50, 10.200.0.7", PULL);
        ask("2001:db8:7::1", PULL);
        ask("203.0.113.99", PULL);
        ask("198.51.100.200", "repository:labs/tool:pull");
        ask("203.0.113.9:80x", PULL);
        ask("192.0.2.200", PULL);
    }

    /** Asks for a token; answers the decision's id. */
    private String ask(String forwardedFor, String scope) throws Exception {
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create(
                                "http://localhost:" + port + "/token?service=registry.localhost&scope=" + scope))
                        .header("X-Forwarded-For", forwardedFor)
                        .build(),
                BodyHandlers.ofString());
        return answer.headers().firstValue("X-Postern-Decision").orElse("");
    }

    private Page open(Look look, boolean scripts) {
        BrowserContext visitor = browser.visitor(look, scripts);
        visitors.add(visitor);
        visitor.grantPermissions(List.of("clipboard-read", "clipboard-write"));
        Page page = visitor.newPage();
        page.onConsoleMessage(message -> {
            boolean isTrouble = message.type().equals("error") || message.type().equals("warning");
            if (isTrouble && !message.location().startsWith(issuer.url())) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        page.navigate(console);
        return page;
    }

    private Page signIn(Look look, boolean scripts) {
        Page page = open(look, scripts);
        page.getByLabel("Token").fill(TOKEN);
        page.getByText("Sign in").last().click();
        page.waitForURL(console);
        return page;
    }

    @Test
    void a_person_signs_in_by_keyboard_alone() {
        // Given
        Page page = open(Look.DESKTOP_LIGHT, true);
        assertThat(page.url()).isEqualTo(console + "login");

        // When
        for (int i = 0; i < 3; i++) {
            page.keyboard().press("Tab");
        }
        page.keyboard().type(TOKEN);
        page.keyboard().press("Enter");
        page.waitForURL(console);

        // Then
        assertThat(page.locator("h1").textContent()).isEqualTo("Now");
        page.keyboard().press("Tab");
        assertThat(page.evaluate("() => document.activeElement.className")).isEqualTo("skip");
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.waitForURL(console + "refusals");
        assertThat(page.locator("nav [aria-current]").textContent()).isEqualTo("Refusals");
    }

    @ParameterizedTest
    @EnumSource
    void nothing_on_any_page_bars_anybody(Look look) {
        // Given
        Page page = open(look, true);
        assertThat(browser.barriers(page)).as("login").isEqualTo(List.of());
        page.getByLabel("Token").fill(TOKEN);
        page.keyboard().press("Enter");
        page.waitForURL(console);

        PAGES.forEach((name, address) -> {
            // When
            page.navigate(console + address);
            page.waitForLoadState(LoadState.LOAD);
            if (name.equals("now")) {
                page.locator("canvas[data-drawn]").waitFor();
            }
            if (name.equals("refusals")) {
                page.locator("summary", new Page.LocatorOptions().setHasText("192.0.2.50"))
                        .first()
                        .click();
            }
            page.evaluate("() => scrollTo(0, 0)");

            // Then
            picture(page, name + "-" + look.name().toLowerCase(Locale.ROOT).replace('_', '-'));
            assertThat(browser.barriers(page)).as(name + ", " + look).isEqualTo(List.of());
            assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
                    .as(name + " is no wider than the screen")
                    .isEqualTo(true);
        });
    }

    /** Down to the end of the page. */
    private void whole(Page page, String name) {
        page.evaluate(ELSEWHERE, files.toString());
        page.screenshot(
                new Page.ScreenshotOptions().setFullPage(true).setPath(pictures.resolve("console-" + name + ".png")));
    }

    private void picture(Page page, String name) {
        if (PICTURES.contains(name)) {
            page.evaluate(ELSEWHERE, files.toString());
            page.screenshot(new Page.ScreenshotOptions().setPath(pictures.resolve("console-" + name + ".png")));
        }
    }

    @Test
    void a_refusal_appears_by_itself_and_what_is_open_stays_open() throws Exception {
        // Given
        Page page = signIn(Look.DESKTOP_LIGHT, true);
        page.navigate(console + "refusals");
        String first = ask("192.0.2.77", PULL);
        Locator block = page.locator("article", new Page.LocatorOptions().setHasText("192.0.2.0/24"));
        block.locator("summary", new Locator.LocatorOptions().setHasText("192.0.2.77"))
                .first()
                .click();
        block.getByText(first).first().waitFor();

        // When
        String second = ask("192.0.2.78", PULL);

        // Then
        block.locator("summary", new Locator.LocatorOptions().setHasText("192.0.2.78"))
                .first()
                .waitFor();
        assertThat(block.getByText(first).first().isVisible()).isTrue();
        assertThat(block.getByText(second).first().isVisible()).isFalse();
    }

    @Test
    void nothing_appears_while_it_is_paused() throws Exception {
        // Given
        Page page = signIn(Look.DESKTOP_LIGHT, true);
        page.navigate(console + "refusals");
        page.getByText("Pause").click();

        // When
        ask("198.51.100.99", PULL);
        page.waitForTimeout(3_000);

        // Then
        assertThat(page.getByText("198.51.100.99").count()).isZero();
        page.getByText("Pause").click();
        page.getByText("198.51.100.99").first().waitFor();
    }

    @Test
    void from_the_id_of_a_refusal_to_the_rule_in_the_clipboard() throws Exception {
        // Given
        String id = ask("192.0.2.51", PULL);
        Page page = signIn(Look.DESKTOP_LIGHT, true);
        page.navigate(console + "refusals");
        // What is decided is shown within a second.
        page.waitForTimeout(500);

        // When
        page.getByLabel("Decision id").fill(id);
        page.keyboard().press("Enter");
        page.getByText("Copy the rule").waitFor();
        whole(page, "refusal-desktop-light");
        page.getByText("Copy the rule").click();
        page.getByText("Copied").waitFor();

        // Then
        assertThat(page.evaluate("() => navigator.clipboard.readText()"))
                .isEqualTo("accounts:\n"
                        + "  acme:\n"
                        + "    network:\n"
                        + "      allow:\n"
                        + "        - { address: 192.0.2.51, note: \"after decision "
                        + id + "\" }\n");
        assertThat(page.locator(".chain").textContent())
                .contains("x-forwarded-for")
                .contains("trusted-proxy")
                .contains("account acme")
                .contains("policy.yaml:");
    }

    @Test
    void a_decision_is_tried() {
        // Given
        Page page = signIn(Look.PHONE_LIGHT, true);
        page.navigate(console + "try");

        // When
        page.getByLabel("Address").fill("203.0.113.10");
        page.getByLabel("Identity").fill("service-id:acme/build-bot");
        page.getByLabel("Scopes").fill("repository:acme/app/web:push");
        page.locator("main button").click();

        // Then
        assertThat(page.locator("#verdict").textContent()).isEqualTo("granted: granted");
        page.getByLabel("Address").fill("203.0.113.99");
        page.locator("main button").click();
        page.locator("#verdict", new Page.LocatorOptions().setHasText("refused: address-denied"))
                .waitFor();
        assertThat(page.locator(".chain").textContent()).contains("denied by address 203.0.113.99");
    }

    @Test
    void the_map_leads_to_single_addresses_and_the_rules_to_a_ruleset() {
        // Given
        Page page = signIn(Look.DESKTOP_DARK, true);
        page.navigate(console + "map?in=account+acme");

        // When
        for (String part : List.of("203.0.0.0/8", "203.0.0.0/16", "203.0.113.0/24")) {
            page.locator("svg.space a[aria-label^='" + part + "']").focus();
            page.keyboard().press("Enter");
            page.getByText("IPv4: " + part).waitFor();
        }

        // Then
        assertThat(page.locator("main").textContent()).contains("254 addresses are open");
        page.navigate(console + "rules?show=expired");
        assertThat(page.locator("tbody").last().textContent())
                .contains("192.0.2.14")
                .contains("ended 2020-12-31");
    }

    @Test
    void all_of_it_works_without_the_script() {
        // Given
        Page page = signIn(Look.DESKTOP_LIGHT, false);

        // When
        PAGES.forEach((name, address) -> {
            page.navigate(console + address);

            // Then
            assertThat(page.locator("h1").textContent()).isEqualToIgnoringCase(name);
        });
        page.navigate(console + "refusals");
        page.locator("summary").first().click();
        page.locator("details[open] .chain")
                .first()
                .waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.VISIBLE));
    }

    @Test
    void who_has_signed_out_has_to_sign_in_again() {
        // Given
        Page page = signIn(Look.PHONE_DARK, true);

        // When
        page.getByText("Sign out").click();
        page.waitForURL(console + "login");

        // Then
        page.navigate(console + "rules");
        assertThat(page.url()).isEqualTo(console + "login");
    }

    /** From the form to the issuer, and there as somebody of this name, by keyboard alone. */
    private Page signInByIssuer(Look look, String name) {
        assumeThat(hasIssuer).isTrue();
        Page page = open(look, true);
        page.keyboard().press("Tab");
        page.keyboard().press("Tab");
        page.keyboard().press("Enter");
        page.getByLabel("Name").waitFor();
        page.keyboard().type(name);
        page.keyboard().press("Enter");
        return page;
    }

    /** What the browser says of a page of this status; that it is one is the test's business. */
    private void expected(int status) {
        assertThat(complaints).allMatch(complaint -> complaint.contains("status of " + status));
        complaints.clear();
    }

    @Test
    void a_person_signs_in_by_the_issuer_and_out_here_and_there() {
        // When
        Page page = signInByIssuer(Look.DESKTOP_DARK, "ada");
        page.waitForURL(console);

        // Then
        assertThat(page.locator("h1").textContent()).isEqualTo("Now");
        assertThat(visitors.getLast().cookies(console))
                .filteredOn(cookie -> cookie.name.equals("postern-console"))
                .singleElement()
                .satisfies(cookie -> {
                    assertThat(cookie.httpOnly).isTrue();
                    assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.LAX);
                    assertThat(cookie.expires - System.currentTimeMillis() / 1000.0)
                            .isBetween(3_500.0, 3_601.0);
                });
        page.getByText("Sign out").click();
        page.waitForURL(console + "signed-out");
        assertThat(browser.barriers(page)).isEqualTo(List.of());
        page.getByText("Sign out at localhost").click();
        page.locator("button[name=logout]").click();
        page.waitForURL(url -> url.startsWith(console + "login"));
        page.navigate(console + "rules");
        assertThat(page.url()).isEqualTo(console + "login");
    }

    @Test
    void who_is_in_no_group_that_may_is_told_so_and_sees_nothing() {
        // When
        Page page = signInByIssuer(Look.PHONE_LIGHT, "eve");
        page.getByText("you may not look").waitFor();
        expected(403);

        // Then
        picture(page, "refused-phone-light");
        assertThat(page.locator("h1").textContent()).isEqualTo("Not signed in");
        assertThat(browser.barriers(page)).isEqualTo(List.of());
        assertThat(page.getByText("Sign out at localhost").isVisible()).isTrue();
        page.navigate(console + "rules");
        assertThat(page.url()).isEqualTo(console + "login");
    }

    /** Where the issuer sends somebody who is signed in there. */
    private String answer(BrowserContext visitor) {
        String at = console + "sign-in";
        while (!at.startsWith(console + "callback")) {
            at = visitor.request()
                    .get(at, RequestOptions.create().setMaxRedirects(0))
                    .headers()
                    .get("location");
        }
        return at;
    }

    @Test
    void an_answer_of_the_issuer_is_good_once_in_one_browser_and_as_it_was_given() {
        // Given
        Page page = signInByIssuer(Look.DESKTOP_LIGHT, "ada");
        page.waitForURL(console);
        String answer = answer(page.context());
        Secrets.used("a code of the issuer", answer.replaceAll(".*[?&]code=([^&]*).*", "$1"));
        page.navigate(answer);
        page.waitForURL(console);

        // Then
        page.navigate(answer);
        page.getByText("the answer came twice").waitFor();
        assertThat(browser.barriers(page)).isEqualTo(List.of());
        for (Map.Entry<String, String> change : Map.of(
                        "code", "The log says why.",
                        "state", "the answer is one to another attempt (state)",
                        "iss", "The log says why.")
                .entrySet()) {
            page.navigate(answer(page.context())
                    .replaceAll("([?&]" + change.getKey() + "=)[^&]*", "$1https%3A%2F%2Fother.example.com"));
            page.getByText(change.getValue()).waitFor();
        }
        String another = answer(page.context());
        Page other = open(Look.DESKTOP_LIGHT, true);
        other.navigate(another);
        other.getByText("no attempt was begun in this browser").waitFor();
        expected(401);
        assertThat(visitors.getLast().cookies(console)).isEmpty();
    }

    @Test
    void while_the_issuer_is_down_the_page_says_so_and_who_is_in_stays_in() throws Exception {
        // Given
        Page inside = signInByIssuer(Look.DESKTOP_LIGHT, "ada");
        inside.waitForURL(console);
        issuer.close();
        // What the issuer says of itself is asked for again after so long.
        Thread.sleep(2_100);

        try {
            // When
            Page outside = open(Look.DESKTOP_DARK, true);
            outside.getByText("Sign in with localhost").click();
            outside.getByText("cannot be asked just now").waitFor();
            expected(503);

            // Then
            assertThat(browser.barriers(outside)).isEqualTo(List.of());
            inside.navigate(console + "rules");
            assertThat(inside.locator("h1").textContent()).isEqualTo("Rules");
            assertThat(postern.output()).contains("nobody can sign in by the issuer just now");
        } finally {
            issuer.start();
        }
        Thread.sleep(2_100);
    }
}
