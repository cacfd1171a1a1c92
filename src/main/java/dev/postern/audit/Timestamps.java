package dev.postern.audit;

import java.time.Instant;

/** Instants as text, in the form of {@link Instant#toString()} (ISO 8601, UTC), for whoever writes many of one second. */
public final class Timestamps {

    private static final int NANOS_PER_MILLI = 1_000_000;
    private static final int NANOS_PER_MICRO = 1_000;

    private static volatile Second last = of(0);

    /** A second's text up to the fraction. */
    private record Second(long second, String text) {}

    private Timestamps() {}

    /** The instant's text. */
    public static String text(Instant instant) {
        Second second = last;
        if (second.second() != instant.getEpochSecond()) {
            second = of(instant.getEpochSecond());
            last = second;
        }
        int nanos = instant.getNano();
        if (nanos == 0) {
            return second.text() + "Z";
        }
        StringBuilder out = new StringBuilder(30).append(second.text()).append('.');
        if (nanos % NANOS_PER_MILLI == 0) {
            digits(out, nanos / NANOS_PER_MILLI, 100);
        } else if (nanos % NANOS_PER_MICRO == 0) {
            digits(out, nanos / NANOS_PER_MICRO, 100_000);
        } else {
            digits(out, nanos, 100_000_000);
        }
        return out.append('Z').toString();
    }

    private static Second of(long second) {
        String text = Instant.ofEpochSecond(second).toString();
        return new Second(second, text.substring(0, text.length() - 1));
    }

    private static void digits(StringBuilder out, int value, int highest) {
        for (int place = highest; place > 0; place /= 10) {
            out.append((char) ('0' + value / place % 10));
        }
    }
}
