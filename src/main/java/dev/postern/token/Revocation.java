package dev.postern.token;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of the file of revocations: {@code KIND VALUE BEFORE UNTIL}.
 *
 * @param kind of what
 * @param value the token's id, the subject, or the account; percent-encoded in the file
 * @param before tokens issued before this instant are refused; of a token id, all are
 * @param until from then on no token is left that it could speak of
 */
public record Revocation(Kind kind, String value, Instant before, Instant until) {

    /** What is revoked. */
    public enum Kind {
        TOKEN_ID,
        SUBJECT,
        ACCOUNT;

        String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Clocks of replicas differ, and a token is good to the end of its last second. */
    private static final Duration SLACK = Duration.ofHours(1);

    private static final int MAX_VALUE = 1024;

    /** Revokes now, or from this instant backwards. */
    public static Revocation of(Kind kind, String value, Instant before) {
        return new Revocation(
                kind, value, before, before.plus(RefreshTokens.LONGEST_LIFETIME).plus(SLACK));
    }

    /** The line, without its end. */
    String line() {
        return kind.word() + " " + URLEncoder.encode(value, StandardCharsets.UTF_8) + " " + before + " " + until;
    }

    /** Reads a line. */
    static Optional<Revocation> parse(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || words[1].isEmpty() || words[1].length() > MAX_VALUE) {
            return Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (kind.word().equals(words[0])) {
                try {
                    return Optional.of(new Revocation(
                            kind,
                            URLDecoder.decode(words[1], StandardCharsets.UTF_8),
                            Instant.parse(words[2]),
                            Instant.parse(words[3])));
                } catch (DateTimeParseException | IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
