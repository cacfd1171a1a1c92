package dev.postern.address;

import static dev.postern.address.Addresses.address;
import static dev.postern.address.Addresses.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that stand for IPv4 addresses: by the operator's prefixes only. */
class Nat64Test {

    /** RFC 6052 section 2.4, tables 1 and 2. */
    @ParameterizedTest
    @CsvSource({
        "2001:db8::/32, 2001:db8:c000:221::",
        "2001:db8:100::/40, 2001:db8:1c0:2:21::",
        "2001:db8:122::/48, 2001:db8:122:c000:2:2100::",
        "2001:db8:122:300::/56, 2001:db8:122:3c0:0:221::",
        "2001:db8:122:344::/64, 2001:db8:122:344:c0:2:2100:0",
        "2001:db8:122:344::/96, 2001:db8:122:344::192.0.2.33",
        "64:ff9b::/96, 64:ff9b::192.0.2.33"
    })
    void theExamplesOfTheRfc(String prefix, String embedded) {
        // Given
        Nat64 nat64 = Nat64.of(List.of(range(prefix)));
        // When
        Address canonical = nat64.canonical(address(embedded));
        // Then
        assertThat(canonical).isEqualTo(address("192.0.2.33"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001:db8::/31",
                "2001:db8::/33",
                "2001:db8::/95",
                "2001:db8::/97",
                "2001:db8::/128",
                "2001:db8::/72",
                "::/0",
                "2001:db8::1",
                "2001:db8::-2001:db8::ffff:fffe",
                "2001:db8::1-2001:db8:0:0:0:0:1:0",
                "10.0.0.0/8",
                "0.0.0.0/0",
                "192.0.2.33"
            })
    void anotherBlockIsNoPrefix(String block) {
        assertThat(Nat64.prefixLength(range(block))).isEmpty();
        assertThatThrownBy(() -> Nat64.of(List.of(range("64:ff9b::/96"), range(block))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a NAT64 prefix: " + range(block));
    }

    @ParameterizedTest
    @ValueSource(ints = {32, 40, 48, 56, 64, 96})
    void sixLengthsArePrefixes(int length) {
        assertThat(Nat64.prefixLength(range("2001:db8::/" + length))).contains(length);
    }

    @ParameterizedTest
    @CsvSource({
        "64:ff9b::192.0.2.33, 192.0.2.33",
        "64:ff9b::, 0.0.0.0",
        "64:ff9b::ffff:ffff, 255.255.255.255",
        "64:ff9b::1:0:0, 64:ff9b::1:0:0",
        "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff, 64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff",
        "64:ff9b:1::192.0.2.33, 64:ff9b:1::c000:221",
        "2002:c000:221::, 2002:c000:221::",
        "'::192.0.2.33', '::c000:221'",
        "'::ffff:192.0.2.33', 192.0.2.33",
        "192.0.2.33, 192.0.2.33",
        "0.0.0.0, 0.0.0.0",
        "'::', '::'"
    })
    void onlyTheOperatorsPrefixIsTakenOut(String text, String canonical) {
        // Given
        Nat64 nat64 = Nat64.of(List.of(range("64:ff9b::/96")));
        // Then
        assertThat(nat64.canonical(address(text))).hasToString(canonical);
    }

    @Test
    void withoutAPrefixNothingIsTakenOut() {
        assertThat(Nat64.NONE.canonical(address("64:ff9b::192.0.2.33"))).hasToString("64:ff9b::c000:221");
        assertThat(Nat64.of(List.of()).canonical(address("64:ff9b::192.0.2.33")))
                .hasToString("64:ff9b::c000:221");
    }

    @Test
    void eachOfSeveralPrefixesCounts() {
        // Given
        Nat64 nat64 = Nat64.of(List.of(range("64:ff9b::/96"), range("2001:db8:122::/48")));
        // Then
        assertThat(nat64.canonical(address("64:ff9b::192.0.2.33"))).hasToString("192.0.2.33");
        assertThat(nat64.canonical(address("2001:db8:122:c000:2:2100::"))).hasToString("192.0.2.33");
        assertThat(nat64.canonical(address("2001:db8:123:c000:2:2100::"))).hasToString("2001:db8:123:c000:2:2100::");
    }

    @Test
    void theAddressTakenOutIsNotTakenOutOfAgain() {
        // Given
        Nat64 nat64 = Nat64.of(List.of(range("64:ff9b::/96")));
        Address once = nat64.canonical(address("64:ff9b::10.0.0.1"));
        // Then
        assertThat(nat64.canonical(once)).isEqualTo(once);
    }

    /** What is after the IPv4 address, and octet 8, is left out; RFC 6052 section 2.2 has both ignored by translators. */
    @Property
    void theAddressIsWhatTheBitsSay(
            @ForAll("lengths") int length, @ForAll int ipv4, @ForAll long high, @ForAll long low) {
        // Given
        Address any = Address.ipv6(high | Long.MIN_VALUE, low);
        AddressRange block = AddressRange.block(any, length);
        // When
        Address canonical = Nat64.of(List.of(block)).canonical(with(block.first(), any, length, ipv4));
        // Then
        assertThat(canonical).isEqualTo(Address.ipv4(ipv4));
    }

    /** The address in the block, by whole-number arithmetic: IPv4's bits, octet 8 zero between them, the rest as in {@code suffix}. */
    private static Address with(Address prefix, Address suffix, int length, int ipv4) {
        int before = Math.min(32, Math.max(0, 64 - length));
        BigInteger bits = BigInteger.valueOf(Integer.toUnsignedLong(ipv4));
        BigInteger head = bits.shiftRight(32 - before);
        BigInteger tail = bits.mod(BigInteger.ONE.shiftLeft(32 - before));
        boolean split = length <= 64 && before < 32 || length == 64;
        int end = length + 32 + (split ? 8 : 0);
        BigInteger value = number(prefix);
        if (split) {
            value = value.or(head.shiftLeft(64)).or(tail.shiftLeft(56 - (32 - before)));
        } else {
            value = value.or(bits.shiftLeft(128 - end));
        }
        value = value.or(number(suffix).mod(BigInteger.ONE.shiftLeft(128 - Math.max(end, split ? 72 : end))));
        return Address.ipv6(value.shiftRight(64).longValue(), value.longValue());
    }

    private static BigInteger number(Address address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .or(new BigInteger(Long.toUnsignedString(address.low())));
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.of(32, 40, 48, 56, 64, 96);
    }
}
