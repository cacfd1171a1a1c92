package dev.postern.cases;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.cases.CaseFile.GoldenCase;
import dev.postern.cases.CaseFile.Header;
import dev.postern.cases.CaseFile.Row;
import dev.postern.decision.Decision;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Source;
import dev.postern.testing.EnvoyClient;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.SettableClock;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Runs cases through the doors before a registry, Envoy's, the proxies' and AuthZEN: for each action that a case asks for, the request that needs it; by identity, and by the
 * token that the token service gives for the case. A request passes where the engine grants all that it needs, and is refused
 * for the same reason where it does not.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenEnvoy {

    /** A server with the settings of a case file, and an Envoy before it. */
    abstract static class ServerOf implements QuarkusTestProfile {
        private final CaseFile file;

        ServerOf(CaseFile file) {
            this.file = file;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            Map<String, String> settings = new HashMap<>(GoldenTable.serverSettings(file.settings()));
            settings.put("postern.envoy.enabled", "true");
            settings.put("postern.forward.enabled", "true");
            settings.put("postern.authzen.enabled", "true");
            settings.put("postern.registry.mode", "identity");
            settings.put("postern.registry.realm", "https://postern.example.com/token");
            return List.of(new TestResourceEntry(PosternResource.class, settings, true));
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> FORMS = List.of("nginx", "forwarded", "envoy");
    private static final Set<String> OWN_HEADERS =
            Set.of("x-original-method", "x-original-uri", "x-forwarded-method", "x-forwarded-uri");
    private static final Scope CATALOG = Scope.of("registry", "catalog", Set.of("*"));

    /** What is asked of the door, and the scopes by which the engine is asked the same. */
    private record Ask(String method, String path, List<Scope> needs) {}

    @TestHTTPResource
    URI server;

    @Inject
    AuditTrail audit;

    @Inject
    PolicyStore policies;

    @Inject
    SettableClock clock;

    @ConfigProperty(name = "postern.policy")
    Path policyFile;

    @ConfigProperty(name = "postern.service", defaultValue = "registry.localhost")
    String service;

    private final Map<String, AuditEvent> events = new ConcurrentHashMap<>();
    private Optional<EnvoyClient> client = Optional.empty();

    @BeforeAll
    void connect() {
        audit.listen(event -> events.put(event.id(), event));
        client = Optional.of(new EnvoyClient(server));
    }

    @AfterAll
    void disconnect() {
        client.ifPresent(EnvoyClient::close);
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    /** Whoever shows credentials to the registry itself. */
    void runByIdentity(Row row) {
        putInForce(row);
        for (Ask ask : asks(row.golden())) {
            // When
            CheckResponse response = check(request(row.golden(), ask, "identity", authorization(row.golden())));
            // Then
            AuditEvent event = event(response);
            Decision engines = Engine.decide(row, ask.needs());
            assertThat(EnvoyClient.passes(response)).as("%s %s", row, ask).isEqualTo(grantsAll(engines, ask));
            assertThat(EnvoyClient.passes(response)).isEqualTo(event.decision() instanceof Decision.Granted);
            if (engines instanceof Decision.Refused || grantsAll(engines, ask)) {
                // The same in every word: reason, rule, finding, message, warning, source.
                Observation door = observation(row, event.decision(), event);
                assertThat(door).as("%s %s", row, ask).isEqualTo(observation(row, engines, event));
                assertThat(door.source()).isEqualTo(Engine.run(row).source());
            } else {
                assertThat(event.decision().reason()).isNotEqualTo(Reason.GRANTED);
            }
            // And: the other doors say the same
            for (String form : FORMS) {
                forward(row, ask, form, event);
            }
            authzen(row, ask, event);
        }
    }

    /** Asks by HTTP as proxies do, who name the case's peer in one more line of {@code X-Forwarded-For}. */
    private void forward(Row row, Ask ask, String form, AuditEvent doors) {
        List<Line> lines = lines(row.golden());
        // A proxy sets these, whatever the caller has sent.
        lines.removeIf(line -> OWN_HEADERS.contains(line.name().toLowerCase(Locale.ROOT)));
        String target = "/forward/" + form;
        switch (form) {
            case "nginx" -> {
                lines.add(new Line("X-Original-Method", ask.method()));
                lines.add(new Line("X-Original-URI", ask.path()));
            }
            case "forwarded" -> {
                lines.add(new Line("X-Forwarded-Method", ask.method()));
                lines.add(new Line("X-Forwarded-Uri", ask.path()));
            }
            default -> {
                if (!ask.method().equals("GET")) {
                    return;
                }
                target += ask.path();
            }
        }
        RawHttp.Answer answer = RawHttp.get(server, target, lines);
        AuditEvent event = Optional.ofNullable(events.get(answer.header("X-Postern-Decision")))
                .orElseThrow(() -> new AssertionError(row + " " + ask + ": " + answer));
        assertThat(event.door()).isEqualTo("forward");
        assertThat(answer.status() == 200).isEqualTo(doors.decision() instanceof Decision.Granted);
        assertThat(observation(row, event.decision(), event))
                .as("%s %s %s", row, ask, form)
                .isEqualTo(observation(row, doors.decision(), doors));
    }

    /** Asks of the identity that the case's credentials are, at the address that it was found to come from. */
    private void authzen(Row row, Ask ask, AuditEvent doors) {
        Optional<Address> address = switch (doors.request().source()) {
            case Source.PublicSource found -> Optional.of(found.address());
            case Source.PrivateSource found -> found.observed();
            case Source.UnknownSource unknown -> Optional.empty();
        };
        boolean asksForOne =
                ask.needs().size() == 1 && ask.needs().getFirst().actions().size() == 1;
        if (address.isEmpty()
                || !asksForOne
                || !(doors.request().authentication() instanceof Authentication.Authenticated known)
                || known.identity() instanceof Identity.Federated) {
            return;
        }
        Subject subject = known.identity().subject();
        Scope need = ask.needs().getFirst();
        JsonPath answer = given().baseUri(server.toString())
                .contentType("application/json")
                .body(Map.of(
                        "subject",
                        Map.of("type", subject.kind().documentName(), "id", subject.account() + "/" + subject.name()),
                        "resource",
                        Map.of("type", need.type(), "id", need.name()),
                        "action",
                        Map.of("name", need.actions().first()),
                        "context",
                        Map.of("ip", address.get().toString())))
                .post("/access/v1/evaluation")
                .jsonPath();
        AuditEvent event = events.get(answer.getString("context.id"));
        assertThat(event.door()).isEqualTo("authzen");
        assertThat(answer.getBoolean("decision")).isEqualTo(doors.decision() instanceof Decision.Granted);
        assertThat(observation(row, event.decision(), event))
                .as("%s %s", row, ask)
                .isEqualTo(observation(row, doors.decision(), doors));
    }

    /** As a proxy sends them on. */
    private static List<Line> lines(GoldenCase golden) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("Host", golden.host()));
        for (Header header : golden.headers()) {
            lines.add(new Line(header.name(), header.value()));
        }
        lines.add(new Line("X-Forwarded-For", golden.peer()));
        authorization(golden).ifPresent(value -> lines.add(new Line("Authorization", value)));
        return lines;
    }

    /** Whoever shows the token that the token service gave to the same caller, at the same place and time. */
    void runByToken(Row row) throws JsonProcessingException {
        putInForce(row);
        Optional<String> token = token(row.golden());
        if (token.isEmpty()) {
            return;
        }
        assertThat(Engine.decide(row, scopes(row.golden()))).isInstanceOf(Decision.Granted.class);
        for (Ask ask : asks(row.golden())) {
            // When
            CheckResponse response = check(request(row.golden(), ask, "token", Optional.of("Bearer " + token.get())));
            // Then
            Decision engines = Engine.decide(row, scopes(row.golden()));
            boolean granted = ((Decision.Granted) engines)
                    .grants().stream()
                            .anyMatch(grant -> ask.needs().stream()
                                    .allMatch(need -> grant.scope().type().equals(need.type())
                                            && grant.scope().name().equals(need.name())
                                            && grant.actions().containsAll(need.actions())));
            assertThat(EnvoyClient.passes(response))
                    .as("%s %s: %s", row, ask, response)
                    .isEqualTo(granted || ask.needs().isEmpty());
            // And: nobody passes by it whose address cannot be known
            CheckRequest.Builder nowhere =
                    request(row.golden(), ask, "token", Optional.of("Bearer " + token.get())).toBuilder();
            nowhere.getAttributesBuilder().clearSource();
            assertThat(event(check(nowhere.build())).decision().reason()).isEqualTo(Reason.SOURCE_UNKNOWN);
        }
    }

    private Optional<String> token(GoldenCase golden) throws JsonProcessingException {
        RawHttp.Answer answer = RawHttp.get(server, RawHttp.tokenTarget(service, golden.scopes()), lines(golden));
        JsonNode body = JSON.readTree(answer.body());
        return answer.status() == 200 ? Optional.of(body.path("token").asText()) : Optional.empty();
    }

    private static boolean grantsAll(Decision decision, Ask ask) {
        return decision instanceof Decision.Granted granted
                && granted.grants().stream()
                        .allMatch(grant ->
                                grant.actions().containsAll(grant.scope().actions()))
                && granted.grants().size() == ask.needs().size();
    }

    private static Observation observation(Row row, Decision decision, AuditEvent event) {
        return Observation.of(decision, event.request().source(), row.file().policy());
    }

    private AuditEvent event(CheckResponse response) {
        String id = response.getDynamicMetadata().getFieldsOrThrow("decision").getStringValue();
        return Optional.ofNullable(events.get(id)).orElseThrow();
    }

    private CheckResponse check(CheckRequest request) {
        return client.orElseThrow().check(request);
    }

    /** A login without credentials is left out: a registry asks for some then. */
    private static List<Ask> asks(GoldenCase golden) {
        List<Ask> asks = new ArrayList<>();
        if (golden.scopes().isEmpty() && golden.credential().isPresent()) {
            asks.add(new Ask("GET", "/v2/", List.of()));
        }
        for (Scope scope : scopes(golden)) {
            if (scope.equals(CATALOG)) {
                asks.add(new Ask("GET", "/v2/_catalog", List.of(scope)));
            } else if (scope.type().equals("repository") && scope.name().matches("[a-z0-9._/-]+")) {
                for (String action : scope.actions()) {
                    switch (action) {
                        case "pull" -> asks.add(ask("GET", scope, "/manifests/latest", Set.of("pull")));
                        case "push" -> asks.add(ask("POST", scope, "/blobs/uploads/", Set.of("pull", "push")));
                        case "delete" -> asks.add(ask("DELETE", scope, "/manifests/latest", Set.of("delete")));
                        default -> {}
                    }
                }
            }
        }
        return asks;
    }

    private static Ask ask(String method, Scope scope, String end, Set<String> actions) {
        return new Ask(method, "/v2/" + scope.name() + end, List.of(Scope.of("repository", scope.name(), actions)));
    }

    private static List<Scope> scopes(GoldenCase golden) {
        return golden.scopes().stream()
                .map(text -> ((Scope.Parsed) Scope.parse(text)).scope())
                .distinct()
                .toList();
    }

    private static Optional<String> authorization(GoldenCase golden) {
        return golden.credential().map(CaseFile.Credential::authorization);
    }

    private static CheckRequest request(GoldenCase golden, Ask ask, String mode, Optional<String> authorization) {
        CheckRequest.Builder request = EnvoyClient.request(golden.peer(), ask.method(), ask.path());
        request.getAttributesBuilder().getRequestBuilder().getHttpBuilder().setHost(golden.host());
        for (Header header : golden.headers()) {
            EnvoyClient.line(request, header.name(), header.value());
        }
        authorization.ifPresent(value -> EnvoyClient.line(request, "authorization", value));
        return EnvoyClient.route(request, Map.of("postern.mode", mode)).build();
    }

    private void putInForce(Row row) {
        String policy = row.file().policy();
        String version = PolicyCompiler.version(
                List.of(new Document(policyFile.toAbsolutePath().toString(), policy)));
        if (!inForce().equals(version)) {
            PosternResource.write(policyFile, policy);
            policies.refresh();
            assertThat(policies.state().rejection()).isEmpty();
            assertThat(inForce()).isEqualTo(version);
        }
        clock.set(row.golden().at());
    }

    private String inForce() {
        return policies.state().inForce().orElseThrow().version();
    }
}
