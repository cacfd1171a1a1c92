package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Forms;
import dev.postern.testing.IssuersResource;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestIssuer;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.oidc.server.OidcWiremockTestResource;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of credential × GET and POST × every kind of place × everything that can be asked for. No kind is forgotten by the
 * address rules, and no request: a token server that judges addresses only when a scope is asked for lets everybody log in.
 *
 * <p>A new kind of credential is a line in {@link #TABLE}; a new kind of request one in {@link Asked}.
 */
@QuarkusTest
@WithTestResource(IssuersResource.class)
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = CredentialTableTest.POLICY),
            @ResourceArg(name = PosternResource.HTPASSWD, value = CredentialTableTest.USERS),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class CredentialTableTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }, { address: "2001:db8:1::/48" }] }
                service-ids:
                  bot:
                    api-keys:
                      - id: k1
                        digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                users:
                  alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                federated:
                  people: { issuer: quarkus, claims: { preferred_username: alice, groups: user } }
                  ci: { issuer: github, claims: { repository: acme-inc/app, ref: refs/heads/main } }
                  nodes: { issuer: cluster, claims: { sub: "system:serviceaccount:shop:*", kubernetes.io/namespace: shop } }
                  services: { issuer: iam, claims: { account/bss: "0123" } }
                bindings:
                  - { subjects: [service-id:bot, user:alice, federated:people], roles: [Manager] }
                  - { subjects: [federated:ci], roles: [Writer] }
                  - { subjects: [user:bob, federated:nodes, federated:services], roles: [Reader] }
                  - { subjects: [anonymous], roles: [Reader], repository: "public/**" }
            """;

    static final String USERS = "bob:$2b$04$abcdefghijklmnopqrstuufCdeyze1JtEDXAmmHGdrQolOE.2h1X6";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TestIssuer GITHUB = TestIssuer.of("github");
    private static final TestIssuer CLUSTER = TestIssuer.of("cluster");
    private static final String SERVICE = "registry.localhost";
    private static final String BOT = "service-id:acme/bot";
    private static final String ALICE = "user:acme/alice";
    private static final String BOB = "user:acme/bob";
    private static final String OIDC_ALICE = "oidc:acme/quarkus/alice";
    private static final String JOB = "oidc:acme/github/repo:acme-inc/app:ref:refs/heads/main";
    private static final String POD = "oidc:acme/cluster/system:serviceaccount:shop:web";
    private static final String IAM_SERVICE = "oidc:acme/iam/iam-ServiceId-1";

    /** What somebody may do in the namespace acme: the actions there, and whether it may list the repositories. */
    private enum May {
        MANAGE(Set.of("pull", "push", "delete", "*"), true),
        WRITE(Set.of("pull", "push", "delete"), false),
        READ(Set.of("pull"), true),
        READ_WHAT_IS_PUBLIC(Set.of(), false),
        NOTHING(Set.of(), false);

        private final Set<String> actions;
        private final boolean catalog;

        May(Set<String> actions, boolean catalog) {
            this.actions = actions;
            this.catalog = catalog;
        }
    }

    /**
     * A kind of credential.
     *
     * @param name what it is
     * @param header the Authorization header of a GET; none where nothing is sent
     * @param form the fields of a POST; none where there is no form that has it
     * @param subject who it is
     * @param may what that one may do; {@link May#NOTHING} where it is nobody's
     * @param refreshes whether a refresh token is given for it
     */
    private record Kind(
            String name,
            Optional<Function<CredentialTableTest, String>> header,
            Optional<Function<CredentialTableTest, Map<String, String>>> form,
            String subject,
            May may,
            boolean refreshes) {

        boolean isWrong() {
            return may == May.NOTHING;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Kind> TABLE = List.of(
            // No form has them: a POST without them is malformed
            nothing("no credentials", May.READ_WHAT_IS_PUBLIC),
            // API keys
            password("API key: iamapikey", "iamapikey", TestPolicy.API_KEY, BOT, May.MANAGE),
            password("API key: its owner's name", "bot", TestPolicy.API_KEY, BOT, May.MANAGE),
            password("API key: account and name", "acme/bot", TestPolicy.API_KEY, BOT, May.MANAGE),
            wrong("API key with a letter changed", "bot", "acme-bot-kex"),
            wrong("API key of somebody else", "alice", TestPolicy.API_KEY),
            // Passwords of the policy
            password("password of the policy", "alice", TestPolicy.ALICES_PASSWORD, ALICE, May.MANAGE),
            password("the same, with the account", "acme/alice", TestPolicy.ALICES_PASSWORD, ALICE, May.MANAGE),
            wrong("wrong password", "alice", "alices-passwort"),
            wrong("password at another account", "other/alice", TestPolicy.ALICES_PASSWORD),
            // Passwords of a file
            password("password of a file", "bob", "bobs-password", BOB, May.READ),
            password("the same, with the account", "acme/bob", "bobs-password", BOB, May.READ),
            wrong("password of somebody else", "bob", TestPolicy.ALICES_PASSWORD),
            wrong("password of nobody", "nobody", "bobs-password"),
            // Tokens of Quarkus's OIDC server
            token("token: oidc", "oidc", it -> alice(), OIDC_ALICE, May.MANAGE),
            token("token: iambearer", "iambearer", it -> alice(), OIDC_ALICE, May.MANAGE),
            token("token: oauth2accesstoken", "oauth2accesstoken", it -> alice(), OIDC_ALICE, May.MANAGE),
            token("token: <token>", "<token>", it -> alice(), OIDC_ALICE, May.MANAGE),
            token("token: acme/oidc", "acme/oidc", it -> alice(), OIDC_ALICE, May.MANAGE),
            bearer("token: Bearer", it -> alice(), OIDC_ALICE, May.MANAGE),
            bearer("token of somebody else", it -> tokenOf("mallory"), "", May.NOTHING),
            token("token at another account", "other/oidc", it -> alice(), "", May.NOTHING),
            // Keyless: a CI job, and a pod
            token("CI job: oidc", "oidc", it -> job("refs/heads/main"), JOB, May.WRITE),
            bearer("CI job: Bearer", it -> job("refs/heads/main"), JOB, May.WRITE),
            bearer("CI job of another branch", it -> job("refs/heads/mine"), "", May.NOTHING),
            token("pod: oidc", "oidc", it -> pod("shop", 600), POD, May.READ),
            bearer("pod: Bearer", it -> pod("shop", 600), POD, May.READ),
            bearer("pod of another namespace", it -> pod("other", 600), "", May.NOTHING),
            bearer("pod whose token has expired", it -> pod("shop", -120), "", May.NOTHING),
            token("pod's token by the CI's key", "oidc", it -> swapped(), "", May.NOTHING),
            token("token that nobody signed", "oidc", it -> unsigned(), "", May.NOTHING),
            // API keys of an IAM
            token("API key of the IAM", "iamapikey", it -> "good-table", IAM_SERVICE, May.READ),
            wrong("API key that the IAM refuses", "iamapikey", "bad-table"),
            wrong("API key of the IAM's, of a stranger", "iamapikey", "stranger-table"),
            // Refresh tokens: in forms alone
            refreshToken("refresh token by an API key", it -> it.refreshTokenOf(BOT), BOT, May.MANAGE),
            refreshToken("refresh token by a password", it -> it.refreshTokenOf(ALICE), ALICE, May.MANAGE),
            refreshToken("refresh token by a file", it -> it.refreshTokenOf(BOB), BOB, May.READ),
            refreshToken("refresh token, forged", it -> forged(it.refreshTokenOf(BOB)), "", May.NOTHING),
            refreshToken("registry token for a refresh token", it -> it.registryToken(), "", May.NOTHING),
            refreshToken("token of others for a refresh token", it -> alice(), "", May.NOTHING),
            // Our own, where others' are expected
            bearer("registry token: Bearer", it -> it.registryToken(), "", May.NOTHING),
            token("registry token: oidc", "oidc", it -> it.registryToken(), "", May.NOTHING),
            bearer("refresh token: Bearer", it -> it.refreshTokenOf(BOT), "", May.NOTHING),
            token("refresh token: password", "alice", it -> it.refreshTokenOf(ALICE), "", May.NOTHING),
            bearer("nonsense: Bearer", it -> "nonsense", "", May.NOTHING));

    private static Kind nothing(String name, May may) {
        return new Kind(name, Optional.empty(), Optional.empty(), "", may, false);
    }

    /** A password or API key that Postern knows, as Basic and in a form. */
    private static Kind password(String name, String user, String password, String subject, May may) {
        return userPassword(name, user, it -> password, subject, may, true);
    }

    private static Kind wrong(String name, String user, String password) {
        return userPassword(name, user, it -> password, "", May.NOTHING, false);
    }

    /** What others know: its issuer decides how long it lasts, and so there is no refresh token for it. */
    private static Kind token(
            String name, String user, Function<CredentialTableTest, String> token, String subject, May may) {
        return userPassword(name, user, token, subject, may, false);
    }

    private static Kind userPassword(
            String name,
            String user,
            Function<CredentialTableTest, String> password,
            String subject,
            May may,
            boolean refreshes) {
        return new Kind(
                name,
                Optional.of(it -> RawHttp.basic(user, password.apply(it))),
                Optional.of(it -> Map.of("grant_type", "password", "username", user, "password", password.apply(it))),
                subject,
                may,
                refreshes);
    }

    private static Kind bearer(String name, Function<CredentialTableTest, String> token, String subject, May may) {
        return new Kind(name, Optional.of(it -> "Bearer " + token.apply(it)), Optional.empty(), subject, may, false);
    }

    private static Kind refreshToken(
            String name, Function<CredentialTableTest, String> token, String subject, May may) {
        return new Kind(
                name,
                Optional.empty(),
                Optional.of(it -> Map.of("grant_type", "refresh_token", "refresh_token", token.apply(it))),
                subject,
                may,
                true);
    }

    /** Where a request comes from, and whether the account lists it. */
    private enum Place {
        OFFICE(true, "203.0.113.10"),
        OFFICE_BEHIND_WHAT_IT_CLAIMS(true, "192.0.2.50, 203.0.113.10"),
        OFFICE_IPV6(true, "2001:db8:1::7"),
        STRANGER(false, "192.0.2.50"),
        STRANGER_WHO_CLAIMS_THE_OFFICE(false, "203.0.113.10, 192.0.2.50"),
        STRANGER_IPV6(false, "2001:db8:2::7"),
        UNKNOWN(false, "unknown");

        private final boolean listed;
        private final String forwardedFor;

        Place(boolean listed, String forwardedFor) {
            this.listed = listed;
            this.forwardedFor = forwardedFor;
        }

        /** The address that counts: the last of the list. */
        String address() {
            return forwardedFor.substring(forwardedFor.lastIndexOf(' ') + 1);
        }
    }

    /** What is asked for. */
    private enum Asked {
        LOGIN("", false),
        LOGIN_FOR_A_REFRESH_TOKEN("", true),
        PULL("repository:acme/app:pull", false),
        PUSH("repository:acme/app:pull,push", false),
        PUBLIC_PULL("repository:acme/public/app:pull", false),
        CATALOG("registry:catalog:*", false);

        private final String scope;
        private final boolean offline;

        Asked(String scope, boolean offline) {
            this.scope = scope;
            this.offline = offline;
        }

        /** What of it is granted, as it is asked for; empty where it is nothing. */
        String grantedTo(May may) {
            return switch (this) {
                case LOGIN, LOGIN_FOR_A_REFRESH_TOKEN -> "";
                case PULL -> may.actions.contains("pull") ? scope : "";
                case PUSH -> may.actions.contains("push") ? scope : may.actions.contains("pull") ? PULL.scope : "";
                case PUBLIC_PULL -> scope;
                case CATALOG -> may.catalog ? scope : "";
            };
        }
    }

    @TestHTTPResource
    URI server;

    static Stream<Arguments> table() {
        return TABLE.stream()
                .flatMap(kind -> Stream.of(Place.values())
                        .flatMap(place -> Stream.of(Asked.values()).map(asked -> Arguments.of(kind, place, asked))));
    }

    static Stream<Arguments> refreshing() {
        return TABLE.stream()
                .filter(kind -> kind.refreshes() && kind.header().isPresent())
                .flatMap(kind -> Stream.of(Place.values()).map(place -> Arguments.of(kind, place)));
    }

    @ParameterizedTest
    @MethodSource("table")
    void byGetWhoIsKnownAndListedGetsWhatIsAskedForAndNobodyElseAnything(Kind kind, Place place, Asked asked)
            throws JsonProcessingException {
        // When
        Answer answer = get(kind, place, asked);

        // Then: where it can stand in a form alone, the GET is that of nobody in particular
        if (kind.header().isEmpty()) {
            assertAnswer(answer, TABLE.getFirst(), place, asked, "token");
        } else {
            assertAnswer(answer, kind, place, asked, "token");
        }
    }

    @ParameterizedTest
    @MethodSource("table")
    void byPostWhoIsKnownAndListedGetsWhatIsAskedForAndNobodyElseAnything(Kind kind, Place place, Asked asked)
            throws JsonProcessingException {
        // When
        Answer answer = post(kind, place, asked);

        // Then
        if (kind.form().isPresent()) {
            assertAnswer(answer, kind, place, asked, "access_token");
        } else {
            assertThat(answer.status()).isEqualTo(400);
            assertNothingIssued(answer);
        }
    }

    @ParameterizedTest
    @MethodSource("refreshing")
    void aRefreshTokenIsExchangedFromWhereItsOwnerIsListedOnly(Kind kind, Place place) throws JsonProcessingException {
        for (Answer login : List.of(
                get(kind, Place.OFFICE, Asked.LOGIN_FOR_A_REFRESH_TOKEN),
                post(kind, Place.OFFICE, Asked.LOGIN_FOR_A_REFRESH_TOKEN))) {
            // Given
            String token = JSON.readTree(login.body()).path("refresh_token").asText();
            Kind exchange = refreshToken("exchange", it -> token, kind.subject(), kind.may());

            for (Asked asked : Asked.values()) {
                // When
                Answer answer = post(exchange, place, asked);

                // Then
                assertAnswer(answer, exchange, place, asked, "access_token");
                if (place.listed) {
                    assertThat(JSON.readTree(answer.body())
                                    .path("refresh_token")
                                    .asText())
                            .isEqualTo(token);
                }
            }
        }
    }

    private void assertAnswer(Answer answer, Kind kind, Place place, Asked asked, String field)
            throws JsonProcessingException {
        boolean anonymous = kind.may() == May.READ_WHAT_IS_PUBLIC;
        if (place == Place.UNKNOWN) {
            assertRefused(answer, 403, "DENIED", "the address of the client could not be established");
        } else if (kind.isWrong()) {
            assertRefused(answer, 401, "UNAUTHORIZED", wrongMessage(kind, field));
        } else if (!place.listed && (!anonymous || asked == Asked.PUBLIC_PULL)) {
            assertRefused(answer, 403, "DENIED", "client with IP '" + place.address() + "' is not allowed access.");
        } else {
            assertGranted(answer, kind, asked, field);
        }
    }

    private static String wrongMessage(Kind kind, String field) {
        return kind.header().isEmpty() && field.equals("access_token")
                ? "the refresh token is not valid, or is no longer; log in again"
                : "incorrect username or password";
    }

    private static void assertGranted(Answer answer, Kind kind, Asked asked, String field)
            throws JsonProcessingException {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode body = JSON.readTree(answer.body());
        JsonNode claims = Jwt.decode(body.path(field).asText()).claims();
        assertThat(claims.path("sub").asText("missing")).isEqualTo(kind.subject());
        String granted = asked.grantedTo(kind.may());
        assertThat(scopes(claims)).isEqualTo(granted);
        if (body.has("scope")) {
            assertThat(body.path("scope").asText()).isEqualTo(granted);
        }
        boolean exchanged = kind.header().isEmpty() && field.equals("access_token");
        assertThat(body.has("refresh_token")).isEqualTo(kind.refreshes() && (asked.offline || exchanged));
    }

    /** What the token grants, in the form in which it is asked for. */
    private static String scopes(JsonNode claims) {
        assertThat(claims.path("access").size()).isLessThan(2);
        JsonNode access = claims.path("access").path(0);
        return access.isMissingNode()
                ? ""
                : access.path("type").asText() + ":" + access.path("name").asText() + ":"
                        + String.join(",", JSON.convertValue(access.path("actions"), String[].class));
    }

    /** To the letter: a refusal tells nothing but what its kind tells, whoever asks for whatever. */
    private static void assertRefused(Answer answer, int status, String code, String message) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body())
                .isEqualTo("{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message
                        + "\",\"detail\":{\"decision\":\"" + answer.header("X-Postern-Decision") + "\"}}]}");
        assertNothingIssued(answer);
    }

    private static void assertNothingIssued(Answer answer) {
        assertThat(answer.body()).doesNotContain("token\"").doesNotContain("eyJ");
    }

    // How each is sent

    private Answer get(Kind kind, Place place, Asked asked) {
        String target = RawHttp.tokenTarget(SERVICE, asked.scope.isEmpty() ? List.of() : List.of(asked.scope));
        return RawHttp.get(server, target + (asked.offline ? "&offline_token=true" : ""), lines(kind, place));
    }

    /** Where there is no form for it, it is what a GET has, and a form without credentials. */
    private Answer post(Kind kind, Place place, Asked asked) {
        Map<String, String> form = new LinkedHashMap<>(Map.of("service", SERVICE, "client_id", "test"));
        kind.form()
                .ifPresentOrElse(fields -> form.putAll(fields.apply(this)), () -> form.put("grant_type", "password"));
        if (!asked.scope.isEmpty()) {
            form.put("scope", asked.scope);
        }
        if (asked.offline) {
            form.put("access_type", "offline");
        }
        List<Line> lines = kind.form().isPresent() ? lines(TABLE.getFirst(), place) : lines(kind, place);
        return RawHttp.postForm(server, "/token", lines, Forms.encoded(form));
    }

    private List<Line> lines(Kind kind, Place place) {
        List<Line> lines = List.of(new Line("Host", "localhost"), new Line("X-Forwarded-For", place.forwardedFor));
        return kind.header()
                .map(header -> Stream.concat(lines.stream(), Stream.of(new Line("Authorization", header.apply(this))))
                        .toList())
                .orElse(lines);
    }

    // What is sent

    private static String alice() {
        return tokenOf("alice");
    }

    private static String tokenOf(String user) {
        return OidcWiremockTestResource.getAccessToken(user, Set.of("user"));
    }

    private static String job(String ref) {
        return GITHUB.token(claims(
                "github", "repo:acme-inc/app:ref:" + ref, 300, Map.of("repository", "acme-inc/app", "ref", ref)));
    }

    private static String pod(String namespace, int seconds) {
        return CLUSTER.token(podClaims(namespace, seconds));
    }

    private static Map<String, Object> podClaims(String namespace, int seconds) {
        return claims(
                "cluster",
                "system:serviceaccount:" + namespace + ":web",
                seconds,
                Map.of("kubernetes.io", Map.of("namespace", namespace)));
    }

    private static String swapped() {
        return new TestIssuer("cluster", GITHUB.keys()).token(podClaims("shop", 600));
    }

    private static String unsigned() {
        return TestIssuer.part(Map.of("alg", "none", "kid", "cluster")) + "." + TestIssuer.part(podClaims("shop", 600))
                + ".";
    }

    private static Map<String, Object> claims(String issuer, String subject, int seconds, Map<String, ?> more) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "https://" + issuer + ".example.com");
        claims.put("aud", IssuersResource.AUDIENCE);
        claims.put("sub", subject);
        claims.put("iat", now - 300);
        claims.put("exp", now + seconds);
        claims.putAll(more);
        return claims;
    }

    private static String forged(String token) {
        return token.replaceFirst("\\.[^.]{3}", ".AAA");
    }

    private String registryToken() {
        return field(TABLE.get(1), Asked.PULL, "token");
    }

    private String refreshTokenOf(String subject) {
        Kind kind = TABLE.stream()
                .filter(each -> each.subject().equals(subject))
                .findFirst()
                .orElseThrow();
        return field(kind, Asked.LOGIN_FOR_A_REFRESH_TOKEN, "refresh_token");
    }

    private String field(Kind kind, Asked asked, String name) {
        try {
            String value = JSON.readTree(get(kind, Place.OFFICE, asked).body())
                    .path(name)
                    .asText();
            assertThat(value).contains(".");
            return value;
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
