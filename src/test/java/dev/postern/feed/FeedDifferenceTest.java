package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.Address.Family;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.FeedRules.WhenStale;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What changes between two sets, and which changes a person should look at first. */
class FeedDifferenceTest {

    private static FeedRules rules(int maxShrink, int maxGrowth, boolean allowWide) {
        return new FeedRules(Duration.ofHours(1), Optional.empty(), WhenStale.KEEP, maxShrink, maxGrowth, allowWide);
    }

    private static Optional<String> objection(String before, String after, FeedRules rules) {
        return FeedDifference.objection(
                Optional.of(Samples.set(before.split(" "))), Samples.set(after.split(" ")), rules);
    }

    @Test
    void aDifferenceIsWhatCameAndWhatWent() {
        // When
        FeedDifference change = FeedDifference.between(
                Samples.set("192.0.2.0/25", "2001:db8::/64"), Samples.set("192.0.2.64/26", "192.0.2.128/26"));
        // Then
        assertThat(Samples.texts(change.added())).containsExactly("192.0.2.128/26");
        assertThat(Samples.texts(change.removed())).containsExactly("192.0.2.0/26", "2001:db8::/64");
    }

    @ParameterizedTest(name = "{0} to {1} at {2} %")
    @CsvSource({
        // Not more than the share
        "192.0.2.0/24, 192.0.2.0/25, 50",
        "192.0.2.0/24, 192.0.2.0/25, 100",
        "192.0.2.0/24, 192.0.2.0/24, 0",
        "192.0.2.0/24, 192.0.2.0/25 192.0.2.128/25, 0",
        "192.0.2.0/25 192.0.2.128/25 198.51.100.0/24, 192.0.2.0/24 198.51.100.0/24, 0",
        "192.0.2.0/24 2001:db8::/64, 192.0.2.0/24, 100",
        "192.0.2.0/24, 192.0.2.0/24 2001:db8::/32, 0",
    })
    void aLossUpToTheShareIsTaken(String before, String after, int maxShrink) {
        assertThat(objection(before, after, rules(maxShrink, 1_000_000, false))).isEmpty();
    }

    @ParameterizedTest(name = "{0} to {1} at {2} %")
    @CsvSource({
        "192.0.2.0/24, 192.0.2.0/25, 49, it would lose 50 % of its IPv4 addresses; max-shrink is 49 %",
        "192.0.2.0/24, 192.0.2.1-192.0.2.255, 0, it would lose 1 % of its IPv4 addresses; max-shrink is 0 %",
        "192.0.2.0/24, 198.51.100.0/24, 99, it would lose 100 % of its IPv4 addresses; max-shrink is 99 %",
        // As many as before, and others
        "192.0.2.0/24, 192.0.2.128/25 198.51.100.0/25, 30, it would lose 50 % of its IPv4 addresses; max-shrink is 30 %",
        // A family by itself: the other one outweighs it
        "192.0.2.0/24 2001:db8::/32, 2001:db8::/32, 30, it would lose 100 % of its IPv4 addresses; max-shrink is 30 %",
        "192.0.2.0/24 2001:db8::/32, 192.0.2.0/24 2001:db8::/33, 30, it would lose 50 % of its IPv6 addresses; max-shrink is 30 %",
    })
    void aGreaterLossIsHeldBack(String before, String after, int maxShrink, String why) {
        assertThat(objection(before, after, rules(maxShrink, 1_000_000, false))).contains(why);
    }

    @Test
    void aGainUpToTheShareIsTaken() {
        assertThat(objection("192.0.2.0/26", "192.0.2.0/24 198.51.100.0/26", rules(0, 400, false)))
                .isEmpty();
    }

    @Test
    void aGreaterGainIsHeldBack() {
        assertThat(objection("192.0.2.0/26", "192.0.2.0/24 198.51.100.0/25", rules(0, 400, false)))
                .contains("it would gain 500 % of its IPv4 addresses; max-growth is 400 %");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"11.0.0.0/8", "2600::/16", "11.0.0.0/9 11.128.0.0/9", "10.255.0.0-11.254.255.255"})
    void aBlockOfTheWidestIsTaken(String addresses) {
        assertThat(FeedDifference.objection(Optional.empty(), Samples.set(addresses.split(" ")), rules(30, 400, false)))
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "0.0.0.0/0, it has 0.0.0.0/0",
        "::/0, it has ::/0",
        "10.0.0.0/7, it has 10.0.0.0/7",
        "2600::/15, it has 2600::/15",
        "11.0.0.0-12.0.0.0, it has 11.0.0.0-12.0.0.0",
        // Neighbours are one block, however they are cut
        "10.0.0.0/8 11.0.0.0/8, it has 10.0.0.0/7",
        "192.0.2.0/24 2600::/16 2601::/16, it has 2600::/15",
    })
    void aWiderBlockIsHeldBackAtFirstAndLater(String addresses, String why) {
        AddressSet after = Samples.set(addresses.split(" "));
        // Then
        assertThat(FeedDifference.objection(Optional.empty(), after, rules(100, 1_000_000, false)))
                .hasValueSatisfying(text -> assertThat(text).startsWith(why).contains("which is wider than /"));
        assertThat(FeedDifference.objection(Optional.of(after), after, rules(100, 1_000_000, false)))
                .isPresent();
        assertThat(FeedDifference.objection(Optional.empty(), after, rules(0, 0, true)))
                .isEmpty();
    }

    @Test
    void theWholeOfBothFamiliesCanBeCounted() {
        AddressSet all = Samples.set("0.0.0.0/0", "::/0");
        // Then
        assertThat(FeedDifference.size(all, Family.IPV4)).isEqualTo(BigInteger.TWO.pow(32));
        assertThat(FeedDifference.size(all, Family.IPV6)).isEqualTo(BigInteger.TWO.pow(128));
    }

    @Property(tries = 300)
    void addedAndRemovedLeadFromOneSetToTheOther(@ForAll("sets") AddressSet before, @ForAll("sets") AddressSet after) {
        // When
        FeedDifference change = FeedDifference.between(before, after);
        // Then
        List<AddressRange> there =
                new ArrayList<>(before.minus(change.removed()).ranges());
        there.addAll(change.added().ranges());
        assertThat(AddressSet.of(there).ranges()).isEqualTo(after.ranges());
        assertThat(change.isNone()).isEqualTo(before.ranges().equals(after.ranges()));
    }

    /** Counted one by one, which is another arithmetic. */
    @Property(tries = 300)
    void theShareLostIsThatOfTheAddressesLost(
            @ForAll("sets") AddressSet before,
            @ForAll("sets") AddressSet after,
            @ForAll @IntRange(max = 100) int maxShrink) {
        // Given
        int had = 0;
        int lost = 0;
        for (int i = 0; i < 256; i++) {
            Address address = Address.ipv4(0xc0000200 | i);
            if (holds(before, address)) {
                had++;
                lost += holds(after, address) ? 0 : 1;
            }
        }
        // When
        Optional<String> objection =
                FeedDifference.objection(Optional.of(before), after, rules(maxShrink, 1_000_000, false));
        // Then
        assertThat(objection.isPresent()).isEqualTo(lost * 100 > maxShrink * had);
    }

    private static boolean holds(AddressSet set, Address address) {
        return set.ranges().stream().anyMatch(range -> range.contains(address));
    }

    @Provide
    Arbitrary<AddressSet> sets() {
        Arbitrary<Integer> octets = Arbitraries.integers().between(0, 255);
        Arbitrary<AddressRange> ranges = Combinators.combine(octets, octets)
                .as((a, b) -> new AddressRange(
                        Address.ipv4(0xc0000200 | Math.min(a, b)), Address.ipv4(0xc0000200 | Math.max(a, b))));
        return ranges.list().ofMinSize(1).ofMaxSize(6).map(AddressSet::of);
    }
}
