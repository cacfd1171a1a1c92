package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.feed.CopyCodec.Corrupt;
import dev.postern.feed.CopyCodec.Kept;
import dev.postern.feed.CopyCodec.Whole;
import dev.postern.feed.FeedLocation.Understood;
import dev.postern.fetch.Validators;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Copies on disk: what was written is read back, and nothing else is. */
class CopyCodecTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final FeedDeclaration FEED = new FeedDeclaration(
            "ci",
            new Selection.GithubMeta("actions"),
            ((Understood) FeedLocation.url("https://example.com/meta?token=s3cret")).location(),
            FeedRules.DEFAULTS);

    private static byte[] written(Kept kept) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CopyCodec.write(out, FEED, kept);
        return out.toByteArray();
    }

    private static CopyCodec.Reading read(byte[] bytes, Instant now) {
        return CopyCodec.read(new ByteArrayInputStream(bytes), FEED.id(), FeedParser.Limits.DEFAULTS, now);
    }

    private static Kept kept(AddressSet addresses, Optional<String> heldBack) {
        FeedCopy copy = FeedCopy.of(
                new FeedParser.Parsed(addresses, 7),
                new Validators(Optional.of("W/\"a\\b\""), Optional.of("Mon, 01 Jun 2026 11:00:00 GMT")),
                NOW);
        return new Kept(copy.confirmed(copy.validators(), NOW.plusSeconds(60)), heldBack);
    }

    @Property(tries = 200)
    void aCopyIsReadBackAsItWasWritten(@ForAll("sets") AddressSet addresses) throws IOException {
        // Given
        Kept kept = kept(addresses, Optional.of("it would lose 50 % of its \"IPv4\" addresses\n"));
        // When
        CopyCodec.Reading reading = read(written(kept), NOW.plusSeconds(3600));
        // Then
        assertThat(reading).isInstanceOf(Whole.class);
        Kept back = ((Whole) reading).kept();
        assertThat(back.heldBack()).isEqualTo(kept.heldBack());
        assertThat(back.copy())
                .usingRecursiveComparison()
                .ignoringFields("addresses")
                .isEqualTo(kept.copy());
        assertThat(back.copy().addresses().ranges()).isEqualTo(addresses.ranges());
    }

    @Property(tries = 500)
    void aByteThatChangedNeverMakesOtherAddresses(
            @ForAll @IntRange(max = 2000) int place, @ForAll @IntRange(min = 1, max = 255) int change)
            throws IOException {
        // Given
        AddressSet addresses = Samples.set("192.0.2.0/24", "198.51.100.7-198.51.100.30", "2001:db8::/48");
        byte[] bytes = written(kept(addresses, Optional.empty()));
        bytes[place % bytes.length] ^= (byte) change;
        // When
        CopyCodec.Reading reading = read(bytes, NOW.plusSeconds(3600));
        // Then
        if (reading instanceof Whole whole) {
            assertThat(whole.kept().copy().addresses().ranges()).isEqualTo(addresses.ranges());
        } else {
            assertThat(((Corrupt) reading).why()).isNotBlank();
        }
    }

    @Test
    void timesInTheFutureCountAsNow() throws IOException {
        // Given
        byte[] bytes = written(kept(Samples.set("192.0.2.0/24"), Optional.empty()));
        // When: the clock was set back
        FeedCopy copy = ((Whole) read(bytes, NOW.minusSeconds(10))).kept().copy();
        // Then
        assertThat(copy.confirmedAt()).isEqualTo(NOW.minusSeconds(10));
    }

    @Test
    void aUrlsQueryIsNotWritten() throws IOException {
        assertThat(new String(written(kept(Samples.set("192.0.2.0/24"), Optional.empty())), StandardCharsets.UTF_8))
                .contains("github-meta key actions of https://example.com/meta?…")
                .doesNotContain("s3cret");
    }

    @Provide
    Arbitrary<AddressSet> sets() {
        Arbitrary<AddressRange> ipv4 = Combinators.combine(Arbitraries.integers(), Arbitraries.integers())
                .as((a, b) -> new AddressRange(
                        Address.ipv4(Integer.compareUnsigned(a, b) < 0 ? a : b),
                        Address.ipv4(Integer.compareUnsigned(a, b) < 0 ? b : a)));
        Arbitrary<AddressRange> ipv6 = Combinators.combine(
                        Arbitraries.longs().between(1, Long.MAX_VALUE), Arbitraries.longs(), Arbitraries.longs())
                .as((high, a, b) -> new AddressRange(
                        Address.ipv6(high, Long.compareUnsigned(a, b) < 0 ? a : b),
                        Address.ipv6(high, Long.compareUnsigned(a, b) < 0 ? b : a)));
        return Arbitraries.oneOf(ipv4, ipv6).list().ofMinSize(1).ofMaxSize(20).map(AddressSet::of);
    }
}
