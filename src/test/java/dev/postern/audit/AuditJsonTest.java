package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Audit events as JSON: every field, one line, and no way to forge another. */
class AuditJsonTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.123Z");
    private static final Gate GATE = new Gate("us-south", Optional.empty());
    private static final ClientClaims NO_CLAIMS =
            new ClientClaims(Optional.empty(), Optional.empty(), Optional.empty());
    private static final Authentication BOT = new Authentication.Authenticated(
            new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"), "api-key:k1"));

    private static final Policy POLICY = policy("""
            accounts:
              acme:
                namespaces: [acme]
                network:
                  enforcement: report
                  allow:
                    - {address: 203.0.113.0/24}
                service-ids: {bot: {}}
                bindings: [{subjects: [service-id:bot], roles: [Reader]}]
              strict:
                namespaces: [strict]
                network: {allow: [{address: 203.0.113.0/24}]}
                bindings: [{subjects: [anonymous], roles: [Reader]}]
              trusting:
                namespaces: [trusting]
                network: {allow: [], trusted-services: [service-id:acme/bot]}
                bindings: [{subjects: [service-id:acme/bot], roles: [Reader]}]
            """);

    @Test
    void aGrantHasEveryField() throws Exception {
        // Given
        Source source = new PublicSource(
                address("203.0.113.10"),
                List.of(
                        new Hop("10.0.0.1", Hop.By.PEER, Hop.Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.10", Hop.By.X_FORWARDED_FOR, Hop.Finding.CALLER)));
        // When
        JsonNode event = event(source, BOT, "repository:acme/app:pull,push", "repository:nobody/app:pull");
        // Then
        assertThat(names(event))
                .containsExactly(
                        "time",
                        "decision",
                        "door",
                        "outcome",
                        "reason",
                        "source",
                        "subject",
                        "credential",
                        "scopes",
                        "rule",
                        "explanation",
                        "policy",
                        "client",
                        "token");
        assertThat(event.get("time").textValue()).isEqualTo("2026-06-01T12:00:00.123Z");
        assertThat(event.get("decision").textValue()).isEqualTo("id1");
        assertThat(event.get("door").textValue()).isEqualTo("registry");
        assertThat(event.get("outcome").textValue()).isEqualTo("granted");
        assertThat(event.get("reason").textValue()).isEqualTo("granted");
        assertThat(event.get("source"))
                .hasToString("{\"side\":\"public\",\"address\":\"203.0.113.10\",\"evidence\":["
                        + "{\"address\":\"10.0.0.1\",\"by\":\"peer\",\"finding\":\"trusted-proxy\"},"
                        + "{\"address\":\"203.0.113.10\",\"by\":\"x-forwarded-for\",\"finding\":\"caller\"}]}");
        assertThat(event.get("subject").textValue()).isEqualTo("service-id:acme/bot");
        assertThat(event.get("credential").textValue()).isEqualTo("api-key:k1");
        assertThat(event.get("scopes"))
                .hasToString(
                        "[{\"asked\":\"repository:acme/app:pull,push\",\"granted\":\"pull\",\"reason\":\"granted\"},"
                                + "{\"asked\":\"repository:nobody/app:pull\",\"granted\":\"\",\"reason\":\"not-permitted\"}]");
        assertThat(event.get("rule").get("ruleset").textValue()).isEqualTo("scope repository:acme/app:pull,push");
        assertThat(event.at("/explanation/0"))
                .hasToString("{\"ruleset\":\"account acme\",\"finding\":\"allowed by address 203.0.113.0/24\","
                        + "\"outcome\":\"passed\",\"at\":\"policy.yaml:7:11\"}");
        assertThat(event.get("policy").textValue()).isEqualTo(POLICY.version());
        assertThat(event.get("token").textValue()).isEqualTo("jti1");
    }

    @Test
    void aRefusalNamesTheRuleAndItsLine() throws Exception {
        // When
        JsonNode event = event(
                new PublicSource(address("192.0.2.50"), List.of()),
                new Authentication.Authenticated(new Identity.Anonymous()),
                "repository:strict/app:pull");
        // Then
        assertThat(event.get("outcome").textValue()).isEqualTo("refused");
        assertThat(event.get("reason").textValue()).isEqualTo("address-not-listed");
        assertThat(event.get("subject").textValue()).isEqualTo("anonymous");
        assertThat(event.get("rule"))
                .hasToString(
                        "{\"ruleset\":\"account strict\",\"finding\":\"no rule allows it, and the default is deny\","
                                + "\"outcome\":\"refused\",\"at\":\"policy.yaml:12:14\"}");
        assertThat(event.get("scopes")).hasToString("[{\"asked\":\"repository:strict/app:pull\",\"granted\":\"\"}]");
    }

    @Test
    void whatWouldRefuseIsToldApart() throws Exception {
        // When
        JsonNode event = event(new PublicSource(address("192.0.2.50"), List.of()), BOT, "repository:acme/app:pull");
        // Then
        assertThat(event.get("outcome").textValue()).isEqualTo("granted");
        assertThat(event.at("/explanation/0/outcome").textValue()).isEqualTo("would-refuse");
        assertThat(event.get("would_refuse").textValue()).isEqualTo("address-not-listed");
    }

    @Test
    void whatNothingWouldRefuseHasNoSuchField() throws Exception {
        // When
        JsonNode event = event(new PublicSource(address("203.0.113.9"), List.of()), BOT, "repository:acme/app:pull");
        // Then
        assertThat(event.has("would_refuse")).isFalse();
    }

    @Test
    void aTrustedServiceThatIsLetInIsToldApart() throws Exception {
        // When
        JsonNode event = event(new PublicSource(address("192.0.2.50"), List.of()), BOT, "repository:trusting/app:pull");
        // Then
        assertThat(event.get("outcome").textValue()).isEqualTo("granted");
        assertThat(event.at("/explanation/1"))
                .hasToString(
                        "{\"ruleset\":\"account trusting\",\"finding\":\"trusted service service-id:acme/bot, let in"
                                + " past this: no rule allows it, and the default is deny\",\"outcome\":\"trusted\","
                                + "\"at\":\"policy.yaml:16:45\"}");
    }

    @Test
    void eachKindOfSourceIsTold() throws Exception {
        // When
        JsonNode byEndpoint = event(new PrivateSource("us-south", address("166.9.20.31"), List.of()), BOT);
        JsonNode unknown = event(
                new UnknownSource(
                        Source.Why.MALFORMED_FORWARDING_HEADER,
                        List.of(new Hop("unknown", Hop.By.X_FORWARDED_FOR, Hop.Finding.NOT_AN_ADDRESS))),
                new Authentication.NotAttempted());
        // Then
        assertThat(byEndpoint.get("source"))
                .hasToString(
                        "{\"side\":\"private\",\"address\":\"166.9.20.31\",\"endpoint\":\"us-south\",\"evidence\":[]}");
        assertThat(unknown.get("source"))
                .hasToString("{\"side\":\"unknown\",\"why\":\"malformed-forwarding-header\",\"evidence\":["
                        + "{\"address\":\"unknown\",\"by\":\"x-forwarded-for\",\"finding\":\"not-an-address\"}]}");
        assertThat(unknown.get("credential").textValue()).isEqualTo("not-judged");
    }

    @Test
    void whatTheOperatorCanDoIsTold() throws Exception {
        // When
        JsonNode lossy = event(
                new UnknownSource(
                        Source.Why.LOSSY_LINK_METADATA,
                        List.of(new Hop("azure_pe", Hop.By.METADATA, Hop.Finding.NOT_A_LINK))),
                new Authentication.NotAttempted());
        // Then
        assertThat(names(lossy.get("source"))).containsExactly("side", "why", "remedy", "evidence");
        assertThat(lossy.at("/source/remedy").textValue()).contains("value_string_encoding: BASE64");
    }

    @Test
    void whatIsNotThereIsLeftOut() throws Exception {
        // Given
        AccessRequest request = new AccessRequest(
                new PublicSource(address("192.0.2.50"), List.of()), new Authentication.Rejected(), List.of());
        // When
        JsonNode event = read(AuditJson.write(new AuditEvent(
                "id1",
                NOW,
                "registry",
                request,
                GATE.withoutPolicy(request),
                Optional.empty(),
                NO_CLAIMS,
                Optional.empty())));
        // Then
        assertThat(names(event)).doesNotContain("policy", "token", "subject");
        assertThat(event.get("credential").textValue()).isEqualTo("rejected");
        assertThat(event.get("client")).isEmpty();
        assertThat(event.get("reason").textValue()).isEqualTo("unavailable");
    }

    @Property
    void noWordOfACallerBreaksTheLineOrForgesAField(
            @ForAll("hostile") String service, @ForAll("hostile") String account, @ForAll("hostile") String hop)
            throws Exception {
        // Given
        Source source = new UnknownSource(
                Source.Why.MALFORMED_FORWARDING_HEADER,
                List.of(new Hop(hop, Hop.By.X_FORWARDED_FOR, Hop.Finding.NOT_AN_ADDRESS)));
        AccessRequest request = new AccessRequest(source, BOT, List.of());
        ClientClaims claims = new ClientClaims(Optional.of(service), Optional.of(account), Optional.of(hop));
        // When
        String line = AuditJson.write(new AuditEvent(
                "id1",
                NOW,
                "registry",
                request,
                GATE.decide(POLICY, request, NOW),
                Optional.of("v"),
                claims,
                Optional.empty()));
        // Then
        assertThat(line.chars().allMatch(c -> c >= 0x20 && c < 0x7f)).isTrue();
        JsonNode event = read(line);
        assertThat(event.get("outcome").textValue()).isEqualTo("refused");
        assertThat(event.at("/client/service").textValue()).isEqualTo(service);
        assertThat(event.at("/client/account").textValue()).isEqualTo(account);
        assertThat(names(event))
                .doesNotHaveDuplicates()
                .startsWith("time", "decision")
                .doesNotContain("forged");
    }

    @Test
    void decisionIdsAreReadableAndNeverTheSame() {
        // When
        List<String> ids = Stream.generate(DecisionId::next).limit(10_000).toList();
        // Then
        assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id.matches("[0-9a-hjkmnp-tv-z]{16}"));
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange(' ', '\u2fff').ofMaxLength(20),
                Arbitraries.of(
                        "\",\"forged\":\"yes",
                        "\n{\"outcome\":\"granted\"}",
                        "\r\nforged",
                        "\\\",\"forged\":1,\"x\":\"",
                        "\u001b[2J",
                        "\u009b2J",
                        "\u2028\u2029\u0085\u000b\f",
                        "\u202eevil",
                        "\u0000",
                        "}",
                        "\\u000a",
                        "\ud83d\ude00"));
    }

    private static JsonNode event(Source source, Authentication caller, String... scopes) throws Exception {
        List<Scope> asked = new ArrayList<>();
        for (String scope : scopes) {
            asked.add(((Scope.Parsed) Scope.parse(scope)).scope());
        }
        AccessRequest request = new AccessRequest(source, caller, asked);
        Decision decision = GATE.decide(POLICY, request, NOW);
        return read(AuditJson.write(new AuditEvent(
                "id1",
                NOW,
                "registry",
                request,
                decision,
                Optional.of(POLICY.version()),
                NO_CLAIMS,
                Optional.of("jti1"))));
    }

    private static JsonNode read(String line) throws Exception {
        assertThat(line).doesNotContain("\n", "\r");
        return new ObjectMapper()
                .enable(com.fasterxml.jackson.core.JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                .readTree(line);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Policy policy(String text) {
        return switch (new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }
}
