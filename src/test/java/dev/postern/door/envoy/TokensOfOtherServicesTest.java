package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.AuditTrail;
import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestIssuer;
import dev.postern.testing.TestPolicy;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registry tokens of other token services, before the registry: what they allow, and from where. */
@QuarkusTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@WithTestResource(TokensOfOtherServicesTest.Keys.class)
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = "postern.envoy.enabled", value = "true"),
            @ResourceArg(name = "postern.registry.realm", value = "https://postern.example.com/token"),
            @ResourceArg(name = "postern.service", value = TokensOfOtherServicesTest.SERVICE),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1"),
            @ResourceArg(name = PosternResource.POLICY, value = TokensOfOtherServicesTest.POLICY)
        })
class TokensOfOtherServicesTest {

    static final String SERVICE = "registry.example.com";
    static final String OTHER_SERVICE = "registry.example.org";

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network:
                  allow: [{ address: 203.0.113.0/24 }]
                  trusted-services: [service-id:acme/bot]
                service-ids:
                  bot:
                    api-keys: [{ id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }]
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer], namespace: acme }
            """;

    private static final String OFFICE = "203.0.113.10";
    private static final String STRANGER = "192.0.2.50";
    private static final String MANIFEST = "/v2/acme/app/manifests/latest";
    private static final TestIssuer HUB = TestIssuer.of("hub");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The settings of two issuers: one gives its keys, the other has none to give. */
    public static final class Keys implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            try {
                Path broken = Files.createTempFile("postern-jwks", ".json");
                broken.toFile().deleteOnExit();
                return Map.of(
                        "postern.registry.issuers.hub.issuer",
                        "hub",
                        "postern.registry.issuers.hub.audiences",
                        SERVICE + "," + OTHER_SERVICE,
                        "postern.registry.issuers.hub.realm",
                        "https://hub.example.org/auth",
                        "postern.registry.issuers.hub.jwks-file",
                        TestIssuer.jwksFile(HUB).toString(),
                        "postern.registry.issuers.broken.issuer",
                        "broken",
                        "postern.registry.issuers.broken.jwks-file",
                        Files.writeString(broken, "{}").toString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void stop() {
            // The files are deleted at the end.
        }
    }

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

    @Test
    void it_passes_for_what_it_allows_from_where_the_owner_lets_it() {
        // When: no binding of the policy is asked, for the other service has granted it
        CheckResponse response = check(
                OFFICE, "DELETE", "/v2/acme/other/manifests/1", hubs(Map.of("access", access("acme/other", "delete"))));
        // Then
        assertThat(EnvoyClient.passes(response)).isTrue();
        assertThat(response.getDynamicMetadata().getFieldsOrThrow("subject").getStringValue())
                .isEqualTo("issuer:hub/alice");
        assertThat(AuditJson.write(event(response)))
                .contains("\"credential\":\"registry-token:id-1\",\"issuer\":\"hub\",\"presented\":\"alice\"")
                .doesNotContain("\"subject\"");
    }

    @Test
    void it_is_refused_from_elsewhere_with_the_address() {
        for (String path : List.of(MANIFEST, "/v2/acme/app/tags/list")) {
            assertDenied(
                    check(STRANGER, "GET", path, hubs(Map.of())),
                    403,
                    "DENIED",
                    "client with IP '192.0.2.50' is not allowed access.");
        }
    }

    @Test
    void it_is_refused_for_what_it_does_not_allow_and_for_what_is_nobodys() {
        assertDenied(
                check(OFFICE, "PUT", MANIFEST, hubs(Map.of())),
                401,
                "DENIED",
                "requested access to the resource is denied");
        assertThat(EnvoyClient.passes(check(
                        OFFICE,
                        "GET",
                        "/v2/nobody/app/manifests/1",
                        hubs(Map.of("access", access("nobody/app", "pull"))))))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"service-id:acme/bot", "user:acme/alice", "anonymous"})
    void its_subject_is_none_of_ours(String subject) {
        // When: a name of ours would let it in from everywhere
        CheckResponse stranger = check(STRANGER, "GET", MANIFEST, hubs(Map.of("sub", subject)));
        CheckResponse office = check(OFFICE, "GET", MANIFEST, hubs(Map.of("sub", subject)));
        // Then
        assertThat(EnvoyClient.passes(stranger)).isFalse();
        assertThat(EnvoyClient.passes(office)).isTrue();
        assertThat(office.getDynamicMetadata().getFieldsOrThrow("subject").getStringValue())
                .isEqualTo("issuer:hub/" + subject);
    }

    @Test
    void a_binding_to_a_source_is_kept() {
        assertThat(EnvoyClient.passes(check(OFFICE, "GET", MANIFEST, hubs(Map.of("bound_to", "address:" + OFFICE)))))
                .isTrue();
        for (String elsewhere : List.of("address:203.0.113.11", "", "anywhere")) {
            CheckResponse response = check(OFFICE, "GET", MANIFEST, hubs(Map.of("bound_to", elsewhere)));
            assertThat(response.getDynamicMetadata().getFieldsOrThrow("reason").getStringValue())
                    .isEqualTo("bound-elsewhere");
        }
    }

    @Test
    void nobody_else_can_say_that_it_is_ours() {
        assertDenied(
                check(OFFICE, "GET", MANIFEST, hubs(Map.of("iss", "postern"))),
                401,
                "UNAUTHORIZED",
                "the token is not valid, or is no longer");
        assertDenied(
                check(OFFICE, "GET", MANIFEST, TestIssuer.of("mallory").token(claims(Map.of()))),
                401,
                "UNAUTHORIZED",
                "the token is not valid, or is no longer");
    }

    @Test
    void what_cannot_be_verified_just_now_is_to_come_again() {
        // When
        CheckResponse response = check(OFFICE, "GET", MANIFEST, hubs(Map.of("iss", "broken")));
        // Then
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(503);
        assertThat(EnvoyClient.header(response, "Retry-After")).isNotEmpty();
    }

    @Test
    void a_route_may_name_another_registry() {
        // Given
        String elsewhere = hubs(Map.of("aud", OTHER_SERVICE));
        // Then: what is for one is not for the other
        assertThat(EnvoyClient.passes(check(OFFICE, "GET", MANIFEST, elsewhere)))
                .isFalse();
        assertThat(EnvoyClient.passes(routed(OFFICE, OTHER_SERVICE, elsewhere))).isTrue();
        assertThat(EnvoyClient.passes(routed(STRANGER, OTHER_SERVICE, elsewhere)))
                .isFalse();
        assertThat(EnvoyClient.passes(routed(OFFICE, OTHER_SERVICE, hubs(Map.of()))))
                .isFalse();
        assertThat(EnvoyClient.passes(routed(OFFICE, OTHER_SERVICE, own()))).isFalse();
        assertThat(EnvoyClient.passes(routed(OFFICE, SERVICE, own()))).isTrue();
    }

    @Test
    void the_challenge_leads_to_the_token_service_of_the_routes_registry() {
        assertThat(EnvoyClient.header(routed(OFFICE, OTHER_SERVICE, ""), "WWW-Authenticate"))
                .isEqualTo("Bearer realm=\"https://hub.example.org/auth\",service=\"registry.example.org\","
                        + "scope=\"repository:acme/app:pull\"");
        assertThat(EnvoyClient.header(routed(OFFICE, SERVICE, ""), "WWW-Authenticate"))
                .startsWith("Bearer realm=\"https://postern.example.com/token\",service=\"registry.example.com\",");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "registry.example.net", "Registry.example.com", "registry.example.com "})
    void a_route_to_a_registry_that_is_not_known_is_closed(String service) {
        CheckResponse response = routed(OFFICE, service, own());
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getBody())
                .contains("the route's service is none that the settings know");
    }

    private CheckResponse check(String address, String method, String path, String token) {
        return envoy.check(
                EnvoyClient.line(EnvoyClient.request(address, method, path), "authorization", "Bearer " + token)
                        .build());
    }

    private CheckResponse routed(String address, String service, String token) {
        CheckRequest.Builder request =
                EnvoyClient.route(EnvoyClient.request(address, "GET", MANIFEST), Map.of("postern.service", service));
        return envoy.check(
                (token.isEmpty() ? request : EnvoyClient.line(request, "authorization", "Bearer " + token)).build());
    }

    private static String hubs(Map<String, Object> change) {
        return HUB.token(claims(change));
    }

    private static Map<String, Object> claims(Map<String, Object> change) {
        long now = Instant.now().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "hub");
        claims.put("sub", "alice");
        claims.put("aud", SERVICE);
        claims.put("iat", now);
        claims.put("exp", now + 300);
        claims.put("jti", "id-1");
        claims.put("access", access("acme/app", "pull"));
        claims.putAll(change);
        return claims;
    }

    private static List<Map<String, Object>> access(String repository, String action) {
        return List.of(Map.of("type", "repository", "name", repository, "actions", List.of(action)));
    }

    private String own() {
        RawHttp.Answer answer = RawHttp.get(
                server,
                RawHttp.tokenTarget(SERVICE, List.of("repository:acme/app:pull")),
                List.of(
                        new Line("Host", "x"),
                        new Line("X-Forwarded-For", OFFICE),
                        new Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY))));
        assertThat(answer.status()).isEqualTo(200);
        return read(answer.body()).path("token").asText();
    }

    private AuditEvent event(CheckResponse response) {
        String id = response.getDynamicMetadata().getFieldsOrThrow("decision").getStringValue();
        return events.stream()
                .filter(event -> event.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void assertDenied(CheckResponse response, int status, String code, String message) {
        assertThat(EnvoyClient.passes(response)).isFalse();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(status);
        JsonNode error =
                read(response.getDeniedResponse().getBody()).path("errors").path(0);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).isEqualTo(message);
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
