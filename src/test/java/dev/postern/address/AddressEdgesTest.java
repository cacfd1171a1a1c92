package dev.postern.address;

import static dev.postern.address.Addresses.address;
import static dev.postern.address.Addresses.range;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Addresses and ranges at their edges. */
class AddressEdgesTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.0/24, 203.0.113.255, true",
        "203.0.113.0/24, 203.0.114.0, false",
        "203.0.113.0/24, 203.0.0.0/16, true",
        "203.0.0.0/16, 203.0.113.0/24, true",
        "203.0.113.0/24, 203.0.112.0-203.0.113.0, true",
        "203.0.113.0/24, 203.0.112.0-203.0.112.255, false",
        "203.0.113.0/24, 203.0.113.255-203.0.114.9, true",
        "203.0.113.7, 203.0.113.7, true",
        "203.0.113.7, 203.0.113.8, false",
        "0.0.0.0/0, '::/0', false",
        "'::/0', 2001:db8::/32, true",
        "2001:db8::/33, 2001:db8:8000::/33, false"
    })
    void rangesOverlapWhereAnAddressIsInBoth(String one, String other, boolean overlap) {
        assertThat(range(one).overlaps(range(other))).isEqualTo(overlap);
        assertThat(range(other).overlaps(range(one))).isEqualTo(overlap);
    }

    @Property
    void overlapIsMutualAndHoldsForWhatIsContained(
            @ForAll("ranges") AddressRange one, @ForAll("ranges") AddressRange other) {
        assertThat(one.overlaps(other)).isEqualTo(other.overlaps(one));
        assertThat(one.overlaps(one)).isTrue();
        if (one.contains(other.first()) || one.contains(other.last())) {
            assertThat(one.overlaps(other)).isTrue();
        }
    }

    @Test
    void aRangeMayBeAsLongAsTwoAddressesWithBlanksBetweenThem() {
        // Given
        String longest = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255";
        String text = longest + " ".repeat(7) + "-" + " ".repeat(8) + longest;
        // Then
        assertThat(AddressRange.parse(text)).isEqualTo(new AddressRange.Parsed(range(longest)));
        assertThat(AddressRange.parse(text.replace("-", "- "))).asString().contains("is too long for an address");
    }

    @Test
    void aPrefixLengthWithoutAnAddressIsNoBlock() {
        assertThat(AddressRange.parse("/24")).asString().contains("'/24' is not a CIDR block");
    }

    @Test
    void theNeighboursOfAnAddress() {
        assertThat(address("203.0.113.255").next()).contains(address("203.0.114.0"));
        assertThat(address("203.0.114.0").previous()).contains(address("203.0.113.255"));
        assertThat(address("255.255.255.255").next()).isEmpty();
        assertThat(address("0.0.0.0").previous()).isEmpty();
        assertThat(address("2001:db8::ffff:ffff:ffff:ffff").next()).contains(address("2001:db8:0:1::"));
        assertThat(address("2001:db8:0:1::").previous()).contains(address("2001:db8::ffff:ffff:ffff:ffff"));
        assertThat(address("2001:db8::1").next()).contains(address("2001:db8::2"));
        assertThat(address("2001:db8::1").previous()).contains(address("2001:db8::"));
        assertThat(address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff").next()).isEmpty();
        assertThat(address("::").previous()).isEmpty();
        assertThat(address("ffff:ffff:ffff:ffff::").next()).isPresent();
        assertThat(address("::ffff:ffff:ffff:ffff").next()).contains(address("0:0:0:1::"));
    }

    @Test
    void theOrderIsByFamilyThenUnsigned() {
        assertThat(address("127.255.255.255")).isLessThan(address("128.0.0.0"));
        assertThat(address("255.255.255.255")).isLessThan(address("::"));
        assertThat(address("7fff::")).isLessThan(address("8000::"));
        assertThat(address("::7fff:0:0:0")).isLessThan(address("::8000:0:0:0"));
        assertThat(address("1::2")).isGreaterThan(address("1::1")).isLessThan(address("2::"));
        assertThat(address("1::1").compareTo(address("1::1"))).isZero();
    }

    @Test
    void equalAddressesHashAlikeAndOthersDiffer() {
        assertThat(address("::ffff:203.0.113.7"))
                .isEqualTo(address("203.0.113.7"))
                .hasSameHashCodeAs(address("203.0.113.7"));
        assertThat(address("::cb00:7107")).isNotEqualTo(address("203.0.113.7"));
        assertThat(address("1::1")).isNotEqualTo(address("2::1")).isNotEqualTo(address("1::2"));
        assertThat(address("1::1").hashCode()).isNotEqualTo(address("2::1").hashCode());
        assertThat(address("1::1").hashCode()).isNotEqualTo(address("1::2").hashCode());
        assertThat(address("0.0.0.7").hashCode()).isNotEqualTo(address("::7").hashCode());
        assertThat(address("1::1").equals((Object) "1::1")).isFalse();
    }

    @Test
    void theSameHostNumberInManyNetworksHashesApart() {
        // Given
        IntFunction<Address> inNetwork = i -> address("2001:db8:0:" + Integer.toHexString(i) + "::1");
        // When
        long hashes = IntStream.range(0, 1000)
                .map(i -> inNetwork.apply(i).hashCode())
                .distinct()
                .count();
        // Then
        assertThat(hashes).isEqualTo(1000);
    }

    @Property(tries = 20_000)
    void digitsAndDotsAreAnAddressWhereTheGrammarSaysSo(@ForAll("dotted") String text) {
        assertThat(Address.parse(text)).isEqualTo(PlainAddress.read(text));
    }

    /** Octets near their bounds, mostly four of them, and whatever else digits and dots make. */
    @Provide
    Arbitrary<String> dotted() {
        Arbitrary<String> octet = Arbitraries.frequencyOf(
                Tuple.of(6, Arbitraries.integers().between(0, 300).map(String::valueOf)),
                Tuple.of(1, Arbitraries.strings().withChars("0123456789").ofMaxLength(4)));
        Arbitrary<String> octets = Arbitraries.frequencyOf(
                        Tuple.of(6, octet.list().ofSize(4)),
                        Tuple.of(1, octet.list().ofMaxSize(6)))
                .map(list -> String.join(".", list));
        return Arbitraries.frequencyOf(
                Tuple.of(4, octets),
                Tuple.of(1, Arbitraries.strings().withChars("0123456789.").ofMaxLength(18)));
    }

    @Provide
    Arbitrary<AddressRange> ranges() {
        return Addresses.ranges();
    }
}
