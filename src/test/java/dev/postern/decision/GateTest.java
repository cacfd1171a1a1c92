package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.address.Address;
import dev.postern.decision.Decision.Granted;
import dev.postern.decision.Decision.Refused;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Position;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the gate says to a refused caller, which step it names, and what no policy can make it do. */
class GateTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Gate GATE = new Gate("us-south", Optional.of("https://wiki.example.com/access"));
    private static final Gate SILENT_GATE = new Gate("us-south", Optional.empty());

    private static final Source OFFICE = publicly("203.0.113.10");
    private static final Source STRANGER = publicly("192.0.2.50");
    private static final Source BY_ENDPOINT = new PrivateSource("us-south", address("166.9.20.31"), List.of());

    private static final Authentication BOT = known(Subject.Kind.SERVICE_ID, "acme", "bot");
    private static final Authentication ALICE = known(Subject.Kind.USER, "other", "alice");
    private static final Authentication ANONYMOUS = new Authentication.Authenticated(new Identity.Anonymous());

    private static final String BINDINGS = """
                bindings:
                  - {subjects: [service-id:acme/bot], roles: [Writer]}
                  - {subjects: [user:other/alice], roles: [Reader]}
                  - {subjects: [anonymous], roles: [Reader], repository: public-*}
            """;

    // What the caller reads

    @Test
    void aRefusedPublicCallerReadsItsAddressAndWhereToAsk() {
        // Given
        Policy policy = acme("{allow: [{address: 203.0.113.0/24}]}");
        // Then
        assertRefused(
                decide(GATE, policy, STRANGER, BOT),
                Reason.ADDRESS_NOT_LISTED,
                "client with IP '192.0.2.50' is not allowed access. Refer https://wiki.example.com/access to grant access.");
        assertRefused(
                decide(SILENT_GATE, policy, STRANGER, BOT),
                Reason.ADDRESS_NOT_LISTED,
                "client with IP '192.0.2.50' is not allowed access.");
    }

    @Test
    void anIpv6AddressIsShownInCanonicalForm() {
        assertRefused(
                decide(SILENT_GATE, acme("{allow: []}"), publicly("2001:DB8:0:0:0:0:0:7"), BOT),
                Reason.ADDRESS_NOT_LISTED,
                "client with IP '2001:db8::7' is not allowed access.");
    }

    @Test
    void aRefusedPrivateCallerReadsTheTranslatedAddressAndTheEndpoint() {
        assertRefused(
                decide(SILENT_GATE, acme("{allow: [{address: 203.0.113.0/24}]}"), BY_ENDPOINT, BOT),
                Reason.ADDRESS_NOT_LISTED,
                "client with IP '166.9.20.31' by private endpoint 'us-south' is not allowed access.");
        assertRefused(
                decide(GATE, acme("{private-access: disabled}"), BY_ENDPOINT, BOT),
                Reason.PRIVATE_ACCESS_DISABLED,
                "client with IP '166.9.20.31' by private endpoint 'us-south' is not allowed access."
                        + " Refer https://wiki.example.com/access to grant access.");
    }

    @ParameterizedTest
    @EnumSource(Source.Why.class)
    void anUnknownSourceLearnsNothingOfWhyWhoeverItIs(Source.Why why) {
        for (Authentication who : List.of(BOT, ANONYMOUS, new Authentication.Rejected())) {
            assertRefused(
                    decide(GATE, acme("{}"), new UnknownSource(why, List.of()), who),
                    Reason.SOURCE_UNKNOWN,
                    "the address of the client could not be established");
        }
    }

    @Test
    void wrongCredentialsAreToldNothingOfTheRules() {
        assertRefused(
                decide(GATE, acme("{allow: []}"), STRANGER, new Authentication.Rejected()),
                Reason.BAD_CREDENTIALS,
                "incorrect username or password");
    }

    @Test
    void whoMustWaitIsToldSoAndNothingOfTheRules() {
        assertRefused(
                decide(GATE, acme("{allow: []}"), STRANGER, new Authentication.Throttled(Duration.ofSeconds(6))),
                Reason.TOO_MANY_FAILURES,
                "too many wrong credentials; try again later");
    }

    // Whom an account expects, whoever they are

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | true | true",
                "{allow: [{address: 203.0.113.0/24}]} | true | false",
                "{allow: [{address: 203.0.113.0/24}], enforcement: report} | true | false",
                "{allow: [{address: 203.0.113.0/24}], enforcement: 'off'} | true | true",
                "{deny: [{address: 192.0.2.0/24}]} | true | false",
                "{allow: []} | false | false",
                "{public-access: disabled} | false | false",
                "{allow: [{address: 203.0.113.0/24}], trusted-services: [service-id:bot]} | true | false"
            })
    void theRulesOfAnAccountListWhomTheyAdmit(String network, boolean office, boolean stranger) {
        // Given
        Policy policy = acme(network);
        Account account = policy.account("acme").orElseThrow();
        // Then
        assertThat(GATE.lists(policy, account, OFFICE, NOW)).isEqualTo(office);
        assertThat(GATE.lists(policy, account, STRANGER, NOW)).isEqualTo(stranger);
    }

    @Test
    void whomTheEnterpriseRefusesNoAccountLists() {
        // Given
        Policy policy = ceiling("{deny: [{address: 203.0.113.0/24}]}", "{}");
        Account account = policy.account("acme").orElseThrow();
        // Then
        assertThat(GATE.lists(policy, account, OFFICE, NOW)).isFalse();
        assertThat(GATE.lists(policy, account, STRANGER, NOW)).isTrue();
    }

    @Test
    void whatCannotBeDecidedIsUnavailable() {
        String message = "access cannot be decided at the moment; try again";
        assertRefused(
                decide(GATE, acme("{}"), OFFICE, new Authentication.Unavailable("overloaded")),
                Reason.UNAVAILABLE,
                message);
        assertRefused(decide(GATE, acme("{}"), OFFICE, new Authentication.NotAttempted()), Reason.UNAVAILABLE, message);
        assertRefused(GATE.withoutPolicy(new AccessRequest(OFFICE, BOT, List.of())), Reason.UNAVAILABLE, message);
    }

    @Test
    void anIdentityThatIsGoneHasWrongCredentials() {
        for (Authentication gone : List.of(
                known(Subject.Kind.USER, "other", "carol"),
                known(Subject.Kind.USER, "acme", "bot"),
                known(Subject.Kind.SERVICE_ID, "acme", "alice"),
                known(Subject.Kind.SERVICE_ID, "acme", "robot"))) {
            assertRefused(
                    decide(GATE, acme("{}"), OFFICE, gone, "acme/app:pull"),
                    Reason.BAD_CREDENTIALS,
                    "incorrect username or password");
        }
    }

    @Test
    void anIdentityWhoseAccountIsGoneHasWrongCredentials() {
        assertRefused(
                decide(GATE, acme("{}"), OFFICE, known(Subject.Kind.USER, "gone", "carol"), "acme/app:pull"),
                Reason.BAD_CREDENTIALS,
                "incorrect username or password");
    }

    // The step that decided

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{allow: [{address: 203.0.113.0/24}]} | address-not-listed | no rule allows it, and the default is deny | 4:14",
                "{default: deny} | address-not-listed | no rule allows it, and the default is deny | 4:14",
                "{deny: [{address: 192.0.2.0/24}]} | address-denied | denied by address 192.0.2.0/24 | 4:22",
                "{allow: [{address: 192.0.2.50}], deny: [{zone: bad}]} | address-denied | denied by zone bad | 4:54",
                "{public-access: disabled, allow: [{address: 192.0.2.50}]} | public-access-disabled | public-access is disabled | 4:14"
            })
    void theRuleThatRefusedIsNamedWithItsPlace(String network, String reason, String finding, String place) {
        // When
        Decision decision = decide(GATE, acme(network), STRANGER, BOT);
        // Then
        Explanation.Step step = decision.explanation().deciding().orElseThrow();
        assertThat(decision.reason().wireName()).isEqualTo(reason);
        assertThat(step.ruleset()).isEqualTo("account acme");
        assertThat(step.finding()).isEqualTo(finding);
        assertThat(step.outcome()).isEqualTo(Outcome.REFUSED);
        assertThat(step.position().orElseThrow()).hasToString("policy.yaml:" + place);
    }

    @Test
    void anEmptyAllowListAdmitsNobody() {
        for (Source source : List.of(OFFICE, STRANGER, BY_ENDPOINT, publicly("2001:db8::7"))) {
            // When
            Decision empty = decide(GATE, acme("{allow: []}"), source, BOT, "acme/app:pull");
            Decision none = decide(GATE, acme("{}"), source, BOT, "acme/app:pull");
            // Then
            assertThat(empty.reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
            assertThat(empty).isInstanceOf(Refused.class);
            assertThat(none).as("no list is another thing").isInstanceOf(Granted.class);
        }
    }

    @Test
    void theRulesOfTheIdentityAreAskedAfterThoseOfItsAccount() {
        // Given
        Policy policy = policy("""
                accounts:
                  acme:
                    namespaces: [acme]
                    network: {allow: [{address: 0.0.0.0/0}]}
                    service-ids:
                      bot: {network: {allow: [{address: 203.0.113.0/24}]}}
                """);
        // When
        Decision refused = decide(GATE, policy, STRANGER, BOT);
        // Then
        assertThat(refused.explanation().steps())
                .extracting(Explanation.Step::ruleset, Explanation.Step::outcome)
                .containsExactly(tuple("account acme", Outcome.PASSED), tuple("service-id:acme/bot", Outcome.REFUSED));
        assertThat(refused.explanation().deciding().orElseThrow().position().orElseThrow())
                .hasToString("policy.yaml:6:22");
        assertThat(decide(GATE, policy, OFFICE, BOT)).isInstanceOf(Granted.class);
    }

    @Test
    void whatWouldRefuseIsReportedAndNotEnforced() {
        // When
        Decision decision = decide(GATE, acme("{enforcement: report, allow: []}"), STRANGER, BOT, "acme/app:pull");
        // Then
        assertThat(granted(decision)).containsExactly(Set.of("pull"));
        assertThat(decision.explanation().reported())
                .extracting(Explanation.Step::finding)
                .containsExactly("no rule allows it, and the default is deny");
        assertThat(decision.explanation().deciding().orElseThrow().outcome()).isEqualTo(Outcome.GRANTED);
    }

    @Test
    void rulesThatAreOffAreNotConsulted() {
        // When
        Decision decision = decide(GATE, acme("{enforcement: off, allow: []}"), STRANGER, BOT, "acme/app:pull");
        // Then
        assertThat(granted(decision)).containsExactly(Set.of("pull"));
        assertThat(decision.explanation().reported()).isEmpty();
    }

    @Test
    void theGrantIsTheStepThatDecidesAGrantedRequest() {
        // When
        Decision decision = decide(GATE, acme("{}"), OFFICE, BOT, "acme/app:pull,push");
        // Then
        assertThat(decision.reason()).isEqualTo(Reason.GRANTED);
        assertThat(decision.explanation().deciding())
                .contains(new Explanation.Step(
                        "scope repository:acme/app:pull,push", "pull,push", Outcome.GRANTED, Optional.empty()));
    }

    @Test
    void whatIsNotPermittedIsATokenOfNothing() {
        // When
        Decision decision = decide(GATE, acme("{}"), OFFICE, ALICE, "acme/app:push", "nobody/app:pull");
        // Then
        assertThat(decision.reason()).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(granted(decision)).containsExactly(Set.of(), Set.of());
        assertThat(decision.explanation().deciding()).isEmpty();
    }

    // Two accounts

    @Test
    void theResourcesAccountTakesItsActionsAwayAndTheTokenOnlyWhereNothingIsLeft() {
        // Given
        Policy policy = acme("{allow: [{address: 203.0.113.0/24}]}");
        // When
        Decision nothingLeft = decide(GATE, policy, STRANGER, ALICE, "acme/app:pull");
        Decision somethingLeft = decide(GATE, policy, STRANGER, ALICE, "acme/app:pull", "other/app:pull");
        Decision login = decide(GATE, policy, STRANGER, ALICE);
        // Then
        assertRefused(
                nothingLeft,
                Reason.ADDRESS_NOT_LISTED,
                "client with IP '192.0.2.50' is not allowed access. Refer https://wiki.example.com/access to grant access.");
        assertThat(nothingLeft.explanation().deciding().orElseThrow().ruleset()).isEqualTo("account acme");
        assertThat(granted(somethingLeft)).containsExactly(Set.of(), Set.of("pull"));
        assertThat(((Granted) somethingLeft).grants())
                .extracting(Decision.Grant::reason)
                .containsExactly(Reason.ADDRESS_NOT_LISTED, Reason.GRANTED);
        assertThat(login).isInstanceOf(Granted.class);
    }

    @Test
    void theRulesOfAnAccountAreNotToldToWhoHasNoBusinessThere() {
        // Given
        Policy policy = acme("{allow: []}");
        // When
        Decision decision = decide(GATE, policy, STRANGER, ALICE, "acme/app:push");
        // Then
        assertThat(decision.reason()).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(decision.explanation().steps())
                .extracting(Explanation.Step::ruleset)
                .containsExactly("scope repository:acme/app:push");
    }

    @Test
    void anAnonymousCallerIsJudgedByTheResourcesAccount() {
        // Given
        Policy policy = acme("{allow: [{address: 203.0.113.0/24}]}");
        // Then
        assertThat(granted(decide(GATE, policy, OFFICE, ANONYMOUS, "acme/public-x:pull,push")))
                .containsExactly(Set.of("pull"));
        assertThat(decide(GATE, policy, STRANGER, ANONYMOUS, "acme/public-x:pull"))
                .isInstanceOf(Refused.class);
        assertThat(granted(decide(GATE, policy, OFFICE, ANONYMOUS, "acme/app:pull")))
                .containsExactly(Set.of());
    }

    @Test
    void aPrivateCallerIsJudgedByItsEndpointAndItsTranslatedAddress() {
        // Given
        Policy byName = acme("{allow: [{private-endpoint: us-south}]}");
        Policy byAddress = acme("{allow: [{address: 166.9.20.31}]}");
        // Then
        assertThat(decide(GATE, byName, BY_ENDPOINT, BOT)).isInstanceOf(Granted.class);
        assertThat(decide(GATE, byAddress, BY_ENDPOINT, BOT)).isInstanceOf(Granted.class);
        assertThat(decide(GATE, byName, publicly("166.9.20.31"), BOT)).isInstanceOf(Refused.class);
        assertThat(decide(GATE, byName, new PrivateSource("eu-de", address("166.9.20.31"), List.of()), BOT))
                .isInstanceOf(Refused.class);
        assertThat(decide(
                        GATE,
                        acme("{allow: [{address: 0.0.0.0/0}], deny: [{private-endpoint: us-south}]}"),
                        BY_ENDPOINT,
                        BOT))
                .isInstanceOf(Refused.class);
        assertThat(decide(GATE, acme("{private-access: trust, deny: [{address: 0.0.0.0/0}]}"), BY_ENDPOINT, BOT))
                .isInstanceOf(Granted.class);
        assertThat(decide(GATE, acme("{public-access: disabled}"), BY_ENDPOINT, BOT))
                .isInstanceOf(Granted.class);
    }

    // The enterprise

    @Test
    void theCeilingIsJudgedOnceAndFirst() {
        // Given
        Policy policy = ceiling("{allow: [{address: 203.0.113.0/24}]}", "{deny: [{address: 198.51.100.0/24}]}");
        // When
        Decision decision = decide(GATE, policy, OFFICE, ALICE, "acme/app:pull", "acme/base:pull", "other/app:pull");
        // Then
        assertThat(decision.explanation().steps())
                .filteredOn(step -> !step.ruleset().startsWith("scope "))
                .extracting(Explanation.Step::ruleset)
                .startsWith("enterprise")
                .containsOnlyOnce("enterprise")
                .contains("account acme");
    }

    @Test
    void whomTheCeilingRefusesLearnsNothingOfAccounts() {
        // Given
        Policy policy = ceiling("{allow: [{address: 203.0.113.0/24}]}", "{allow: []}");
        // When
        Decision decision = decide(SILENT_GATE, policy, STRANGER, ALICE, "acme/app:pull");
        // Then
        assertRefused(decision, Reason.ADDRESS_NOT_LISTED, "client with IP '192.0.2.50' is not allowed access.");
        assertThat(decision.explanation().steps())
                .extracting(Explanation.Step::ruleset)
                .containsExactly("enterprise");
    }

    @Test
    void aCeilingInReportModeRefusesNobodyAndSaysWhomItWould() {
        // When
        Decision decision =
                decide(GATE, ceiling("{enforcement: report, allow: []}", "{}"), STRANGER, BOT, "acme/app:pull");
        // Then
        assertThat(granted(decision)).containsExactly(Set.of("pull"));
        assertThat(decision.explanation().reported())
                .extracting(Explanation.Step::ruleset)
                .containsExactly("enterprise");
    }

    // Public namespaces

    @Test
    void whatOthersAskForBesideAPublicPullIsEmptyWithTheReasonOfTheNetwork() {
        // Given
        Policy policy = policy(publicText("{allow: [{address: 203.0.113.0/24}]}"));
        // When
        Decision decision = decide(GATE, policy, STRANGER, BOT, "open/public-x:pull,push", "acme/app:pull");
        // Then
        assertThat(granted(decision)).containsExactly(Set.of("pull"), Set.of());
        assertThat(((Granted) decision).grants())
                .extracting(Decision.Grant::reason)
                .containsExactly(Reason.GRANTED, Reason.ADDRESS_NOT_LISTED);
        assertThat(decision.explanation().steps())
                .extracting(Explanation.Step::ruleset, Explanation.Step::outcome)
                .containsExactly(
                        tuple("account acme", Outcome.REFUSED),
                        tuple("account acme", Outcome.PASSED),
                        tuple("scope repository:open/public-x:pull,push", Outcome.GRANTED),
                        tuple("scope repository:acme/app:pull", Outcome.PASSED));
    }

    @Test
    void thatANamespaceIsPublicIsSaidWhereItMatters() {
        // Given
        Policy policy = policy(publicText("{allow: [{address: 203.0.113.0/24}]}"));
        Policy narrow = policy(publicText("{allow: [{address: 203.0.113.0/24}]}")
                .replace("service-ids: {bot: {}}", "service-ids: {bot: {network: {allow: []}}}"));
        // Then
        assertThat(decide(GATE, policy, OFFICE, ANONYMOUS, "open/public-x:pull")
                        .explanation()
                        .steps())
                .noneMatch(GateTest::isOfPublicNamespace);
        assertThat(decide(GATE, policy, STRANGER, ANONYMOUS, "open/public-x:pull")
                        .explanation()
                        .steps())
                .anyMatch(GateTest::isOfPublicNamespace);
        assertThat(decide(GATE, narrow, OFFICE, BOT, "open/public-x:pull")
                        .explanation()
                        .steps())
                .anyMatch(GateTest::isOfPublicNamespace);
    }

    @Test
    void aTrustedServiceIsOneForAPublicPullTooUnlessItsOwnSideRefusesIt() {
        // Given
        Policy others =
                policy(publicText("{deny: [{address: 192.0.2.50}], trusted-services: [service-id:other/scanner]}")
                        .replace("    users: {alice", "    service-ids: {scanner: {}}\n    users: {alice"));
        Policy own = policy(publicText("{deny: [{address: 192.0.2.50}], trusted-services: [service-id:bot]}")
                .replace("service-ids: {bot: {}}", "service-ids: {bot: {network: {deny: [{address: 192.0.2.50}]}}}"));
        Authentication scanner = known(Subject.Kind.SERVICE_ID, "other", "scanner");
        // Then
        assertThat(granted(decide(GATE, others, STRANGER, scanner, "open/public-x:pull")))
                .containsExactly(Set.of("pull"));
        assertThat(decide(GATE, others, STRANGER, ALICE, "open/public-x:pull").reason())
                .isEqualTo(Reason.ADDRESS_DENIED);
        assertThat(decide(GATE, own, STRANGER, BOT, "open/public-x:pull").reason())
                .isEqualTo(Reason.ADDRESS_DENIED);
    }

    private static boolean isOfPublicNamespace(Explanation.Step step) {
        return step.finding().startsWith("public namespace open: ");
    }

    @Property
    void whatAnonymousMayPullFromAPublicNamespaceAnybodyMay(
            @ForAll("networks") String network,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller) {
        // Given
        Policy policy = policy(publicText(network));
        // When
        Decision anonymous = decide(GATE, policy, source, ANONYMOUS, "open/public-x:pull");
        Decision signedIn = decide(GATE, policy, source, caller, "open/public-x:pull");
        // Then
        assertThat(signedIn.getClass()).isEqualTo(anonymous.getClass());
        if (anonymous instanceof Granted) {
            assertThat(granted(signedIn)).isEqualTo(granted(anonymous));
        }
    }

    @Property
    void aPublicNamespaceWidensNothingButPulls(
            @ForAll("networks") String network,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        AccessRequest request = new AccessRequest(source, caller, scopes);
        String open = publicText(network);
        String closed = open.replace("public: true", "public: false");
        // When
        Decision with = GATE.decide(policy(open), request, NOW);
        Decision without = GATE.decide(policy(closed), request, NOW);
        // Then
        assertNoWider(with, without);
        if (with instanceof Granted granted) {
            for (int i = 0; i < scopes.size(); i++) {
                Set<String> more = new TreeSet<>(granted.grants().get(i).actions());
                if (without instanceof Granted narrow) {
                    more.removeAll(narrow.grants().get(i).actions());
                }
                boolean inPublic = scopes.get(i).name().startsWith("open/public-");
                assertThat(more).isSubsetOf(inPublic ? Set.of("pull") : Set.of());
            }
        }
    }

    // On trial, and trusted

    @Test
    void aRuleOnTrialThatWouldAdmitIsNotedBeforeTheRefusal() {
        // When
        Decision decision = decide(
                GATE, acme("{allow: [{address: 192.0.2.0/24, enforcement: report}]}"), STRANGER, BOT, "acme/app:pull");
        // Then
        assertThat(decision).isInstanceOf(Refused.class);
        assertThat(decision.explanation().steps())
                .extracting(Explanation.Step::finding, Explanation.Step::outcome)
                .containsExactly(
                        tuple("would be allowed by address 192.0.2.0/24", Outcome.WOULD_PASS),
                        tuple("no rule allows it, and the default is deny", Outcome.REFUSED));
        assertThat(decision.explanation().count(Outcome.WOULD_PASS)).isEqualTo(1);
        assertThat(decision.explanation().deciding().orElseThrow().outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void whomNoRuleOnTrialWouldAdmitIsRefusedWithoutSuchANote() {
        // When
        Decision decision =
                decide(GATE, acme("{allow: [{address: 192.0.2.0/27, enforcement: report}]}"), STRANGER, BOT);
        // Then
        assertThat(decision.explanation().count(Outcome.WOULD_PASS)).isZero();
        assertThat(decision).isInstanceOf(Refused.class);
    }

    @Test
    void theRefusalThatThereWouldBeIsInTheWordsOfTheRefusal() {
        // When
        Granted granted = (Granted) decide(
                GATE,
                acme("{deny: [{address: 192.0.2.50, enforcement: report, note: secret}]}"),
                STRANGER,
                BOT,
                "acme/app:pull");
        // Then
        assertThat(granted.wouldBe())
                .contains(new Decision.WouldBe(
                        Reason.ADDRESS_DENIED,
                        "client with IP '192.0.2.50' would not be allowed access."
                                + " Refer https://wiki.example.com/access to grant access."));
    }

    @Test
    void wherePartOfItWouldBeRefusedTheReasonIsThatOfThePart() {
        // When
        Granted granted = (Granted) decide(
                SILENT_GATE,
                acme("{enforcement: report, allow: []}"),
                STRANGER,
                ALICE,
                "acme/app:pull",
                "other/app:pull");
        // Then
        assertThat(granted.wouldBe())
                .contains(new Decision.WouldBe(
                        Reason.ADDRESS_NOT_LISTED, "client with IP '192.0.2.50' would not be allowed access."));
    }

    @Test
    void aTrustedServiceIsLetInPastTheRulesAndThatIsTold() {
        // When
        Decision decision =
                decide(GATE, acme("{allow: [], trusted-services: [service-id:bot]}"), STRANGER, BOT, "acme/app:pull");
        // Then
        assertThat(granted(decision)).containsExactly(Set.of("pull"));
        assertThat(decision.explanation().steps().getFirst())
                .isEqualTo(new Explanation.Step(
                        "account acme",
                        "trusted service service-id:acme/bot, let in past this: no rule allows it, and the default is deny",
                        Outcome.TRUSTED,
                        Optional.of(new Position("policy.yaml", 4, 45))));
    }

    @Test
    void whomTheCeilingTrustsAndItsAccountRefusesIsNobodyThereEither() {
        // Given
        Policy policy = policy("enterprise: {network: {allow: [], trusted-services: [service-id:acme/bot]}}\n"
                + publicText("{allow: [{address: 203.0.113.0/24}]}"));
        // Then
        assertThat(granted(decide(GATE, policy, OFFICE, BOT, "open/public-x:pull")))
                .containsExactly(Set.of("pull"));
        assertThat(decide(GATE, policy, OFFICE, ANONYMOUS, "open/public-x:pull").reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(decide(GATE, policy, STRANGER, BOT, "open/public-x:pull").reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Property
    void whomItsAccountRefusesHasNoMoreThanSomebodyWithoutCredentials(
            @ForAll("networks") String ceiling,
            @ForAll("sources") Source source,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        Policy policy = policy("enterprise: {network: {trusted-services: [service-id:acme/bot], " + ceiling.substring(1)
                + "}\n" + publicText("{allow: []}"));
        // When
        Decision bots = GATE.decide(policy, new AccessRequest(source, BOT, scopes), NOW);
        Decision anybodys = GATE.decide(policy, new AccessRequest(source, ANONYMOUS, scopes), NOW);
        // Then
        if (bots instanceof Granted && !scopes.isEmpty()) {
            assertNoWider(anybodys, bots);
        }
    }

    @Property
    void enforcingWhatIsInReportModeNeverWidensAndIsWhatTheWarningSays(
            @ForAll("networks") String network,
            @ForAll("trialRules") List<String> onTrial,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        String tried = network.replace("deny: [", "deny: [" + String.join("", onTrial));
        String enforced = tried.replace(", enforcement: report}", "}").replace("enforcement: report, ", "");
        AccessRequest request = new AccessRequest(source, caller, scopes);
        // When
        Decision now = GATE.decide(acme(tried), request, NOW);
        Decision then = GATE.decide(acme(enforced), request, NOW);
        // Then
        assertNoWider(now, then);
        Optional<Decision.WouldBe> wouldBe = now instanceof Granted granted ? granted.wouldBe() : Optional.empty();
        boolean narrower = !actions(now).equals(actions(then)) || now.getClass() != then.getClass();
        assertThat(wouldBe.isPresent()).isEqualTo(narrower);
        if (then instanceof Refused refused) {
            wouldBe.ifPresent(it -> assertThat(it.reason()).isEqualTo(refused.reason()));
        }
    }

    @Property
    void anAllowRuleOnTrialChangesNothing(
            @ForAll("networks") String network,
            @ForAll("trialRules") List<String> onTrial,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        String tried = network.replace("allow: [", "allow: [" + String.join("", onTrial));
        AccessRequest request = new AccessRequest(source, caller, scopes);
        // When
        Decision without = GATE.decide(acme(network), request, NOW);
        Decision with = GATE.decide(acme(tried), request, NOW);
        // Then
        assertThat(actions(with)).isEqualTo(actions(without));
        assertThat(with.reason()).isEqualTo(without.reason());
    }

    @Property
    void trustNeverLetsInPastAnUnknownSourceOrWrongCredentials(
            @ForAll("scopeLists") List<Scope> scopes, @ForAll Source.Why why) {
        // Given
        Policy policy = acme("{allow: [], trusted-services: [service-id:bot]}");
        // Then
        assertThat(GATE.decide(policy, new AccessRequest(new UnknownSource(why, List.of()), BOT, scopes), NOW))
                .isInstanceOf(Refused.class);
        assertThat(GATE.decide(policy, new AccessRequest(OFFICE, new Authentication.Rejected(), scopes), NOW)
                        .reason())
                .isEqualTo(Reason.BAD_CREDENTIALS);
    }

    // What no policy can make it do

    @Property
    void whatIsGrantedWasAskedForAndIsAPartitionOfIt(
            @ForAll("networks") String network,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // When
        Decision decision = GATE.decide(acme(network), new AccessRequest(source, caller, scopes), NOW);
        // Then
        if (decision instanceof Granted granted) {
            assertThat(granted.grants()).extracting(Decision.Grant::scope).isEqualTo(scopes);
            assertThat(granted.grants()).allSatisfy(grant -> {
                Set<String> asked = grant.scope().actions();
                if (!asked.contains("*")) {
                    assertThat(asked).containsAll(grant.actions());
                }
                assertThat(grant.actions().isEmpty()).isEqualTo(grant.reason() != Reason.GRANTED || asked.isEmpty());
            });
        }
    }

    @Property
    void anotherDenyRuleNeverWidens(
            @ForAll("networks") String network,
            @ForAll("rules") String denied,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        String narrower = network.replace("deny: [", "deny: [" + denied + ", ");
        AccessRequest request = new AccessRequest(source, caller, scopes);
        // When
        Decision before = GATE.decide(acme(network), request, NOW);
        Decision after = GATE.decide(acme(narrower), request, NOW);
        // Then
        assertNoWider(before, after);
    }

    @Property
    void anAllowRuleLessNeverWidens(
            @ForAll("networks") String network,
            @ForAll("rules") String allowed,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        String wider = network.replace("allow: [", "allow: [" + allowed + ", ");
        AccessRequest request = new AccessRequest(source, caller, scopes);
        // Then
        assertNoWider(GATE.decide(acme(wider), request, NOW), GATE.decide(acme(network), request, NOW));
    }

    @Property
    void aCeilingNeverWidens(
            @ForAll("networks") String ceiling,
            @ForAll("networks") String network,
            @ForAll("sources") Source source,
            @ForAll("callers") Authentication caller,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        AccessRequest request = new AccessRequest(source, caller, scopes);
        // Then
        assertNoWider(GATE.decide(acme(network), request, NOW), GATE.decide(ceiling(ceiling, network), request, NOW));
    }

    @Property
    void anUnknownSourceAndWrongCredentialsAreAlwaysRefused(
            @ForAll("networks") String network, @ForAll("scopeLists") List<Scope> scopes, @ForAll Source.Why why) {
        // Given
        Policy policy = acme(network);
        // Then
        assertThat(GATE.decide(policy, new AccessRequest(new UnknownSource(why, List.of()), BOT, scopes), NOW))
                .isInstanceOf(Refused.class);
        assertThat(GATE.decide(policy, new AccessRequest(OFFICE, new Authentication.Rejected(), scopes), NOW))
                .isInstanceOf(Refused.class);
    }

    @Property
    void theOrderOfTheRulesMeansNothing(
            @ForAll("ruleLists") List<String> allow,
            @ForAll("ruleLists") List<String> deny,
            @ForAll("sources") Source source) {
        // Given
        Policy one = acme("{allow: " + allow + ", deny: " + deny + "}");
        Policy other = acme("{allow: " + allow.reversed() + ", deny: " + deny.reversed() + "}");
        // Then
        assertThat(decide(GATE, one, source, BOT).reason())
                .isEqualTo(decide(GATE, other, source, BOT).reason());
    }

    @Property
    void theSameRequestHasTheSameDecision(
            @ForAll("networks") String network,
            @ForAll("sources") Source source,
            @ForAll("scopeLists") List<Scope> scopes) {
        // Given
        AccessRequest request = new AccessRequest(source, BOT, scopes);
        Policy policy = acme(network);
        // Then
        assertThat(GATE.decide(policy, request, NOW)).isEqualTo(GATE.decide(policy, request, NOW));
    }

    private static void assertNoWider(Decision before, Decision after) {
        if (after instanceof Granted narrow) {
            assertThat(before).isInstanceOf(Granted.class);
            List<Decision.Grant> wide = ((Granted) before).grants();
            for (int i = 0; i < wide.size(); i++) {
                assertThat(wide.get(i).actions())
                        .containsAll(narrow.grants().get(i).actions());
            }
        }
    }

    @Provide
    Arbitrary<String> rules() {
        return Arbitraries.of(
                "{address: 203.0.113.10}",
                "{address: 203.0.113.0/24}",
                "{address: 192.0.2.0-192.0.2.99}",
                "{address: 0.0.0.0/0}",
                "{address: '::/0'}",
                "{zone: bad}",
                "{private-endpoint: us-south}",
                "{private-endpoint: eu-de}",
                "{address: 166.9.20.31}",
                "{address: 203.0.113.0/24, until: 2026-01-01T00:00:00Z}",
                "{zone: bad, from: 2026-01-01T00:00:00Z}");
    }

    @Provide
    Arbitrary<List<String>> ruleLists() {
        return rules().list().ofMaxSize(5);
    }

    /** The same rules on trial, each with a comma behind it. */
    @Provide
    Arbitrary<List<String>> trialRules() {
        return rules().map(rule -> rule.replace("}", ", enforcement: report}, "))
                .list()
                .ofMinSize(1)
                .ofMaxSize(3);
    }

    @Provide
    Arbitrary<String> networks() {
        Arbitrary<String> choices = Arbitraries.of(
                "",
                "default: allow, ",
                "default: deny, ",
                "enforcement: report, ",
                "enforcement: off, ",
                "public-access: disabled, ",
                "private-access: trust, ",
                "private-access: disabled, ");
        return Combinators.combine(choices, ruleLists(), ruleLists())
                .as((choice, allow, deny) -> "{" + choice + "allow: " + allow + ", deny: " + deny + "}");
    }

    @Provide
    Arbitrary<Source> sources() {
        return Arbitraries.of(
                OFFICE,
                STRANGER,
                BY_ENDPOINT,
                publicly("2001:db8::7"),
                publicly("166.9.20.31"),
                new PrivateSource("eu-de", address("166.9.40.1"), List.of()));
    }

    @Provide
    Arbitrary<Authentication> callers() {
        return Arbitraries.of(BOT, ALICE, ANONYMOUS);
    }

    @Provide
    Arbitrary<List<Scope>> scopeLists() {
        return Arbitraries.of(
                        "repository:acme/app:pull",
                        "repository:acme/app:pull,push",
                        "repository:acme/app:*",
                        "repository:acme/app:",
                        "repository:acme/public-x:delete,pull",
                        "repository:open/public-x:pull",
                        "repository:open/public-x:pull,push",
                        "repository:open/app:pull",
                        "repository:other/app:pull,push",
                        "repository:nobody/app:pull",
                        "registry:catalog:*",
                        "unknown:acme/app:pull")
                .list()
                .ofMaxSize(4)
                .map(texts -> texts.stream().map(GateTest::scope).toList());
    }

    /** The account acme with this network section, and another account without one. */
    private static Policy acme(String network) {
        return policy(acmeText(network));
    }

    /** The same, with the public namespace open. */
    private static String publicText(String network) {
        return acmeText(network).replace("namespaces: [acme]", "namespaces: [acme, {name: open, public: true}]");
    }

    /** The same below this ceiling. */
    private static Policy ceiling(String ceiling, String network) {
        return policy("enterprise: {network: " + ceiling + "}\n" + acmeText(network));
    }

    private static String acmeText(String network) {
        return "zones: {bad: {addresses: [192.0.2.0/24]}}\naccounts:\n  acme:\n    network: " + network
                + "\n    namespaces: [acme]\n    service-ids: {bot: {}}\n"
                + BINDINGS.indent(0)
                + "  other:\n    namespaces: [other]\n    users: {alice: {password:"
                + " \"$2y$04$0123456789012345678901234567890123456789012345678901.\"}}\n"
                + "    bindings: [{subjects: [user:alice], roles: [Manager]}]\n";
    }

    private static Policy policy(String text) {
        var compiler = new PolicyCompiler(Set.of("us-south", "eu-de"));
        return switch (compiler.compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected -> throw new AssertionError(rejected.problems() + "\n" + text);
        };
    }

    private static Decision decide(
            Gate gate, Policy policy, Source source, Authentication caller, String... repositories) {
        List<Scope> scopes = new ArrayList<>();
        for (String repository : repositories) {
            scopes.add(scope("repository:" + repository));
        }
        return gate.decide(policy, new AccessRequest(source, caller, scopes), NOW);
    }

    private static Scope scope(String text) {
        return ((Scope.Parsed) Scope.parse(text)).scope();
    }

    private static List<Set<String>> granted(Decision decision) {
        assertThat(decision).isInstanceOf(Granted.class);
        return ((Granted) decision)
                .grants().stream().map(grant -> Set.copyOf(grant.actions())).toList();
    }

    private static List<Set<String>> actions(Decision decision) {
        return decision instanceof Granted ? granted(decision) : List.of();
    }

    private static void assertRefused(Decision decision, Reason reason, String message) {
        assertThat(decision).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.message()).isEqualTo(message);
            assertThat(refused.explanation().deciding().orElseThrow().outcome()).isEqualTo(Outcome.REFUSED);
        });
    }

    private static Source publicly(String address) {
        return new PublicSource(address(address), List.of());
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Authentication known(Subject.Kind kind, String account, String name) {
        return new Authentication.Authenticated(new Identity.Known(new Subject(kind, account, name), "test"));
    }
}
