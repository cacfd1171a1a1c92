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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The compiled look-up gives what a scan of the list gives. */
class AddressTableTest {

    private static final String LAST6 = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";

    @Property
    void aLookUpIsAScanOfTheList(
            @ForAll("listsOfRanges") List<AddressRange> ranges, @ForAll("addressLists") List<Address> addresses) {
        // Given
        AddressTable table = AddressTable.compile(ranges);
        // When
        List<Address> probes = new ArrayList<>(addresses);
        for (AddressRange range : ranges) {
            probes.add(range.first());
            probes.add(range.last());
            range.first().previous().ifPresent(probes::add);
            range.last().next().ifPresent(probes::add);
        }
        probes.addAll(edges());
        // Then
        assertThat(probes).allSatisfy(address -> {
            assertThat(table.find(address)).isEqualTo(scan(ranges, address));
            assertThat(table.contains(address)).isEqualTo(scan(ranges, address) != AddressTable.NONE);
        });
    }

    @Property(tries = 200)
    void aLookUpInCrowdedSpaceIsAScanOfTheList(@ForAll("crowdedLists") List<AddressRange> ranges) {
        // Given
        AddressTable table = AddressTable.compile(ranges);
        // Then
        for (int i = -1; i <= 65; i++) {
            for (Address address : List.of(Address.ipv4(i), Address.ipv6(i < 0 ? -1 : 0, i), Address.ipv6(7, i))) {
                assertThat(table.find(address)).isEqualTo(scan(ranges, address));
            }
        }
    }

    @Test
    void anEmptyTableHoldsNothing() {
        // Given
        AddressTable table = AddressTable.compile(List.of());
        // Then
        assertThat(edges()).noneMatch(table::contains);
        assertThat(table.find(Addresses.address("203.0.113.7"))).isEqualTo(AddressTable.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "::", LAST6})
    void aSingleAddressAtAnEdgeIsFoundAndNothingElse(String text) {
        // Given
        Address single = Addresses.address(text);
        // When
        AddressTable table = AddressTable.compile(List.of(AddressRange.of(single)));
        // Then
        assertThat(table.find(single)).isZero();
        assertThat(edges()).filteredOn(edge -> !edge.equals(single)).noneMatch(table::contains);
    }

    @Test
    void allOfOneFamilyIsNothingOfTheOther() {
        // Given
        AddressTable all4 = AddressTable.compile(List.of(Addresses.range("0.0.0.0/0")));
        AddressTable all6 = AddressTable.compile(List.of(Addresses.range("::/0")));
        // Then
        assertThat(edges()).allSatisfy(edge -> {
            assertThat(all4.contains(edge)).isEqualTo(edge.family() == Address.Family.IPV4);
            assertThat(all6.contains(edge)).isEqualTo(edge.family() == Address.Family.IPV6);
        });
    }

    @Test
    void theFirstOfSeveralWinsHoweverLargeTheOthersAre() {
        // Given
        List<AddressRange> ranges = List.of(
                Addresses.range("203.0.113.66"),
                Addresses.range("203.0.113.0/24"),
                Addresses.range("203.0.113.66"),
                Addresses.range("0.0.0.0/0"));
        // When
        AddressTable table = AddressTable.compile(ranges);
        // Then
        assertThat(table.find(Addresses.address("203.0.113.66"))).isZero();
        assertThat(table.find(Addresses.address("203.0.113.65"))).isEqualTo(1);
        assertThat(table.find(Addresses.address("203.0.113.67"))).isEqualTo(1);
        assertThat(table.find(Addresses.address("203.0.112.255"))).isEqualTo(3);
        assertThat(table.find(Addresses.address("::"))).isEqualTo(AddressTable.NONE);
    }

    @Test
    void manyRangesApartFromEachOtherAreFoundAndWhatIsBetweenThemIsNot() {
        // Given
        List<AddressRange> ranges = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ranges.add(AddressRange.of(Address.ipv4(i * 8)));
            ranges.add(AddressRange.of(Address.ipv6(i, 8)));
        }
        // When
        AddressTable table = AddressTable.compile(ranges);
        // Then
        for (int i = 0; i < 500; i++) {
            assertThat(table.find(Address.ipv4(i * 8))).isEqualTo(2 * i);
            assertThat(table.find(Address.ipv4(i * 8 + 1))).isEqualTo(AddressTable.NONE);
            assertThat(table.find(Address.ipv6(i, 8))).isEqualTo(2 * i + 1);
            assertThat(table.find(Address.ipv6(i, 7))).isEqualTo(AddressTable.NONE);
        }
    }

    @Test
    void laterChangesOfTheListDoNotReachTheTable() {
        // Given
        List<AddressRange> ranges = new ArrayList<>(List.of(Addresses.range("203.0.113.0/24")));
        AddressTable table = AddressTable.compile(ranges);
        // When
        ranges.clear();
        // Then
        assertThat(table.find(Addresses.address("203.0.113.7"))).isZero();
    }

    private static int scan(List<AddressRange> ranges, Address address) {
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(address)) {
                return i;
            }
        }
        return AddressTable.NONE;
    }

    private static List<Address> edges() {
        return List.of(
                Address.ipv4(0),
                Address.ipv4(1),
                Address.ipv4(-1),
                Address.ipv4(-2),
                Address.ipv4(Integer.MAX_VALUE),
                Address.ipv4(Integer.MIN_VALUE),
                Address.ipv6(0, 0),
                Address.ipv6(0, -1),
                Address.ipv6(1, 0),
                Address.ipv6(Long.MAX_VALUE, -1),
                Address.ipv6(Long.MIN_VALUE, 0),
                Address.ipv6(-1, -1));
    }

    @Provide
    Arbitrary<List<AddressRange>> listsOfRanges() {
        return Addresses.ranges().list().ofMaxSize(200);
    }

    @Provide
    Arbitrary<List<Address>> addressLists() {
        return Addresses.any().list().ofMaxSize(20);
    }

    /** Many ranges among few addresses, so that most of them overlap. */
    @Provide
    Arbitrary<List<AddressRange>> crowdedLists() {
        Arbitrary<Integer> offset = Arbitraries.integers().between(0, 64);
        return Combinators.combine(Arbitraries.of(0, 4, 6), offset, offset)
                .as((kind, a, b) -> {
                    int low = Math.min(a, b);
                    int high = Math.max(a, b);
                    return switch (kind) {
                        case 4 -> new AddressRange(Address.ipv4(low), Address.ipv4(high));
                        case 6 -> new AddressRange(Address.ipv6(7, low), Address.ipv6(7, high));
                        default -> new AddressRange(Address.ipv6(0, low), Address.ipv6(0, high));
                    };
                })
                .list()
                .ofMaxSize(60);
    }
}
