package dev.postern.audit;

import java.util.concurrent.ThreadLocalRandom;

/** Ids of decisions: short enough to be read out, and without letters that are taken for one another. */
public final class DecisionId {

    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
    private static final int LENGTH = 16;
    private static final int BITS = 5;

    private DecisionId() {}

    /** Another id of 80 random bits. It names a decision and protects nothing, so it need not be unpredictable. */
    public static String next() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long high = random.nextLong();
        long low = random.nextLong();
        char[] id = new char[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            long bits = i < LENGTH / 2 ? high : low;
            id[i] = ALPHABET.charAt((int) (bits >>> (i % (LENGTH / 2) * BITS)) & 31);
        }
        return new String(id);
    }
}
