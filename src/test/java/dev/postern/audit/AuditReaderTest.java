package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.audit.AuditReader.Event;
import dev.postern.audit.AuditReader.Malformed;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@link AuditJson} writes of the gate's decisions is read back, and nothing else is taken for it. */
class AuditReaderTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.123Z");
    private static final Authentication BOT = new Authentication.Authenticated(
            new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"), "api-key:k1"));
    private static final Authentication GUEST = new Authentication.Authenticated(
            new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "guest", "bot"), "api-key:k1"));

    private static final Policy POLICY = ((PolicyCompiler.Compiled)
                    new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("policy.yaml", """
                            accounts:
                              acme:
                                namespaces: [acme]
                                network:
                                  enforcement: report
                                  allow: [{address: 203.0.113.0/24}]
                                  deny: [{address: 198.51.100.0/24}]
                                  trusted-services: [service-id:guest/bot]
                                service-ids: {bot: {}}
                                bindings: [{subjects: [service-id:bot, service-id:guest/bot], roles: [Reader]}]
                              strict:
                                namespaces: [strict]
                                network: {allow: [{address: 203.0.113.0/24}, {address: 192.0.2.0/24, enforcement: report}]}
                                bindings: [{subjects: [service-id:acme/bot], roles: [Reader]}]
                              guest:
                                service-ids: {bot: {}}
                            """))))
            .policy();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                // Whom the rules of an account in report mode would refuse for want of a rule
                "bot   | 192.0.2.7    | repository:acme/app:pull   | account acme   | account acme",
                "bot   | 203.0.113.7  | repository:acme/app:pull   | ''             | account acme",
                // What a deny rule would refuse, no allow rule mends.
                "bot   | 198.51.100.7 | repository:acme/app:pull   | ''             | ''",
                // A rule on trial, in an account that enforces; what is refused tells of no other account
                "bot   | 192.0.2.7    | repository:strict/app:pull | account strict | account strict",
                "bot   | 198.18.0.1   | repository:strict/app:pull | ''             | ''",
                // A trusted service needs no rule, and an account without rules has none to miss.
                "guest | 192.0.2.7    | repository:acme/app:pull   | ''             | account guest",
                "guest | 203.0.113.7  | repository:acme/app:pull   | ''             | account acme,account guest",
            })
    void theRulesetsThatARuleWouldHaveReconciled(
            String who, String from, String scope, String missed, String admitting) {
        // When
        AuditRecord read = read(
                new PublicSource(Address.parse(from).orElseThrow(), List.of()), who.equals("bot") ? BOT : GUEST, scope);
        // Then
        assertThat(String.join(",", read.missed().stream().sorted().toList())).isEqualTo(missed.replace("''", ""));
        assertThat(String.join(
                        ",",
                        read.admitting().stream()
                                .filter(ruleset -> !ruleset.startsWith("scope "))
                                .sorted()
                                .toList()))
                .isEqualTo(admitting.replace("''", ""));
    }

    @Test
    void eachKindOfSourceIsReadBack() {
        LinkId link = LinkId.parse("gcp:81985529216486895").orElseThrow();
        for (Source source : List.of(
                new PublicSource(Address.parse("2001:db8::7").orElseThrow(), List.of()),
                new PrivateSource("us-south", Address.parse("166.9.20.31").orElseThrow(), List.of()),
                new PrivateSource("us-south", new Linked(link, Address.parse("10.8.0.5")), List.of()),
                new PrivateSource("us-south", new Linked(link, Optional.empty()), List.of()),
                new UnknownSource(Source.Why.UNKNOWN_LINK, List.of()))) {
            assertThat(read(source, BOT, "repository:acme/app:pull").source()).isEqualTo(source);
        }
    }

    @Test
    void timeDoorAndSubjectAreReadBack() {
        // When
        AuditRecord read = read(
                new PublicSource(Address.parse("192.0.2.7").orElseThrow(), List.of()), BOT, "repository:acme/app:pull");
        // Then
        assertThat(read.time()).isEqualTo(NOW);
        assertThat(read.door()).isEqualTo("registry");
        assertThat(read.subject()).hasValue(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"));
        assertThat(read.refused()).isFalse();
        assertThat(read.wouldRefuse()).isTrue();
    }

    private static final String GOOD = """
            {"time":"2026-06-01T12:00:00Z","door":"registry","outcome":"granted",\
            "source":{"side":"public","address":"203.0.113.7","evidence":[]},"subject":"service-id:acme/bot",\
            "explanation":[{"ruleset":"account acme","finding":"x","outcome":"passed"}]}""";

    @Test
    void anEventWithFieldsOfALaterVersionIsAnEvent() {
        assertThat(AuditReader.read(GOOD.replace("{\"time\"", "{\"new\":{\"x\":[1,null]},\"time\"")))
                .isInstanceOf(Event.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2026-06-01T12:00:00Z | yesterday | 'time' is not an instant",
                "\"time\" | \"at\" | no 'time'",
                "\"granted\" | \"maybe\" | an 'outcome' that is not known",
                "\"passed\" | \"waved-through\" | an 'outcome' of a step that is not known",
                "203.0.113.7 | 203.0.113.0/24 | 'address' is not an address",
                "203.0.113.7 | 010.0.0.1 | 'address' is not an address",
                "203.0.113.7 | `` | 'address' is not an address",
                "\"public\" | \"inside\" | 'side' of the source is not public, private or unknown",
                "\"public\" | \"private\" | no 'endpoint'",
                "service-id:acme/bot | bot | 'subject' is not service-id:ACCOUNT/NAME",
                "service-id:acme/bot | service-id:acme/a b | 'subject' is not service-id:ACCOUNT/NAME",
                "{\"side\" | 7,\"x\":{\"side\" | no 'side'",
                "[{\"ruleset\" | [7,{\"ruleset\" | a step of the 'explanation' is not an object",
                "\"door\":\"registry\" | \"door\":\"registry\",\"door\":\"x\" | not JSON, at column",
            })
    void whatIsNotAsItIsWrittenIsMalformed(String text, String instead, String why) {
        // Given
        String line = GOOD.replace(text, instead);
        assertThat(line).isNotEqualTo(GOOD);
        // Then
        assertThat(AuditReader.read(line))
                .isInstanceOfSatisfying(
                        Malformed.class, found -> assertThat(found.why()).startsWith(why));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "7",
                "null",
                "{",
                "{}",
                "{\"a\":1} {}",
                "{\"a\":",
                "{\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}"
            })
    void whatIsNoObjectIsMalformed(String line) {
        assertThat(AuditReader.read(line)).isInstanceOf(Malformed.class);
        assertThat(AuditReader.read(GOOD + line).equals(AuditReader.read(GOOD))).isEqualTo(line.isEmpty());
    }

    @Property
    void anyTextHasAnAnswer(@ForAll String text) {
        assertThat(AuditReader.read(text)).isNotNull();
        assertThat(AuditReader.read("{" + text)).isInstanceOf(Malformed.class);
    }

    private static AuditRecord read(Source source, Authentication authentication, String scope) {
        AccessRequest request =
                new AccessRequest(source, authentication, List.of(((Scope.Parsed) Scope.parse(scope)).scope()));
        String line = AuditJson.write(new AuditEvent(
                "id1",
                NOW,
                "registry",
                request,
                new Gate("us-south", Optional.empty()).decide(POLICY, request, NOW),
                Optional.of(POLICY.version()),
                new ClientClaims(Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.of("jti1")));
        return ((Event) AuditReader.read(line)).event();
    }
}
