package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.Feeds;
import dev.postern.feed.Feeds.Content;
import dev.postern.feed.Feeds.Had;
import dev.postern.feed.Feeds.Missing;
import dev.postern.feed.Feeds.Tolerance;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What feeds hold, and have never held, in the zones that follow them. */
class LinkedFeedsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String TEXT = """
            zones:
              ci: { feed: { format: lines, file: a.txt }, addresses: [192.0.2.1], except: [203.0.113.66] }
              all: { zones: [ci], addresses: [192.0.2.2] }
            accounts:
              acme: { network: { %s } }
            """;

    private final PolicyCompiler compiler = new PolicyCompiler(Set.of());

    @Test
    void aFeedsAddressesAreTheZonesButForItsExceptions() {
        // When
        Policy policy = linked("allow: [{ zone: all }]", new Had(set("203.0.113.0/24"), false));
        // Then
        assertThat(allows(policy, "203.0.113.9")).isTrue();
        assertThat(allows(policy, "192.0.2.1")).isTrue();
        assertThat(allows(policy, "192.0.2.2")).isTrue();
        assertThat(allows(policy, "203.0.113.66")).isFalse();
        assertThat(policy.warnings()).isEmpty();
    }

    @Test
    void whatAFeedSaidTooLongAgoKeepsOutAndLetsNobodyIn() {
        // When
        Policy policy = linked("allow: [{ zone: all }], deny: [{ zone: ci }]", new Had(set("203.0.113.0/24"), true));
        // Then
        assertThat(allows(policy, "203.0.113.9")).isFalse();
        assertThat(allows(policy, "192.0.2.1")).isTrue();
        assertThat(denies(policy, "203.0.113.9")).isTrue();
        assertThat(denies(policy, "203.0.113.66")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network: { allow: [{ zone: ci }] }",
                "service-ids: { bot: { network: { allow: [{ zone: ci }] } } }",
                "users: { alice: { password: '$2y$04$0123456789012345678901234567890123456789012345678901.', network: { allow: [{ zone: ci }] } } }",
                "federated: { ci: { issuer: github, claims: { a: b }, network: { allow: [{ zone: ci }] } } }",
            })
    void whoeversRulesNameAZoneHasItsAddresses(String section) {
        // Given
        PolicyCompiler withIssuer = new PolicyCompiler(new KnownEndpoints(Set.of(), Set.of(), Set.of("github")));
        String text = "zones: {ci: {addresses: [203.0.113.0/24]}}\naccounts: {acme: {" + section + "}}";
        // When
        Policy policy = ((Compiled) withIssuer.compile(List.of(new Document("policy.yaml", text)))).policy();
        // Then
        assertThat(NetworkSection.of(policy))
                .singleElement()
                .satisfies(found -> assertThat(found.rules()
                                .allow()
                                .orElseThrow()
                                .matchAddress(Address.parse("203.0.113.9").orElseThrow(), NOW))
                        .isPresent());
    }

    @Test
    void aPolicyWhoseFeedHasNeverBeenHadIsNotTaken() {
        // When
        Rejected rejected = rejected("allow: [{ zone: all }]", new Missing("it is down", Tolerance.NOWHERE));
        // Then
        assertThat(rejected.forFeedsOnly()).isTrue();
        assertThat(rejected.problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "policy.yaml:2:3: error: the feed of zone 'ci' (lines of a.txt) has never been had: it is down");
    }

    @Test
    void whereAllowListsMayDoWithoutItItMatchesNobody() {
        // When
        Policy policy = linked("allow: [{ zone: all }]", new Missing("it is down", Tolerance.IN_ALLOW_LISTS));
        // Then
        assertThat(allows(policy, "203.0.113.9")).isFalse();
        assertThat(allows(policy, "192.0.2.1")).isTrue();
        assertThat(policy.warnings())
                .extracting(Problem::toString)
                .containsExactly("policy.yaml:2:3: warning: the feed of zone 'ci' (lines of a.txt) has never been had:"
                        + " it is down; until it is, it matches nobody");
    }

    @Test
    void aDenyListNeverDoesWithoutItHoweverDeepItStands() {
        // When
        Rejected rejected = rejected("deny: [{ zone: all }]", new Missing("it is down", Tolerance.IN_ALLOW_LISTS));
        // Then
        assertThat(rejected.forFeedsOnly()).isTrue();
        assertThat(rejected.problems())
                .extracting(Problem::message)
                .contains("a deny rule cannot do without its addresses: the feed of zone 'ci' (lines of a.txt)"
                        + " has never been had: it is down");
    }

    @Test
    void whereNobodyIsServedADenyListMayDoWithoutIt() {
        assertThat(linked("deny: [{ zone: all }]", new Missing("not asked", Tolerance.EVERYWHERE))
                        .warnings())
                .hasSize(1);
    }

    @Test
    void aMistakeInTheDocumentsIsToldBeforeAFeedThatIsMissing() {
        // When
        Rejected rejected = rejected("allow: [{ zone: nowhere }]", new Missing("it is down", Tolerance.NOWHERE));
        // Then
        assertThat(rejected.forFeedsOnly()).isFalse();
        assertThat(rejected.problems()).extracting(Problem::message).noneMatch(text -> text.contains("it is down"));
    }

    @Test
    void onlyZonesInWhichSomethingHasChangedAreMadeAnew() {
        // Given
        Draft draft = draft("allow: [{ zone: all }]");
        Content content = new Had(set("203.0.113.0/24"), false);
        Draft others = compiler.read(new Document("others.yaml", "zones: {office: {addresses: [198.51.100.0/24]}}"));
        // When
        Policy first = compiled(List.of(draft, others), feeds(draft, content));
        Policy same = compiled(List.of(draft, others), feeds(draft, content));
        Policy changed = compiled(List.of(draft, others), feeds(draft, new Had(set("203.0.113.0/25"), false)));
        // Then
        assertThat(same.zone("all").orElseThrow()).isSameAs(first.zone("all").orElseThrow());
        assertThat(changed.zone("office").orElseThrow())
                .isSameAs(first.zone("office").orElseThrow());
        assertThat(changed.zone("all").orElseThrow())
                .isNotSameAs(first.zone("all").orElseThrow());
        assertThat(allows(changed, "203.0.113.200")).isFalse();
        assertThat(allows(first, "203.0.113.200")).isTrue();
    }

    @Test
    void ofAZoneThatIsDeclaredTwiceTheFirstFeedIsFollowed() {
        // Given
        Draft other = compiler.read(new Document("other.yaml", "zones: {ci: {feed: {format: lines, file: b.txt}}}"));
        // Then
        assertThat(PolicyCompiler.feeds(List.of(draft("allow: []"), other)))
                .singleElement()
                .satisfies(feed -> assertThat(feed.location().text()).isEqualTo("a.txt"));
    }

    @Test
    void theVersionIsThatOfNamesAndTextsInTheirOrder() {
        // Given
        Document one = new Document("a", "bc");
        Document other = new Document("ab", "c");
        // Then
        assertThat(PolicyCompiler.version(List.of(one)))
                .matches("[0-9a-f]{16}")
                .isEqualTo(PolicyCompiler.version(List.of(new Document("a", "bc"))))
                .isNotEqualTo(PolicyCompiler.version(List.of(other)));
        assertThat(PolicyCompiler.version(List.of(one, other)))
                .isNotEqualTo(PolicyCompiler.version(List.of(other, one)));
        assertThat(PolicyCompiler.digest(one)).matches("[0-9a-f]{64}").isNotEqualTo(PolicyCompiler.digest(other));
    }

    private Draft draft(String network) {
        return compiler.read(new Document("policy.yaml", TEXT.formatted(network)));
    }

    private static Feeds feeds(Draft draft, Content content) {
        return Feeds.of(Map.of(PolicyCompiler.feeds(List.of(draft)).getFirst().id(), content));
    }

    private Policy linked(String network, Content content) {
        Draft draft = draft(network);
        return compiled(List.of(draft), feeds(draft, content));
    }

    private Policy compiled(List<Draft> drafts, Feeds feeds) {
        return switch (compiler.link(drafts, feeds)) {
            case Compiled compiled -> compiled.policy();
            case Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    private Rejected rejected(String network, Content content) {
        Draft draft = draft(network);
        return (Rejected) compiler.link(List.of(draft), feeds(draft, content));
    }

    private static NetworkRules rules(Policy policy) {
        return policy.account("acme").orElseThrow().network().orElseThrow();
    }

    private static boolean allows(Policy policy, String address) {
        return rules(policy)
                .allow()
                .orElseThrow()
                .matchAddress(Address.parse(address).orElseThrow(), NOW)
                .isPresent();
    }

    private static boolean denies(Policy policy, String address) {
        return rules(policy)
                .deny()
                .matchAddress(Address.parse(address).orElseThrow(), NOW)
                .isPresent();
    }

    private static AddressSet set(String range) {
        return AddressSet.of(List.of(((AddressRange.Parsed) AddressRange.parse(range)).range()));
    }
}
