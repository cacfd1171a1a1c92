package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;

import inet.ipaddr.ipv6.IPv6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is an address, how it is printed, and what must never be taken for one. */
class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "203.0.113.7, 203.0.113.7",
        "127.0.0.1, 127.0.0.1",
        "224.0.0.1, 224.0.0.1",
        "1.2.3.4, 1.2.3.4",
        "100.10.1.0, 100.10.1.0",
        "'::', '::'",
        "'::1', '::1'",
        "'1::', '1::'",
        "2001:db8::7, 2001:db8::7",
        "2001:DB8::7, 2001:db8::7",
        "2001:DB8:0001:0:0:0:0:7, 2001:db8:1::7",
        "2001:0db8:1:0::7, 2001:db8:1::7",
        "2001:db8:1:3:1319:8a2e:370:4444, 2001:db8:1:3:1319:8a2e:370:4444",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "'::2:3:4:5:6:7:8', 0:2:3:4:5:6:7:8",
        "fe80::1, fe80::1",
        "ff02::1, ff02::1",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "64:ff9b::203.0.113.7, 64:ff9b::cb00:7107",
        "'::203.0.113.7', '::cb00:7107'",
        "'::ffff:0:cb00:7107', '::ffff:0:cb00:7107'",
        "2001:db8::255.255.255.255, 2001:db8::ffff:ffff",
        "0000:0000:0000:0000:0000:fffe:255.255.255.255, '::fffe:ffff:ffff'"
    })
    void anAddressIsReadAndPrintedInCanonicalForm(String text, String canonical) {
        // When
        Address address = Addresses.address(text);
        // Then
        assertThat(address).hasToString(canonical);
        assertThat(Address.parse(canonical)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "::ffff:203.0.113.7",
                "::FFFF:203.0.113.7",
                "::ffff:cb00:7107",
                "::FFFF:CB00:7107",
                "0:0:0:0:0:ffff:203.0.113.7",
                "0:0:0:0:0:ffff:cb00:7107",
                "0000:0000:0000:0000:0000:ffff:203.0.113.7",
                "0000:0000:0000:0000:0000:ffff:cb00:7107",
                "::0:ffff:203.0.113.7",
                "0::ffff:203.0.113.7",
                "0:0::0:ffff:cb00:7107"
            })
    void aMappedAddressIsTheIpv4Address(String text) {
        // When
        Address address = Addresses.address(text);
        // Then
        assertThat(address.family()).isEqualTo(Address.Family.IPV4);
        assertThat(address).isEqualTo(Addresses.address("203.0.113.7")).hasToString("203.0.113.7");
        assertThat(address).hasSameHashCodeAs(Addresses.address("203.0.113.7"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Octal, or decimal with leading zeros: two readers, two answers.
                "010.0.5.9",
                "203.0.113.07",
                "203.0.113.007",
                "00.0.0.0",
                "0.0.0.00",
                "0377.0.0.1",
                "::ffff:010.0.5.9",
                "::ffff:203.0.113.07",
                "64:ff9b::203.0.113.007",
                // Hexadecimal and binary.
                "0xcb007107",
                "0xcb.0x00.0x71.0x07",
                "203.0.113.0x7",
                "0b1.0.0.1",
                "::ffff:0xcb007107",
                "::0xff",
                "0x20010db8000000000000000000000007",
                "20010db8000000000000000000000007",
                // One number, and the short forms of inet_aton.
                "3405803783",
                "167772161",
                "256",
                "0",
                "1",
                "10.1",
                "203.113",
                "203.0.28935",
                "1.2.3",
                "::ffff:203.113",
                "::1.2.3",
                "::1.2.3.4.5",
                // Too large, too many, too few, empty parts.
                "256.0.0.1",
                "203.0.113.256",
                "203.0.113.999",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                ".1.2.3.4",
                "1.2.3.4.",
                "1..3.4",
                "1.2..4",
                "....",
                "...",
                "..",
                ".",
                "-1.2.3.4",
                "+1.2.3.4",
                "1.2.3.-4",
                // IPv6 that is none.
                ":",
                ":::",
                ":::1",
                "1:::2",
                "::1::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "::1:2:3:4:5:6:7:8",
                "1:2:3:4::5:6:7:8:9",
                ":1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                ":1::2",
                "1::2:",
                "12345::",
                "::00001",
                "2001:db8::00007",
                "::g",
                "1.2.3.4::",
                "1:2.3.4.5::",
                "1.2.3.4:1:2:3:4:5:6",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3.4:5",
                "::256.0.0.1",
                "::ffff:203.0.113.7.",
                // Zones, brackets, ports, prefixes, masks, wildcards, ranges.
                "fe80::1%eth0",
                "fe80::1%25eth0",
                "fe80::1%",
                "fe80::1%4",
                "2001:db8:1::7%x",
                "203.0.113.7%eth0",
                "[::1]",
                "[2001:db8::7]:443",
                "[::1",
                "::1]",
                "203.0.113.7:443",
                "203.0.113.7:",
                "203.0.113.0/24",
                "203.0.113.7/32",
                "2001:db8::/32",
                "::/0",
                "/24",
                "203.0.113.0/255.255.255.0",
                "203.0.113.*",
                "203.0.*",
                "*",
                "*.*.*.*",
                "*:*",
                "2001:db8::*",
                "203.0.113._",
                "203.0.113.?",
                "203.0.113.1-9",
                "203.0.113.7-203.0.113.9",
                "1-2.0.0.0",
                "::1-2",
                "203.0.113",
                "203,0,113,7",
                "203.0.113.7,203.0.113.8",
                // Base 85, UNC and reverse names, host names.
                "4)+k&C#VzJ4br>0wv%Yp",
                "=r54lj&NUUO~Hi%c2ym0",
                "2001-db8--7.ipv6-literal.net",
                "7.113.0.203.in-addr.arpa",
                "localhost",
                "allowed.example",
                "deadbeef",
                "dead.beef",
                "abc.def.abc.def",
                "a.b.c.d",
                "unknown",
                "_hidden",
                "null",
                // Blanks and other characters.
                "",
                " ",
                "\t",
                " 203.0.113.7",
                "203.0.113.7 ",
                "203.0.113. 7",
                "203 .0.113.7",
                "\t203.0.113.7",
                "203.0.113.7\t",
                "203.0.113.7\n",
                "203.0.113.7\r\n",
                "203.0.113.7\u0000",
                "\u0000",
                " ::1",
                "::1 ",
                "2001:db8:: 7",
                "203.0.113.7\u00a0",
                "\u2003203.0.113.7",
                "\ufeff203.0.113.7",
                "\"203.0.113.7\"",
                "'203.0.113.7'",
                "203.0.113.7;",
                // Digits and dots of other scripts.
                "203.0.113.\u0667",
                "\uff12\uff10\uff13.0.113.7",
                "203\u30020\u3002113\u30027",
                "203.0.113.\u00b2",
                "2001:db8::\u0667",
                "\u0967.\u0968.\u0969.\u096a",
                // One character longer than the longest address.
                "0000:0000:0000:0000:0000:ffff:255.255.255.2550",
                "00000:0000:0000:0000:0000:ffff:255.255.255.255"
            })
    void whatTwoReadersCouldReadInTwoWaysIsRefused(String text) {
        // When
        var parsed = Address.parse(text);
        // Then
        assertThat(parsed).isEmpty();
    }

    @Test
    void theLongestTextHas45Characters() {
        // Given
        String longest = "2001:0db8:0000:0000:0000:ffff:255.255.255.255";
        // When
        var parsed = Address.parse(longest);
        // Then
        assertThat(longest).hasSize(Address.MAX_TEXT).hasSize(45);
        assertThat(parsed).contains(Addresses.address("2001:db8::ffff:ffff:ffff"));
        assertThat(Address.parse("0" + longest)).isEmpty();
        assertThat(Address.parse("203.0.113.7" + " ".repeat(45))).isEmpty();
        assertThat(Address.parse(" ".repeat(45) + longest)).isEmpty();
        assertThat(Address.parse("1".repeat(46))).isEmpty();
        assertThat(Address.parse("1".repeat(1_000_000))).isEmpty();
    }

    @Property
    void printedAndReadAgainItIsTheSame(@ForAll("addresses") Address address) {
        // When
        String text = address.toString();
        // Then
        assertThat(Address.parse(text)).contains(address);
    }

    @Property
    void ipv4ReadsAsTheJdkReadsFourOctets(@ForAll("ipv4") Address address) throws UnknownHostException {
        // Given
        byte[] octets = {
            (byte) (address.low() >> 24),
            (byte) (address.low() >> 16),
            (byte) (address.low() >> 8),
            (byte) address.low()
        };
        // When
        String oracle = InetAddress.getByAddress(octets).getHostAddress();
        // Then
        assertThat(address).hasToString(oracle);
    }

    @Property
    void everySpellingOfAMappedAddressIsTheIpv4Address(@ForAll("ipv4") Address address) {
        // Given
        String dotted = address.toString();
        String high = Long.toHexString(address.low() >>> 16);
        String low = Long.toHexString(address.low() & 0xffff);
        // When
        List<String> spellings = List.of(
                "::ffff:" + dotted,
                "::FFFF:" + dotted,
                "0:0:0:0:0:ffff:" + dotted,
                "0000:0000:0000:0000:0000:ffff:" + dotted,
                "::ffff:" + high + ":" + low,
                "0:0:0:0:0:FFFF:" + high + ":" + low);
        // Then
        assertThat(spellings).allSatisfy(text -> assertThat(Address.parse(text)).contains(address));
        assertThat(Address.ipv6(0, 0xffff_0000_0000L | address.low())).isEqualTo(address);
    }

    @Property
    void everySpellingOfAnIpv6AddressIsTheSame(@ForAll("ipv6") Address address) {
        // Given
        IPv6Address oracle = (IPv6Address)
                new inet.ipaddr.IPAddressString(address.toString()).getAddress().toIPv6();
        // When
        List<String> spellings = List.of(
                oracle.toFullString(),
                oracle.toFullString().toUpperCase(java.util.Locale.ROOT),
                oracle.toNormalizedString(),
                oracle.toCompressedString(),
                oracle.toMixedString());
        // Then
        assertThat(spellings).allSatisfy(text -> assertThat(Address.parse(text)).contains(address));
    }

    @Property
    void randomTextIsAnAddressOrNothing(@ForAll("texts") String text) {
        // When
        var parsed = Address.parse(text);
        // Then
        parsed.ifPresent(
                address -> assertThat(Address.parse(address.toString())).contains(address));
    }

    @Property
    void theOrderIsThatOfTheBits(@ForAll("addresses") Address a, @ForAll("addresses") Address b) {
        // Given
        var left = new java.math.BigInteger(1, bytes(a));
        var right = new java.math.BigInteger(1, bytes(b));
        // When
        int order = a.compareTo(b);
        // Then
        if (a.family() == b.family()) {
            assertThat(Integer.signum(order)).isEqualTo(left.compareTo(right));
            assertThat(a.equals(b)).isEqualTo(order == 0);
        } else {
            assertThat(order < 0).isEqualTo(a.family() == Address.Family.IPV4);
            assertThat(a).isNotEqualTo(b);
        }
        assertThat(Integer.signum(b.compareTo(a))).isEqualTo(-Integer.signum(order));
    }

    @Property
    void theNextAddressHasThisOneBeforeIt(@ForAll("addresses") Address address) {
        // When
        var next = address.next();
        // Then
        next.ifPresent(after -> {
            assertThat(after).isGreaterThan(address);
            assertThat(after.family()).isEqualTo(address.family());
            assertThat(after.previous()).contains(address);
        });
        address.previous().ifPresent(before -> assertThat(before.next()).contains(address));
    }

    static Stream<String> lastAddresses() {
        return Stream.of("255.255.255.255", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
    }

    @ParameterizedTest
    @MethodSource("lastAddresses")
    void nothingComesAfterTheLastOfAFamily(String last) {
        assertThat(Addresses.address(last).next()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void nothingComesBeforeTheFirstOfAFamily(String first) {
        assertThat(Addresses.address(first).previous()).isEmpty();
    }

    private static byte[] bytes(Address address) {
        return java.nio.ByteBuffer.allocate(16)
                .putLong(address.high())
                .putLong(address.low())
                .array();
    }

    @Provide
    Arbitrary<Address> addresses() {
        return Addresses.any();
    }

    @Provide
    Arbitrary<Address> ipv4() {
        return Addresses.ipv4();
    }

    @Provide
    Arbitrary<Address> ipv6() {
        return Addresses.ipv6();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.strings().withChars("0123456789abcdefABCDEF:.").ofMaxLength(48),
                Arbitraries.strings().withChars("012:.f").ofMaxLength(20));
    }
}
