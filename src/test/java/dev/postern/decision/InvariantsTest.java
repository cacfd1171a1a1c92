package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Problem;
import dev.postern.source.ListeningSocket;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of invariants that do not hold, and that saying it does not take forever. */
class InvariantsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final LinkId LINK =
            LinkId.parse("aws:vpce-0a1b2c3d4e5f60718").orElseThrow();
    private static final List<PrivateEndpoint> ENDPOINTS = List.of(
            new PrivateEndpoint(
                    "us-south", Set.of(), List.of(range("166.9.12.0/30")), Set.of(LINK), List.<ListeningSocket>of()),
            new PrivateEndpoint("nothing", Set.of(), List.of()));
    private static final Invariants INVARIANTS = new Invariants(new Gate("us-south", Optional.empty()), ENDPOINTS);

    // What is said

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "must-admit: [203.0.113.10]   | 4:55 | must-admit 203.0.113.10 is broken: denied by address 203.0.113.10-203.0.113.12 (policy.yaml:7:14)",
                "must-admit: [203.0.113.0/24] | 4:55 | must-admit 203.0.113.0/24 is broken (for 203.0.113.10): denied by address 203.0.113.10-203.0.113.12 (policy.yaml:7:14)",
                "must-admit: [203.0.113.255-203.0.114.7] | 4:55 | must-admit 203.0.113.255-203.0.114.7 is broken (for 203.0.114.0): no rule allows it, and the default is deny (policy.yaml:4:40)",
                "must-admit: ['2001:db8::/32'] | 4:55 | must-admit 2001:db8::/32 is broken (for 2001:db8::): no rule allows it, and the default is deny (policy.yaml:4:40)",
                "must-admit: [{ zone: office }] | 4:55 | must-admit zone office is broken (for 203.0.113.10): denied by address 203.0.113.10-203.0.113.12 (policy.yaml:7:14)",
                "must-admit: [203.0.113.66] | 4:55 | must-admit 203.0.113.66 is broken: enterprise: denied by address 203.0.113.66 (policy.yaml:2:33)",
                "must-admit: [203.0.113.40] | 4:55 | must-admit 203.0.113.40 is broken: denied by address 203.0.113.40, in report mode (policy.yaml:8:14)",
                "must-admit: [198.51.100.7] | 4:55 | must-admit 198.51.100.7 is broken: no rule allows it, and the default is deny (policy.yaml:4:40)",
                "must-refuse: [203.0.113.9] | 4:56 | must-refuse 203.0.113.9 is broken: allowed by address 203.0.113.0/24 (policy.yaml:6:15)",
                "must-refuse: [203.0.112.0-203.0.113.0] | 4:56 | must-refuse 203.0.112.0-203.0.113.0 is broken (for 203.0.113.0): allowed by address 203.0.113.0/24 (policy.yaml:6:15)",
                "must-refuse: [198.51.100.7] | 4:56 | must-refuse 198.51.100.7 is broken: allowed by address 198.51.100.0/24, in report mode (policy.yaml:6:44)",
                "must-admit: [{ private-endpoint: us-south }] | 4:55 | must-admit private-endpoint us-south is broken (for 166.9.12.0 by private-endpoint us-south): no rule allows it, and the default is deny (policy.yaml:4:40)",
                "must-admit: [{ private-endpoint: nothing }] | 4:55 | must-admit private-endpoint nothing is broken: nobody can come so, by the private endpoints of the settings and the zones of the policy",
                "must-admit: [{ originator: 10.8.0.0/24, via: 'aws:vpce-0a1b2c3d4e5f60718' }] | 4:55 | must-admit originator 10.8.0.0/24 via aws:vpce-0a1b2c3d4e5f60718 is broken (for originator 10.8.0.0 by link aws:vpce-0a1b2c3d4e5f60718): no rule allows it, and the default is deny (policy.yaml:4:40)",
                "must-refuse: [{ originator: 10.9.0.0/16, via: us-south }] | 4:56 | must-refuse originator 10.9.0.0/16 via us-south is broken (for originator 10.9.1.0 by link aws:vpce-0a1b2c3d4e5f60718): allowed by originator 10.9.1.0/24 via us-south (policy.yaml:6:95)",
                "must-admit: [{ address: 203.0.113.9, identity: service-id:bot }] | 4:55 | must-admit 203.0.113.9 for service-id:acme/bot is broken: service-id:acme/bot: no rule allows it, and the default is deny (policy.yaml:10:23)",
                "must-refuse: [{ address: 203.0.113.20, identity: service-id:bot }] | 4:56 | must-refuse 203.0.113.20 for service-id:acme/bot is broken: service-id:acme/bot: allowed by address 203.0.113.20 (policy.yaml:10:33)",
                "must-admit: [{ address: 203.0.113.20, identity: service-id:bot, scope: 'repository:acme/app:pull,push' }] | 4:55 | must-admit 203.0.113.20 for service-id:acme/bot, repository:acme/app:pull,push is broken: no binding gives all that is asked for",
                "must-refuse: [{ address: 203.0.113.20, identity: service-id:bot, scope: 'repository:acme/app:pull,push' }] | 4:56 | must-refuse 203.0.113.20 for service-id:acme/bot, repository:acme/app:pull,push is broken: granted pull, service-id:acme/bot: allowed by address 203.0.113.20 (policy.yaml:10:33)",
                "must-admit: [{ address: 203.0.113.0/28, identity: service-id:bot, scope: 'repository:acme/app:pull' }] | 4:55 | must-admit 203.0.113.0/28 for service-id:acme/bot, repository:acme/app:pull is broken (for 203.0.113.0): service-id:acme/bot: no rule allows it, and the default is deny (policy.yaml:10:23)",
                "must-admit: [{ address: 198.51.100.7, identity: anonymous, scope: 'repository:acme/app:pull' }] | 4:55 | must-admit 198.51.100.7 for anonymous, repository:acme/app:pull is broken: no binding gives all that is asked for",
                "must-admit: [{ address: 203.0.113.9, identity: anonymous, scope: 'acme/app' }] | 4:100 | not a scope: expected type:name:actions, such as repository:acme/app:pull,push",
                "must-admit: [{ address: 203.0.113.9, identity: anonymous, scope: 'repository:acme/app:' }] | 4:100 | the scope names no action; expected type:name:actions, such as repository:acme/app:pull,push",
            })
    void aBrokenInvariantIsNamedWithTheRuleAtFault(String invariant, String place, String message) {
        // When
        List<Problem> problems = check(policy(invariant));
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly("policy.yaml:" + place + ": error: " + message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "must-admit: [203.0.113.9, 203.0.113.13-203.0.113.39, 203.0.113.67/32]",
                "must-admit: []",
                "must-admit: [{ address: 203.0.113.20, identity: service-id:bot, scope: 'repository:acme/app:pull' }]",
                "must-admit: [{ originator: 10.9.1.0/24, via: us-south }]",
                "must-admit: [{ address: 166.9.12.3 }]",
                "must-refuse: [203.0.113.10, 203.0.113.66, 203.0.114.0/24, '::/0']",
                "must-refuse: [{ private-endpoint: nothing }]",
                "must-refuse: [{ address: 203.0.113.9, identity: service-id:bot }]",
                "must-refuse: [{ address: 203.0.113.20, identity: service-id:bot, scope: 'repository:acme/app:push' }]",
                "must-refuse: [{ address: 203.0.113.20, identity: anonymous, scope: 'repository:acme/app:pull' }]",
            })
    void anInvariantThatHoldsIsNotSpokenOf(String invariant) {
        assertThat(check(policy(invariant))).isEmpty();
    }

    @Test
    void anInvariantThatWillBeBrokenIsWarnedOfWithTheInstant() {
        // Given
        Policy policy = compile("""
                accounts:
                  acme:
                    network:
                      allow:
                        - { address: 203.0.113.0/24, until: 2026-09-01T00:00:00Z }
                        - { address: 203.0.113.0/25, until: 2027-01-01T00:00:00Z }
                      must-admit: [203.0.113.10, 203.0.113.200]
                      must-refuse: [198.51.100.7]
                      deny:
                        - { address: 198.51.100.7, from: 2020-01-01T00:00:00Z }
                """);
        // When
        List<Problem> problems = INVARIANTS.check(policy, NOW);
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "policy.yaml:7:20: warning: must-admit 203.0.113.10 will be broken from 2027-01-01T00:00:00Z:"
                                + " no rule allows it, and the default is deny (policy.yaml:4:7)",
                        "policy.yaml:7:34: warning: must-admit 203.0.113.200 will be broken from 2026-09-01T00:00:00Z:"
                                + " no rule allows it, and the default is deny (policy.yaml:4:7)");
    }

    @Test
    void anInvariantIsCheckedAgainAtEachLoadSoThatTheWarningBecomesAnError() {
        // Given
        Policy policy = compile("accounts: {acme: {network: {allow: [{address: 203.0.113.10,"
                + " until: 2026-09-01T00:00:00Z}], must-admit: [203.0.113.10]}}}");
        // When
        List<Problem> before = INVARIANTS.check(policy, Instant.parse("2026-08-31T23:59:59Z"));
        List<Problem> after = INVARIANTS.check(policy, Instant.parse("2026-09-01T00:00:00Z"));
        // Then
        assertThat(before).extracting(Problem::severity).containsExactly(Problem.Severity.WARNING);
        assertThat(after).extracting(Problem::severity).containsExactly(Problem.Severity.ERROR);
    }

    @Test
    void theInvariantsOfASectionThatIsOffAreNotCheckedAndThatIsSaid() {
        // When
        List<Problem> problems = check(
                "accounts: {acme: {network: {enforcement: off, allow: [], must-admit: [203.0.113.10, 203.0.113.11]}}}");
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "policy.yaml:1:71: warning: must-admit 203.0.113.10 is not checked: the rules of its section are off");
    }

    @Test
    void anIdentitysOwnInvariantIsHeldAgainstAllThatNarrowsIt() {
        // When
        List<Problem> problems = check("""
                enterprise: { network: { deny: [{ address: 203.0.113.1 }] } }
                accounts:
                  acme:
                    network: { deny: [{ address: 203.0.113.2 }] }
                    service-ids:
                      bot: { network: { deny: [{ address: 203.0.113.3 }], must-admit: [203.0.113.1, 203.0.113.2, 203.0.113.3, 203.0.113.4] } }
                """);
        // Then
        assertThat(problems)
                .extracting(Problem::message)
                .containsExactly(
                        "must-admit 203.0.113.1 for service-id:acme/bot is broken: enterprise: denied by address 203.0.113.1 (policy.yaml:1:33)",
                        "must-admit 203.0.113.2 for service-id:acme/bot is broken: account acme: denied by address 203.0.113.2 (policy.yaml:4:23)",
                        "must-admit 203.0.113.3 for service-id:acme/bot is broken: denied by address 203.0.113.3 (policy.yaml:6:32)");
    }

    @Test
    void theEnterprisesInvariantIsHeldAgainstItsOwnRules() {
        // When
        List<Problem> problems = check("""
                enterprise: { network: { allow: [{ address: 203.0.113.0/24 }], must-admit: [203.0.113.9], must-refuse: [{ address: 203.0.113.9, identity: service-id:acme/bot }, 192.0.2.0/24] } }
                accounts: { acme: { network: { allow: [] }, service-ids: { bot: {} } } }
                """);
        // Then
        assertThat(problems).isEmpty();
    }

    @Test
    void aTrustedServiceIsAdmittedByWhoTrustsIt() {
        // When
        List<Problem> problems = check("""
                accounts:
                  acme:
                    network:
                      allow: []
                      trusted-services: [service-id:scanner]
                      must-admit: [{ address: 192.0.2.0/24, identity: service-id:scanner }]
                      must-refuse: [{ address: 192.0.2.7, identity: service-id:scanner }, { address: 192.0.2.7, identity: service-id:bot }]
                    service-ids: { scanner: {}, bot: {} }
                """);
        // Then
        assertThat(problems)
                .extracting(Problem::message)
                .containsExactly(
                        "must-refuse 192.0.2.7 for service-id:acme/scanner is broken: trusted service"
                                + " service-id:acme/scanner, let in past this: no rule allows it, and the default is deny (policy.yaml:5:26)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enterprise", "account own", "service-id:own/bot", "account other"})
    void aBlockFromWhichAScopeIsAskedForIsCheckedInItsMiddleToo(String whose) {
        // Given: one list that has an address in the middle
        String text =
                """
                enterprise: { network: { deny: [<enterprise>] } }
                accounts:
                  own:
                    network:
                      deny: [<account own>]
                      must-admit: [{ address: 203.0.113.0/24, identity: service-id:bot, scope: 'repository:other/app:pull' }]
                    service-ids: { bot: { network: { deny: [<service-id:own/bot>] } } }
                  other:
                    namespaces: [other]
                    network: { deny: [<account other>] }
                    bindings: [{ subjects: [service-id:own/bot], roles: [Reader] }]
                """.replace("<" + whose + ">", "{ address: 203.0.113.77 }").replaceAll("<[^>]*>", "");
        // When
        List<Problem> problems = check(text);
        // Then
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .startsWith(
                                "must-admit 203.0.113.0/24 for service-id:own/bot, repository:other/app:pull is broken"
                                        + " (for 203.0.113.77): ")
                        .contains("denied by address 203.0.113.77"));
    }

    @Test
    void noMoreThanAHundredBrokenOnesAreTold() {
        // Given
        String many =
                IntStream.range(0, 500).mapToObj(i -> "192.0.2." + i % 250).collect(Collectors.joining(", "));
        // When
        List<Problem> problems = check("accounts: {acme: {network: {allow: [], must-admit: [" + many + "]}}}");
        // Then
        assertThat(problems).hasSize(100);
    }

    @Test
    void manyWarningsDoNotHideAnError() {
        // Given
        String many = IntStream.range(0, 250).mapToObj(i -> "192.0.2." + i).collect(Collectors.joining(", "));
        // When
        List<Problem> problems =
                check("accounts: {acme: {network: {allow: [{address: 192.0.2.0/24, until: 2026-09-01T00:00:00Z}],"
                        + " must-admit: [" + many + ", 198.51.100.1]}}}");
        // Then
        assertThat(problems)
                .filteredOn(problem -> problem.severity() == Problem.Severity.ERROR)
                .hasSize(1);
        assertThat(problems)
                .filteredOn(problem -> problem.severity() == Problem.Severity.WARNING)
                .hasSize(101)
                .last()
                .satisfies(last -> assertThat(last.message()).contains("and 149 more not checked for later"));
    }

    // Bounds

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void manyRulesAndManyInvariantsAreCheckedInOneWalk() {
        // Given: every other address of a /15, each an invariant of its own, and the whole as one
        String rules = IntStream.range(0, 50_000)
                .mapToObj(i -> "{address: " + address(2 * i) + "}")
                .collect(Collectors.joining(","));
        String admitted =
                IntStream.range(0, 20_000).mapToObj(i -> address(2 * i)).collect(Collectors.joining(","));
        String refused =
                IntStream.range(0, 20_000).mapToObj(i -> address(2 * i + 1)).collect(Collectors.joining(","));
        Policy policy = compile("accounts: {acme: {network: {allow: [" + rules + "], must-admit: [" + admitted
                + "], must-refuse: [" + refused + "]}}}");
        // When
        long start = System.nanoTime();
        List<Problem> problems = INVARIANTS.check(policy, NOW);
        // Then
        assertThat(problems).isEmpty();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(10);
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void whatWouldTakeTooLongIsAnErrorAndNotAWait() {
        // Given: two lists whose rules never meet, so that no step of the walk can be skipped
        String even = IntStream.range(0, 20_000)
                .mapToObj(i -> "{address: " + address(2 * i) + "}")
                .collect(Collectors.joining(","));
        String odd = IntStream.range(0, 20_000)
                .mapToObj(i -> "{address: " + address(2 * i + 1) + "}")
                .collect(Collectors.joining(","));
        String invariants = IntStream.range(0, 1_000).mapToObj(i -> "0.0.0.0/0").collect(Collectors.joining(","));
        Policy policy = compile("enterprise: {network: {allow: [" + odd + "]}}\naccounts: {acme: {network: {allow: ["
                + even + "], must-refuse: [" + invariants + "]}}}");
        // When
        long start = System.nanoTime();
        List<Problem> problems = INVARIANTS.check(policy, NOW);
        // Then
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(20);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
            assertThat(problem.message()).startsWith("must-refuse 0.0.0.0/0 takes too long to check");
        });
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void tooManyChangesToComeAreAWarningAndNotAWait() {
        // Given
        String rules = IntStream.range(0, 20_000)
                .mapToObj(i -> "{address: 203.0.113.0/24, until: " + NOW.plusSeconds(60L * (i + 1)) + "}")
                .collect(Collectors.joining(","));
        Policy policy = compile("accounts: {acme: {network: {allow: [" + rules + "], must-admit: [203.0.113.0/24]}}}");
        // When
        List<Problem> problems = INVARIANTS.check(policy, NOW);
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .allSatisfy(problem ->
                        assertThat(problem).contains("warning: must-admit 203.0.113.0/24 not checked for later"))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ address: 10.0.0.1, from: 2020-01-01T00:00:00Z } | true",
                "{ address: 10.0.0.1, until: 2099-01-01T00:00:00Z } | true",
                "{ zone: far } | true",
                "{ private-endpoint: us-south } | true",
                "{ address: 10.0.0.1 } | false",
            })
    void rulesThatAreTriedOneByOneCountForEachQuestionToTheGate(String rule, boolean tooMuch) {
        // Given: many rules, and two thousand questions
        String allowed = IntStream.range(0, 1_000)
                .mapToObj(i -> "{address: " + address(2 * i + 256) + "}")
                .collect(Collectors.joining(","));
        // When
        List<Problem> problems = check("zones: {far: {addresses: [10.0.0.1]}}\naccounts: {acme: {namespaces: [acme],"
                + " network: {deny: [" + (rule + ",").repeat(2_000) + "], allow: [" + allowed
                + "], must-refuse: [{address: 0.0.0.0/0, identity: anonymous,"
                + " scope: 'repository:acme/app:pull'}]}}}");
        // Then
        assertThat(problems)
                .filteredOn(problem -> problem.message()
                        .startsWith("must-refuse 0.0.0.0/0 for anonymous, repository:acme/app:pull takes too long"))
                .hasSize(tooMuch ? 1 : 0);
    }

    @Test
    void rulesWithATimeThatAreLookedThroughForEachBlockCount() {
        // Given: one that reaches over all others, so that these cannot be left out
        String timed = IntStream.range(0, 5_000)
                .mapToObj(i -> "{address: " + address(i) + ", from: 2020-01-01T00:00:00Z}")
                .collect(Collectors.joining(","));
        String blocks = IntStream.range(0, 1_000)
                .mapToObj(i -> address(131_072 + 2 * i))
                .collect(Collectors.joining(","));
        // When
        List<Problem> problems =
                check("zones: {many: {addresses: [" + blocks + "]}}\naccounts: {acme: {network: {allow: [" + timed
                        + ", {address: 0.0.0.0/0, from: 2020-01-01T00:00:00Z}], must-admit: [{zone: many}]}}}");
        // Then
        assertThat(problems)
                .extracting(Problem::message)
                .singleElement()
                .asString()
                .startsWith("must-admit zone many takes too long to check");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "public-access: disabled, allow: [{ address: 203.0.113.9 }], must-admit: [203.0.113.9] | public-access is disabled",
                "public-access: disabled, allow: [{ private-endpoint: us-south }], must-admit: [{ private-endpoint: us-south }] | ``",
                "private-access: disabled, allow: [{ private-endpoint: us-south }], must-admit: [{ private-endpoint: us-south }] | private-access is disabled",
                "private-access: disabled, allow: [{ address: 203.0.113.9 }], must-admit: [203.0.113.9] | ``",
                "private-access: trust, allow: [], must-admit: [{ private-endpoint: us-south }] | ``",
                "private-access: trust, allow: [], must-admit: [203.0.113.9] | no rule allows it",
                "private-access: trust, deny: [{ private-endpoint: us-south }], must-refuse: [{ private-endpoint: us-south }] | private-access is trust",
                "deny: [{ private-endpoint: us-south, from: 2027-01-01T00:00:00Z }], must-admit: [{ private-endpoint: us-south }] | will be broken from 2027-01-01T00:00:00Z",
                "deny: [{ private-endpoint: us-south, until: 2026-01-01T00:00:00Z }], must-admit: [{ private-endpoint: us-south }] | ``",
                "deny: [{ address: 203.0.113.9, from: 2027-01-01T00:00:00Z }], must-admit: [203.0.113.9] | will be broken from 2027-01-01T00:00:00Z",
                "deny: [{ address: 192.0.2.1, from: 2020-01-01T00:00:00Z }, { address: 203.0.113.9, from: 2020-01-01T00:00:00Z }, { address: 198.51.100.7, from: 2020-01-01T00:00:00Z }], must-admit: [198.51.100.7] | denied by address 198.51.100.7",
                "must-admit: [203.0.113.9] | ``",
            })
    void theSwitchesOfASectionAreHeldToAsTheGateHoldsToThem(String network, String expected) {
        // Given: an enterprise whose rules are off
        String text = "enterprise: {network: {enforcement: off, public-access: disabled, private-access: disabled}}\n"
                + "accounts: {acme: {network: {" + network + "}}}";
        // When
        List<Problem> problems = check(text);
        // Then
        assertThat(problems)
                .hasSize(expected.isEmpty() ? 0 : 1)
                .allSatisfy(problem -> assertThat(problem.message()).contains(expected));
    }

    @Test
    void aRuleForALinkCountsForWhoeverComesByIt() {
        assertThat(check("accounts: {acme: {network: {allow: [{link: 'aws:vpce-0a1b2c3d4e5f60718'}],"
                        + " must-admit: [{link: 'aws:vpce-0a1b2c3d4e5f60718'}]}}}"))
                .isEmpty();
        assertThat(check("accounts: {acme: {network: {deny: [{link: 'aws:vpce-0a1b2c3d4e5f60718'}],"
                        + " must-admit: [{link: 'aws:vpce-0a1b2c3d4e5f60718'}]}}}"))
                .hasSize(1);
        assertThat(
                        check(
                                "accounts: {acme: {network: {allow: [{originator: 0.0.0.0/0, via: us-south},"
                                        + " {originator: '::/0', via: us-south}], must-admit: [{link: 'aws:vpce-0a1b2c3d4e5f60718'}]}}}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .contains("(for a caller by link aws:vpce-0a1b2c3d4e5f60718 without an originator)"));
    }

    @Test
    void theLastStepOfTheWorkIsOneOfIt() {
        // Given
        Work work = new Work(2);
        // When
        work.spend(2);
        // Then
        assertThat(work.isExhausted()).isFalse();
        // When
        work.spend(1);
        // Then
        assertThat(work.isExhausted()).isTrue();
    }

    private static String address(int i) {
        return "10." + (i >> 16 & 255) + "." + (i >> 8 & 255) + "." + (i & 255);
    }

    private static String policy(String invariant) {
        return """
                zones: { office: { addresses: [203.0.113.0/26] } }
                enterprise: { network: { deny: [{ address: 203.0.113.66 }] } }
                accounts:
                  acme: { namespaces: [acme], network: { %s,
                      # the lists
                      allow: [{ address: 203.0.113.0/24 }, { address: 198.51.100.0/24, enforcement: report }, { originator: 10.9.1.0/24, via: us-south }, { address: 166.9.12.3 }],
                      deny: [{ address: 203.0.113.10-203.0.113.12 },
                             { address: 203.0.113.40, enforcement: report }] },
                    service-ids: {
                      bot: { network: { allow: [{ address: 203.0.113.20 }] } } },
                    bindings: [{ subjects: [service-id:bot], roles: [Reader] }] }
                """.formatted(invariant);
    }

    private static List<Problem> check(String text) {
        return INVARIANTS.check(compile(text), NOW);
    }

    private static Policy compile(String text) {
        PolicyCompiler compiler = new PolicyCompiler(new KnownEndpoints(Set.of("us-south", "nothing"), Set.of(LINK)));
        return switch (compiler.compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
