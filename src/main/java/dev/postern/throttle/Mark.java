package dev.postern.throttle;

import java.util.HexFormat;
import java.util.Optional;

/**
 * What is counted, or remembered, of a name or a place: how replicas speak of it. Its digest is of the name or place alone,
 * under no secret, so that it is the same everywhere; it tells whoever can guess the name or place that it is this one.
 *
 * @param kind what is said of it
 * @param set the half of the digest that what belongs together has in common
 * @param tag the other half
 */
public record Mark(Kind kind, long set, long tag) {

    /** What is said. */
    public enum Kind {
        /** Failures of a place. */
        PLACE('s'),
        /** Failures of a name, at places of a kind. */
        NAME('n'),
        /** Failures of a name at a place that is familiar. */
        FAMILIAR_PLACE('p'),
        /** A name has signed in from a place. */
        FAMILIAR('f');

        private final char letter;

        Kind(char letter) {
            this.letter = letter;
        }
    }

    private static final HexFormat HEX = HexFormat.of();
    private static final int LENGTH = 1 + 16 + 16;

    /** A letter for the kind, and the halves in 16 hexadecimal digits each. */
    public String text() {
        return kind.letter + HEX.toHexDigits(set) + HEX.toHexDigits(tag);
    }

    /** Reads what {@link #text} has written. */
    public static Optional<Mark> parse(String text) {
        if (text.length() != LENGTH) {
            return Optional.empty();
        }
        for (Kind kind : Kind.values()) {
            if (kind.letter == text.charAt(0)) {
                try {
                    return Optional.of(new Mark(
                            kind,
                            HexFormat.fromHexDigitsToLong(text, 1, 17),
                            HexFormat.fromHexDigitsToLong(text, 17, LENGTH)));
                } catch (IllegalArgumentException notHexadecimal) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }
}
