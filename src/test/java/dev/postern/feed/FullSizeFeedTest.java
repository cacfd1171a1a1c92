package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.FeedParser.Parsed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files as large as the clouds', and larger. */
class FullSizeFeedTest {

    static Stream<Selection> selections() {
        return PublishedFeeds.SELECTIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("selections")
    @Timeout(value = 30, unit = TimeUnit.SECONDS)
    void aFileOfFortyThousandPrefixesIsReadWhole(Selection selection) {
        // Given
        List<AddressRange> prefixes = PublishedFeeds.prefixes(40_000);
        byte[] file = PublishedFeeds.file(selection, prefixes).getBytes(StandardCharsets.UTF_8);
        List<AddressRange> expected = PublishedFeeds.selected(selection, prefixes);
        // When
        FeedParser.Result result = Samples.parse(file, selection);
        // Then
        assertThat(result).isInstanceOf(Parsed.class);
        assertThat(((Parsed) result).prefixes()).isEqualTo(expected.size());
        assertThat(((Parsed) result).addresses().ranges())
                .isEqualTo(AddressSet.of(expected).ranges());
    }

    /** Of lines alone nobody can tell: their end is what HTTP says. */
    static Stream<Selection> selectionsOfJson() {
        return selections().filter(selection -> !(selection instanceof Selection.Lines));
    }

    @ParameterizedTest
    @MethodSource("selectionsOfJson")
    void noBeginningOfAFileIsTakenForAFile(Selection selection) {
        // Given
        String file = PublishedFeeds.file(selection, PublishedFeeds.prefixes(24));
        for (int length = 0; length < file.stripTrailing().length(); length++) {
            // When
            FeedParser.Result result = Samples.parse(file.substring(0, length), selection);
            // Then
            assertThat(result).as("%d characters", length).isInstanceOf(FeedParser.Refused.class);
        }
        assertThat(Samples.parse(file, selection)).isInstanceOf(Parsed.class);
    }
}
