package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** All ranges that hold an address are offered, and no other. */
class AddressIndexTest {

    @Property
    void whatIsOfferedIsAScanOfTheList(@ForAll("crowdedLists") List<AddressRange> ranges) {
        // Given
        AddressIndex index = AddressIndex.of(ranges);
        for (int i = -1; i <= 65; i++) {
            for (Address address : List.of(Address.ipv4(i), Address.ipv6(7, i))) {
                // When
                List<Integer> offered = new ArrayList<>();
                index.first(address, place -> {
                    offered.add(place);
                    return false;
                });
                // Then
                assertThat(offered).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(scan(ranges, address));
            }
        }
    }

    @Property
    void whatPassesTheTestIsFound(@ForAll("crowdedLists") List<AddressRange> ranges, @ForAll Set<Integer> wanted) {
        // Given
        AddressIndex index = AddressIndex.of(ranges);
        for (int i = -1; i <= 65; i++) {
            Address address = Address.ipv4(i);
            Set<Integer> expected = new TreeSet<>(scan(ranges, address));
            expected.removeIf(place -> !wanted.contains(place % 7));
            // When
            var found = index.first(address, place -> wanted.contains(place % 7));
            // Then
            assertThat(found.isPresent()).isEqualTo(!expected.isEmpty());
            found.ifPresent(place -> assertThat(expected).contains(place));
        }
    }

    @Test
    void anEmptyIndexOffersNothing() {
        assertThat(AddressIndex.of(List.of()).first(Address.ipv4(1), place -> true))
                .isEmpty();
    }

    @Test
    void ofAMillionDisjointRangesOneIsOffered() {
        // Given
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < 1_000_000; i++) {
            ranges.add(new AddressRange(Address.ipv4(16 * i), Address.ipv4(16 * i + 14)));
        }
        AddressIndex index = AddressIndex.of(ranges);
        AtomicInteger offered = new AtomicInteger();
        // When
        var found = index.first(Address.ipv4(16 * 777_777 + 3), place -> {
            offered.incrementAndGet();
            return true;
        });
        var none = index.first(Address.ipv4(16 * 777_777 + 15), place -> {
            offered.incrementAndGet();
            return true;
        });
        // Then
        assertThat(found).hasValue(777_777);
        assertThat(none).isEmpty();
        assertThat(offered).hasValue(1);
    }

    @Provide
    Arbitrary<List<AddressRange>> crowdedLists() {
        Arbitrary<AddressRange> v4 = Combinators.combine(
                        Arbitraries.integers().between(0, 64),
                        Arbitraries.integers().between(0, 64))
                .as((a, b) -> new AddressRange(Address.ipv4(Math.min(a, b)), Address.ipv4(Math.max(a, b))));
        Arbitrary<AddressRange> v6 = Combinators.combine(
                        Arbitraries.integers().between(0, 64),
                        Arbitraries.integers().between(0, 64))
                .as((a, b) -> new AddressRange(Address.ipv6(7, Math.min(a, b)), Address.ipv6(7, Math.max(a, b))));
        return Arbitraries.oneOf(v4, v6).list().ofMaxSize(40);
    }

    private static List<Integer> scan(List<AddressRange> ranges, Address address) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(address)) {
                places.add(i);
            }
        }
        return places;
    }
}
