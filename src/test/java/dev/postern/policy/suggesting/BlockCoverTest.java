package dev.postern.policy.suggesting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.suggesting.BlockCover.Covered;
import dev.postern.policy.suggesting.BlockCover.TooFew;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The best cover there is: held against all covers there are, where these can be counted. */
class BlockCoverTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // Without limits: what was seen, merged where nothing is added by it.
                "203.0.113.7 | - | - | 203.0.113.7",
                "203.0.113.6 203.0.113.7 | - | - | 203.0.113.6/31",
                "203.0.113.7 203.0.113.8 | - | - | 203.0.113.7 203.0.113.8",
                "203.0.113.4 203.0.113.5 203.0.113.6 203.0.113.7 203.0.113.8 | - | - | 203.0.113.4/30 203.0.113.8",
                "0.0.0.0 255.255.255.255 | - | - | 0.0.0.0 255.255.255.255",
                "2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1:: | - | - | 2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1::",
                "2001:db8::2 2001:db8::3 | - | - | 2001:db8::2/127",
                // With a widest block: as few as that allows, and each as narrow as it can be.
                "203.0.113.7 203.0.113.9 203.0.112.1 | - | /24 | 203.0.112.1 203.0.113.0/28",
                "203.0.113.7 203.0.113.9 203.0.112.1 | - | /23 | 203.0.112.0/23",
                "203.0.113.6 203.0.113.7 | - | /32 | 203.0.113.6 203.0.113.7",
                "203.0.113.7 198.51.100.1 | - | /0 | 192.0.0.0/4",
                // With a number of blocks: so many or fewer, and those that admit the fewest others.
                "203.0.113.7 203.0.113.9 198.51.100.1 | 2 | - | 198.51.100.1 203.0.113.0/28",
                "203.0.113.7 203.0.113.9 198.51.100.1 | 3 | - | 198.51.100.1 203.0.113.7 203.0.113.9",
                "203.0.113.7 203.0.113.9 198.51.100.1 | 9 | - | 198.51.100.1 203.0.113.7 203.0.113.9",
                "203.0.113.7 203.0.113.9 198.51.100.1 | 1 | - | 192.0.0.0/4",
                "0.0.0.0 255.255.255.255 | 1 | - | 0.0.0.0/0",
                "::2 ffff::1 | 1 | - | ::/0",
                // Who merges the cheapest two first ends with three unseen, not two.
                "10.0.0.0 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.7 10.0.1.0 10.0.1.1 10.0.1.2 | 3 | - |"
                        + " 10.0.0.0/29 10.0.1.0/31 10.0.1.2",
                "10.0.0.0 10.0.0.3 10.0.0.4 10.0.0.7 10.0.1.0 | 2 | - | 10.0.0.0/29 10.0.1.0",
                // The fewest others of IPv6, whose numbers are longer than a word: two of 2^64 against one of 2^66
                "2001:db8:: 2001:db8:0:0:8000:: 2001:db8:0:4:: 2001:db8:0:4:8000:: 2001:db9:: 2001:db9:0:2:: | 4 | - |"
                        + " 2001:db8::/64 2001:db8:0:4::/64 2001:db9:: 2001:db9:0:2::",
                // and one of 2^64 and one of 2^68 against one of 2^72.
                "2001:db8:: 2001:db8:0:0:8000:: 2001:db8:0:100:: 2001:db8:0:108:: 2001:db9:: 2001:db9:0:80:: | 4 | - |"
                        + " 2001:db8::/64 2001:db8:0:100::/60 2001:db9:: 2001:db9:0:80::",
                // Both
                "203.0.113.7 203.0.113.9 203.0.112.1 203.0.112.2 | 3 | /24 | 203.0.112.0/30 203.0.113.7 203.0.113.9",
            })
    void theBestCover(String seen, String maxBlocks, String widest, String blocks) {
        assertThat(cover(addresses(seen.split(" ")), limits(maxBlocks, widest)))
                .extracting(AddressRange::toString)
                .containsExactly(blocks.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7 203.0.112.9 198.51.100.1, 2, /24, 3",
        "203.0.113.7 203.0.113.9, 1, /32, 2",
        "203.0.113.6 203.0.113.7, 1, /32, 2",
        "203.0.113.7 198.51.100.1, 1, /5, 2",
    })
    void tooFewBlocksAreToldApart(String seen, String maxBlocks, String widest, int needed) {
        assertThat(BlockCover.of(addresses(seen.split(" ")), limits(maxBlocks, widest)))
                .isEqualTo(new TooFew(Address.Family.IPV4, needed));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0, 0, true",
        "1, 32, 128, true",
        "2147483647, 32, 128, true",
        "0, 0, 0, false",
        "-1, 0, 0, false",
        "1, -1, 0, false",
        "1, 33, 0, false",
        "1, 0, -1, false",
        "1, 0, 129, false",
    })
    void limitsThatNoCoverCanHaveAreNone(int maxBlocks, int widestIpv4, int widestIpv6, boolean taken) {
        // Given
        ThrowingCallable limits = () ->
                new CoverLimits(OptionalInt.of(maxBlocks), OptionalInt.of(widestIpv4), OptionalInt.of(widestIpv6));
        // Then
        if (taken) {
            assertThatCode(limits).doesNotThrowAnyException();
        } else {
            assertThatIllegalArgumentException().isThrownBy(limits).withMessageContaining("is not between");
        }
    }

    @Test
    void ofNothingThereIsNothing() {
        assertThat(cover(new TreeSet<>(), CoverLimits.NONE)).isEmpty();
    }

    // Without limits

    @Property(tries = 300)
    void withoutLimitsItHoldsWhatWasSeenAndNothingElse(@ForAll("crowds") Set<Integer> hosts) {
        // Given
        SortedSet<Address> seen = new TreeSet<>();
        hosts.forEach(host -> seen.add(Address.ipv4(0xcb007100 + host)));
        // When
        List<AddressRange> blocks = cover(seen, CoverLimits.NONE);
        // Then
        assertThat(AddressSet.of(blocks).ranges())
                .isEqualTo(AddressSet.of(seen.stream().map(AddressRange::of).toList())
                        .ranges());
        assertThat(blocks.stream().map(AddressRange::size).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(BigInteger.valueOf(seen.size()));
        assertThat(blocks).allMatch(BlockCoverTest::isBlock);
    }

    @Provide
    Arbitrary<Set<Integer>> crowds() {
        return Arbitraries.integers().between(0, 255).set().ofMinSize(1).ofMaxSize(200);
    }

    // All sets of addresses of a small universe, against all covers of it

    /** A set of disjoint blocks: the addresses in it, how many blocks, and the widest. */
    private record Candidate(int mask, int blocks, int hostBits) {}

    @Test
    void ofEightAddressesEachCoverIsTheBest() {
        List<Candidate> all = candidates(0, 3);
        int[] bases = {0, 0xcb007108, -8};
        for (int seen = 1; seen < 1 << 8; seen++) {
            for (int most = 1; most <= 8; most++) {
                for (int hostBits = 0; hostBits <= 3; hostBits++) {
                    assertBest(all, seen, bases[seen % bases.length], most, hostBits);
                }
            }
        }
    }

    @Property(tries = 300)
    void ofSixteenAddressesEachCoverIsTheBest(
            @ForAll @IntRange(min = 1, max = 0xffff) int seen,
            @ForAll @IntRange(min = 1, max = 16) int most,
            @ForAll @IntRange(min = 0, max = 4) int hostBits) {
        assertBest(SIXTEEN, seen, 0xcb007110, most, hostBits);
    }

    private static final List<Candidate> SIXTEEN = candidates(0, 4);

    private static void assertBest(List<Candidate> all, int seen, int base, int most, int hostBits) {
        SortedSet<Address> addresses = new TreeSet<>();
        for (int i = 0; i < 16; i++) {
            if ((seen >> i & 1) != 0) {
                addresses.add(Address.ipv4(base + i));
            }
        }
        // Fewest unseen, then fewest blocks
        int best = Integer.MAX_VALUE;
        int fewest = Integer.MAX_VALUE;
        for (Candidate candidate : all) {
            if (candidate.hostBits() <= hostBits && (candidate.mask() & seen) == seen) {
                fewest = Math.min(fewest, candidate.blocks());
                if (candidate.blocks() <= most) {
                    int unseen = Integer.bitCount(candidate.mask()) - Integer.bitCount(seen);
                    best = Math.min(best, unseen * 100 + candidate.blocks());
                }
            }
        }
        CoverLimits limits = new CoverLimits(OptionalInt.of(most), OptionalInt.of(32 - hostBits), OptionalInt.empty());
        String what = "%s, at most %d, /%d".formatted(addresses, most, 32 - hostBits);
        switch (BlockCover.of(addresses, limits)) {
            case Covered covered -> {
                assertCovers(addresses, covered.blocks());
                assertThat(unseen(addresses, covered.blocks()).intValueExact() * 100
                                + covered.blocks().size())
                        .as(what)
                        .isEqualTo(best);
                assertThat(covered.blocks())
                        .as(what)
                        .allMatch(block -> block.size().bitLength() - 1 <= hostBits);
            }
            case TooFew tooFew -> {
                assertThat(best).as(what).isEqualTo(Integer.MAX_VALUE);
                assertThat(tooFew.needed()).as(what).isEqualTo(fewest);
            }
        }
        // And with the width alone: the fewest blocks
        List<AddressRange> blocks = cover(
                addresses, new CoverLimits(OptionalInt.empty(), OptionalInt.of(32 - hostBits), OptionalInt.empty()));
        assertCovers(addresses, blocks);
        assertThat(blocks).as(what).hasSize(fewest);
        int narrowest = Integer.MAX_VALUE;
        for (Candidate candidate : all) {
            if (candidate.hostBits() <= hostBits && candidate.blocks() == fewest && (candidate.mask() & seen) == seen) {
                narrowest = Math.min(narrowest, Integer.bitCount(candidate.mask()) - Integer.bitCount(seen));
            }
        }
        assertThat(unseen(addresses, blocks)).as(what).isEqualTo(BigInteger.valueOf(narrowest));
    }

    /** All sets of disjoint blocks within the block of so many host bits that begins there. */
    private static List<Candidate> candidates(int first, int hostBits) {
        List<Candidate> all = new ArrayList<>();
        int mask = (int) ((1L << (1 << hostBits)) - 1) << first;
        all.add(new Candidate(mask, 1, hostBits));
        if (hostBits == 0) {
            all.add(new Candidate(0, 0, 0));
            return all;
        }
        List<Candidate> seconds = candidates(first + (1 << hostBits - 1), hostBits - 1);
        for (Candidate one : candidates(first, hostBits - 1)) {
            for (Candidate other : seconds) {
                all.add(new Candidate(
                        one.mask() | other.mask(),
                        one.blocks() + other.blocks(),
                        Math.max(one.hostBits(), other.hostBits())));
            }
        }
        return all;
    }

    // A few addresses of all there are, against all ways to sort them into blocks

    @Property(tries = 200)
    void ofAFewAddressesFromAnywhereEachCoverIsTheBest(
            @ForAll("anywhere") @Size(min = 1, max = 7) Set<Address> few,
            @ForAll @IntRange(min = 1, max = 7) int most,
            @ForAll @IntRange(min = 0, max = 128) int widest) {
        // Given
        SortedSet<Address> seen = new TreeSet<>(few);
        int bits = seen.first().family().bits();
        int prefix = Math.min(widest, bits);
        Optional<BigInteger> best = partitions(new ArrayList<>(seen), 0, new ArrayList<>(), most, prefix).stream()
                .min(BigInteger::compareTo);
        CoverLimits limits =
                new CoverLimits(OptionalInt.of(most), OptionalInt.of(Math.min(32, prefix)), OptionalInt.of(prefix));
        // When
        BlockCover.Outcome outcome = BlockCover.of(seen, limits);
        // Then
        if (outcome instanceof Covered covered) {
            assertCovers(seen, covered.blocks());
            assertThat(covered.blocks()).hasSizeLessThanOrEqualTo(most);
            assertThat(Optional.of(unseen(seen, covered.blocks()))).isEqualTo(best);
        } else {
            assertThat(best).isEmpty();
        }
    }

    @Provide
    Arbitrary<Set<Address>> anywhere() {
        Arbitrary<Long> word = Arbitraries.oneOf(
                Arbitraries.longs(), Arbitraries.longs().between(0, 7), Arbitraries.of(-1L, -2L, Long.MIN_VALUE));
        Arbitrary<Address> ipv4 = word.map(bits -> Address.ipv4(bits.intValue()));
        Arbitrary<Address> ipv6 = word.flatMap(high -> word.map(low -> Address.ipv6(high | 1L << 61, low)));
        return Arbitraries.oneOf(
                ipv4.set().ofMinSize(1).ofMaxSize(7), ipv6.set().ofMinSize(1).ofMaxSize(7));
    }

    /** How many unseen addresses each partition into disjoint blocks admits. */
    private static List<BigInteger> partitions(
            List<Address> seen, int next, List<List<Address>> groups, int most, int widest) {
        if (next == seen.size()) {
            List<AddressRange> blocks = groups.stream()
                    .map(group -> enclosing(group.getFirst(), group.getLast()))
                    .toList();
            boolean valid = groups.size() <= most
                    && blocks.stream().allMatch(block -> bitsOf(block) >= widest)
                    && AddressSet.of(blocks).ranges().stream()
                            .map(AddressRange::size)
                            .reduce(BigInteger.ZERO, BigInteger::add)
                            .equals(blocks.stream().map(AddressRange::size).reduce(BigInteger.ZERO, BigInteger::add));
            return valid ? List.of(unseen(new TreeSet<>(seen), blocks)) : List.of();
        }
        List<BigInteger> found = new ArrayList<>();
        for (int i = 0; i <= groups.size(); i++) {
            if (i == groups.size()) {
                groups.add(new ArrayList<>());
            }
            groups.get(i).add(seen.get(next));
            found.addAll(partitions(seen, next + 1, groups, most, widest));
            groups.get(i).removeLast();
            if (groups.get(i).isEmpty()) {
                groups.remove(i);
                break;
            }
        }
        return found;
    }

    private static int bitsOf(AddressRange block) {
        return block.family().bits() - (block.size().bitLength() - 1);
    }

    /** The smallest block that holds both, found by trying. */
    private static AddressRange enclosing(Address first, Address last) {
        int prefix = first.family().bits();
        while (!AddressRange.block(first, prefix).contains(last)) {
            prefix--;
        }
        return AddressRange.block(first, prefix);
    }

    // Bounds

    @Test
    void aHundredThousandAddressesAreNotTooMany() {
        // Given: no two of them next to each other
        Random random = new Random(7);
        SortedSet<Address> seen = new TreeSet<>();
        while (seen.size() < 100_000) {
            seen.add(Address.ipv6(0x2001_0db8_0000_0000L | random.nextInt() & 0xffff_ffffL, random.nextLong() & ~1L));
        }
        // When
        List<AddressRange> blocks = cover(seen, limits("1000", null));
        // Then
        assertThat(blocks).hasSize(1000);
        assertCovers(seen, blocks);
    }

    private static void assertCovers(SortedSet<Address> seen, List<AddressRange> blocks) {
        AddressSet set = AddressSet.of(blocks);
        assertThat(seen).allMatch(address -> set.run(address).inside());
        assertThat(blocks)
                .allMatch(block -> !seen.tailSet(block.first()).isEmpty()
                        && block.contains(seen.tailSet(block.first()).first()));
    }

    private static boolean isBlock(AddressRange range) {
        return !range.toString().contains("-");
    }

    private static BigInteger unseen(SortedSet<Address> seen, List<AddressRange> blocks) {
        return blocks.stream()
                .map(AddressRange::size)
                .reduce(BigInteger.ZERO, BigInteger::add)
                .subtract(BigInteger.valueOf(seen.size()));
    }

    private static List<AddressRange> cover(SortedSet<Address> seen, CoverLimits limits) {
        return ((Covered) BlockCover.of(seen, limits)).blocks();
    }

    private static CoverLimits limits(String maxBlocks, String widest) {
        OptionalInt prefix =
                widest == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(widest.substring(1)));
        return new CoverLimits(
                maxBlocks == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(maxBlocks)), prefix, prefix);
    }

    private static SortedSet<Address> addresses(String... texts) {
        SortedSet<Address> addresses = new TreeSet<>();
        Arrays.stream(texts).map(text -> Address.parse(text).orElseThrow()).forEach(addresses::add);
        return addresses;
    }
}
