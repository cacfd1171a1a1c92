package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.AuditTrail;
import dev.postern.testing.IssuersResource;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestIssuer;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.oidc.server.OidcWiremockTestResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of Quarkus's OIDC server, and API keys of an IAM, at the door. */
@QuarkusTest
@WithTestResource(IssuersResource.class)
@WithTestResource(
        value = PosternResource.class,
        initArgs = @ResourceArg(name = PosternResource.POLICY, value = TokensOfOthersTest.POLICY))
class TokensOfOthersTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                federated:
                  alice: { issuer: quarkus, claims: { preferred_username: alice, groups: user } }
                  services: { issuer: iam, claims: { account/bss: "0123" } }
                bindings:
                  - { subjects: [federated:alice], roles: [Writer] }
                  - { subjects: [federated:services], roles: [Reader] }
            """;
    private static final String SCOPE = "repository:acme/app:pull,push";
    private static final String ISSUER = "https://server.example.com";

    @TestHTTPResource
    URI server;

    @Inject
    AuditTrail audit;

    private static final List<AuditEvent> EVENTS = new CopyOnWriteArrayList<>();

    @BeforeEach
    void listen() {
        EVENTS.clear();
        audit.listen(EVENTS::add);
    }

    // Tokens

    @ParameterizedTest
    @ValueSource(strings = {"oidc", "iambearer", "oauth2accesstoken", "<token>", "acme/oidc"})
    void a_token_of_the_issuer_is_a_password(String user) throws Exception {
        // When
        Answer answer = ask(RawHttp.basic(user, good()));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        Jwt token = Jwt.decode(
                new ObjectMapper().readTree(answer.body()).path("token").asText());
        assertThat(token.claims().path("sub").asText()).isEqualTo("oidc:acme/quarkus/alice");
        assertThat(token.claims().path("access").path(0).path("actions").toString())
                .isEqualTo("[\"pull\",\"push\"]");
    }

    @Test
    void a_token_of_the_issuer_is_taken_as_bearer() {
        assertThat(ask("Bearer " + good()).status()).isEqualTo(200);
    }

    @Test
    void the_audit_says_who_it_was_and_nothing_of_the_token() {
        // Given
        String token = good();

        // When
        ask("Bearer " + token);

        // Then
        String event = AuditJson.write(EVENTS.getLast());
        assertThat(event)
                .contains("\"subject\":\"oidc:acme/quarkus/alice\"")
                .contains("\"credential\":\"oidc:quarkus\"")
                .contains("\"federated\":\"alice\"")
                .doesNotContain(token.substring(token.lastIndexOf('.')))
                .doesNotContain("eyJ");
    }

    @ParameterizedTest
    @CsvSource({"bob, user", "alice, admin", "Alice, user"})
    void a_token_of_nobodys_is_refused_and_the_audit_says_whose_it_is(String user, String group) {
        // When
        Answer answer = ask("Bearer " + OidcWiremockTestResource.getAccessToken(user, Set.of(group)));

        // Then
        assertRefused(answer);
        assertThat(AuditJson.write(EVENTS.getLast()))
                .contains("\"issuer\":\"quarkus\"")
                .contains("\"presented\":\"quarkus/" + user + "\"")
                .contains("no account takes it for its own");
    }

    @Test
    void a_token_that_has_expired_is_refused() {
        assertRefused(ask("Bearer "
                + claims().issuedAt(Instant.now().minusSeconds(900))
                        .expiresAt(Instant.now().minusSeconds(60))
                        .jws()
                        .keyId("1")
                        .sign()));
    }

    @Test
    void a_token_for_another_audience_is_refused() {
        assertRefused(
                ask("Bearer " + claims().audience("another").jws().keyId("1").sign()));
    }

    @Test
    void a_token_of_another_issuer_is_refused() {
        assertRefused(ask("Bearer "
                + claims().issuer("https://evil.example.com").jws().keyId("1").sign()));
    }

    @Test
    void a_token_that_is_not_good_yet_is_refused() {
        assertRefused(ask("Bearer "
                + claims().claim("nbf", Instant.now().plusSeconds(120).getEpochSecond())
                        .jws()
                        .keyId("1")
                        .sign()));
    }

    @Test
    void a_token_that_nobody_signed_is_refused() {
        // Given
        String claims = good().split("\\.")[1];

        // Then
        assertRefused(ask("Bearer " + TestIssuer.part(Map.of("alg", "none", "kid", "1")) + "." + claims + "."));
    }

    @Test
    void a_token_that_is_signed_with_the_public_key_as_a_secret_is_refused() {
        // Given: the modulus, as the issuer publishes it
        String modulus =
                "iJw33l1eVAsGoRlSyo-FCimeOc-AaZbzQ2iESA3Nkuo3TFb1zIkmt0kzlnWVGt48dkaIl13Vdefh9hqw_r9yNF8xZqX1fp0Pn";

        // Then
        assertRefused(ask("Bearer " + claims().jws().keyId("1").signWithSecret(modulus)));
    }

    @Test
    void a_token_by_another_key_of_that_name_is_refused() {
        // Given
        TestIssuer swapped = new TestIssuer("1", TestIssuer.of("swapped").keys());

        // Then
        assertRefused(ask("Bearer "
                + swapped.token(Map.of(
                        "iss",
                        ISSUER,
                        "aud",
                        ISSUER,
                        "preferred_username",
                        "alice",
                        "groups",
                        List.of("user"),
                        "iat",
                        Instant.now().getEpochSecond(),
                        "exp",
                        Instant.now().getEpochSecond() + 60))));
    }

    // API keys

    @Test
    void an_api_key_of_the_iam_is_its_owners() throws Exception {
        // When
        Answer answer = ask(RawHttp.basic("iamapikey", "good-" + System.nanoTime()));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        Jwt token = Jwt.decode(
                new ObjectMapper().readTree(answer.body()).path("token").asText());
        assertThat(token.claims().path("sub").asText()).isEqualTo("oidc:acme/iam/iam-ServiceId-1");
        assertThat(token.claims().path("access").path(0).path("actions").toString())
                .isEqualTo("[\"pull\"]");
        assertThat(AuditJson.write(EVENTS.getLast())).contains("\"credential\":\"iam-api-key:iam\"");
    }

    @Test
    void a_token_of_the_iam_that_is_meant_for_us_is_taken() {
        assertThat(ask(RawHttp.basic("iamapikey", "meant")).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bad", "audience", "expired", "stranger", "swapped", "foreign", "postern_x", "a key", "ä"})
    void an_api_key_that_is_nobodys_is_refused(String key) {
        assertRefused(ask(RawHttp.basic("iamapikey", key)));
        assertThat(AuditJson.write(EVENTS.getLast())).doesNotContain("eyJ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"down", "html", "huge", "slow", "elsewhere"})
    void while_the_iam_does_not_answer_nothing_is_decided(String key) {
        // When
        Answer answer = ask(RawHttp.basic("iamapikey", key));

        // Then
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isNotEmpty();
        assertThat(answer.body()).doesNotContain("token\"");
    }

    @Test
    void an_api_key_is_exchanged_once() throws Exception {
        // Given
        String key = "good-once-" + System.nanoTime();
        ask(RawHttp.basic("iamapikey", key));
        int before = calls();

        // When
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            statuses.add(ask(RawHttp.basic("iamapikey", key)).status());
        }

        // Then
        assertThat(statuses).containsOnly(200);
        assertThat(calls()).isEqualTo(before);
    }

    /** How often the IAM was asked: the file is shared, for the resource may live in another class loader. */
    private int calls() throws IOException {
        // Not injected: that would ask every test's server for the setting.
        Path file = ConfigProvider.getConfig().getValue("test.issuers.calls", Path.class);
        return Files.readString(file).length();
    }

    private static io.smallrye.jwt.build.JwtClaimsBuilder claims() {
        return io.smallrye.jwt.build.Jwt.preferredUserName("alice")
                .groups("user")
                .issuer(ISSUER)
                .audience(ISSUER);
    }

    private static String good() {
        return OidcWiremockTestResource.getAccessToken("alice", Set.of("user"));
    }

    private Answer ask(String authorization) {
        return RawHttp.get(
                server,
                RawHttp.tokenTarget("registry.localhost", List.of(SCOPE)),
                List.of(new Line("Host", "localhost"), new Line("Authorization", authorization)));
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.body()).contains("incorrect username or password");
    }
}
