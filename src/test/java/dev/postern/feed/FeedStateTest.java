package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.address.AddressSet;
import dev.postern.feed.FeedRules.WhenStale;
import dev.postern.fetch.Validators;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What becomes of what a publisher says. */
class FeedStateTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(3600);
    private static final FeedRules RULES = FeedRules.DEFAULTS;
    private static final Validators TAGGED = new Validators(Optional.of("\"1\""), Optional.empty());

    private static FeedCopy copy(Instant at, String... ranges) {
        AddressSet addresses = Samples.set(ranges);
        return FeedCopy.of(new FeedParser.Parsed(addresses, ranges.length), Validators.NONE, at);
    }

    private static FeedRules staleAfter(Duration maxAge, WhenStale then) {
        return new FeedRules(RULES.refresh(), Optional.of(maxAge), then, 30, 400, false);
    }

    private static FeedState had(String... ranges) {
        return FeedState.EMPTY.said(copy(NOW, ranges), RULES, NOW);
    }

    private static List<String> inForce(FeedState state) {
        return state.good().map(copy -> Samples.texts(copy.addresses())).orElse(List.of());
    }

    @Test
    void theFirstThatIsSaidIsTaken() {
        // When
        FeedState state = had("192.0.2.0/24");
        // Then
        assertThat(state.outcome()).isEqualTo(FeedOutcome.TAKEN);
        assertThat(inForce(state)).containsExactly("192.0.2.0/24");
    }

    @Test
    void aSmallChangeIsTaken() {
        // When
        FeedState state = had("192.0.2.0/24").said(copy(LATER, "192.0.2.0/24", "198.51.100.0/26"), RULES, LATER);
        // Then
        assertThat(state.outcome()).isEqualTo(FeedOutcome.TAKEN);
        assertThat(state.good().orElseThrow().fetchedAt()).isEqualTo(LATER);
        assertThat(inForce(state)).containsExactly("192.0.2.0/24", "198.51.100.0/26");
    }

    @Test
    void theSameSaidAgainIsConfirmedAndKeepsItsFirstInstant() {
        // When: cut otherwise, and with another tag
        FeedCopy again =
                FeedCopy.of(new FeedParser.Parsed(Samples.set("192.0.2.0/25", "192.0.2.128/25"), 2), TAGGED, LATER);
        FeedState state = had("192.0.2.0/24").said(again, RULES, LATER);
        // Then
        assertThat(state.outcome()).isEqualTo(FeedOutcome.CONFIRMED);
        assertThat(state.good().orElseThrow().fetchedAt()).isEqualTo(NOW);
        assertThat(state.good().orElseThrow().confirmedAt()).isEqualTo(LATER);
        assertThat(state.good().orElseThrow().validators()).isEqualTo(TAGGED);
    }

    @Test
    void unchangedConfirms() {
        // When
        FeedState state = had("192.0.2.0/24").unchanged(LATER);
        // Then
        assertThat(state.outcome()).isEqualTo(FeedOutcome.CONFIRMED);
        assertThat(state.good().orElseThrow().confirmedAt()).isEqualTo(LATER);
    }

    @Test
    void aFailureKeepsWhatWasGoodAndItsAge() {
        // When
        FeedState state = had("192.0.2.0/24").failed(FeedOutcome.UNREACHABLE, "no answer", LATER);
        // Then
        assertThat(state.outcome()).isEqualTo(FeedOutcome.UNREACHABLE);
        assertThat(state.detail()).isEqualTo("no answer");
        assertThat(inForce(state)).containsExactly("192.0.2.0/24");
        assertThat(state.good().orElseThrow().confirmedAt()).isEqualTo(NOW);
    }

    @Test
    void aGreatLossIsHeldBack() {
        // When
        FeedState state = had("192.0.2.0/24").said(copy(LATER, "192.0.2.0/25"), RULES, LATER);
        // Then
        assertThat(state.outcome()).isEqualTo(FeedOutcome.HELD_BACK);
        assertThat(state.detail()).contains("lose 50 %");
        assertThat(inForce(state)).containsExactly("192.0.2.0/24");
        assertThat(state.good().orElseThrow().confirmedAt())
                .as("what is held back confirms nothing")
                .isEqualTo(NOW);
    }

    @Test
    void whatIsHeldBackAndSaidAgainWaitsOn() {
        // Given
        FeedState state = had("192.0.2.0/24");
        for (int hour = 1; hour < 100; hour++) {
            // When
            Instant at = NOW.plusSeconds(3600L * hour);
            state = state.said(copy(at, "192.0.2.0/25"), RULES, at);
        }
        // Then
        assertThat(inForce(state)).containsExactly("192.0.2.0/24");
        assertThat(state.heldBack().orElseThrow().copy().fetchedAt()).isEqualTo(LATER);
    }

    @Test
    void whatIsHeldBackIsForgottenWhenThePublisherSaysTheFormerAgain() {
        // Given
        FeedState held = had("192.0.2.0/24").said(copy(LATER, "192.0.2.0/25"), RULES, LATER);
        // Then
        assertThat(held.said(copy(LATER, "192.0.2.0/24"), RULES, LATER).heldBack())
                .isEmpty();
        assertThat(held.unchanged(LATER).heldBack()).isEmpty();
        assertThat(held.failed(FeedOutcome.UNREACHABLE, "no answer", LATER).heldBack())
                .isPresent();
    }

    @Test
    void aWideBlockIsHeldBackAtFirstAndNothingIsHad() {
        // When
        FeedState state = had("0.0.0.0/0");
        // Then
        assertThat(state.good()).isEmpty();
        assertThat(state.outcome()).isEqualTo(FeedOutcome.HELD_BACK);
        assertThat(state.content(RULES, NOW)).isInstanceOf(Feeds.Missing.class);
    }

    @Test
    void onlyWhatAPersonSawIsAccepted() {
        // Given
        FeedState state = had("192.0.2.0/24").said(copy(LATER, "192.0.2.0/25"), RULES, LATER);
        String seen = state.heldBack().orElseThrow().copy().digest();
        // When
        FeedState another = state.said(copy(LATER, "192.0.2.0/26"), RULES, LATER);
        // Then
        assertThat(another.accepted(seen, LATER)).isEqualTo(another);
        assertThat(inForce(state.accepted(seen, LATER))).containsExactly("192.0.2.0/25");
        assertThat(state.accepted(seen, LATER).heldBack()).isEmpty();
    }

    @Test
    void otherRulesMayTakeWhatIsHeldBack() {
        // Given
        FeedState state = had("192.0.2.0/24").said(copy(LATER, "192.0.2.0/25"), RULES, LATER);
        FeedRules lenient = new FeedRules(RULES.refresh(), Optional.empty(), WhenStale.KEEP, 50, 400, false);
        // Then
        assertThat(inForce(state.under(lenient, LATER))).containsExactly("192.0.2.0/25");
        assertThat(inForce(state.under(RULES, LATER))).containsExactly("192.0.2.0/24");
        assertThat(FeedState.EMPTY.under(lenient, NOW)).isEqualTo(FeedState.EMPTY);
    }

    @Test
    void aFeedIsStaleOnceItsPublishersLastWordIsOlderThanItMayBe() {
        // Given
        FeedRules rules = staleAfter(Duration.ofHours(1), WhenStale.REFUSE);
        FeedState state = had("192.0.2.0/24");
        // Then
        assertThat(state.isStale(rules, LATER)).isFalse();
        assertThat(state.isStale(rules, LATER.plusMillis(1))).isTrue();
        assertThat(state.isStale(RULES, LATER.plus(Duration.ofDays(1000)))).isFalse();
        assertThat(state.isStale(rules, NOW.minusSeconds(3600)))
                .as("a clock that was set back")
                .isFalse();
        assertThat(FeedState.EMPTY.isStale(rules, NOW)).isFalse();
    }

    @Test
    void aStaleFeedIsKeptOrRefusedAsThePolicySays() {
        // Given
        FeedState state = had("192.0.2.0/24");
        Instant late = NOW.plus(Duration.ofDays(8));
        // Then
        assertThat(state.content(staleAfter(Duration.ofDays(7), WhenStale.KEEP), late))
                .isInstanceOfSatisfying(
                        Feeds.Had.class, had -> assertThat(had.stale()).isFalse());
        assertThat(state.content(staleAfter(Duration.ofDays(7), WhenStale.REFUSE), late))
                .isInstanceOfSatisfying(Feeds.Had.class, had -> {
                    assertThat(had.stale()).isTrue();
                    assertThat(had.addresses())
                            .isSameAs(state.good().orElseThrow().addresses());
                });
    }

    @Test
    void whatHasNeverBeenHadSaysWhy() {
        assertThat(FeedState.EMPTY.content(RULES, NOW))
                .isEqualTo(new Feeds.Missing("its publisher has not been asked yet", Feeds.Tolerance.NOWHERE));
        assertThat(FeedState.EMPTY.failed(FeedOutcome.REFUSED, "is empty", NOW).content(RULES, NOW))
                .isEqualTo(new Feeds.Missing("refused: is empty", Feeds.Tolerance.NOWHERE));
    }

    @Test
    void anEmptyCopyCannotBe() {
        assertThatThrownBy(() -> FeedCopy.of(new FeedParser.Parsed(AddressSet.of(List.of()), 0), Validators.NONE, NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever is said, in whichever order: what is in force is one of the things said, and never becomes nothing. */
    @Property(tries = 500)
    void whatIsInForceIsNeverLostAndWasAlwaysSaid(@ForAll("words") List<String> words) {
        // Given
        FeedState state = FeedState.EMPTY;
        for (int i = 0; i < words.size(); i++) {
            Instant at = NOW.plusSeconds(60L * i);
            // When
            FeedState next = switch (words.get(i)) {
                case "down" -> state.failed(FeedOutcome.UNREACHABLE, "no answer", at);
                case "html" -> state.failed(FeedOutcome.REFUSED, "is HTML or XML", at);
                case "304" -> state.unchanged(at);
                case String said -> state.said(copy(at, said), RULES, at);
            };
            // Then
            if (state.good().isPresent()) {
                assertThat(next.good()).isPresent();
            }
            assertThat(words).containsAll(inForce(next));
            assertThat(inForce(next)).doesNotContain("0.0.0.0/0");
            boolean changed = !inForce(next).equals(inForce(state));
            assertThat(changed).isEqualTo(next.outcome() == FeedOutcome.TAKEN);
            state = next;
        }
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.of(
                        "down", "html", "304", "192.0.2.0/24", "192.0.2.0/25", "192.0.2.0-192.0.2.200", "0.0.0.0/0")
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }
}
