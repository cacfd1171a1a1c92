package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.FeedParser.Limits;
import dev.postern.feed.FeedParser.Parsed;
import dev.postern.feed.FeedParser.Refused;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Files from data: bytes as they come, published files with something changed, and files that must be read. */
class FeedParserFuzzTest {

    private static final Limits LIMITS = new Limits(100_000, 500);

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreAFeedOrAreRefused(byte[] data) {
        for (Selection selection : Samples.SELECTIONS) {
            assertADocumentedOutcome(data, selection);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void aChangedFileIsAFeedOrIsRefused(FuzzedDataProvider data) {
        // Given
        Selection selection = data.pickValue(Samples.SELECTIONS);
        byte[] file = Samples.of(selection);
        for (int change = data.consumeInt(1, 4); change > 0; change--) {
            file = changed(file, data);
        }
        // Then
        assertADocumentedOutcome(file, selection);
    }

    /** One place of the file overwritten, cut out, doubled, or with something put in. */
    private static byte[] changed(byte[] file, FuzzedDataProvider data) {
        int from = data.consumeInt(0, file.length);
        int to = data.consumeInt(from, Math.min(file.length, from + 200));
        byte[] middle = switch (data.consumeInt(0, 3)) {
            case 0 -> data.consumeBytes(to - from);
            case 1 -> new byte[0];
            case 2 -> Arrays.copyOfRange(file, from, Math.min(file.length, to + to - from));
            default -> data.consumeString(20).getBytes(StandardCharsets.UTF_8);
        };
        byte[] out = Arrays.copyOf(file, from + middle.length + file.length - to);
        System.arraycopy(middle, 0, out, from, middle.length);
        System.arraycopy(file, to, out, from + middle.length, file.length - to);
        return out;
    }

    private static void assertADocumentedOutcome(byte[] file, Selection selection) {
        switch (FeedParser.parse(new ByteArrayInputStream(file), selection, LIMITS)) {
            case Parsed parsed -> {
                assertThat(parsed.addresses().isEmpty()).isFalse();
                assertThat(parsed.prefixes()).isBetween(1, LIMITS.prefixes());
                assertThat(parsed.addresses().ranges()).hasSizeLessThanOrEqualTo(parsed.prefixes());
                assertThat(file).hasSizeLessThanOrEqualTo((int) LIMITS.bytes());
            }
            case Refused refused -> {
                assertThat(refused.why()).isNotBlank().hasSizeLessThan(520);
                assertThat(refused.why().chars().noneMatch(Character::isISOControl))
                        .isTrue();
            }
        }
    }

    @FuzzTest(maxDuration = "2m")
    void aPublishedFileIsReadWhateverItsPrefixesAre(FuzzedDataProvider data) {
        // Given
        Selection selection = data.pickValue(PublishedFeeds.SELECTIONS);
        List<AddressRange> prefixes = new ArrayList<>();
        for (int i = data.consumeInt(1, 40); i > 0; i--) {
            String block = data.consumeBoolean()
                    ? ipv4(data.consumeInt(), data.consumeInt(0, 32))
                    : "2001:db8:" + Integer.toHexString(data.consumeInt(0, 0xffff)) + "::/" + data.consumeInt(48, 128);
            prefixes.add(Samples.range(block));
        }
        // When
        FeedParser.Result result =
                Samples.parse(PublishedFeeds.file(selection, prefixes).getBytes(StandardCharsets.UTF_8), selection);
        // Then
        List<AddressRange> expected = PublishedFeeds.selected(selection, prefixes);
        assertThat(result).isInstanceOf(Parsed.class);
        assertThat(((Parsed) result).prefixes()).isEqualTo(expected.size());
        assertThat(((Parsed) result).addresses().ranges())
                .isEqualTo(AddressSet.of(expected).ranges());
    }

    private static String ipv4(int bits, int prefix) {
        int network = prefix == 0 ? 0 : bits & -1 << 32 - prefix;
        return (network >>> 24) + "." + (network >>> 16 & 0xff) + "." + (network >>> 8 & 0xff) + "." + (network & 0xff)
                + "/" + prefix;
    }
}
