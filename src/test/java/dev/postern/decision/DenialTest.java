package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.address.Address;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.decision.Explanation.Step;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Source.PublicSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the explanation says of bindings that deny: which of them took away what was asked for, and nothing of the others. */
class DenialTest {

    private static final Policy POLICY = ((PolicyCompiler.Compiled)
                    new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", """
                    accounts:
                      acme:
                        namespaces: [acme]
                        service-ids: { bot: {}, reader: {} }
                        groups: { robots: [service-id:bot] }
                        bindings:
                          - { subjects: [service-id:bot], roles: [Manager] }
                          - { subjects: [service-id:reader], roles: [Reader] }
                          - { subjects: [group:robots], deny: [push], repository: "released/**" }
                          - { subjects: [service-id:bot, service-id:reader], deny: [push, delete], repository: "released/**" }
                          - { subjects: [service-id:bot], deny: [pull], repository: secret }
                      closed:
                        namespaces: [closed]
                        network: { allow: [] }
                        bindings:
                          - { subjects: ["service-id:acme/bot"], roles: [Writer] }
                          - { subjects: ["service-id:acme/bot"], deny: [push] }
                    """))))
            .policy();

    @Test
    void eachDenialThatTookSomethingAwayIsAStepWithItsPlaceAndDecidesWhereNothingIsLeft() {
        // When
        Decision decision = decide("bot", "acme/released/app:push");

        // Then
        assertThat(decision.reason()).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(decision.explanation().steps())
                .extracting(
                        Step::finding, Step::outcome, step -> step.position().map(at -> at.line()))
                .containsExactly(
                        tuple("push denied to group:acme/robots", Outcome.DENIED, Optional.of(9)),
                        tuple("push denied to service-id:acme/bot", Outcome.DENIED, Optional.of(10)),
                        tuple("nothing", Outcome.PASSED, Optional.empty()));
        assertThat(decision.explanation().deciding().map(Step::outcome)).contains(Outcome.DENIED);
    }

    @Test
    void whereSomethingIsLeftTheGrantDecidesAndTheDenialIsTold() {
        // When
        Decision decision = decide("bot", "acme/released/app:pull,push");

        // Then
        assertThat(decision.explanation().deciding().map(Step::finding)).contains("pull");
        assertThat(findings(decision))
                .containsExactly("push denied to group:acme/robots", "push denied to service-id:acme/bot", "pull");
    }

    @Test
    void aDenialOfWhatNobodyAskedForIsNotTold() {
        assertThat(findings(decide("bot", "acme/released/app:pull"))).containsExactly("pull");
    }

    @Test
    void aDenialOfWhatNoBindingGivesHasDecidedNothing() {
        assertThat(findings(decide("reader", "acme/released/app:push"))).containsExactly("nothing");
    }

    @Test
    void whoAsksForEverythingReadsAllThatWasTaken() {
        assertThat(findings(decide("bot", "acme/secret:*")))
                .containsExactly("*,pull denied to service-id:acme/bot", "delete,push");
    }

    @Test
    void whereTheOwnersAddressRulesRefuseTheyDecide() {
        // When
        Decision refused = decide("bot", "closed/app:pull,push");
        Decision partly = decide("bot", "closed/app:pull,push", "acme/app:pull");

        // Then
        assertThat(refused.reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(Stream.of(refused, partly))
                .allSatisfy(decision ->
                        assertThat(decision.explanation().count(Outcome.DENIED)).isZero());
    }

    private static List<String> findings(Decision decision) {
        return decision.explanation().steps().stream().map(Step::finding).toList();
    }

    private static Decision decide(String serviceId, String... repositories) {
        List<Scope> scopes = Stream.of(repositories)
                .map(repository -> ((Scope.Parsed) Scope.parse("repository:" + repository)).scope())
                .toList();
        AccessRequest request = new AccessRequest(
                new PublicSource(Address.ipv4(0xCB007109), List.of()),
                new Authentication.Authenticated(
                        new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "acme", serviceId), "api-key:k1")),
                scopes);
        return new Gate("us-south", Optional.empty()).decide(POLICY, request, Instant.EPOCH);
    }
}
