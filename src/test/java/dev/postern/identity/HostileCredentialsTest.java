package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.testing.Authenticators;
import dev.postern.testing.TestPolicy;
import dev.postern.throttle.Limits;
import dev.postern.throttle.Origin;
import dev.postern.throttle.Throttle;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Many random and mutated {@code Basic} values, from header to identity: nobody is known by one that is not right, byte by byte, and
 * nothing breaks. {@code -Dhostile.credentials=10000000} makes it as many.
 */
class HostileCredentialsTest {

    private static final int VALUES = Integer.getInteger("hostile.credentials", 200_000);

    /** What is right, as bytes; the secrets are the test policy's. */
    private static final List<String> RIGHT = List.of(
            "iamapikey:" + TestPolicy.API_KEY,
            "bot:" + TestPolicy.API_KEY,
            "acme/bot:" + TestPolicy.API_KEY,
            "alice:" + TestPolicy.ALICES_PASSWORD,
            "acme/alice:" + TestPolicy.ALICES_PASSWORD);

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \t:,\"";

    /** What came of a value. */
    private enum Outcome {
        KNOWN,
        ANONYMOUS,
        REJECTED,
        THROTTLED,
        OTHER
    }

    private final SplittableRandom random = new SplittableRandom(20_261_121);
    private final Map<Outcome, Integer> outcomes = new EnumMap<>(Outcome.class);
    private Instant now = Instant.parse("2026-06-15T12:00:00Z");

    /** As a check of the one hash would find; a real one a million times would take a day. */
    private final Authenticator authenticator = new Authenticator(
            check -> CompletableFuture.completedFuture(
                    check.hash().startsWith("$2y$04$xiM2ucyyuD")
                                    && check.password().equals(TestPolicy.ALICES_PASSWORD)
                            ? PasswordChecks.Finding.MATCHES
                            : PasswordChecks.Finding.DIFFERS),
            new Authenticators.Remembering(),
            new Throttle(new Limits(Duration.ofMinutes(1), 10, 30), new byte[32]),
            () -> now);

    private final Policy policy = ((PolicyCompiler.Compiled)
                    new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", TestPolicy.TEXT))))
            .policy();

    @Test
    void nobodyIsKnownByWhatIsNotRight() {
        for (int i = 0; i < VALUES; i++) {
            now = now.plusMillis(random.nextInt(20));
            String header = header();
            Authentication outcome = authenticator
                    .authenticate(policy, Credentials.of(Optional.of(header)), caller())
                    .join();
            if (outcome instanceof Authenticated known && !isRight(header)) {
                assertThat(known.identity()).as(header).isNull();
            }
            outcomes.merge(kind(outcome), 1, Integer::sum);
        }
        // Then: all that there is was met; a header is never nobody's
        assertThat(outcomes).containsOnlyKeys(Outcome.KNOWN, Outcome.REJECTED, Outcome.THROTTLED);
    }

    private static Outcome kind(Authentication outcome) {
        return switch (outcome) {
            case Authenticated known -> known.identity() instanceof Identity.Known ? Outcome.KNOWN : Outcome.ANONYMOUS;
            case Authentication.Rejected rejected -> Outcome.REJECTED;
            case Authentication.RejectedToken rejected -> Outcome.REJECTED;
            case Authentication.Throttled throttled -> Outcome.THROTTLED;
            case Authentication.Missing missing -> Outcome.OTHER;
            case Authentication.NotAttempted notAttempted -> Outcome.OTHER;
            case Authentication.Unavailable unavailable -> Outcome.OTHER;
        };
    }

    /** By the platform's decoder, and the bytes alone. */
    private static boolean isRight(String header) {
        String stripped = header.strip();
        if (!stripped.regionMatches(true, 0, "Basic ", 0, 6)) {
            return false;
        }
        byte[] bytes = Base64.getDecoder().decode(stripped.substring(6).strip());
        return RIGHT.stream()
                .map(right -> right.getBytes(StandardCharsets.UTF_8))
                .anyMatch(right -> Arrays.equals(right, bytes));
    }

    private Caller caller() {
        Origin origin = new Origin("place " + random.nextInt(50));
        boolean listed = random.nextBoolean();
        return new Caller() {
            @Override
            public Origin origin() {
                return origin;
            }

            @Override
            public boolean isListedBy(Account account) {
                return listed;
            }
        };
    }

    private String header() {
        byte[] plain = RIGHT.get(random.nextInt(RIGHT.size())).getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(8)) {
            case 0 -> "Basic " + Base64.getEncoder().encodeToString(plain);
            case 1 -> "Basic " + Base64.getEncoder().encodeToString(bytes(random.nextInt(80)));
            case 2 -> new String(bytes(random.nextInt(60)), StandardCharsets.ISO_8859_1);
            case 3, 4 -> "Basic " + Base64.getEncoder().encodeToString(mutated(plain));
            case 5, 6 -> mutated("Basic " + Base64.getEncoder().encodeToString(plain));
            default -> mutated("Basic " + Base64.getEncoder().encodeToString(mutated(plain)));
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** One to three changes of bytes: another, one more, one less, a piece twice, cut off. */
    private byte[] mutated(byte[] from) {
        byte[] bytes = from;
        for (int changes = random.nextInt(1, 4); changes > 0 && bytes.length > 1; changes--) {
            int at = random.nextInt(bytes.length);
            bytes = switch (random.nextInt(5)) {
                case 0 -> spliced(bytes, at, at + 1, new byte[] {(byte) random.nextInt(256)});
                case 1 -> spliced(bytes, at, at, new byte[] {(byte) random.nextInt(256)});
                case 2 -> spliced(bytes, at, at + 1, new byte[0]);
                case 3 -> spliced(bytes, at, at, Arrays.copyOf(bytes, at));
                default -> Arrays.copyOf(bytes, at);
            };
        }
        return bytes;
    }

    private String mutated(String from) {
        StringBuilder text = new StringBuilder(from);
        for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
            int at = random.nextInt(text.length());
            char other = ALPHABET.charAt(random.nextInt(ALPHABET.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, other);
                case 1 -> text.insert(at, other);
                case 2 -> text.setCharAt(at, Character.toUpperCase(text.charAt(at)));
                default -> text.append(other);
            }
        }
        return text.toString();
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
        byte[] all = new byte[bytes.length - (to - from) + between.length];
        System.arraycopy(bytes, 0, all, 0, from);
        System.arraycopy(between, 0, all, from, between.length);
        System.arraycopy(bytes, to, all, from + between.length, bytes.length - to);
        return all;
    }
}
