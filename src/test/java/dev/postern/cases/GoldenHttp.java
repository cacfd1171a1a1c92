package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.cases.CaseFile.GoldenCase;
import dev.postern.cases.CaseFile.Header;
import dev.postern.cases.CaseFile.Row;
import dev.postern.cases.CaseFile.Verdict;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.load.PolicyStore;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.SettableClock;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/**
 * Runs cases over HTTP: {@code GET /token} of a running server.
 *
 * <p>The server's real peer is this machine, which it trusts; the case's peer is told in one more, the last, line of
 * {@code X-Forwarded-For}. That is equivalent: a trusted hop is stepped over, and what the case's peer is judged as
 * follows from its address alone.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GoldenHttp {

    /** A server with the settings of a case file. */
    abstract static class ServerOf implements QuarkusTestProfile {
        private final CaseFile file;

        ServerOf(CaseFile file) {
            this.file = file;
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(
                    new TestResourceEntry(PosternResource.class, GoldenTable.serverSettings(file.settings()), true));
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

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

    @BeforeAll
    void listen() {
        audit.listen(event -> events.put(event.id(), event));
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    /** Asks the server, and holds its answer against the case and against the engine. */
    void run(Row row) throws JsonProcessingException {
        // Given
        putInForce(row.file().policy());
        clock.set(row.golden().at());

        // When
        Answer answer =
                RawHttp.get(server, RawHttp.tokenTarget(service, row.golden().scopes()), lines(row.golden()));

        // Then
        AuditEvent event = Objects.requireNonNull(
                events.get(answer.header("X-Postern-Decision")), () -> "no audit event for " + answer);
        assertThat(event.time()).isEqualTo(row.golden().at());
        JsonNode body = JSON.readTree(answer.body());
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        Observation decided = Observation.of(
                event.decision(), event.request().source(), row.file().policy());
        Observation observed = decided.verdict() == Verdict.GRANTED
                ? decided.onTheWire(granted(row.golden(), answer, body), "", warning(answer))
                : decided.onTheWire(Map.of(), refusal(event, answer, body), warning(answer));
        observed.assertIsExpectedOf(row);
        assertThat(observed).isEqualTo(Engine.run(row));
    }

    private void putInForce(String policy) {
        String version = PolicyCompiler.version(
                List.of(new Document(policyFile.toAbsolutePath().toString(), policy)));
        if (!inForce().equals(version)) {
            PosternResource.write(policyFile, policy);
            policies.refresh();
            assertThat(policies.state().rejection()).isEmpty();
            assertThat(inForce()).isEqualTo(version);
        }
    }

    private String inForce() {
        return policies.state().inForce().orElseThrow().version();
    }

    private static List<Line> lines(GoldenCase golden) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Line("Host", golden.host()));
        for (Header header : golden.headers()) {
            lines.add(new Line(header.name(), header.value()));
        }
        lines.add(new Line("X-Forwarded-For", golden.peer()));
        golden.credential().ifPresent(credential -> lines.add(new Line("Authorization", credential.authorization())));
        return lines;
    }

    /** What the token grants, by scope; checks the form of the answer and the signature of the token. */
    private Map<String, List<String>> granted(GoldenCase golden, Answer answer, JsonNode body)
            throws JsonProcessingException {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(body.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("token", "access_token", "expires_in", "issued_at");
        assertThat(body.path("access_token")).isEqualTo(body.path("token"));
        assertThat(body.path("issued_at").asText())
                .isEqualTo(golden.at().truncatedTo(ChronoUnit.SECONDS).toString());
        Jwt token = Jwt.decode(body.path("token").asText());
        assertThat(token.isSignedByOneOf(publishedKeys())).isTrue();
        assertThat(token.claims().path("iat").asLong()).isEqualTo(golden.at().getEpochSecond());
        Map<String, List<String>> granted = new LinkedHashMap<>();
        for (JsonNode access : token.claims().path("access")) {
            List<String> actions = new ArrayList<>();
            access.path("actions").forEach(action -> actions.add(action.asText()));
            granted.merge(
                    access.path("type").asText() + ":" + access.path("name").asText(), actions, (one, other) -> {
                        throw new AssertionError("a resource stands twice in the token: " + access);
                    });
        }
        return byScope(golden, granted);
    }

    /** The token names resources, the cases name scopes: no case asks twice for one resource. */
    private static Map<String, List<String>> byScope(GoldenCase golden, Map<String, List<String>> byResource) {
        Map<String, List<String>> byScope = new LinkedHashMap<>();
        for (String scope : golden.expected().granted().keySet()) {
            String resource = scope.substring(0, scope.lastIndexOf(':'));
            Optional.ofNullable(byResource.remove(resource)).ifPresent(actions -> byScope.put(scope, actions));
        }
        byScope.putAll(byResource);
        return byScope;
    }

    private JsonNode publishedKeys() throws JsonProcessingException {
        Answer keys = RawHttp.get(server, "/jwks.json", List.of(new Line("Host", CaseFile.USUAL_HOST)));
        return JSON.readTree(keys.body());
    }

    /** The text of the warning, where there is one; checks its form. */
    private static String warning(Answer answer) {
        String header = answer.header("Warning");
        if (header.isEmpty()) {
            return "";
        }
        assertThat(header).startsWith("299 - \"").endsWith("\"");
        return header.substring(7, header.length() - 1);
    }

    /** The message of the refusal; checks its status and form. */
    private static String refusal(AuditEvent event, Answer answer, JsonNode body) {
        boolean credentials = event.decision().reason().wireName().equals("bad-credentials");
        assertThat(answer.status()).isEqualTo(credentials ? 401 : 403);
        assertThat(answer.header("WWW-Authenticate").startsWith("Basic ")).isEqualTo(credentials);
        assertThat(event.tokenId()).isEmpty();
        assertThat(body.fieldNames()).toIterable().containsExactly("errors");
        assertThat(body.path("errors")).hasSize(1);
        JsonNode error = body.path("errors").path(0);
        assertThat(error.fieldNames()).toIterable().containsExactly("code", "message", "detail");
        assertThat(error.path("code").asText()).isEqualTo(credentials ? "UNAUTHORIZED" : "DENIED");
        assertThat(error.path("detail").toString()).isEqualTo("{\"decision\":\"" + event.id() + "\"}");
        return error.path("message").asText();
    }
}
