package dev.postern.door.forward;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions of proxies by HTTP, in each of their ways. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.forward.enabled", value = "true"),
            @ResourceArg(name = "postern.registry.realm", value = "https://postern.example.com/token"),
            @ResourceArg(name = "postern.service", value = "registry.example.com"),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1"),
            @ResourceArg(name = PosternResource.POLICY, value = ForwardDoorTest.POLICY)
        })
class ForwardDoorTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }] }
                service-ids:
                  bot:
                    api-keys: [{ id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }]
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer] }
            """;

    private static final String OFFICE = "203.0.113.10";
    private static final String STRANGER = "192.0.2.50";
    private static final String MANIFEST = "/v2/acme/app/manifests/latest";

    @TestHTTPResource
    URI server;

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "forwarded", "envoy"})
    void aTokenPassesFromWhereItMayAndNowhereElse(String form) {
        // Given
        String token = "Bearer " + token();
        // When
        Answer office = ask(form, "GET", MANIFEST, new Line("X-Forwarded-For", OFFICE), authorization(token));
        Answer stranger = ask(form, "GET", MANIFEST, new Line("X-Forwarded-For", STRANGER), authorization(token));
        Answer spoofed = ask(
                form,
                "GET",
                MANIFEST,
                new Line("X-Forwarded-For", OFFICE),
                new Line("X-Forwarded-For", STRANGER),
                authorization(token));
        // Then
        assertThat(office.status()).isEqualTo(200);
        assertThat(office.header("X-Postern-Subject")).isEqualTo("service-id:acme/bot");
        assertThat(office.header("X-Postern-Decision")).hasSize(16);
        for (Answer refused : List.of(stranger, spoofed)) {
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("\"DENIED\"", "client with IP '192.0.2.50' is not allowed access.");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "forwarded", "envoy"})
    void withoutATokenThereIsAChallenge(String form) {
        Answer answer = ask(form, "GET", MANIFEST, new Line("X-Forwarded-For", OFFICE));
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"https://postern.example.com/token\",service=\"registry.example.com\","
                        + "scope=\"repository:acme/app:pull\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "forwarded", "envoy"})
    void whoeverIsNotNamedIsNobody(String form) {
        String token = "Bearer " + token();
        List<List<Line>> unnamed = List.of(
                List.of(),
                List.of(new Line("X-Forwarded-For", "")),
                List.of(new Line("X-Forwarded-For", "unknown")),
                List.of(new Line("X-Real-IP", OFFICE)),
                List.of(new Line("Forwarded", "for=" + OFFICE)),
                List.of(new Line("X_Forwarded_For", OFFICE)),
                List.of(new Line("X-Envoy-External-Address", OFFICE)));
        for (List<Line> lines : unnamed) {
            List<Line> all = new ArrayList<>(lines);
            all.add(authorization(token));
            Answer answer = ask(form, "GET", MANIFEST, all.toArray(Line[]::new));
            assertThat(answer.status()).as("%s", lines).isEqualTo(403);
            assertThat(answer.body()).contains("the address of the client could not be established");
        }
    }

    @ParameterizedTest
    @CsvSource({"nginx, 403", "forwarded, 400", "envoy, 400"})
    void aPathOfTwoReadingsDoesNotPass(String form, int status) {
        String token = "Bearer " + token();
        for (String path : List.of(
                "/v2/acme/../../token?service=registry.example.com",
                "/v2/../../../token",
                "/v2/acme/app/manifests/..",
                "/v2/acme%2fapp/manifests/latest",
                "/v2/acme/%2e%2e/%2e%2e/jwks.json",
                "/v2//acme/app/manifests/latest")) {
            Answer answer = ask(form, "GET", path, new Line("X-Forwarded-For", OFFICE), authorization(token));
            assertThat(answer.status()).as(path).isEqualTo(status);
            assertThat(answer.body()).contains("UNSUPPORTED");
        }
    }

    @Test
    void envoysOwnMethodIsTheOneThatIsAskedAbout() {
        Answer push = RawHttp.postWithoutBody(
                server,
                "/forward/envoy/v2/acme/app/blobs/uploads/",
                List.of(
                        new Line("Host", "x"),
                        new Line("Content-Length", "0"),
                        new Line("X-Forwarded-For", OFFICE),
                        authorization("Bearer " + token())));
        assertThat(push.status()).isEqualTo(401);
        assertThat(push.header("WWW-Authenticate")).contains("repository:acme/app:pull,push", "insufficient_scope");
    }

    @Test
    void nginxReadsARefusalFromAHeader() {
        Answer answer =
                ask("nginx", "GET", "/v2/", new Line("X-Forwarded-For", STRANGER), authorization("Bearer " + token()));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("X-Postern-Refusal")).isEqualTo(answer.body()).startsWith("{\"errors\":[");
        Answer nothing = ask("nginx", "GET", "/metrics", new Line("X-Forwarded-For", OFFICE));
        assertThat(nothing.status()).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", "forwarded"})
    void aProxyNamesMethodAndTargetOnce(String form) {
        String own = form.equals("nginx") ? "X-Original" : "X-Forwarded";
        String others = form.equals("nginx") ? "X-Forwarded" : "X-Original";
        List<List<Line>> malformed = List.of(
                List.of(),
                List.of(new Line(own + "-Method", "GET")),
                List.of(new Line(own + "-Uri", MANIFEST)),
                List.of(new Line(others + "-Method", "GET"), new Line(others + "-Uri", MANIFEST)),
                List.of(
                        new Line(own + "-Method", "GET"),
                        new Line(own + "-Uri", MANIFEST),
                        new Line(own + "-Uri", MANIFEST)),
                List.of(
                        new Line(own + "-Method", "GET"),
                        new Line(own + "-Method", "PUT"),
                        new Line(own + "-Uri", MANIFEST)));
        for (List<Line> lines : malformed) {
            List<Line> all = new ArrayList<>(lines);
            all.add(new Line("Host", "x"));
            all.add(new Line("X-Forwarded-For", OFFICE));
            all.add(authorization("Bearer " + token()));
            assertThat(RawHttp.get(server, "/forward/" + form, all).status())
                    .as("%s", lines)
                    .isIn(400, 403);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "?mode=network, 200",
        "?mode=network&account=acme, 200",
        "?mode=network&account=acne, 503",
        "?mode=open, 400",
        "?mode=network&mode=network, 400",
        "?mode, 400",
        "/x, 400",
        "?, 400"
    })
    void theProxysOwnQuestionSaysWhatIsAsked(String query, int status) {
        Answer answer = RawHttp.get(
                server,
                "/forward/forwarded" + query,
                List.of(
                        new Line("Host", "x"),
                        new Line("X-Forwarded-For", OFFICE),
                        new Line("X-Forwarded-Method", "GET"),
                        new Line("X-Forwarded-Uri", MANIFEST)));
        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"?mode=network", "?mode=network&account=acme", "?n=1&mode=network", "?n=1"})
    void aCallersOwnQueryDoesNotSayWhatIsAsked(String query) {
        // When: as Caddy asks whose configuration gives the question no query
        Answer answer = RawHttp.get(
                server,
                "/forward/forwarded" + query,
                List.of(
                        new Line("Host", "x"),
                        new Line("X-Forwarded-For", OFFICE),
                        new Line("X-Forwarded-Method", "GET"),
                        new Line("X-Forwarded-Uri", "/v2/acme/app/tags/list" + query)));
        // Then
        assertThat(answer.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/forward/",
                "/forward/apache",
                "/forward/Envoy/v2/",
                "/forward/envoy2/v2/",
                "/forward/%65nvoy/v2/"
            })
    void otherFormsAreNone(String target) {
        Answer answer =
                RawHttp.get(server, target, List.of(new Line("Host", "x"), new Line("X-Forwarded-For", OFFICE)));
        assertThat(answer.status()).isEqualTo(403);
    }

    private Answer ask(String form, String method, String path, Line... lines) {
        List<Line> all = new ArrayList<>(List.of(lines));
        all.add(new Line("Host", "registry.example.com"));
        switch (form) {
            case "nginx" -> {
                all.add(new Line("X-Original-Method", method));
                all.add(new Line("X-Original-URI", path));
            }
            case "forwarded" -> {
                all.add(new Line("X-Forwarded-Method", method));
                all.add(new Line("X-Forwarded-Uri", path));
            }
            default -> {}
        }
        return RawHttp.get(server, "/forward/" + form + (form.equals("envoy") ? path : ""), all);
    }

    private static Line authorization(String value) {
        return new Line("Authorization", value);
    }

    private String token() {
        Answer answer = RawHttp.get(
                server,
                RawHttp.tokenTarget("registry.example.com", List.of("repository:acme/app:pull")),
                List.of(
                        new Line("Host", "x"),
                        new Line("X-Forwarded-For", OFFICE),
                        authorization(RawHttp.basic("iamapikey", TestPolicy.API_KEY))));
        Matcher token = Pattern.compile("\"token\":\"([^\"]+)\"").matcher(answer.body());
        assertThat(token.find()).as(answer.body()).isTrue();
        return token.group(1);
    }
}
