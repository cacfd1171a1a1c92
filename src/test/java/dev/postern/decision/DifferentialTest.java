package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.decision.NaiveNetwork.Caller;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The engine against a second implementation, which is slow, knows no compiled form and was written from the
 * documentation: a million random pairs of a policy and a caller.
 */
class DifferentialTest {

    private static final int POLICIES = 2_500;
    private static final int CALLERS = 400;

    private static final PolicyCompiler COMPILER = new PolicyCompiler(new KnownEndpoints(
            Set.copyOf(NaiveNetwork.ENDPOINTS),
            Set.copyOf(NaiveNetwork.LINKS.stream().map(DifferentialTest::link).toList())));
    private static final Gate GATE = new Gate("us-south", Optional.empty());
    private static final Subject BOT = new Subject(Subject.Kind.SERVICE_ID, "own", "bot");

    @Test
    void a_million_random_pairs_are_decided_alike() {
        int granted = 0;
        int pairs = 0;
        for (int seed = 0; seed < POLICIES; seed++) {
            // Given
            Random random = new Random(seed);
            NaiveNetwork naive = NaiveNetwork.random(random);
            Policy policy = compile(naive.yaml());
            for (int i = 0; i < CALLERS; i++) {
                Caller caller = Caller.random(random);
                List<Scope> scopes =
                        caller.scope().map(text -> List.of(scope(text))).orElse(List.of());
                // When
                Decision decision = GATE.decide(
                        policy,
                        new AccessRequest(
                                source(caller),
                                new Authentication.Authenticated(new Identity.Known(BOT, "api-key:k1")),
                                scopes),
                        caller.at());
                // Then
                String wanted = naive.decide(caller);
                assertThat(word(decision))
                        .as(() -> caller + " by\n" + naive.yaml() + "\n" + decision.explanation())
                        .isEqualTo(wanted);
                pairs++;
                granted += decision instanceof Decision.Granted ? 1 : 0;
            }
        }
        assertThat(pairs).isEqualTo(1_000_000);
        // A table of refusals alone would show little.
        assertThat(granted).isBetween(pairs / 5, pairs * 4 / 5);
    }

    private static Policy compile(String yaml) {
        return switch (COMPILER.compile(List.of(new Document("policy.yaml", yaml)))) {
            case Compiled compiled -> compiled.policy();
            case Rejected rejected -> throw new AssertionError(rejected.problems() + "\n" + yaml);
        };
    }

    private static String word(Decision decision) {
        return switch (decision) {
            case Decision.Granted granted -> "granted";
            case Decision.Refused refused -> refused.reason().wireName();
        };
    }

    private static Source source(Caller caller) {
        Address address = Address.parse(caller.address()).orElseThrow();
        if (caller.endpoint().isEmpty()) {
            return new Source.PublicSource(address, List.of());
        }
        String endpoint = caller.endpoint().get();
        return caller.link()
                .map(link -> new Source.PrivateSource(
                        endpoint, new Source.Linked(link(link), Optional.of(address)), List.of()))
                .orElseGet(() -> new Source.PrivateSource(endpoint, address, List.of()));
    }

    private static LinkId link(String text) {
        return LinkId.parse(text).orElseThrow();
    }

    private static Scope scope(String text) {
        return switch (Scope.parse(text)) {
            case Scope.Parsed parsed -> parsed.scope();
            case Scope.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }
}
