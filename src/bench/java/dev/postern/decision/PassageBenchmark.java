package dev.postern.decision;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.postern.address.Address;
import dev.postern.identity.Authentication.Authenticated;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.PublicSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Would it be worth remembering decisions? The gate's decision on a request with a registry token, beside finding one that was
 * remembered by everything that decided: the policy, the source with its link, a digest of the token, and what was asked for.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 2,
        jvmArgsAppend = {"-Xmx3g", "-XX:+UseSerialGC"})
public class PassageBenchmark {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final int MOST_REMEMBERED = 10_000;

    /** What everything is remembered by; the token as its digest, for no token may be kept. */
    private record Remembered(Policy policy, Source source, Digest token, List<Scope> scopes) {}

    private record Digest(byte[] bytes) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Digest that && MessageDigest.isEqual(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Digest[…]";
        }
    }

    /** A policy, and requests from addresses that it lists. */
    @State(org.openjdk.jmh.annotations.Scope.Benchmark)
    public static class Requests {
        /** How many rules the account has. */
        @Param({"1000", "1000000"})
        public int rules;

        /** How many different callers there are; of these, all are remembered. */
        @Param({"100", "8192"})
        public int callers;

        private final Gate gate = new Gate("local", Optional.empty());
        private final Cache<Remembered, Decision> decisions = Caffeine.newBuilder()
                .maximumSize(MOST_REMEMBERED)
                .expireAfterWrite(Duration.ofMinutes(5))
                .executor(Runnable::run)
                .build();
        private Policy policy;
        private int[] addresses;
        private Warrant warrant;
        private byte[] token;
        private byte[] digest;
        private int next;

        /** The same each time. */
        @Setup
        public void setUp() throws NoSuchAlgorithmException {
            StringBuilder text = new StringBuilder(rules * 40)
                    .append(
                            "accounts:\n  acme:\n    namespaces: [acme]\n    service-ids: { bot: { api-keys: [{ id: k1, digest: \"sha-256:"
                                    + "0".repeat(64) + "\" }] } }\n"
                                    + "    bindings: [{ subjects: [service-id:bot], roles: [Writer] }]\n"
                                    + "    network:\n      allow:\n");
            addresses = new int[callers];
            for (int i = 0; i < rules; i++) {
                // All different, and all of addresses that anybody can have: 16.0.0.0 to 79.255.255.255.
                int address = 0x1000_0000 + (i * 0x9e37_79b1 & 0x3fff_ffff);
                addresses[i % callers] = address;
                text.append("      - address: ").append(Address.ipv4(address)).append('\n');
            }
            for (int i = rules; i < callers; i++) {
                addresses[i] = addresses[i % rules];
            }
            policy = switch (new PolicyCompiler(Set.of())
                    .compile(List.of(new Document("bench.yaml", text.toString())))) {
                case Compiled compiled -> compiled.policy();
                case PolicyCompiler.Rejected rejected ->
                    throw new IllegalStateException(
                            rejected.problems().getFirst().toString());
            };
            warrant = new Warrant.Token(List.of(Scope.of("repository", "acme/app", Set.of("pull"))), Optional.empty());
            token = "x".repeat(1_100).getBytes(StandardCharsets.US_ASCII);
            digest = MessageDigest.getInstance("SHA-256").digest(token);
            for (int i = 0; i < callers; i++) {
                AccessRequest request = request();
                Decision decision = gate.decide(policy, request, NOW);
                if (!(decision instanceof Decision.Granted)) {
                    throw new IllegalStateException("refused: " + decision);
                }
                decisions.put(key(request, digest), decision);
            }
        }

        /** As a door makes it: of what it has just read. */
        private AccessRequest request() {
            next = next + 1 == callers ? 0 : next + 1;
            return new AccessRequest(
                    new PublicSource(Address.ipv4(addresses[next]), List.of()),
                    new Authenticated(new Identity.Known(
                            new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"),
                            "registry-token:AAAAAAAAAAAAAAAAAAAAAA")),
                    List.of(Scope.of("repository", "acme/app", Set.of("pull"))),
                    new Purpose.Passage(warrant, Optional.empty()));
        }

        private Remembered key(AccessRequest request, byte[] tokenDigest) {
            return new Remembered(policy, request.source(), new Digest(tokenDigest), request.scopes());
        }
    }

    /** The request alone, which both begin with. */
    @Benchmark
    public AccessRequest request(Requests requests) {
        return requests.request();
    }

    /** The gate. */
    @Benchmark
    public Decision decide(Requests requests) {
        return requests.gate.decide(requests.policy, requests.request(), NOW);
    }

    /** A decision that is remembered, were the digest of the token at hand. */
    @Benchmark
    public Decision recall(Requests requests) {
        Decision remembered = requests.decisions.getIfPresent(requests.key(requests.request(), requests.digest));
        if (remembered == null) {
            throw new IllegalStateException("all are remembered");
        }
        return remembered;
    }

    /** The digest of a token of 1,100 characters, which verified tokens are found by. */
    @Benchmark
    public byte[] digest(Requests requests) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(requests.token);
    }
}
