package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Problem;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * Invariants, held against asking the gate about every single source of a small world, with every choice of what is in
 * report mode turned on.
 */
class InvariantsPropertyTest {

    private static final int SIZE = 12;
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final List<Instant> CHANGES = List.of(
            Instant.parse("2026-01-01T00:00:00Z"),
            Instant.parse("2026-07-01T00:00:00Z"),
            Instant.parse("2026-08-01T00:00:00Z"),
            Instant.parse("2026-09-01T00:00:00Z"));

    private static final LinkId LINK = LinkId.parse("azure:7").orElseThrow();
    private static final List<PrivateEndpoint> ENDPOINTS = List.of(
            new PrivateEndpoint("e1", Set.of(), List.of(range("192.0.2.8-192.0.2.9")), Set.of(LINK), List.of()),
            new PrivateEndpoint("e2", Set.of(), List.of(range("192.0.2.10")), Set.of(), List.of()));
    private static final PolicyCompiler COMPILER =
            new PolicyCompiler(new KnownEndpoints(Set.of("e1", "e2"), Set.of(LINK)));

    private static final Gate GATE = new Gate("here", Optional.empty());
    private static final Invariants INVARIANTS = new Invariants(GATE, ENDPOINTS);

    /** An invariant's text, and the sources, the caller and the scopes that it speaks of. */
    private record Case(String text, List<Source> sources, Authentication caller, List<Scope> scopes, boolean admit) {}

    @Property(tries = 2000)
    void anInvariantHoldsWhereTheGateSaysSoOfEverySource(
            @ForAll("networks") String enterprise,
            @ForAll("networks") String account,
            @ForAll("networks") String own,
            @ForAll("cases") Case claim) {
        // Given
        String text = policy(enterprise, account, own, claim);
        Policy policy = compile(text);
        // When
        List<Problem> problems = INVARIANTS.check(policy, NOW);
        // Then
        boolean off = account.contains("'off'");
        boolean holdsNow = off || holds(text, claim, NOW);
        assertThat(errors(problems)).as("%s%n%s", problems, text).isEqualTo(holdsNow ? 0 : 1);
        Optional<Instant> breaks = off || !holdsNow
                ? Optional.empty()
                : CHANGES.stream()
                        .filter(NOW::isBefore)
                        .filter(change -> !holds(text, claim, change))
                        .findFirst();
        List<String> warnings = problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.WARNING && !off)
                .map(Problem::message)
                .toList();
        assertThat(warnings).as("%s%n%s", problems, text).hasSize(breaks.isPresent() ? 1 : 0);
        breaks.ifPresent(change -> assertThat(warnings.getFirst()).contains(" will be broken from " + change));
    }

    private static long errors(List<Problem> problems) {
        return problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .count();
    }

    /** Sections are enforced; of the rules in report mode, every choice of them is tried. */
    private static boolean holds(String text, Case claim, Instant at) {
        String enforced = text.replace("enforcement: 'report'", "enforcement: enforce");
        String[] parts = enforced.split("enforcement: report", -1);
        int onTrial = parts.length - 1;
        for (int choice = 0; choice < 1 << onTrial; choice++) {
            StringBuilder variant = new StringBuilder(parts[0]);
            for (int i = 0; i < onTrial; i++) {
                variant.append((choice >> i & 1) == 1 ? "enforcement: enforce" : "enforcement: report")
                        .append(parts[i + 1]);
            }
            Policy policy = compile(variant.toString());
            for (Source source : claim.sources()) {
                Decision decision = GATE.decide(policy, new AccessRequest(source, claim.caller(), claim.scopes()), at);
                if (claim.admit() ? !isFull(decision) : !isNothing(decision)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean isFull(Decision decision) {
        return decision instanceof Decision.Granted granted
                && granted.grants().stream()
                        .allMatch(grant ->
                                grant.actions().containsAll(grant.scope().actions()));
    }

    private static boolean isNothing(Decision decision) {
        return !(decision instanceof Decision.Granted granted)
                || !granted.grants().isEmpty()
                        && granted.grants().stream()
                                .allMatch(grant -> grant.actions().isEmpty());
    }

    @Provide
    Arbitrary<Case> cases() {
        Arbitrary<Integer> ends = Arbitraries.integers().between(0, SIZE - 1);
        Arbitrary<Case> addresses = Combinators.combine(ends, ends).as((a, b) -> {
            int first = Math.min(a, b);
            int last = Math.max(a, b);
            return sources("address: 192.0.2." + first + "-192.0.2." + last, seenAs(first, last));
        });
        Arbitrary<Case> others = Arbitraries.of(
                sources(
                        "private-endpoint: e1",
                        Stream.concat(seenAs(8, 9).stream(), linked()).toList()),
                sources("private-endpoint: e2", seenAs(10, 10)),
                sources("link: 'azure:7'", linked().toList()),
                sources(
                        "originator: 192.0.2.2-192.0.2.5, via: 'azure:7'",
                        originators(2, 5).toList()),
                sources("originator: 192.0.2.4, via: e1", originators(4, 4).toList()));
        Arbitrary<Case> sources = Arbitraries.frequencyOf(Tuple.of(3, addresses), net.jqwik.api.Tuple.of(1, others));
        Arbitrary<List<String>> who = Arbitraries.of(
                List.of("", "plain", ""),
                List.of(", identity: service-id:bot", "bot", ""),
                List.of(", identity: service-id:bot, scope: 'repository:acme/app:pull'", "bot", "acme/app:pull"),
                List.of(
                        ", identity: service-id:bot, scope: 'repository:open/app:pull,push'",
                        "bot",
                        "open/app:pull,push"),
                List.of(", identity: service-id:bot, scope: 'repository:open/app:pull'", "bot", "open/app:pull"),
                List.of(", identity: anonymous, scope: 'repository:open/app:pull'", "", "open/app:pull"));
        return Combinators.combine(sources, who, Arbitraries.of(true, false))
                .as((source, asks, admit) -> new Case(
                        (admit ? "must-admit" : "must-refuse") + ": [{" + source.text() + asks.get(0) + "}]",
                        source.sources(),
                        caller(asks.get(1)),
                        asks.get(2).isEmpty()
                                ? List.of()
                                : List.of(((Scope.Parsed) Scope.parse("repository:" + asks.get(2))).scope()),
                        admit));
    }

    private static Case sources(String text, List<Source> sources) {
        return new Case(text, sources, caller(""), List.of(), true);
    }

    private static List<Source> seenAs(int first, int last) {
        return IntStream.rangeClosed(first, last)
                .<Source>mapToObj(i -> switch (i) {
                    case 8, 9 -> new PrivateSource("e1", world(i), List.of());
                    case 10 -> new PrivateSource("e2", world(i), List.of());
                    default -> new PublicSource(world(i), List.of());
                })
                .toList();
    }

    private static Stream<Source> linked() {
        Stream<Source> beyond = Stream.of("0.0.0.0", "255.255.255.255", "::", "ffff::")
                .map(text -> by(Optional.of(Address.parse(text).orElseThrow())));
        return Stream.of(Stream.of(by(Optional.empty())), originators(0, SIZE - 1), beyond)
                .flatMap(sources -> sources);
    }

    private static Stream<Source> originators(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> by(Optional.of(world(i))));
    }

    private static Source by(Optional<Address> originator) {
        return new PrivateSource("e1", new Linked(LINK, originator), List.of());
    }

    private static Authentication caller(String name) {
        return new Authentication.Authenticated(
                name.isEmpty()
                        ? new Identity.Anonymous()
                        : new Identity.Known(new Subject(Subject.Kind.SERVICE_ID, "acme", name), "test"));
    }

    private static Address world(int i) {
        return Address.parse("192.0.2." + i).orElseThrow();
    }

    @Provide
    Arbitrary<String> networks() {
        Arbitrary<Integer> ends = Arbitraries.integers().between(0, SIZE - 1);
        Arbitrary<String> ranges = Combinators.combine(ends, ends)
                .as((a, b) -> "192.0.2." + Math.min(a, b) + "-192.0.2." + Math.max(a, b));
        Arbitrary<String> matchers = Arbitraries.frequencyOf(
                Tuple.of(6, ranges.map(range -> "address: " + range)),
                Tuple.of(
                        2,
                        Arbitraries.of(
                                "address: 0.0.0.0/0",
                                "address: '::/0'",
                                "zone: some",
                                "private-endpoint: e1",
                                "private-endpoint: e2",
                                "link: 'azure:7'",
                                "originator: 0.0.0.0/0, via: e1")),
                Tuple.of(1, ranges.map(range -> "originator: " + range + ", via: 'azure:7'")));
        Arbitrary<String> times = Arbitraries.integers()
                .between(-6, CHANGES.size())
                .map(i -> {
                    if (i < 0 || i == CHANGES.size()) {
                        return "";
                    }
                    return i % 2 == 0 ? ", from: " + CHANGES.get(i) : ", until: " + CHANGES.get(i);
                });
        Arbitrary<String> rules = Combinators.combine(
                        matchers, times, Arbitraries.of("", "", "", ", enforcement: report"))
                .as((matcher, time, enforcement) -> "{" + matcher + time + enforcement + "}");
        Arbitrary<List<String>> lists = rules.list().ofMaxSize(3);
        Arbitrary<String> choices = Arbitraries.of(
                "",
                "",
                "",
                "default: allow, ",
                "default: deny, ",
                "enforcement: 'report', ",
                "enforcement: 'off', ",
                "public-access: disabled, ",
                "private-access: trust, ",
                "private-access: disabled, ");
        return Combinators.combine(choices, lists, lists)
                .as((choice, allow, deny) ->
                        choice + (allow.isEmpty() ? "" : "allow: " + allow + ", ") + "deny: " + deny);
    }

    private static String policy(String enterprise, String account, String own, Case claim) {
        return """
                zones: { some: { addresses: [192.0.2.1, 192.0.2.3-192.0.2.5], except: [192.0.2.4] } }
                enterprise: { network: { %s } }
                accounts:
                  acme:
                    namespaces: [acme, { name: open, public: true }]
                    network: { %s, trusted-services: [service-id:scanner], %s }
                    service-ids: { bot: { network: { %s } }, plain: {}, scanner: {} }
                    bindings:
                      - { subjects: [service-id:bot], roles: [Writer] }
                      - { subjects: [anonymous], roles: [Reader], namespace: open }
                """.formatted(enterprise, account, claim.text(), own);
    }

    private static Policy compile(String text) {
        return switch (COMPILER.compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected -> throw new AssertionError(rejected.problems() + "\n" + text);
        };
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
