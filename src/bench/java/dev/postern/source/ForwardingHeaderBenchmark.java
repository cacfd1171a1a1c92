package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** How long the answer to where the caller is takes, by the length of the header that a trusted proxy sends on. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class ForwardingHeaderBenchmark {

    private static final int LENGTH = 64 * 1024;

    /** What stands in the header. */
    public enum Chain {
        /** The caller. */
        ONE_HOP,
        /** Nine trusted proxies before the caller. */
        TEN_HOPS,
        /** 64 KiB of addresses that the caller wrote, and last the caller. */
        WORDS_64K,
        /** 64 KiB of trusted addresses. */
        TRUSTED_64K,
        /** 10,000 short addresses, and last the caller. */
        WORDS_10000,
        /** 10,000 short, trusted addresses. */
        TRUSTED_10000
    }

    /** Which header it is. */
    @Param({"X_FORWARDED_FOR", "FORWARDED"})
    public ForwardingHeader header = ForwardingHeader.NONE;

    /** What stands in it. */
    @Param
    public Chain chain = Chain.ONE_HOP;

    private SourceResolver resolver;
    private Connection connection;

    /** Makes the header, one line. */
    @Setup
    public void setUp() {
        resolver = new SourceResolver(
                new SourceSettings(List.of(range("10.0.0.0/8"), range("fd::/16")), header, List.of()));
        String line = switch (chain) {
            case ONE_HOP -> hop("203.0.113.7");
            case TEN_HOPS -> hop("203.0.113.7") + "," + hops(9, i -> "10.0.0." + (i + 1));
            case WORDS_64K -> upTo64K(i -> "198.51.100." + i % 256) + "," + hop("203.0.113.7");
            case TRUSTED_64K -> upTo64K(i -> "10.1." + i / 250 % 250 + "." + i % 250);
            case WORDS_10000 -> hops(9999, i -> "2::" + i % 10) + "," + hop("203.0.113.7");
            case TRUSTED_10000 -> hops(10_000, i -> "fd::" + i % 10);
        };
        connection = new Connection(Address.parse("10.0.0.1"), name -> List.of(line), Optional.empty());
        System.out.printf("%d characters, %d hops: %s%n", line.length(), line.split(",").length, answer());
    }

    /** The source. */
    @Benchmark
    public Source resolve() {
        return resolver.resolve(connection);
    }

    private String answer() {
        return resolver.resolve(connection).text().lines().findFirst().orElseThrow();
    }

    private String upTo64K(IntFunction<String> address) {
        StringBuilder line = new StringBuilder(hop(address.apply(0)));
        for (int i = 1; line.length() < LENGTH - 40; i++) {
            line.append(',').append(hop(address.apply(i)));
        }
        return line.toString();
    }

    private String hops(int count, IntFunction<String> address) {
        return IntStream.range(0, count).mapToObj(address).map(this::hop).collect(Collectors.joining(","));
    }

    private String hop(String address) {
        if (header == ForwardingHeader.X_FORWARDED_FOR) {
            return address;
        }
        return address.indexOf(':') < 0 ? "for=" + address : "for=\"[" + address + "]\"";
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
