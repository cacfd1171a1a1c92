package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/** Real proxies before the registry, with the configurations that are shipped: each request is decided by where it comes from. */
@InLab(needs = {"envoy", "nginx", "haproxy", "caddy", "traefik", "mirror"})
@ParameterizedClass(name = "{0}")
@FieldSource("KINDS")
class LabGuardIT {
    static final List<String> KINDS = List.of("envoy", "envoy-http", "nginx", "haproxy", "caddy", "traefik");

    private static final String SCOPE = "repository:" + Lab.IMAGE + ":pull";
    private static final String TAGS = "/v2/" + Lab.IMAGE + "/tags/list";
    private static final String OFFICE_ADDRESS = "203.0.113.10";
    private static final String STRANGER_ADDRESS = "192.0.2.50";

    private final String kind;
    private final Lab lab;

    LabGuardIT(String kind, Lab lab) {
        this.kind = kind;
        this.lab = lab;
    }

    @BeforeEach
    void guarded() {
        lab.postern("guard=yes");
        lab.stock();
        lab.allow("zone: office", "private-endpoint: lab");
        lab.guard(kind);
    }

    @Test
    void whatTheOfficePushesItPulls() throws Exception {
        // Given
        String repository = "acme/app/behind-" + kind;
        Path pulled = lab.freshPath();
        // When
        Lab.Result push = lab.pushGuarded(Lab.OFFICE, lab.buildBot(), repository);
        Lab.Result pull = lab.pullGuarded(Lab.OFFICE, lab.readerBot(), Lab.GUARDED, repository, pulled);
        Lab.Result stranger = lab.pullGuarded(Lab.STRANGER, lab.readerBot(), Lab.GUARDED, repository, lab.freshPath());
        // Then
        push.succeeded();
        pull.succeeded();
        stranger.failed();
        assertThat(pulled.resolve("index.json")).exists();
        String door = kind.equals("envoy") ? "envoy" : "forward";
        assertThat(lab.logLine("postern", "\"door\":\"" + door + "\"", "repository:" + repository + ":pull,push"))
                .contains("\"outcome\":\"granted\"", "\"address\":\"" + OFFICE_ADDRESS + "\"");
    }

    @Test
    void aReadersPushStopsHere() throws Exception {
        // Given
        String repository = "acme/app/of-a-reader-behind-" + kind;
        // When
        Lab.Result push = lab.pushGuarded(Lab.OFFICE, lab.readerBot(), repository);
        // Then
        push.failed();
        assertThat(lab.logLine("postern", "\"reason\":\"not-permitted\"", "repository:" + repository + ":pull,push"))
                .contains("\"outcome\":\"refused\"");
    }

    @Test
    void withoutATokenThereIsOneChallenge() {
        // When
        Answer answer = lab.get(Lab.OFFICE, "http://" + Lab.GUARDED + TAGS);
        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers())
                .containsEntry("content-type", "application/json")
                .containsEntry(
                        "www-authenticate",
                        "Bearer realm=\"https://postern.lab.test:8443/token\",service=\"registry.lab.test\",scope=\""
                                + SCOPE + "\"");
        assertThat(answer.json().path("errors").path(0).path("code").asText()).isEqualTo("UNAUTHORIZED");
    }

    @Test
    void aTokenCopiedToAStrangerIsRefusedAtTheRegistryWithTheStrangersAddress() {
        // Given
        String token = token();
        // When
        Answer office = lab.getGuarded(Lab.OFFICE, TAGS, token);
        Answer neighbour = lab.getGuarded("office2", TAGS, token);
        Answer stranger = lab.getGuarded(Lab.STRANGER, TAGS, token);
        // Then
        assertThat(office.status()).isEqualTo(200);
        assertThat(neighbour.status()).isEqualTo(200);
        assertThat(stranger.status()).isEqualTo(403);
        assertThat(stranger.headers()).containsEntry("content-type", "application/json");
        assertThat(stranger.body()).isEqualTo(stranger.refusalOf("'" + STRANGER_ADDRESS + "'"));
    }

    @Test
    void theWorkerPassesByItsEndpointsRuleAndNotByItsOwnAddress() {
        // Given
        String token = token();
        // When
        Answer admitted = lab.getGuarded(Lab.WORKER, TAGS, token);
        lab.allow("zone: office", "address: 10.8.0.0/24");
        Answer refused = lab.getGuarded(Lab.WORKER, TAGS, token);
        // Then
        assertThat(admitted.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo(refused.refusalOf("'166.9.20.31' by private endpoint 'lab'"));
    }

    @Test
    void aStrangerThatForgesAHeaderIsRefusedAsItself() {
        // When
        List<Answer> answers = forged(Lab.STRANGER, TAGS, Forged.PLACES, OFFICE_ADDRESS);
        // Then
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            if (isRejected(Forged.PLACES.get(i))) {
                assertThat(answer.status()).isEqualTo(400);
                continue;
            }
            assertThat(answer.status()).as("%s", Forged.PLACES.get(i)).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'" + STRANGER_ADDRESS + "'"));
        }
    }

    @Test
    void theOfficeThatForgesAHeaderIsStillTheOffice() {
        // When
        List<Answer> answers = forged(Lab.OFFICE, TAGS, Forged.PLACES, STRANGER_ADDRESS);
        // Then
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).status())
                    .as("%s", Forged.PLACES.get(i))
                    .isEqualTo(isRejected(Forged.PLACES.get(i)) ? 400 : 200);
        }
    }

    @Test
    void aCallerThatForgesAHeaderHasNothingElseDecidedThanItAsksFor() {
        // When: what its token does not allow, and in the header what it does
        List<Answer> elsewhere = forged(Lab.OFFICE, "/v2/acme/app/another/tags/list", Forged.TARGETS, TAGS);
        List<Answer> deletion = lab.getGuardedEach(
                Lab.OFFICE,
                "/v2/" + Lab.IMAGE + "/manifests/1",
                token(),
                Forged.TARGETS.stream()
                        .map(lines -> Lab.concat(List.of("--request", "DELETE"), Forged.as(lines, TAGS)))
                        .toList());
        // Then
        for (int i = 0; i < Forged.TARGETS.size(); i++) {
            for (Answer answer : List.of(elsewhere.get(i), deletion.get(i))) {
                assertThat(answer.status())
                        .as("%s", Forged.TARGETS.get(i))
                        .isEqualTo(isRejected(Forged.TARGETS.get(i)) ? 400 : 401);
            }
        }
    }

    @Test
    void aCallerCannotHaveHeadersDroppedThatSayWhoItIs() {
        // When: what is named here is for this connection alone, says HTTP, and not passed on
        List<Answer> answers = forged(
                Lab.STRANGER,
                TAGS,
                List.of(
                        List.of("Connection: X-Forwarded-For", "X-Forwarded-For: %s"),
                        List.of("Connection: close, X-Forwarded-For, X-Real-IP"),
                        List.of("Connection: X-Forwarded-Uri, X-Forwarded-Method", "X-Forwarded-Uri: /v2/"),
                        List.of("Connection: X-Original-URI, X-Original-Method", "X-Original-URI: /v2/")),
                OFFICE_ADDRESS);
        // Then
        for (Answer answer : answers) {
            // Envoy takes no such Connection.
            assertThat(answer.status()).isIn(kind.startsWith("envoy") ? List.of(400, 403) : List.of(403));
            assertThat(answer.body().contains("\"code\":\"DENIED\"")).isEqualTo(answer.status() == 403);
        }
    }

    /** Targets that somebody could read in another way, and one that chooses what is asked by its query. */
    static final List<String> DOUBTFUL = List.of(
            "/v2//acme/app/hello/tags/list",
            "//v2/acme/app/hello/tags/list",
            "/v2/acme/app/another/../hello/tags/list",
            "/v2/acme/app/hello/../another/tags/list",
            "/v2/acme/app/hello/%2e%2e/another/tags/list",
            "/v2/acme/app/hello/..%2fanother/tags/list",
            "/v2/acme%2fapp/another/tags/list",
            "/v2/acme/app/another;x=/tags/list",
            "/v2/acme/app/another\\tags\\list",
            "/v2/acme/app/another%00/tags/list",
            "/v2/acme/app/another/tags/list?mode=network",
            "/v2/acme/app/another/tags/list?mode=network&account=acme",
            "/debug/vars",
            "/");

    @Test
    void aDoubtfulTargetDoesNotPass() {
        // Given
        lab.guardMirror(kind);
        // When
        List<Answer> answers = lab.getGuardedEach(
                Lab.OFFICE,
                "/",
                token(),
                DOUBTFUL.stream()
                        .map(target -> new String[] {"--request-target", target})
                        .toList());
        // Then
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i).status()).as(DOUBTFUL.get(i)).isIn(400, 401, 403, 404);
            assertThat(answers.get(i).body()).doesNotContain("GET ");
        }
    }

    @Test
    void theRegistryGetsTheTargetAsItWasSentAndPosternsWordOfTheCallerAlone() {
        // Given
        lab.guardMirror(kind);
        List<List<String>> forgeries = List.of(
                List.of("X-Postern-Subject: user:acme/root", "x-postern-subject: %s", "X-Postern-Decision: mine"),
                List.of("X_Postern_Subject: user:acme/root", "X_Postern_Decision: mine"));
        for (List<String> lines : forgeries) {
            // When
            Answer answer = forged(Lab.OFFICE, TAGS + "?n=1&last=a%2Fb", List.of(lines), "two")
                    .getFirst();
            // Then
            if (isRejected(lines)) {
                assertThat(answer.status()).isEqualTo(400);
                continue;
            }
            assertThat(answer.status()).isEqualTo(200);
            List<String> arrived = answer.body().lines().toList();
            assertThat(arrived.getFirst()).isEqualTo("GET " + TAGS + "?n=1&last=a%2Fb");
            assertThat(arrived.stream()
                            .map(line -> line.toLowerCase(Locale.ROOT))
                            .filter(line -> line.matches("x[-_]postern[-_].*"))
                            .sorted())
                    .satisfiesExactly(
                            line -> assertThat(line).matches("x-postern-decision: [0-9a-z]{16}"),
                            line -> assertThat(line).isEqualTo("x-postern-subject: service-id:acme/build-bot"));
        }
    }

    private String token() {
        return lab.token(Lab.OFFICE, lab.buildBot(), SCOPE).token();
    }

    private List<Answer> forged(String host, String path, List<List<String>> lines, String wanted) {
        return lab.getGuardedEach(
                host,
                path,
                token(),
                lines.stream().map(of -> Forged.as(of, wanted)).toList());
    }

    /** Envoy takes no header with an underscore, and the configurations have it say so. */
    private boolean isRejected(List<String> lines) {
        return kind.startsWith("envoy") && Forged.hasUnderscore(lines);
    }
}
