package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.policy.load.PolicyStore;
import dev.postern.testing.Forms;
import dev.postern.testing.Forms.Answer;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestPolicy;
import dev.postern.token.KeyFault;
import dev.postern.token.Revocation;
import dev.postern.token.RevocationFile;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Refresh tokens over HTTP: who gets one, and all that ends one. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = @ResourceArg(name = "postern.issuer", value = "issuer.of.refresh"))
class RefreshTokenServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "registry.localhost";
    private static final String SCOPE = "repository:acme/app:pull";
    private static final String BOT = RawHttp.basic("iamapikey", TestPolicy.API_KEY);
    private static final String ALICE = RawHttp.basic("alice", TestPolicy.ALICES_PASSWORD);

    @TestHTTPResource
    URI server;

    @ConfigProperty(name = "postern.policy")
    Path policy;

    @ConfigProperty(name = "postern.data")
    Path data;

    @Inject
    PolicyStore policies;

    private String version;

    @BeforeEach
    void remember() {
        version = policies.state().inForce().orElseThrow().version();
    }

    @AfterEach
    void restore() throws Exception {
        PosternResource.write(policy, TestPolicy.TEXT);
        awaitTrue(() -> policies.state().inForce().orElseThrow().version().equals(version));
    }

    // Who gets one

    @ParameterizedTest
    @CsvSource({"true, true", "false, false", "1, false", "TRUE, false"})
    void a_login_gets_one_where_it_asks_for_one(String asked, boolean given) throws Exception {
        // When
        RawHttp.Answer answer = get("/token?service=" + SERVICE + "&offline_token=" + asked, ALICE);

        // Then
        assertThat(JSON.readTree(answer.body()).has("refresh_token")).isEqualTo(given);
    }

    @Test
    void an_anonymous_caller_gets_none() throws Exception {
        // When
        RawHttp.Answer answer = get("/token?service=" + SERVICE + "&offline_token=true", null);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).has("refresh_token")).isFalse();
    }

    @Test
    void a_form_gets_one_with_access_type_offline() throws Exception {
        // Given
        Map<String, String> form = Forms.password(SERVICE, "alice", TestPolicy.ALICES_PASSWORD, SCOPE);

        // When, Then
        assertThat(JSON.readTree(post(form).body()).has("refresh_token")).isFalse();
        form.put("access_type", "offline");
        assertThat(JSON.readTree(post(form).body()).path("refresh_token").asText())
                .contains(".");
    }

    @Test
    void it_is_exchanged_again_and_again_and_stays_the_same() throws Exception {
        // Given
        String token = refreshToken(ALICE);

        // When, Then
        for (int i = 0; i < 3; i++) {
            Answer answer = exchange(token);
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            JsonNode json = JSON.readTree(answer.body());
            assertThat(json.path("refresh_token").asText()).isEqualTo(token);
            assertThat(json.path("scope").asText()).isEqualTo(SCOPE);
            assertThat(Jwt.decode(json.path("access_token").asText())
                            .claims()
                            .path("sub")
                            .asText())
                    .isEqualTo("user:acme/alice");
        }
    }

    // What ends one

    @Test
    void it_ends_with_the_api_key_that_was_shown_for_it() throws Exception {
        // Given
        String token = refreshToken(BOT);
        assertThat(exchange(token).status()).isEqualTo(200);

        // When: under the same id there is another key
        change(
                text -> text.replace("0e87123b", "1e87123b"),
                () -> get("/token", BOT).status() == 401);

        // Then
        Answer answer = exchange(token);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(message(answer)).isEqualTo("the refresh token is not valid, or is no longer; log in again");
    }

    @Test
    void it_ends_when_the_password_is_changed_and_not_before() throws Exception {
        // Given
        String token = refreshToken(ALICE);

        // When: something else of the policy changes, then the password
        change(
                text -> text.replace("public/**", "open/**"),
                () -> exchangeOpen(token).equals("repository:acme/open/x:pull"));
        assertThat(exchange(token).status()).isEqualTo(200);
        change(
                text -> text.replace(
                        "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2",
                        "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa."),
                () -> exchange(token).status() == 401);

        // Then
        assertThat(exchange(token).status()).isEqualTo(401);
    }

    private String exchangeOpen(String token) throws JsonProcessingException {
        return JSON.readTree(post(Forms.refresh(SERVICE, token, "repository:acme/open/x:pull"))
                        .body())
                .path("scope")
                .asText();
    }

    @Test
    void what_the_policy_takes_away_is_no_longer_granted_for_it() throws Exception {
        // Given
        String token = refreshToken(ALICE);

        // When
        change(
                text -> text.replace("- { subjects: [user:alice], roles: [Reader], namespace: acme }", ""),
                () -> scopeOf(exchange(token)).isEmpty());

        // Then: the caller is still known
        assertThat(exchange(token).status()).isEqualTo(200);
    }

    @Test
    void an_address_that_is_no_longer_admitted_refuses_it() throws Exception {
        // Given
        String token = refreshToken(ALICE);

        // When
        change(
                text -> text.replace(
                        "    namespaces: [acme]",
                        "    namespaces: [acme]\n    network: { default: deny, allow: [{ address: 192.0.2.1 }] }"),
                () -> exchange(token).status() == 403);

        // Then
        assertThat(message(exchange(token))).contains("is not allowed access");
    }

    @ParameterizedTest
    @ValueSource(strings = {"of the account", "of the user"})
    void tokens_not_before_ends_those_that_were_issued_before(String whose) throws Exception {
        // Given
        String token = refreshToken(ALICE);

        // When
        change(
                text -> whose.equals("of the account")
                        ? text.replace(
                                "    namespaces:", "    tokens-not-before: 2999-01-01T00:00:00Z\n    namespaces:")
                        : text.replace("alice: {", "alice: { tokens-not-before: 2999-01-01T00:00:00Z,"),
                () -> exchange(token).status() == 401);

        // Then: the password counts as before
        assertThat(get("/token?service=" + SERVICE, ALICE).status()).isEqualTo(200);
    }

    @Test
    void a_revocation_ends_one_within_moments_and_no_other() throws Exception {
        // Given
        String token = refreshToken(ALICE);
        String other = refreshToken(ALICE);
        String id = Jwt.decode(token).claims().path("jti").asText();

        // When
        revoke(Revocation.Kind.TOKEN_ID, id);

        // Then
        awaitTrue(() -> exchange(token).status() == 401);
        assertThat(exchange(other).status()).isEqualTo(200);

        // When: now all of them
        Thread.sleep(1100);
        revoke(Revocation.Kind.SUBJECT, "user:acme/alice");

        // Then: but a new login gets one that counts
        awaitTrue(() -> exchange(other).status() == 401);
        Thread.sleep(1100);
        assertThat(exchange(refreshToken(ALICE)).status()).isEqualTo(200);
    }

    private void revoke(Revocation.Kind kind, String value) throws KeyFault {
        RevocationFile.in(data).append(Revocation.of(kind, value, Instant.now()), Instant.now());
    }

    @Test
    void a_token_of_another_service_is_refused() throws Exception {
        // Given: the same keys, the same issuer, another registry
        String token = refreshToken(ALICE);
        Map<String, String> form = Forms.refresh("registry.other", token, SCOPE);

        // Then
        assertThat(post(form).status()).isEqualTo(400);
    }

    @Test
    void a_registry_token_is_not_a_refresh_token() throws Exception {
        // Given
        String token = JSON.readTree(get("/token?service=" + SERVICE, ALICE).body())
                .path("token")
                .asText();

        // Then
        assertThat(exchange(token).status()).isEqualTo(401);
    }

    @Test
    void a_refresh_token_is_not_a_password() throws Exception {
        // Given
        String token = refreshToken(ALICE);

        // Then
        assertThat(get("/token?service=" + SERVICE, RawHttp.basic("alice", token))
                        .status())
                .isEqualTo(401);
        assertThat(get("/token?service=" + SERVICE, RawHttp.basic("<token>", token))
                        .status())
                .isEqualTo(401);
    }

    // Plumbing

    private interface Condition {
        boolean holds() throws Exception;
    }

    private void change(UnaryOperator<String> edit, Condition inForce) throws Exception {
        String changed = edit.apply(TestPolicy.TEXT);
        assertThat(changed).isNotEqualTo(TestPolicy.TEXT);
        PosternResource.write(policy, changed);
        awaitTrue(inForce);
    }

    private static void awaitTrue(Condition condition) throws Exception {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("the change is in force").isLessThan(deadline);
            Thread.sleep(50);
        }
    }

    private String refreshToken(String authorization) throws JsonProcessingException {
        RawHttp.Answer answer =
                get("/token?service=" + SERVICE + "&client_id=docker&offline_token=true", authorization);
        String token = JSON.readTree(answer.body()).path("refresh_token").asText();
        assertThat(token).as(answer.body()).contains(".");
        return token;
    }

    private Answer exchange(String token) {
        return post(Forms.refresh(SERVICE, token, SCOPE));
    }

    private static String scopeOf(Answer answer) throws JsonProcessingException {
        return JSON.readTree(answer.body()).path("scope").asText("missing");
    }

    private static String message(Answer answer) throws JsonProcessingException {
        return JSON.readTree(answer.body())
                .path("errors")
                .path(0)
                .path("message")
                .asText();
    }

    private Answer post(Map<String, String> form) {
        return Forms.post(server, Forms.TYPE, Forms.encoded(form));
    }

    private RawHttp.Answer get(String target, String authorization) {
        RawHttp.Line host = new RawHttp.Line("Host", "localhost");
        return RawHttp.get(
                server,
                target,
                authorization == null
                        ? List.of(host)
                        : List.of(host, new RawHttp.Line("Authorization", authorization)));
    }
}
