package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A search within a bucket finds what a search among all would. */
class StartIndexTest {

    @Property(tries = 300)
    void theFloorOfAKeyLiesInItsBucketOrRightBeforeIt(
            @ForAll("sortedKeys") long[] keys, @ForAll("edgesAndOthers") long[] others) {
        // Given
        StartIndex index = StartIndex.of(keys.length, i -> keys[i]);
        // When
        long[] probes = Arrays.copyOf(others, others.length + 3 * keys.length);
        for (int i = 0; i < keys.length; i++) {
            probes[others.length + 3 * i] = keys[i] - 1;
            probes[others.length + 3 * i + 1] = keys[i];
            probes[others.length + 3 * i + 2] = keys[i] + 1;
        }
        // Then
        for (long probe : probes) {
            assertThat(floorByIndex(index, keys, probe)).as("%x", probe).isEqualTo(floor(keys, probe));
        }
    }

    private static int floorByIndex(StartIndex index, long[] keys, long probe) {
        int bucket = index.bucket(probe);
        if (bucket < 0) {
            return -1;
        }
        int floor = index.from(bucket) - 1;
        for (int i = index.from(bucket); i < index.to(bucket); i++) {
            floor = Long.compareUnsigned(keys[i], probe) <= 0 ? i : floor;
        }
        return floor;
    }

    /** The last key that is not greater; -1 where all are. */
    private static int floor(long[] keys, long probe) {
        int from = 0;
        int to = keys.length;
        while (from < to) {
            int middle = (from + to) / 2;
            if (Long.compareUnsigned(keys[middle], probe) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from - 1;
    }

    /** Even and crowded ones, few and many, of 32 bits and of 64, some of them several times. */
    @Provide
    Arbitrary<long[]> sortedKeys() {
        Arbitrary<Integer> counts = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 40), Arbitraries.integers().between(1020, 5000));
        return Combinators.combine(
                        counts, Arbitraries.longs(), Arbitraries.integers().between(0, 63))
                .as((count, seed, crowd) -> {
                    SplittableRandom random = new SplittableRandom(seed);
                    long base = random.nextLong();
                    return random.longs(count)
                            .map(any -> any % 3 == 0 ? any : base + (any >>> crowd))
                            .boxed()
                            .sorted(Comparator.comparing(key -> key ^ Long.MIN_VALUE))
                            .mapToLong(key -> key)
                            .toArray();
                });
    }

    @Provide
    Arbitrary<long[]> edgesAndOthers() {
        return Arbitraries.oneOf(Arbitraries.of(0L, -1L, 1L, Long.MAX_VALUE, Long.MIN_VALUE), Arbitraries.longs())
                .array(long[].class)
                .ofMaxSize(50);
    }
}
