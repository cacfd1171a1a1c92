package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Addresses, blocks and ranges from data: text that is one or is refused, and text that must be one. */
class AddressFuzzTest {

    private static final List<String> NEAR_MISSES =
            List.of(" ", "%eth0", "/", "/0x8", ".", ":", "::", "x", "\u0000", "\u0661", ",", "\"", "]", "-");

    @FuzzTest(maxDuration = "2m")
    void anyTextIsAnAddressOrIsRefused(byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        // When
        Optional<Address> address = Address.parse(text);
        AddressRange.Syntax range = AddressRange.parse(text);
        Optional<LinkId> link = LinkId.parse(text);
        // Then
        assertThat(address).isEqualTo(PlainAddress.read(text));
        address.ifPresent(found -> assertThat(Address.parse(found.toString())).contains(found));
        switch (range) {
            case AddressRange.Parsed parsed -> {
                assertThat(PlainAddress.readRange(text)).contains(parsed.range());
                assertThat(AddressRange.parse(parsed.range().toString())).isEqualTo(parsed);
            }
            case AddressRange.Malformed malformed -> {
                assertThat(PlainAddress.readRange(text)).isEmpty();
                assertThat(malformed.why()).isNotBlank();
                assertThat(malformed.why().chars().noneMatch(Character::isISOControl))
                        .isTrue();
            }
        }
        assertThat(link.isPresent()).isEqualTo(PlainAddress.isLinkId(text));
        link.ifPresent(found -> assertThat(found).hasToString(text));
    }

    @FuzzTest(maxDuration = "2m")
    void anAddressIsReadHoweverItIsWritten(FuzzedDataProvider data) {
        // Given
        boolean ipv4 = data.consumeBoolean();
        Address address = ipv4
                ? Address.ipv4(data.consumeInt())
                : Address.ipv6(data.consumeBoolean() ? 0 : data.consumeLong(), data.consumeLong());
        // When
        String text = ipv4 ? dotted((int) address.low()) : written(address, data);
        // Then
        assertThat(Address.parse(text)).contains(address);
        assertThat(Address.parse(address.toString())).contains(address);
        AddressRange block =
                AddressRange.block(address, data.consumeInt(0, address.family().bits()));
        assertThat(block.contains(address)).isTrue();
        assertThat(AddressRange.parse(block.toString())).isEqualTo(new AddressRange.Parsed(block));
        // And
        String miss = data.pickValue(NEAR_MISSES);
        boolean front = data.consumeBoolean();
        Address.parse(front ? miss + text : text + miss)
                .ifPresent(other -> assertThat(miss).isIn(":", "::"));
    }

    /** Eight groups or fewer, with zeros before them or without, upper or lower case, the end dotted or not. */
    private static String written(Address address, FuzzedDataProvider data) {
        StringBuilder text = new StringBuilder();
        boolean dotted = data.consumeBoolean();
        int groups = dotted ? 6 : 8;
        int gapFrom = data.consumeInt(0, groups);
        int gapTo = gapFrom;
        // A gap where there are zeros, for two groups or more.
        while (gapTo < groups && group(address, gapTo) == 0) {
            gapTo++;
        }
        boolean gap = gapTo - gapFrom >= 2;
        for (int i = 0; i < groups; i++) {
            if (gap && i == gapFrom) {
                text.append(i == 0 ? "::" : ":");
                i = gapTo - 1;
                continue;
            }
            String digits = Integer.toHexString(group(address, i));
            String padded = data.consumeBoolean() ? "0".repeat(4 - digits.length()) + digits : digits;
            text.append(data.consumeBoolean() ? padded.toUpperCase(Locale.ROOT) : padded);
            if (i < groups - 1 || dotted) {
                text.append(':');
            }
        }
        if (dotted) {
            text.append(dotted((int) address.low()));
        }
        return text.toString();
    }

    private static int group(Address address, int i) {
        long high = address.family() == Address.Family.IPV4 ? 0 : address.high();
        long low = address.family() == Address.Family.IPV4 ? address.low() | 0xffff_0000_0000L : address.low();
        return (int) ((i < 4 ? high : low) >>> 48 - i % 4 * 16) & 0xffff;
    }

    private static String dotted(int bits) {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xff) + "." + (bits >>> 8 & 0xff) + "." + (bits & 0xff);
    }
}
