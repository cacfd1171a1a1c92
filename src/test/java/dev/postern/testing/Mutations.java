package dev.postern.testing;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Random and mutated texts, the same for the same seed. */
public final class Mutations {

    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_ \t:,\"";

    private final SplittableRandom random;

    /** Mutations of this seed. */
    public Mutations(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** The numbers that they are made of. */
    public SplittableRandom random() {
        return random;
    }

    /** So many bytes, any. */
    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** So many visible characters of ASCII. */
    public String visible(int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) random.nextInt(0x21, 0x7f));
        }
        return text.toString();
    }

    /** One to three changes of bytes: another, one more, one less, a piece twice, cut off. */
    public byte[] mutated(byte[] from) {
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

    /** One to three changes of characters: another, one more, upper case, one at the end. */
    public String mutated(String from) {
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
