package dev.postern.address;

import inet.ipaddr.IPAddress;
import inet.ipaddr.format.util.AddressTrie;
import inet.ipaddr.ipv4.IPv4Address;
import inet.ipaddr.ipv4.IPv4AddressTrie;
import inet.ipaddr.ipv6.IPv6Address;
import inet.ipaddr.ipv6.IPv6AddressTrie;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jol.info.GraphLayout;

/** The compiled look-up beside the library's trie and a scan of the list: time, memory, and the time to compile. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx4g", "-Djdk.attach.allowAttachSelf=true", "-XX:+EnableDynamicAgentLoading"})
public class AddressTableBenchmark {

    private static final int PROBES = 1 << 16;

    /** Rules as lists have them: six of ten single addresses, the others blocks; hardly any inside another. */
    @State(Scope.Benchmark)
    public static class Rules {
        /** How many. */
        @Param({"10", "1000", "1000000"})
        public int rules;

        /** Of which family. */
        @Param({"IPV4", "IPV6"})
        public Address.Family family = Address.Family.IPV4;

        List<AddressRange> ranges;
        Address[] probes;
        private int next;

        /** The same rules and addresses in each run; half of the addresses lie in a rule. */
        @Setup
        public void setUp() {
            SplittableRandom random = new SplittableRandom(20_260_101);
            ranges = new ArrayList<>(rules);
            for (int i = 0; i < rules; i++) {
                ranges.add(AddressRange.block(address(random), length(random)));
            }
            probes = new Address[PROBES];
            for (int i = 0; i < PROBES; i++) {
                AddressRange range = ranges.get(random.nextInt(rules));
                Address probe = i % 2 == 0 ? address(random) : random.nextBoolean() ? range.first() : range.last();
                // A new one, as one that was just read from a request; not one that lies somewhere among the rules.
                probes[i] = family == Address.Family.IPV4
                        ? Address.ipv4((int) probe.low())
                        : Address.ipv6(probe.high(), probe.low());
            }
        }

        int next() {
            next = next + 1 & PROBES - 1;
            return next;
        }

        private Address address(SplittableRandom random) {
            return family == Address.Family.IPV4
                    ? Address.ipv4(random.nextInt())
                    : Address.ipv6(0x2000_0000_0000_0000L | random.nextLong() >>> 3, random.nextLong());
        }

        private int length(SplittableRandom random) {
            int tenth = random.nextInt(10);
            return family == Address.Family.IPV4
                    ? tenth < 6 ? 32 : tenth < 9 ? random.nextInt(25, 32) : 24
                    : tenth < 6 ? 128 : tenth < 9 ? random.nextInt(64, 128) : 48;
        }
    }

    /** The rules, compiled. */
    @State(Scope.Benchmark)
    public static class Compiled {
        AddressTable table;

        /** Compiles, and holds some answers against a scan. */
        @Setup
        public void setUp(Rules rules) {
            table = AddressTable.compile(rules.ranges);
            checkAgainstScan(rules, table::contains);
        }
    }

    /** The rules in the library's trie. */
    @State(Scope.Benchmark)
    public static class Trie {
        AddressTrie<? extends IPAddress> trie;
        private Predicate<IPAddress> contains;
        IPAddress[] probes;

        /** Fills the trie, and holds some answers against a scan. */
        @Setup
        public void setUp(Rules rules) {
            if (rules.family == Address.Family.IPV4) {
                IPv4AddressTrie four = new IPv4AddressTrie();
                rules.ranges.forEach(range -> four.add(block(range).toIPv4()));
                trie = four;
                contains = address -> four.elementContains(address.toIPv4());
            } else {
                IPv6AddressTrie six = new IPv6AddressTrie();
                rules.ranges.forEach(range -> six.add(block(range).toIPv6()));
                trie = six;
                contains = address -> six.elementContains(address.toIPv6());
            }
            probes = new IPAddress[PROBES];
            for (int i = 0; i < PROBES; i++) {
                probes[i] = of(rules.probes[i]);
            }
            checkAgainstScan(rules, address -> contains.test(of(address)));
        }

        private static IPAddress block(AddressRange range) {
            int same = range.family() == Address.Family.IPV4
                    ? Integer.numberOfLeadingZeros(
                            (int) (range.first().low() ^ range.last().low()))
                    : range.first().high() != range.last().high()
                            ? Long.numberOfLeadingZeros(
                                    range.first().high() ^ range.last().high())
                            : 64
                                    + Long.numberOfLeadingZeros(
                                            range.first().low() ^ range.last().low());
            return same == range.family().bits()
                    ? of(range.first())
                    : of(range.first()).toPrefixBlock(same);
        }

        private static IPAddress of(Address address) {
            return address.family() == Address.Family.IPV4
                    ? new IPv4Address((int) address.low())
                    : new IPv6Address(ByteBuffer.allocate(16)
                            .putLong(address.high())
                            .putLong(address.low())
                            .array());
        }
    }

    /** Bytes of the heap, as counted object by object. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Footprint {
        /** In MiB; of several iterations, the sum. */
        public double mebibytes;

        private void count(Object root) {
            mebibytes = GraphLayout.parseInstance(root).totalSize() / (1024.0 * 1024.0);
        }
    }

    /** A look-up. */
    @Benchmark
    public int table(Rules rules, Compiled compiled) {
        return compiled.table.find(rules.probes[rules.next()]);
    }

    /** The same in the trie, which knows whether, not which. */
    @Benchmark
    public boolean trie(Rules rules, Trie trie) {
        return trie.contains.test(trie.probes[rules.next()]);
    }

    /** The same by going through the list. */
    @Benchmark
    public int scan(Rules rules) {
        Address address = rules.probes[rules.next()];
        List<AddressRange> ranges = rules.ranges;
        for (int i = 0; i < ranges.size(); i++) {
            if (ranges.get(i).contains(address)) {
                return i;
            }
        }
        return AddressTable.NONE;
    }

    /** Compiling, the first time in a process and each time after. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @OutputTimeUnit(TimeUnit.MILLISECONDS)
    @Warmup(iterations = 0)
    @Measurement(iterations = 5)
    @Fork(value = 3, jvmArgsAppend = "-Xmx1g")
    public AddressTable compile(Rules rules) {
        return AddressTable.compile(rules.ranges);
    }

    /** The size of the table. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    @Fork(value = 1, jvmArgsAppend = "-Xmx4g")
    public AddressTable tableSize(Rules rules, Compiled compiled, Footprint footprint) {
        footprint.count(compiled.table);
        return compiled.table;
    }

    /** The size of the trie. */
    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    @Fork(value = 1, jvmArgsAppend = "-Xmx8g")
    public Object trieSize(Rules rules, Trie trie, Footprint footprint) {
        footprint.count(trie.trie);
        return trie.trie;
    }

    private static void checkAgainstScan(Rules rules, Predicate<Address> contains) {
        for (int i = 0; i < 200; i++) {
            Address address = rules.probes[i];
            boolean expected = rules.ranges.stream().anyMatch(range -> range.contains(address));
            if (contains.test(address) != expected) {
                throw new IllegalStateException(address + " is " + (expected ? "" : "not ") + "in a rule");
            }
        }
    }
}
