package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestPolicy;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a client that speaks as Envoy does, to the running server. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.envoy.enabled", value = "true"),
            @ResourceArg(name = "postern.registry.realm", value = CheckServiceTest.REALM),
            @ResourceArg(name = "postern.service", value = "registry.example.com"),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1,10.0.0.0/8"),
            @ResourceArg(name = PosternResource.POLICY, value = CheckServiceTest.POLICY)
        })
class CheckServiceTest {

    static final String REALM = "https://postern.example.com/token";

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme, { name: acme-public, public: true }]
                network: { allow: [{ address: 203.0.113.0/24 }] }
                service-ids:
                  bot:
                    api-keys: [{ id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }]
                users:
                  alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer], namespace: acme }
                  - { subjects: [user:alice], roles: [Reader], namespace: acme }
                  - { subjects: [anonymous], roles: [Reader], namespace: acme-public }
            """;

    private static final String OFFICE = "203.0.113.10";
    private static final String STRANGER = "192.0.2.50";
    private static final String MANIFEST = "/v2/acme/app/manifests/latest";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    @Inject
    AuditTrail audit;

    private final Queue<AuditEvent> events = new ConcurrentLinkedQueue<>();
    private EnvoyClient envoy;

    @BeforeAll
    void connect() {
        envoy = new EnvoyClient(server);
        audit.listen(events::add);
    }

    @AfterAll
    void disconnect() {
        envoy.close();
    }

    // By a registry token

    @Test
    void withoutATokenTheChallengeSaysWhereThereAreSome() {
        // When
        CheckResponse base =
                envoy.check(EnvoyClient.request(OFFICE, "GET", "/v2/").build());
        CheckResponse pull =
                envoy.check(EnvoyClient.request(STRANGER, "GET", MANIFEST).build());
        CheckResponse mount = envoy.check(EnvoyClient.request(
                        OFFICE,
                        "POST",
                        "/v2/acme/app/blobs/uploads/?mount=sha256:" + "0".repeat(64) + "&from=acme-public%2Fbase")
                .build());
        // Then
        assertDenied(base, 401, "UNAUTHORIZED", "authentication required");
        assertThat(challenge(base)).isEqualTo("Bearer realm=\"" + REALM + "\",service=\"registry.example.com\"");
        assertDenied(pull, 401, "UNAUTHORIZED", "authentication required");
        assertThat(challenge(pull))
                .isEqualTo("Bearer realm=\"" + REALM
                        + "\",service=\"registry.example.com\",scope=\"repository:acme/app:pull\"");
        assertThat(challenge(mount))
                .isEqualTo("Bearer realm=\"" + REALM + "\",service=\"registry.example.com\","
                        + "scope=\"repository:acme/app:pull,push repository:acme-public/base:pull\"");
    }

    @Test
    void aTokenPassesWithItsSubjectAndDecisionForTheRegistry() {
        // Given
        String token = token("repository:acme/app:pull");
        // When
        CheckResponse response = envoy.check(withToken(OFFICE, "GET", MANIFEST, token));
        // Then
        assertThat(EnvoyClient.passes(response)).isTrue();
        Map<String, Value> metadata = response.getDynamicMetadata().getFieldsMap();
        assertThat(response.getOkResponse().getHeadersList())
                .extracting(option ->
                        option.getHeader().getKey() + ": " + option.getHeader().getValue())
                .containsExactlyInAnyOrder(
                        "x-postern-subject: service-id:acme/bot",
                        "x-postern-decision: " + metadata.get("decision").getStringValue());
        assertThat(response.getOkResponse().getHeadersList())
                .extracting(HeaderValueOption::getAppendAction)
                .containsOnly(HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD);
        assertThat(metadata.get("allowed").getBoolValue()).isTrue();
        assertThat(metadata.get("reason").getStringValue()).isEqualTo("granted");
        assertThat(metadata.get("source").getStringValue()).isEqualTo("public, " + OFFICE);
        AuditEvent event = event(metadata.get("decision").getStringValue());
        assertThat(event.door()).isEqualTo("envoy");
        assertThat(event.request().scopes()).extracting(Object::toString).containsExactly("repository:acme/app:pull");
    }

    @Test
    void aTokenOpensTheBaseToo() {
        assertThat(EnvoyClient.passes(envoy.check(withToken(OFFICE, "GET", "/v2/", token("repository:acme/app:pull")))))
                .isTrue();
    }

    @Test
    void aCopiedTokenIsRefusedWithTheAddress() {
        // Given
        String token = token("repository:acme/app:pull");
        // When
        CheckResponse response = envoy.check(withToken(STRANGER, "GET", MANIFEST, token));
        // Then
        assertDenied(response, 403, "DENIED", "client with IP '192.0.2.50' is not allowed access.");
        assertThat(response.getDynamicMetadata().getFieldsOrThrow("reason").getStringValue())
                .isEqualTo("address-not-listed");
        assertThat(challenge(response)).isEmpty();
        assertDenied(
                envoy.check(withToken(STRANGER, "GET", "/v2/", token)),
                403,
                "DENIED",
                "client with IP '192.0.2.50' is not allowed access.");
    }

    @Test
    void theForwardingHeaderIsReadBehindATrustedProxyAlone() {
        String token = token("repository:acme/app:pull");
        CheckRequest.Builder proxied = withToken("10.0.0.1", "GET", MANIFEST, token).toBuilder();
        CheckRequest.Builder direct = withToken(STRANGER, "GET", MANIFEST, token).toBuilder();
        assertThat(EnvoyClient.passes(envoy.check(
                        EnvoyClient.line(proxied, "x-forwarded-for", OFFICE).build())))
                .isTrue();
        assertDenied(
                envoy.check(EnvoyClient.line(direct, "x-forwarded-for", OFFICE).build()),
                403,
                "DENIED",
                "client with IP '192.0.2.50' is not allowed access.");
        assertDenied(
                envoy.check(EnvoyClient.line(
                                withToken("10.0.0.1", "GET", MANIFEST, token).toBuilder(), "x-forwarded-for", "unknown")
                        .build()),
                403,
                "DENIED",
                "the address of the client could not be established");
    }

    @Test
    void whatTheTokenDoesNotAllowAsksForAnother() {
        // Given
        String token = token("repository:acme/app:pull");
        for (CheckRequest request : List.of(
                withToken(OFFICE, "PUT", MANIFEST, token),
                withToken(OFFICE, "DELETE", MANIFEST, token),
                withToken(OFFICE, "GET", "/v2/acme/app2/manifests/latest", token),
                withToken(OFFICE, "GET", "/v2/acme/manifests/latest", token),
                withToken(OFFICE, "GET", "/v2/_catalog", token),
                withToken(OFFICE, "POST", "/v2/acme/app/blobs/uploads/", token))) {
            // When
            CheckResponse response = envoy.check(request);
            // Then
            assertDenied(response, 401, "DENIED", "requested access to the resource is denied");
            assertThat(challenge(response))
                    .endsWith(",error=\"insufficient_scope\"")
                    .contains("scope=\"");
        }
    }

    static List<String> badTokens() {
        return List.of(
                "Bearer x",
                "Bearer",
                "Bearer a.b.c",
                "bearer {token}x",
                "Bearer {token}.",
                "Bearer {token} {token}",
                "Bearer {token},Bearer {token}",
                "Bearer {token-of-somebody}",
                "Bearer eyJhbGciOiJub25lIn0.e30.");
    }

    @ParameterizedTest
    @MethodSource("badTokens")
    void aBadTokenIsToldSo(String authorization) {
        // Given
        String token = token("repository:acme/app:pull");
        String forged = token.substring(0, token.lastIndexOf('.') + 1) + "A".repeat(86);
        String value = authorization.replace("{token}", token).replace("{token-of-somebody}", forged);
        // When
        CheckResponse response =
                envoy.check(EnvoyClient.line(EnvoyClient.request(OFFICE, "GET", MANIFEST), "authorization", value)
                        .build());
        // Then
        assertDenied(response, 401, "UNAUTHORIZED", "the token is not valid, or is no longer");
        assertThat(challenge(response)).endsWith(",scope=\"repository:acme/app:pull\",error=\"invalid_token\"");
        assertThat(response.toString()).doesNotContain(token);
    }

    @Test
    void twoTokensAreNone() {
        String token = "Bearer " + token("repository:acme/app:pull");
        CheckRequest.Builder twice = EnvoyClient.line(
                EnvoyClient.line(EnvoyClient.request(OFFICE, "GET", MANIFEST), "authorization", token),
                "Authorization",
                token);
        assertThat(challenge(envoy.check(twice.build()))).endsWith("error=\"invalid_token\"");
    }

    @Test
    void passwordsAreNotForARegistryWithATokenService() {
        CheckResponse response = envoy.check(EnvoyClient.line(
                        EnvoyClient.request(OFFICE, "GET", MANIFEST),
                        "authorization",
                        RawHttp.basic("iamapikey", TestPolicy.API_KEY))
                .build());
        assertDenied(response, 401, "UNAUTHORIZED", "authentication required");
    }

    @Test
    void anonymousTokensPullFromPublicNamespacesFromEverywhere() {
        // Given
        RawHttp.Answer answer = RawHttp.get(
                server,
                RawHttp.tokenTarget("registry.example.com", List.of("repository:acme-public/app:pull")),
                List.of(new Line("Host", "x"), new Line("X-Forwarded-For", STRANGER)));
        String token = read(answer.body()).path("token").asText();
        // When
        CheckResponse response = envoy.check(withToken(STRANGER, "GET", "/v2/acme-public/app/tags/list", token));
        // Then
        assertThat(EnvoyClient.passes(response)).isTrue();
        assertThat(response.getDynamicMetadata().getFieldsOrThrow("subject").getStringValue())
                .isEqualTo("anonymous");
    }

    // What is none of a registry's

    @ParameterizedTest
    @CsvSource({
        "GET, /v2/acme/../other/manifests/latest, 400",
        "GET, /v2/acme%2fapp/manifests/latest, 400",
        "GET, /v2//acme/app/manifests/latest, 400",
        "OPTIONS, /v2/, 400",
        "GET, /v2/acme/app, 404",
        "GET, /, 404",
        "GET, /token, 404",
        "GET, '', 400",
        "'', /v2/, 400"
    })
    void whatCannotBeReadIsRefusedWhoeverAsks(String method, String path, int status) {
        // Given
        String token = token("repository:acme/app:pull");
        // When
        CheckResponse response = envoy.check(withToken(OFFICE, method, path, token));
        // Then
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(status);
        assertThat(body(response).path("errors").path(0).path("code").asText()).isEqualTo("UNSUPPORTED");
    }

    // By the source alone, and by identity: the route says so

    @Test
    void aRouteMayAskForTheSourceAlone() {
        Map<String, String> network = Map.of("postern.mode", "network", "team", "a");
        CheckResponse office = envoy.check(EnvoyClient.route(EnvoyClient.request(OFFICE, "PUT", MANIFEST), network)
                .build());
        CheckResponse stranger = envoy.check(EnvoyClient.route(EnvoyClient.request(STRANGER, "GET", MANIFEST), network)
                .build());
        assertThat(EnvoyClient.passes(office)).isTrue();
        assertThat(office.getOkResponse().getHeadersToRemoveList()).containsExactly("x-postern-subject");
        assertDenied(stranger, 403, "DENIED", "client with IP '192.0.2.50' is not allowed access.");
    }

    @Test
    void anAccountOfARouteGuardsWhateverIsThere() {
        Map<String, String> acmes = Map.of("postern.mode", "network", "postern.account", "acme");
        assertThat(EnvoyClient.passes(
                        envoy.check(EnvoyClient.route(EnvoyClient.request(OFFICE, "GET", "/charts/index.yaml"), acmes)
                                .build())))
                .isTrue();
        assertDenied(
                envoy.check(EnvoyClient.route(EnvoyClient.request(STRANGER, "GET", "/charts/index.yaml"), acmes)
                        .build()),
                403,
                "DENIED",
                "client with IP '192.0.2.50' is not allowed access.");
    }

    @Test
    void theRoutesMetadataSayTheSame() {
        CheckRequest.Builder request = EnvoyClient.request(OFFICE, "GET", MANIFEST);
        request.getAttributesBuilder()
                .getRouteMetadataContextBuilder()
                .putFilterMetadata(
                        "postern",
                        Struct.newBuilder()
                                .putFields(
                                        "mode",
                                        Value.newBuilder()
                                                .setStringValue("network")
                                                .build())
                                .build());
        assertThat(EnvoyClient.passes(envoy.check(request.build()))).isTrue();
        assertThat(EnvoyClient.passes(envoy.check(EnvoyClient.route(request, Map.of("postern.mode", "token"))
                        .build())))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"postern.mode, open", "postern.mode, ''", "postern.mode, Network", "postern.mod, network", "postern., x"
    })
    void aRouteThatIsNotUnderstoodIsClosed(String key, String value) {
        CheckResponse response =
                envoy.check(EnvoyClient.route(EnvoyClient.request(OFFICE, "GET", MANIFEST), Map.of(key, value))
                        .build());
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(400);
    }

    @Test
    void anAccountThatThereIsNotClosesItsRoute() {
        CheckResponse response = envoy.check(EnvoyClient.route(
                        EnvoyClient.request(OFFICE, "GET", MANIFEST),
                        Map.of("postern.mode", "network", "postern.account", "acne"))
                .build());
        assertDenied(response, 503, "UNAVAILABLE", "access cannot be decided at the moment; try again");
    }

    @Test
    void byIdentityTheBaseAsksForCredentials() {
        CheckResponse response = envoy.check(byIdentity(OFFICE, "GET", "/v2/", ""));
        assertDenied(response, 401, "UNAUTHORIZED", "authentication required");
        assertThat(challenge(response)).isEqualTo("Basic realm=\"registry.example.com\", charset=\"UTF-8\"");
    }

    @Test
    void byIdentityBindingsAndBothSidesRulesDecide() {
        String bot = RawHttp.basic("iamapikey", TestPolicy.API_KEY);
        String alice = RawHttp.basic("alice", TestPolicy.ALICES_PASSWORD);
        assertThat(EnvoyClient.passes(envoy.check(byIdentity(OFFICE, "GET", "/v2/", bot))))
                .isTrue();
        assertThat(EnvoyClient.passes(envoy.check(byIdentity(OFFICE, "PUT", MANIFEST, bot))))
                .isTrue();
        CheckResponse pull = envoy.check(byIdentity(OFFICE, "GET", MANIFEST, alice));
        assertThat(EnvoyClient.passes(pull)).isTrue();
        assertThat(pull.getDynamicMetadata().getFieldsOrThrow("subject").getStringValue())
                .isEqualTo("user:acme/alice");
        assertDenied(
                envoy.check(byIdentity(OFFICE, "PUT", MANIFEST, alice)),
                403,
                "DENIED",
                "requested access to the resource is denied");
        assertDenied(
                envoy.check(byIdentity(STRANGER, "GET", MANIFEST, bot)),
                403,
                "DENIED",
                "client with IP '192.0.2.50' is not allowed access.");
        assertDenied(
                envoy.check(byIdentity(OFFICE, "GET", MANIFEST, RawHttp.basic("alice", "wrong"))),
                401,
                "UNAUTHORIZED",
                "incorrect username or password");
    }

    @Test
    void byIdentityAnonymousCallersPullWhatIsForEverybody() {
        assertThat(EnvoyClient.passes(envoy.check(byIdentity(STRANGER, "GET", "/v2/acme-public/app/tags/list", ""))))
                .isTrue();
        CheckResponse acmes = envoy.check(byIdentity(OFFICE, "GET", MANIFEST, ""));
        CheckResponse nobodys = envoy.check(byIdentity(OFFICE, "GET", "/v2/nobody/app/manifests/latest", ""));
        assertDenied(acmes, 401, "UNAUTHORIZED", "authentication required");
        assertThat(challenge(acmes)).startsWith("Basic ");
        assertDenied(nobodys, 401, "UNAUTHORIZED", "authentication required");
    }

    // What Envoy has sent, and what nobody should

    static List<String> recordings() {
        return Checks.recordings();
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void everyRecordingIsAnswered(String name) {
        // When
        CheckResponse response = envoy.check(Checks.recorded(name));
        // Then
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isIn(400, 401, 403, 404);
        assertThat(body(response).path("errors")).hasSize(1);
    }

    @Test
    void anEmptyMessageIsRefused() {
        CheckResponse response = envoy.check(new byte[0]);
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(400);
    }

    @Test
    void bytesThatAreNoMessageAreRefused() {
        byte[] whole = Checks.recorded("ppv2-aws-vpce").toByteArray();
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = Arrays.copyOf(whole, random.nextInt(whole.length));
            } else {
                bytes = new byte[random.nextInt(300)];
                random.nextBytes(bytes);
            }
            assertRefusedSomehow(bytes);
        }
        // And: who asks well is answered still
        everyRecordingIsAnswered("ppv2-v4");
    }

    @Test
    void hugeMessagesAreRefused() {
        CheckRequest.Builder headers = EnvoyClient.request(OFFICE, "GET", MANIFEST);
        for (int i = 0; i < 1024; i++) {
            EnvoyClient.line(headers, "x-" + i, "v".repeat(1024));
        }
        CheckRequest.Builder fields = EnvoyClient.request(OFFICE, "GET", MANIFEST);
        Checks.withBytes(fields, "aws_vpce", "41".repeat(64 * 1024));
        CheckRequest.Builder path = EnvoyClient.request(OFFICE, "GET", "/v2/" + "a/".repeat(300_000));
        CheckRequest.Builder much = EnvoyClient.request(OFFICE, "GET", MANIFEST);
        much.getAttributesBuilder()
                .getRequestBuilder()
                .getHttpBuilder()
                .setRawBody(ByteString.copyFrom(new byte[5 * 1024 * 1024]));
        for (CheckRequest.Builder huge : List.of(headers, fields, path, much)) {
            assertRefusedSomehow(huge.build().toByteArray());
        }
        everyRecordingIsAnswered("ppv2-v4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"network", "token", "identity"})
    void noModeLetsPassWhoseAddressIsUnknown(String mode) {
        for (String address : List.of("", "unknown", "0177.0.0.1", "fe80::1%eth0", "203.0.113.10:80")) {
            CheckResponse response = envoy.check(
                    EnvoyClient.route(EnvoyClient.request(address, "GET", MANIFEST), Map.of("postern.mode", mode))
                            .build());
            assertDenied(response, 403, "DENIED", "the address of the client could not be established");
        }
    }

    private void assertRefusedSomehow(byte[] message) {
        try {
            CheckResponse response = envoy.check(message);
            assertThat(EnvoyClient.passes(response)).isFalse();
            assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isBetween(400, 499);
        } catch (StatusRuntimeException refused) {
            assertThat(refused.getStatus().getCode()).isNotIn(Status.Code.OK, Status.Code.DEADLINE_EXCEEDED);
        }
    }

    // Asking

    private String token(String scope) {
        RawHttp.Answer answer = RawHttp.get(
                server,
                RawHttp.tokenTarget("registry.example.com", List.of(scope)),
                List.of(
                        new Line("Host", "x"),
                        new Line("X-Forwarded-For", OFFICE),
                        new Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY))));
        assertThat(answer.status()).isEqualTo(200);
        return read(answer.body()).path("token").asText();
    }

    private static CheckRequest withToken(String address, String method, String path, String token) {
        return EnvoyClient.line(EnvoyClient.request(address, method, path), "authorization", "Bearer " + token)
                .build();
    }

    private static CheckRequest byIdentity(String address, String method, String path, String authorization) {
        CheckRequest.Builder request =
                EnvoyClient.route(EnvoyClient.request(address, method, path), Map.of("postern.mode", "identity"));
        return (authorization.isEmpty() ? request : EnvoyClient.line(request, "authorization", authorization)).build();
    }

    private AuditEvent event(String id) {
        return events.stream()
                .filter(event -> event.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String challenge(CheckResponse response) {
        return EnvoyClient.header(response, "WWW-Authenticate");
    }

    private void assertDenied(CheckResponse response, int status, String code, String message) {
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(status);
        assertThat(EnvoyClient.header(response, "Content-Type")).isEqualTo("application/json");
        JsonNode error = body(response).path("errors").path(0);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isEqualTo(message);
        String decision = error.path("detail").path("decision").asText();
        assertThat(EnvoyClient.header(response, "X-Postern-Decision")).isEqualTo(decision);
        assertThat(event(decision).door()).isEqualTo("envoy");
    }

    private static JsonNode body(CheckResponse response) {
        return read(response.getDeniedResponse().getBody());
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
