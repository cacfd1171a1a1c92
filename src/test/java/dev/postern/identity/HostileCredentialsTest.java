package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.Authentication.Authenticated;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.testing.Authenticators;
import dev.postern.testing.Mutations;
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

    /** What came of a value. */
    private enum Outcome {
        KNOWN,
        ANONYMOUS,
        REJECTED,
        THROTTLED,
        OTHER
    }

    private final Mutations mutations = new Mutations(20_261_121);
    private final SplittableRandom random = mutations.random();
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
            case 1 -> "Basic " + Base64.getEncoder().encodeToString(mutations.bytes(random.nextInt(80)));
            case 2 -> new String(mutations.bytes(random.nextInt(60)), StandardCharsets.ISO_8859_1);
            case 3, 4 -> "Basic " + Base64.getEncoder().encodeToString(mutations.mutated(plain));
            case 5, 6 -> mutations.mutated("Basic " + Base64.getEncoder().encodeToString(plain));
            default -> mutations.mutated("Basic " + Base64.getEncoder().encodeToString(mutations.mutated(plain)));
        };
    }
}
