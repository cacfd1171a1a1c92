package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single addresses, CIDR blocks and ranges as texts. */
class AddressRangeTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7, 203.0.113.7, 203.0.113.7",
        "2001:db8::7, 2001:db8::7, 2001:db8::7, 2001:db8::7",
        "203.0.113.0/24, 203.0.113.0, 203.0.113.255, 203.0.113.0/24",
        "203.0.113.7/32, 203.0.113.7, 203.0.113.7, 203.0.113.7",
        "203.0.113.6/31, 203.0.113.6, 203.0.113.7, 203.0.113.6/31",
        "128.0.0.0/1, 128.0.0.0, 255.255.255.255, 128.0.0.0/1",
        "0.0.0.0/0, 0.0.0.0, 255.255.255.255, 0.0.0.0/0",
        "'::/0', '::', ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, '::/0'",
        "8000::/1, 8000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 8000::/1",
        "2001:db8::/32, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::/32",
        "2001:db8::/64, 2001:db8::, 2001:db8::ffff:ffff:ffff:ffff, 2001:db8::/64",
        "2001:db8::/63, 2001:db8::, 2001:db8:0:1:ffff:ffff:ffff:ffff, 2001:db8::/63",
        "2001:db8::/65, 2001:db8::, 2001:db8::7fff:ffff:ffff:ffff, 2001:db8::/65",
        "2001:db8::7/128, 2001:db8::7, 2001:db8::7, 2001:db8::7",
        "64:ff9b::/96, 64:ff9b::, 64:ff9b::ffff:ffff, 64:ff9b::/96",
        "203.0.113.7-203.0.113.30, 203.0.113.7, 203.0.113.30, 203.0.113.7-203.0.113.30",
        "203.0.113.7 - 203.0.113.30, 203.0.113.7, 203.0.113.30, 203.0.113.7-203.0.113.30",
        "203.0.113.7-203.0.113.7, 203.0.113.7, 203.0.113.7, 203.0.113.7",
        "203.0.113.0-203.0.113.255, 203.0.113.0, 203.0.113.255, 203.0.113.0/24",
        "0.0.0.0-255.255.255.255, 0.0.0.0, 255.255.255.255, 0.0.0.0/0",
        "2001:db8::7 - 2001:db8::30, 2001:db8::7, 2001:db8::30, 2001:db8::7-2001:db8::30",
        "'::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::', ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, '::/0'"
    })
    void aRangeIsReadAndPrintedInItsShortestForm(String text, String first, String last, String printed) {
        // When
        AddressRange range = Addresses.range(text);
        // Then
        assertThat(range.first()).isEqualTo(Addresses.address(first));
        assertThat(range.last()).isEqualTo(Addresses.address(last));
        assertThat(range).hasToString(printed);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 198.51.100.7/32, 198.51.100.6, 198.51.100.8",
        "2001:db8:1::7, 2001:db8:1::7/128, 2001:db8:1::6, 2001:db8:1::8"
    })
    void aBareAddressIsTheBlockOfItAlone(String text, String block, String before, String after) {
        // When
        AddressRange range = Addresses.range(text);
        // Then
        assertThat(range).isEqualTo(Addresses.range(block));
        assertThat(range.contains(Addresses.address(text))).isTrue();
        assertThat(range.contains(Addresses.address(before))).isFalse();
        assertThat(range.contains(Addresses.address(after))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7/24, the block meant is 203.0.113.0/24",
        "203.0.113.7/24, the single address 203.0.113.7",
        "203.0.113.1/0, the block meant is 0.0.0.0/0",
        "203.0.113.129/25, the block meant is 203.0.113.128/25",
        "203.0.113.1/31, the block meant is 203.0.113.0/31",
        "2001:db8::7/64, the block meant is 2001:db8::/64",
        "2001:db8:1::/32, the block meant is 2001:db8::/32",
        "2001:db8::1/127, the block meant is 2001:db8::/127",
        "'::1/0', the block meant is ::/0",
        "'::1/80', the block meant is ::/80"
    })
    void aBlockWithHostBitsIsAnErrorThatNamesTheBlockMeant(String text, String message) {
        assertThat(whyNot(text)).startsWith("'" + text + "' has host bits set").contains(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.0/",
                "203.0.113.0/33",
                "203.0.113.0/128",
                "203.0.113.0/-1",
                "203.0.113.0/+24",
                "203.0.113.0/024",
                "203.0.113.0/00",
                "203.0.113.0/ 24",
                "203.0.113.0/24 ",
                "203.0.113.0/2a",
                "203.0.113.0/0x18",
                "203.0.113.0/24.0",
                "203.0.113.0/9999999999",
                "203.0.113.0/24/24",
                "203.0.113.0/24-203.0.113.9",
                "203.0.113.0//24",
                "203.0.113.0/\u0662\u0664",
                "203.0.113.0/255.255.255.0",
                "203.0.113.0/0.0.0.255",
                "2001:db8::/129",
                "2001:db8::/999",
                "2001:db8::/ffff::",
                "2001:db8::/"
            })
    void aPrefixLengthIsADecimalNumberUpToTheFamilysBits(String text) {
        assertThat(whyNot(text)).contains("has no prefix length from 0 to " + (text.contains("::") ? 128 : 32));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "-",
                " - ",
                "--",
                "/",
                "/24",
                "-203.0.113.7",
                "203.0.113.7-",
                "203.0.113.7 -",
                "203.0.113.7-203.0.113.8-203.0.113.9",
                "203.0.113.7-30",
                "203.0.113.7..203.0.113.9",
                "203.0.113.7 203.0.113.9",
                "203.0.113.7,203.0.113.9",
                "203.0.113.7–203.0.113.9",
                "203.0.113.*",
                "203.0.113",
                "203.0/16",
                "10/8",
                "010.0.0.0/8",
                "0x0a.0.0.0/8",
                " 203.0.113.0/24",
                "203.0.113.0 /24",
                "fe80::1%eth0/64",
                "fe80::1%eth0-fe80::2",
                "[2001:db8::]/32",
                "203.0.113.7:443",
                "203.0.113.7:*",
                "10.0.0.1:443-10.0.0.2",
                "localhost",
                "office",
                "any",
                "*",
                "all",
                "registry.example.com/24",
                " 203.0.113.7",
                "203.0.113.7 "
            })
    void otherTextIsRefused(String text) {
        assertThat(whyNot(text)).contains(AddressRange.FORMS);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.30-203.0.113.7, ends before it begins; the range meant may be 203.0.113.7-203.0.113.30",
        "2001:db8::30-2001:db8::7, ends before it begins; the range meant may be 2001:db8::7-2001:db8::30",
        "203.0.113.7-2001:db8::7, mixes IPv4 and IPv6; write two ranges",
        "'::-203.0.113.7', mixes IPv4 and IPv6; write two ranges",
        "0.0.0.0-ffff::, mixes IPv4 and IPv6; write two ranges",
        "'::ffff:203.0.113.7', is IPv6 text for IPv4 addresses; write them as IPv4: 203.0.113.7",
        "'::ffff:cb00:7107', is IPv6 text for IPv4 addresses; write them as IPv4: 203.0.113.7",
        "'::ffff:203.0.113.7-::ffff:203.0.113.9', write them as IPv4: 203.0.113.7-203.0.113.9",
        "203.0.113.7-::ffff:203.0.113.9, write them as IPv4: 203.0.113.7-203.0.113.9",
        "'::ffff:203.0.113.7-203.0.113.9', write them as IPv4: 203.0.113.7-203.0.113.9",
        "'::ffff:0:0/96', is IPv6 text for IPv4 addresses; write the block as IPv4",
        "'::ffff:203.0.113.0/120', is IPv6 text for IPv4 addresses; write the block as IPv4",
        "'::ffff:203.0.113.0/24', is IPv6 text for IPv4 addresses; write the block as IPv4"
    })
    void whatMayMeanSomethingElseIsAnErrorThatSaysWhat(String text, String message) {
        assertThat(whyNot(text)).startsWith("'" + text + "'").endsWith(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"203.0.113.7\nforged", "\u001b[31m203.0.113.7", "203.0.113.7\u0085", "203.0.113.7\u009b31m/24"})
    void whatIsRepeatedHasNoControlCharacters(String text) {
        assertThat(whyNot(text).chars().noneMatch(Character::isISOControl)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {107, 10_000})
    void aLongTextIsNotRepeated(int length) {
        assertThat(whyNot("9".repeat(length))).isEqualTo("is too long for an address; expected " + AddressRange.FORMS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"::/80", "::8000:0:0/81", "::ffc0:0:0/90", "::fffe:0:0/95"})
    void aBlockMayEndInTheMappedBlockWhoseAddressesAreIpv4(String text) {
        // When
        AddressRange range = Addresses.range(text);
        // Then
        assertThat(range).hasToString(text);
        assertThat(range.contains(Addresses.address("::fffe:ffff:ffff"))).isTrue();
        assertThat(range.contains(Addresses.address("::1:0:0:0"))).isFalse();
        assertThat(range.contains(Addresses.address("::ffff:255.255.255.255"))).isFalse();
        assertThat(range.contains(Addresses.address("255.255.255.255"))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9, 203.0.113.7", "'::', 0.0.0.0", "0.0.0.0, '::'"})
    void thereIsNoRangeFromALaterToAnEarlierAddressOrAcrossFamilies(String first, String last) {
        assertThatThrownBy(() -> new AddressRange(Addresses.address(first), Addresses.address(last)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void printedAndReadAgainItIsTheSame(@ForAll("ranges") AddressRange range) {
        assertThat(Addresses.range(range.toString())).isEqualTo(range);
    }

    @Property
    void anIpv4BlockIsThatOfTheLibrary(@ForAll("ipv4") Address address, @ForAll @IntRange(max = 32) int prefix) {
        assertBlockIsThatOfTheLibrary(address, prefix);
    }

    @Property
    void anIpv6BlockIsThatOfTheLibrary(@ForAll("ipv6") Address address, @ForAll @IntRange(max = 128) int prefix) {
        assertBlockIsThatOfTheLibrary(address, prefix);
    }

    private static void assertBlockIsThatOfTheLibrary(Address address, int prefix) {
        // Given
        IPAddress oracle = new IPAddressString(address.toString()).getAddress().toPrefixBlock(prefix);
        String lower = oracle.getLower().withoutPrefixLength().toCanonicalString();
        String upper = oracle.getUpper().withoutPrefixLength().toCanonicalString();
        // When
        AddressRange block = AddressRange.block(address, prefix);
        // Then
        assertThat(block.first()).hasToString(lower);
        assertThat(block.last()).hasToString(upper);
        assertThat(block.contains(address)).isTrue();
        if (prefix < address.family().bits()) {
            assertThat(block).hasToString(lower + "/" + prefix);
            assertThat(Addresses.range(lower + "/" + prefix)).isEqualTo(block);
        }
    }

    @Property
    void itContainsWhatLiesBetweenItsEnds(@ForAll("ranges") AddressRange range, @ForAll("addresses") Address address) {
        // When
        boolean contains = range.contains(address);
        // Then
        boolean between = range.family() == address.family()
                && range.first().compareTo(address) <= 0
                && address.compareTo(range.last()) <= 0;
        assertThat(contains).isEqualTo(between);
        assertThat(range.contains(range.first())).isTrue();
        assertThat(range.contains(range.last())).isTrue();
        range.last().next().ifPresent(after -> assertThat(range.contains(after)).isFalse());
        range.first()
                .previous()
                .ifPresent(before -> assertThat(range.contains(before)).isFalse());
    }

    @Property
    void randomTextIsARangeOrAMessage(@ForAll("texts") String text) {
        switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed ->
                assertThat(Addresses.range(parsed.range().toString())).isEqualTo(parsed.range());
            case AddressRange.Malformed malformed -> assertThat(malformed.why()).isNotBlank();
        }
    }

    private static String whyNot(String text) {
        return switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed -> throw new AssertionError(text + " was read as " + parsed.range());
            case AddressRange.Malformed malformed -> malformed.why();
        };
    }

    @Provide
    Arbitrary<AddressRange> ranges() {
        return Addresses.ranges();
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
                Arbitraries.strings().ofMaxLength(120),
                Arbitraries.strings().withChars("0123456789abcdef:./- ").ofMaxLength(50),
                Arbitraries.strings().withChars("01:./").ofMaxLength(14));
    }

    @Property
    void aRangeIsWiderThanABlockWhereItHasMoreAddresses(
            @ForAll boolean ipv4,
            @ForAll long high,
            @ForAll long low,
            @ForAll long otherHigh,
            @ForAll long otherLow,
            @ForAll @IntRange(min = 1, max = 128) int prefix) {
        // Given
        Address one = ipv4 ? Address.ipv4((int) low) : Address.endOfRange6(high, low);
        Address other = ipv4 ? Address.ipv4((int) otherLow) : Address.endOfRange6(otherHigh, otherLow);
        AddressRange range = one.compareTo(other) <= 0 ? new AddressRange(one, other) : new AddressRange(other, one);
        int length = ipv4 ? (prefix + 3) / 4 : prefix;
        // When
        BigInteger size = number(range.last()).subtract(number(range.first())).add(BigInteger.ONE);
        // Then
        int hostBits = range.family().bits() - length;
        assertThat(range.isWiderThan(length)).isEqualTo(size.compareTo(BigInteger.TWO.pow(hostBits)) > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 8, false",
        "10.0.0.0-11.0.0.0, 8, true",
        "10.0.0.0/7, 8, true",
        "0.0.0.0/0, 8, true",
        "0.0.0.0/0, 1, true",
        "2001:d00::/24, 20, false",
        "2001::/19, 20, true",
        "::/0, 20, true",
        "2001:db8::-2001:db8::1, 127, false",
        "2001:db8::-2001:db8::2, 127, true",
        "2001:db8::ffff:ffff:ffff:ffff-2001:db8:0:1::1, 126, false",
        "2001:db8::/64, 64, false",
        "2001:db8::-2001:db8:0:1::, 64, true",
        "2001:db8::/63, 64, true",
        "203.0.113.7, 32, false"
    })
    void theWidthOfABlockIsItsNumberOfAddresses(String text, int prefix, boolean wider) {
        assertThat(((AddressRange.Parsed) AddressRange.parse(text)).range().isWiderThan(prefix))
                .isEqualTo(wider);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 1",
        "203.0.113.0/24, 256",
        "0.0.0.0/0, 4294967296",
        "203.0.113.250-203.0.114.9, 16",
        "2001:db8::/64, 18446744073709551616",
        "2001:db8:0:0:ffff:ffff:ffff:ffff-2001:db8:0:1::, 2",
        "::/0, 340282366920938463463374607431768211456"
    })
    void theSizeOfARangeIsTheNumberOfItsAddresses(String text, BigInteger size) {
        assertThat(((AddressRange.Parsed) AddressRange.parse(text)).range().size())
                .isEqualTo(size);
    }

    private static BigInteger number(Address address) {
        return new BigInteger(Long.toUnsignedString(address.high()))
                .shiftLeft(64)
                .add(new BigInteger(Long.toUnsignedString(address.low())));
    }
}
