package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Union and difference, held against counting every address of small universes at the edges of both families. */
class AddressSetTest {

    private static final int SIZE = 24;

    /** The first of each universe: the beginning, the middle and the end of a family, and a carry into the high half. */
    private static final List<Address> ORIGINS = List.of(
            Address.ipv4(0),
            Address.ipv4(0x7fff_fff4),
            Address.ipv4(-SIZE),
            Address.ipv6(0, 0),
            Address.ipv6(0x2001_0db8_0000_0000L, -SIZE / 2),
            Address.ipv6(-1, -SIZE));

    @Property
    void aUnionHoldsWhatItsRangesHold(@ForAll("listsOfRanges") List<AddressRange> ranges) {
        // When
        AddressSet set = AddressSet.of(ranges);
        // Then
        assertThat(universe())
                .allSatisfy(address -> assertThat(holds(set, address))
                        .isEqualTo(ranges.stream().anyMatch(range -> range.contains(address))));
        assertNormalised(set);
    }

    @Property
    void aDifferenceHoldsWhatTheOneHoldsAndTheOtherNot(
            @ForAll("listsOfRanges") List<AddressRange> one, @ForAll("listsOfRanges") List<AddressRange> other) {
        // Given
        AddressSet minuend = AddressSet.of(one);
        AddressSet subtrahend = AddressSet.of(other);
        // When
        AddressSet difference = minuend.minus(subtrahend);
        // Then
        assertThat(universe())
                .allSatisfy(address -> assertThat(holds(difference, address))
                        .isEqualTo(holds(minuend, address) && !holds(subtrahend, address)));
        assertNormalised(difference);
    }

    @Property
    void aRunSaysWhatIsInAndHowFarThatStaysSo(@ForAll("listsOfRanges") List<AddressRange> ranges) {
        // Given
        AddressSet set = AddressSet.of(ranges);
        // Then
        assertThat(universe()).allSatisfy(address -> {
            AddressSet.Run run = set.run(address);
            assertThat(run.inside()).isEqualTo(holds(set, address));
            assertThat(run.last().family()).isEqualTo(address.family());
            assertThat(universe())
                    .filteredOn(other -> other.family() == address.family()
                            && address.compareTo(other) <= 0
                            && other.compareTo(run.last()) <= 0)
                    .allSatisfy(same -> assertThat(holds(set, same)).isEqualTo(run.inside()));
            run.last().next().ifPresent(after -> assertThat(holds(set, after)).isNotEqualTo(run.inside()));
        });
    }

    @Property
    void theOrderOfTheRangesMeansNothing(@ForAll("listsOfRanges") List<AddressRange> ranges) {
        assertThat(AddressSet.of(ranges.reversed()).ranges())
                .isEqualTo(AddressSet.of(ranges).ranges());
    }

    @Property
    void nothingIsLeftOfASetWithoutItself(@ForAll("listsOfRanges") List<AddressRange> ranges) {
        // Given
        AddressSet set = AddressSet.of(ranges);
        AddressSet empty = AddressSet.of(List.of());
        // Then
        assertThat(set.minus(set).isEmpty()).isTrue();
        assertThat(set.minus(empty).ranges()).isEqualTo(set.ranges());
        assertThat(empty.minus(set).isEmpty()).isTrue();
    }

    @Test
    void neighboursBecomeOneRange() {
        // Given
        List<AddressRange> halves = List.of(Addresses.range("203.0.113.128/25"), Addresses.range("203.0.113.0/25"));
        // When
        AddressSet set = AddressSet.of(halves);
        // Then
        assertThat(set.ranges()).containsExactly(Addresses.range("203.0.113.0/24"));
    }

    @Test
    void familiesDoNotTouch() {
        // Given
        List<AddressRange> all = List.of(Addresses.range("::/0"), Addresses.range("0.0.0.0/0"));
        // When
        AddressSet set = AddressSet.of(all);
        // Then
        assertThat(set.ranges()).containsExactly(Addresses.range("0.0.0.0/0"), Addresses.range("::/0"));
        assertThat(set.minus(AddressSet.of(List.of(Addresses.range("0.0.0.0/0"))))
                        .ranges())
                .containsExactly(Addresses.range("::/0"));
    }

    @Test
    void holesAtTheEdgesOfAFamilyLeaveTheMiddle() {
        // Given
        AddressSet all = AddressSet.of(List.of(Addresses.range("0.0.0.0/0"), Addresses.range("::/0")));
        AddressSet edges = AddressSet.of(List.of(
                Addresses.range("0.0.0.0"),
                Addresses.range("255.255.255.255"),
                Addresses.range("::"),
                Addresses.range("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")));
        // When
        AddressSet middle = all.minus(edges);
        // Then
        assertThat(middle.ranges())
                .containsExactly(
                        Addresses.range("0.0.0.1-255.255.255.254"),
                        Addresses.range("::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe"));
    }

    private static void assertNormalised(AddressSet set) {
        List<AddressRange> ranges = set.ranges();
        for (int i = 1; i < ranges.size(); i++) {
            AddressRange earlier = ranges.get(i - 1);
            AddressRange later = ranges.get(i);
            assertThat(later.first()).isGreaterThan(earlier.last());
            assertThat(earlier.last().next()).isNotEqualTo(java.util.Optional.of(later.first()));
        }
        assertThat(set.isEmpty()).isEqualTo(ranges.isEmpty());
    }

    private static boolean holds(AddressSet set, Address address) {
        return set.ranges().stream().anyMatch(range -> range.contains(address));
    }

    private static List<Address> universe() {
        List<Address> all = new ArrayList<>();
        for (Address origin : ORIGINS) {
            for (int i = 0; i < SIZE; i++) {
                all.add(plus(origin, i));
            }
        }
        return all;
    }

    private static Address plus(Address address, int steps) {
        if (address.family() == Address.Family.IPV4) {
            return Address.ipv4((int) address.low() + steps);
        }
        long low = address.low() + steps;
        boolean carry = Long.compareUnsigned(low, address.low()) < 0;
        return Address.ipv6(carry ? address.high() + 1 : address.high(), low);
    }

    @Provide
    Arbitrary<List<AddressRange>> listsOfRanges() {
        Arbitrary<Integer> offset = Arbitraries.integers().between(0, SIZE - 1);
        return Combinators.combine(Arbitraries.of(ORIGINS), offset, offset)
                .as((origin, a, b) -> new AddressRange(plus(origin, Math.min(a, b)), plus(origin, Math.max(a, b))))
                .list()
                .ofMaxSize(12);
    }
}
