package dev.postern.feed.load;

import static dev.postern.feed.load.FollowedPublisher.meta;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.decision.Gate;
import dev.postern.decision.Invariants;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedState;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.load.PolicyStore;
import dev.postern.policy.load.PolicyStore.Change;
import dev.postern.testing.Publisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A policy whose zones follow a publisher: what becomes of it when the publisher says something else. */
@Timeout(60)
class FollowedPolicyTest {

    private static final String GOOD = meta("192.0.2.0/24", "198.51.100.0/24");

    @TempDir
    Path directory;

    private final List<Change> changes = new ArrayList<>();
    private Path file;
    private FollowedPublisher world;
    private PolicyStore store;

    @BeforeEach
    void aPublisher() {
        file = directory.resolve("policy.yaml");
        world = new FollowedPublisher(directory.resolve("feeds"));
        world.publisher.answers(Publisher.says(GOOD));
        store = store();
    }

    @AfterEach
    void theEnd() {
        world.close();
    }

    private PolicyStore store() {
        Invariants invariants = new Invariants(new Gate("local", Optional.empty()), List.of());
        PolicyStore made = new PolicyStore(
                file, new PolicyCompiler(Set.of()), world.keeper, invariants::check, world::now, changes::add);
        world.keeper.reviewedBy(made::objection);
        return made;
    }

    private void restart() {
        world.restart();
        store = store();
        store.refresh();
    }

    /** A policy with a zone that follows the publisher, another beside it, and these rules. */
    private void policy(String feed, String rules) throws IOException {
        Files.writeString(file, """
                zones:
                  office: {addresses: [203.0.113.0/24]}
                  ci: {feed: {format: github-meta, key: actions, url: "https://%s:%d/meta"%s}}
                accounts: {acme: {namespaces: [acme], network: {%s}}}
                """.formatted(FollowedPublisher.NAME, world.publisher.port(), feed, rules));
        store.refresh();
    }

    private void says(String... prefixes) {
        world.publisher.answers(Publisher.says(meta(prefixes)));
        world.passRefresh();
        store.refresh();
    }

    private Policy inForce() {
        return store.state().inForce().orElseThrow();
    }

    private boolean admits(String address) {
        NetworkRules rules = inForce().account("acme").orElseThrow().network().orElseThrow();
        Address of = Address.parse(address).orElseThrow();
        boolean allowed = rules.allow()
                .map(list -> list.matchAddress(of, world.now()).isPresent())
                .orElse(true);
        return allowed && rules.deny().matchAddress(of, world.now()).isEmpty();
    }

    private FeedState state() {
        return world.keeper.statuses().getFirst().state();
    }

    // --- a change

    @Test
    void whatThePublisherSaysIsInForceAtTheNextLook() throws IOException {
        // Given
        policy("", "allow: [{zone: office}, {zone: ci}]");
        assertThat(admits("192.0.2.1")).isTrue();
        assertThat(admits("192.0.3.1")).isFalse();
        // When
        says("192.0.2.0/23", "198.51.100.0/24");
        // Then
        assertThat(admits("192.0.3.1")).isTrue();
        assertThat(changes).last().isInstanceOf(PolicyStore.Relinked.class);
    }

    @Test
    void ofZonesInWhichNothingHasChangedNothingIsMadeAnew() throws IOException {
        // Given
        policy("", "allow: [{zone: office}, {zone: ci}]");
        Policy before = inForce();
        // When
        says("192.0.2.0/23", "198.51.100.0/24");
        // Then
        assertThat(inForce().zone("office").orElseThrow())
                .isSameAs(before.zone("office").orElseThrow());
        assertThat(inForce().zone("ci").orElseThrow())
                .isNotSameAs(before.zone("ci").orElseThrow());
    }

    @Test
    void whatIsConfirmedIsNoChange() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}]");
        Policy before = inForce();
        // When
        world.passRefresh();
        store.refresh();
        // Then
        assertThat(state().outcome()).isEqualTo(FeedOutcome.CONFIRMED);
        assertThat(inForce()).isSameAs(before);
    }

    @Test
    void aBadPolicyFileDoesNotHinderTheFeed() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}]");
        policy("", "allow: [{zone: nowhere}]");
        assertThat(store.state().rejection()).isPresent();
        // When
        says("192.0.2.0/23", "198.51.100.0/24");
        // Then
        assertThat(admits("192.0.3.1")).isTrue();
        assertThat(store.state().rejection())
                .hasValueSatisfying(why -> assertThat(why).contains("nowhere"));
    }

    // --- invariants

    @Test
    void whatWouldBreakMustAdmitIsHeldBackUntilThePolicyIsAnother() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}], must-admit: [192.0.2.7]");
        Policy before = inForce();
        // When
        says("192.0.2.8/29", "192.0.2.16/28", "192.0.2.32/27", "192.0.2.64/26", "192.0.2.128/25", "198.51.100.0/24");
        // Then
        assertThat(inForce()).isSameAs(before);
        assertThat(admits("192.0.2.7")).isTrue();
        assertThat(state().outcome()).isEqualTo(FeedOutcome.HELD_BACK);
        assertThat(state().detail()).contains("the policy would be broken by it", "policy.yaml:4:", "192.0.2.7");
        assertThat(world.keeper.statuses().getFirst().trouble()).isPresent();
        // When: another life, and nobody to ask
        world.names.clear();
        restart();
        // Then
        assertThat(admits("192.0.2.7")).isTrue();
        // When
        policy("", "allow: [{zone: ci}], must-admit: [192.0.2.8]");
        // Then
        assertThat(admits("192.0.2.7")).isFalse();
        assertThat(admits("192.0.2.8")).isTrue();
        assertThat(state().heldBack()).isEmpty();
    }

    @Test
    void whatWouldBreakMustRefuseIsHeldBackUntilThePublisherSaysOtherwise() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}], must-refuse: [192.0.3.0/24]");
        // When
        says("192.0.2.0/23", "198.51.100.0/24");
        // Then
        assertThat(admits("192.0.3.1")).isFalse();
        assertThat(state().outcome()).isEqualTo(FeedOutcome.HELD_BACK);
        // When
        says("192.0.2.0/24", "198.51.100.0/24", "192.0.4.0/24");
        // Then
        assertThat(admits("192.0.4.1")).isTrue();
        assertThat(admits("192.0.3.1")).isFalse();
        assertThat(state().heldBack()).isEmpty();
    }

    @Test
    void noPersonCanAcceptWhatWouldBreakThePolicy() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}], must-refuse: [192.0.3.0/24]");
        says("192.0.2.0/23", "198.51.100.0/24");
        String digest = state().heldBack().orElseThrow().copy().digest();
        // When
        world.folder.accept(world.keeper.statuses().getFirst().feed().id(), digest);
        world.pass(Duration.ofSeconds(1));
        store.refresh();
        // Then
        assertThat(admits("192.0.3.1")).isFalse();
        assertThat(world.troubles()).hasSize(1).first().asString().contains("accepted is held back all the same");
    }

    @Test
    void theFirstThatIsHadIsHeldBackWhereThePolicyWouldBeBrokenByIt() throws IOException {
        // Given
        world.publisher.answers(Publisher.status(503));
        policy("", "allow: [{zone: ci}], must-refuse: [192.0.2.9]");
        store.doWithoutFeeds();
        assertThat(admits("192.0.2.1")).isFalse();
        // When
        says("192.0.2.0/24");
        // Then
        assertThat(admits("192.0.2.9")).isFalse();
        assertThat(state().outcome()).isEqualTo(FeedOutcome.HELD_BACK);
    }

    @Test
    void whatIsBrokenAlreadyIsNotTheFeedsFault() throws IOException {
        // Given
        policy(
                "",
                "allow: [{zone: ci}, {address: 203.0.113.7, until: \"2026-06-01T12:30:00Z\"}], must-admit: [203.0.113.7]");
        assertThat(admits("203.0.113.7")).isTrue();
        // When: the rule ends meanwhile
        says("192.0.2.0/23", "198.51.100.0/24");
        // Then
        assertThat(admits("203.0.113.7")).isFalse();
        assertThat(admits("192.0.3.1")).isTrue();
    }

    @Test
    void aPolicyThatItsFeedBreaksIsTakenOnceTheFeedDoesNot() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}]");
        policy("", "allow: [{zone: ci}], must-admit: [192.0.3.7]");
        assertThat(store.state().rejection())
                .hasValueSatisfying(why -> assertThat(why).contains("192.0.3.7"));
        // When
        says("192.0.2.0/23", "198.51.100.0/24");
        // Then
        assertThat(store.state().rejection()).isEmpty();
        assertThat(admits("192.0.3.7")).isTrue();
    }

    // --- nothing had

    @Test
    void aPolicyWaitsForAFeedThatHasNeverBeenHadAndTheOneInForceStays() throws IOException {
        // Given
        Files.writeString(file, "accounts: {acme: {namespaces: [acme], network: {allow: [{address: 203.0.113.1}]}}}");
        store.refresh();
        world.publisher.answers(Publisher.status(503));
        // When
        policy("", "allow: [{zone: ci}]");
        // Then
        assertThat(store.awaitsFeeds()).isTrue();
        assertThat(admits("203.0.113.1")).isTrue();
        assertThat(store.state().rejection())
                .hasValueSatisfying(why -> assertThat(why).contains("has never been had", "answered with status 503"));
        // When
        world.publisher.answers(Publisher.says(GOOD));
        world.passRefresh();
        store.refresh();
        // Then
        assertThat(admits("203.0.113.1")).isFalse();
        assertThat(admits("192.0.2.1")).isTrue();
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void aStartGoesOnWithoutAFeedThatAllowListsName() throws IOException {
        // Given
        world.publisher.answers(Publisher.status(503));
        policy("", "allow: [{zone: ci}, {zone: office}]");
        assertThat(store.state().inForce()).isEmpty();
        // When
        store.doWithoutFeeds();
        // Then
        assertThat(admits("203.0.113.1")).isTrue();
        assertThat(admits("192.0.2.1")).isFalse();
        assertThat(store.state().warnings())
                .anySatisfy(warning ->
                        assertThat(warning.message()).contains("has never been had", "until it is, it matches nobody"));
        // When
        says("192.0.2.0/24");
        // Then
        assertThat(admits("192.0.2.1")).isTrue();
        assertThat(store.state().warnings()).isEmpty();
    }

    @Test
    void noStartGoesOnWithoutAFeedThatADenyListNames() throws IOException {
        // Given
        world.publisher.answers(Publisher.status(503));
        policy("", "deny: [{zone: ci}]");
        // When
        store.doWithoutFeeds();
        // Then
        assertThat(store.state().inForce()).isEmpty();
        assertThat(store.state().rejection())
                .hasValueSatisfying(why -> assertThat(why).contains("a deny rule cannot do without its addresses"));
    }

    // --- a restart, and age

    @Test
    void aRestartWithADeadPublisherHasTheSamePolicy() throws IOException {
        // Given
        policy("", "allow: [{zone: ci}]");
        world.publisher.close();
        // When
        world.pass(Duration.ofDays(400));
        restart();
        // Then
        assertThat(admits("192.0.2.1")).isTrue();
        assertThat(admits("192.0.3.1")).isFalse();
        assertThat(state().outcome()).isEqualTo(FeedOutcome.UNREACHABLE);
    }

    @Test
    void whatIsTooOldAdmitsNobodyWhereThePolicySaysRefuse() throws IOException {
        // Given
        policy(", max-age: 7d, when-stale: refuse", "allow: [{zone: ci}, {zone: office}]");
        world.publisher.answers(Publisher.status(503));
        // When
        world.pass(Duration.ofDays(8));
        store.refresh();
        // Then
        assertThat(admits("192.0.2.1")).isFalse();
        assertThat(admits("203.0.113.1")).isTrue();
        // When
        says("192.0.2.0/24", "198.51.100.0/24");
        // Then
        assertThat(admits("192.0.2.1")).isTrue();
    }

    @Test
    void whatIsTooOldStillKeepsOutWhomItKeptOut() throws IOException {
        // Given
        policy(", max-age: 7d, when-stale: refuse", "deny: [{zone: ci}]");
        world.publisher.answers(Publisher.status(503));
        // When
        world.pass(Duration.ofDays(8));
        store.refresh();
        // Then
        assertThat(admits("192.0.2.1")).isFalse();
        assertThat(admits("203.0.113.1")).isTrue();
    }

    @Test
    void whatIsTooOldStaysWhereThePolicySaysKeep() throws IOException {
        // Given
        policy(", max-age: 7d, when-stale: keep", "allow: [{zone: ci}]");
        world.publisher.answers(Publisher.status(503));
        // When
        world.pass(Duration.ofDays(8));
        store.refresh();
        // Then
        assertThat(admits("192.0.2.1")).isTrue();
        assertThat(world.keeper.statuses().getFirst().stale()).isTrue();
    }

    @Test
    void aPublishersSilenceDoesNotHinderThePolicysChange() throws IOException {
        // Given
        policy(", max-age: 7d, when-stale: refuse", "allow: [{zone: ci}], must-admit: [192.0.2.7]");
        world.publisher.answers(Publisher.status(503));
        world.pass(Duration.ofDays(8));
        store.refresh();
        // When
        policy(", max-age: 7d, when-stale: refuse", "allow: [{zone: ci}, {zone: office}], must-admit: [192.0.2.7]");
        // Then
        assertThat(admits("203.0.113.1")).isTrue();
        assertThat(admits("192.0.2.7")).isFalse();
        // When
        restart();
        // Then
        assertThat(admits("203.0.113.1")).isTrue();
    }
}
