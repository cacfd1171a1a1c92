package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that pass whole or not at all, by whoever says what may be done. */
class PassageTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Gate GATE = new Gate("us-south", Optional.empty());

    private static final String POLICY = """
            zones:
              office: { addresses: [203.0.113.0/24] }
            enterprise:
              network: { deny: [{ address: 198.51.100.66 }] }
            accounts:
              acme:
                namespaces: [acme, { name: acme-public, public: true }]
                network: { allow: [{ zone: office }] }
                service-ids: { bot: {}, narrow: { network: { allow: [{ address: 203.0.113.7 }] } } }
                bindings:
                  - { subjects: [service-id:bot], roles: [Writer] }
                  - { subjects: [anonymous], roles: [Reader], namespace: acme-public }
              other:
                namespaces: [other]
                network: { allow: [{ address: 192.0.2.0/24 }] }
                users: { eve: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" } }
            """;

    private static final Source OFFICE = publicly("203.0.113.10");
    private static final Source STRANGER = publicly("198.51.100.7");
    private static final Source BANNED = publicly("198.51.100.66");
    private static final Source OTHERS = publicly("192.0.2.9");
    private static final Policy COMPILED = compiled();

    // Where a request comes from is all that counts

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, acme/app, pull, granted",
        "203.0.113.10, acme/app, push, granted",
        "198.51.100.7, acme/app, pull, address-not-listed",
        "192.0.2.9,    acme/app, pull, address-not-listed",
        "192.0.2.9,    other/app, delete, granted",
        "203.0.113.10, other/app, delete, address-not-listed",
        "198.51.100.66, acme-public/app, pull, address-denied",
        "198.51.100.7, acme-public/app, pull, granted",
        "198.51.100.7, acme-public/app, push, address-not-listed",
        "203.0.113.10, acme-public/app, push, granted",
        "203.0.113.10, nobody/app, pull, not-permitted",
        "198.51.100.7, nobody/app, pull, not-permitted",
        "203.0.113.10, acmes/app, pull, not-permitted"
    })
    void theOwnersRulesAndTheEnterprisesDecideBySource(String address, String name, String action, String reason) {
        // When
        Decision decision = bySource(publicly(address), Optional.empty(), repository(name, action));
        // Then
        assertThat(decision.reason().wireName()).isEqualTo(reason);
        assertThat(decision instanceof Decision.Granted).isEqualTo(reason.equals("granted"));
    }

    @Test
    void whatNobodyOwnsIsRefusedInTheWordsOfWhatOthersOwn() {
        Decision nobodys = bySource(STRANGER, Optional.empty(), repository("nobody/app", "pull"));
        Decision acmes = bySource(STRANGER, Optional.empty(), repository("acme/app", "pull"));
        assertThat(message(nobodys)).isEqualTo(message(acmes)).contains("198.51.100.7");
    }

    @Test
    void withoutAnythingAskedForTheEnterprisesRulesAloneDecide() {
        assertThat(bySource(STRANGER, Optional.empty())).isInstanceOf(Decision.Granted.class);
        assertThat(bySource(BANNED, Optional.empty()).reason()).isEqualTo(Reason.ADDRESS_DENIED);
        assertThat(bySource(new UnknownSource(Why.NO_PEER_ADDRESS, List.of()), Optional.empty())
                        .reason())
                .isEqualTo(Reason.SOURCE_UNKNOWN);
    }

    @Test
    void theCatalogTakesTheConsentOfEveryAccount() {
        Scope catalog = Scope.of("registry", "catalog", Set.of("*"));
        assertThat(bySource(OFFICE, Optional.empty(), catalog).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(bySource(OTHERS, Optional.empty(), catalog).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Test
    void aMountTakesTheConsentOfBothSides() {
        Scope[] mount = {repository("acme/app", "pull", "push"), repository("other/base", "pull")};
        assertThat(bySource(OFFICE, Optional.empty(), mount).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(bySource(OTHERS, Optional.empty(), mount).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    // Tokens of another token service, whose subjects are nobody's here

    @ParameterizedTest
    @CsvSource({
        "203.0.113.10, acme/app, pull, granted",
        "203.0.113.10, acme/app, delete, not-permitted",
        "198.51.100.7, acme/app, pull, address-not-listed",
        "192.0.2.9,    acme/app, pull, address-not-listed",
        "192.0.2.9,    other/app, pull, granted",
        "203.0.113.10, other/app, pull, address-not-listed",
        "198.51.100.66, acme-public/app, pull, address-denied",
        "198.51.100.7, acme-public/app, pull, granted",
        "203.0.113.10, nobody/app, pull, not-permitted"
    })
    void whatAnotherServiceAllowsTheOwnersRulesAndTheEnterprisesAdmitOrNot(
            String address, String name, String action, String reason) {
        // Given: it allows to pull anything, and calls its caller as the policy calls one of its own
        Authentication foreign = foreign();
        Warrant warrant = new Warrant.Token(List.of(repository(name, "pull")), Optional.empty());
        // When
        Decision decision = decide(
                publicly(address), foreign, new Purpose.Passage(warrant, Optional.empty()), repository(name, action));
        // Then
        assertThat(decision.reason().wireName()).isEqualTo(reason);
    }

    @Test
    void aForeignSubjectHasNothingOfTheBindingsAndIsNobodyOnTheRoutesAccount() {
        // Given
        Authentication foreign = foreign();
        Scope push = repository("acme/app", "push");
        // Then
        assertThat(decide(OFFICE, foreign, new Purpose.Passage(new Warrant.Bindings(), Optional.empty()), push)
                        .reason())
                .isEqualTo(Reason.NOT_PERMITTED);
        assertThat(decide(
                                STRANGER,
                                foreign,
                                new Purpose.Passage(
                                        new Warrant.Token(List.of(), Optional.empty()), Optional.of("acme")))
                        .reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    // The account of a route

    @Test
    void theAccountOfARouteMustAdmitTheSourceWhateverIsAskedFor() {
        assertThat(bySource(OFFICE, Optional.of("acme"))).isInstanceOf(Decision.Granted.class);
        assertThat(bySource(STRANGER, Optional.of("acme")).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(bySource(OTHERS, Optional.of("acme"), repository("other/app", "pull"))
                        .reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Test
    void whatIsPublicPassesARoutesOwnAccountOnlyWhereThatAdmitsTheSource() {
        // Given: the caller's own account is the route's
        Scope pull = repository("acme-public/app", "pull");
        Warrant warrant = new Warrant.Token(List.of(pull), Optional.empty());

        // Then
        assertThat(decide(STRANGER, bot(), new Purpose.Passage(warrant, Optional.empty()), pull))
                .isInstanceOf(Decision.Granted.class);
        assertThat(decide(STRANGER, bot(), new Purpose.Passage(warrant, Optional.of("acme")), pull)
                        .reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(decide(OFFICE, bot(), new Purpose.Passage(warrant, Optional.of("acme")), pull))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    void whatNoNamespaceIsIsTheAccountsOfTheRoute() {
        assertThat(bySource(OFFICE, Optional.of("acme"), repository("nobody/app", "pull")))
                .isInstanceOf(Decision.Granted.class);
        assertThat(bySource(STRANGER, Optional.of("acme"), repository("nobody/app", "pull"))
                        .reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Test
    void anAccountThatThereIsNotLetsNobodyPass() {
        assertThat(bySource(OFFICE, Optional.of("acne"), repository("acme/app", "pull"))
                        .reason())
                .isEqualTo(Reason.UNAVAILABLE);
        assertThat(bySource(OFFICE, Optional.of("")).reason()).isEqualTo(Reason.UNAVAILABLE);
    }

    // By a token

    @Test
    void aTokenGivesWhatItSaysAndNoMore() {
        Scope asked = repository("acme/app", "pull", "push");
        assertThat(byToken(OFFICE, bot(), "", asked, repository("acme/app", "pull", "push")))
                .isInstanceOf(Decision.Granted.class);
        assertThat(byToken(OFFICE, bot(), "", asked, repository("acme/app", "*")))
                .isInstanceOf(Decision.Granted.class);
        for (Scope less : List.of(
                repository("acme/app", "pull"),
                repository("acme/app", "push", "delete"),
                repository("acme/app"),
                repository("acme/app2", "pull", "push"),
                repository("acme", "*"),
                Scope.of("registry", "acme/app", Set.of("*")))) {
            assertThat(byToken(OFFICE, bot(), "", asked, less).reason())
                    .as("%s", less)
                    .isEqualTo(Reason.NOT_PERMITTED);
        }
    }

    @Test
    void aTokenIsHeldAgainstTheSourceOfThisRequest() {
        Scope pull = repository("acme/app", "pull");
        Decision decision = byToken(STRANGER, bot(), "", pull, pull);
        assertThat(decision.reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(message(decision)).isEqualTo("client with IP '198.51.100.7' is not allowed access.");
        assertThat(byToken(BANNED, bot(), "", pull, pull).reason()).isEqualTo(Reason.ADDRESS_DENIED);
    }

    @Test
    void theIdentitysOwnRulesNarrowItsToken() {
        Scope pull = repository("acme/app", "pull");
        Authentication narrow = known(Subject.Kind.SERVICE_ID, "acme", "narrow");
        assertThat(byToken(publicly("203.0.113.7"), narrow, "", pull, pull)).isInstanceOf(Decision.Granted.class);
        assertThat(byToken(OFFICE, narrow, "", pull, pull).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Test
    void bothSidesMustAdmitTheSourceOfAToken() {
        Scope pull = repository("acme/app", "pull");
        Authentication eve = known(Subject.Kind.USER, "other", "eve");
        assertThat(byToken(OTHERS, eve, "", pull, pull).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(byToken(OFFICE, eve, "", pull, pull).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Test
    void theTokenOfWhoIsGoneIsNoMore() {
        Scope pull = repository("acme/app", "pull");
        assertThat(byToken(OFFICE, known(Subject.Kind.SERVICE_ID, "acme", "gone"), "", pull, pull)
                        .reason())
                .isEqualTo(Reason.BAD_CREDENTIALS);
        assertThat(byToken(OFFICE, known(Subject.Kind.USER, "gone", "eve"), "", pull, pull)
                        .reason())
                .isEqualTo(Reason.BAD_CREDENTIALS);
    }

    @ParameterizedTest
    @CsvSource({
        "address:203.0.113.10, granted",
        "zone:office, granted",
        "range:203.0.113.0/24, granted",
        "address:203.0.113.11, bound-elsewhere",
        "zone:home, bound-elsewhere",
        "range:203.0.112.0/24, bound-elsewhere",
        "endpoint:us-south, bound-elsewhere",
        "anything, bound-elsewhere"
    })
    void aBoundTokenIsGoodFromItsSourceAlone(String boundTo, String reason) {
        // When
        Scope pull = repository("acme/app", "pull");
        Decision decision = byToken(OFFICE, bot(), boundTo, pull, pull);
        // Then
        assertThat(decision.reason().wireName()).isEqualTo(reason);
        if (decision instanceof Decision.Refused) {
            assertThat(message(decision)).isEqualTo("client with IP '203.0.113.10' is not allowed access.");
        }
    }

    @Test
    void anonymousTokensPullFromPublicNamespacesFromEverywhere() {
        Scope pull = repository("acme-public/app", "pull");
        Authentication anonymous = new Authentication.Authenticated(new Identity.Anonymous());
        assertThat(byToken(STRANGER, anonymous, "", pull, pull)).isInstanceOf(Decision.Granted.class);
        assertThat(byToken(BANNED, anonymous, "", pull, pull).reason()).isEqualTo(Reason.ADDRESS_DENIED);
        Scope push = repository("acme-public/app", "push");
        assertThat(byToken(STRANGER, anonymous, "", push, push).reason()).isEqualTo(Reason.ADDRESS_NOT_LISTED);
    }

    @Test
    void aTokenForWhatNobodyOwnsOpensNothing() {
        Scope pull = repository("nobody/app", "pull");
        assertThat(byToken(OFFICE, bot(), "", pull, pull).reason()).isEqualTo(Reason.NOT_PERMITTED);
    }

    // By bindings

    @Test
    void bindingsGiveAllThatARequestNeedsOrNothing() {
        assertThat(byBindings(OFFICE, bot(), repository("acme/app", "pull", "push")))
                .isInstanceOf(Decision.Granted.class);
        Authentication anonymous = new Authentication.Authenticated(new Identity.Anonymous());
        Decision partly = byBindings(OFFICE, anonymous, repository("acme-public/app", "pull", "push"));
        assertThat(partly.reason()).isEqualTo(Reason.NOT_PERMITTED);
        assertThat(message(partly)).isEqualTo("requested access to the resource is denied");
        assertThat(partly.explanation().deciding().orElseThrow().finding()).isEqualTo("pull alone");
        assertThat(byBindings(STRANGER, bot(), repository("acme-public/app", "pull", "push"))
                        .reason())
                .isEqualTo(Reason.ADDRESS_NOT_LISTED);
        assertThat(byBindings(STRANGER, bot(), repository("acme-public/app", "pull")))
                .isInstanceOf(Decision.Granted.class);
    }

    @Test
    void withoutCredentialsWhereSomeAreNeededNobodyPasses() {
        Decision decision = byBindings(OFFICE, new Authentication.Missing());
        assertThat(decision.reason()).isEqualTo(Reason.NO_CREDENTIALS);
        assertThat(message(decision)).isEqualTo("authentication required");
        assertThat(byBindings(new UnknownSource(Why.NO_PEER_ADDRESS, List.of()), new Authentication.Missing())
                        .reason())
                .isEqualTo(Reason.SOURCE_UNKNOWN);
    }

    // Deciding

    private static Decision bySource(Source source, Optional<String> account, Scope... scopes) {
        return decide(
                source,
                new Authentication.Authenticated(new Identity.Anonymous()),
                new Purpose.Passage(new Warrant.Source(), account),
                scopes);
    }

    private static Decision byToken(Source source, Authentication who, String boundTo, Scope asked, Scope access) {
        Warrant warrant =
                new Warrant.Token(List.of(access), Optional.of(boundTo).filter(text -> !text.isEmpty()));
        return decide(source, who, new Purpose.Passage(warrant, Optional.empty()), asked);
    }

    private static Decision byBindings(Source source, Authentication who, Scope... scopes) {
        return decide(source, who, new Purpose.Passage(new Warrant.Bindings(), Optional.empty()), scopes);
    }

    private static Authentication foreign() {
        return new Authentication.Authenticated(new Identity.Foreign("hub", "service-id:acme/bot", "registry-token:1"));
    }

    private static Decision decide(Source source, Authentication who, Purpose purpose, Scope... scopes) {
        return GATE.decide(COMPILED, new AccessRequest(source, who, List.of(scopes), purpose), NOW);
    }

    private static String message(Decision decision) {
        return ((Decision.Refused) decision).message();
    }

    private static Scope repository(String name, String... actions) {
        return Scope.of("repository", name, Set.of(actions));
    }

    private static Authentication bot() {
        return known(Subject.Kind.SERVICE_ID, "acme", "bot");
    }

    private static Authentication known(Subject.Kind kind, String account, String name) {
        return new Authentication.Authenticated(new Identity.Known(new Subject(kind, account, name), "token"));
    }

    private static Source publicly(String address) {
        return new PublicSource(Address.parse(address).orElseThrow(), List.of());
    }

    private static Policy compiled() {
        return switch (new PolicyCompiler(Set.of()).compile(List.of(new Document("p.yaml", POLICY)))) {
            case Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }
}
