package dev.postern.audit.replay;

import java.util.Arrays;

/** Bytes by which lines are known again. It can grow while it is looked up, and is copied to be kept. */
final class Key {

    private byte[] bytes;
    private int length;

    Key() {
        this(new byte[1024], 0);
    }

    private Key(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = length;
    }

    void clear() {
        length = 0;
    }

    void add(byte octet) {
        room(1);
        bytes[length++] = octet;
    }

    void add(byte[] from, int begin, int end) {
        room(end - begin);
        System.arraycopy(from, begin, bytes, length, end - begin);
        length += end - begin;
    }

    void add(String text) {
        for (int i = 0; i < text.length(); i++) {
            // Both halves: an encoding would not tell all texts apart.
            add((byte) (text.charAt(i) >>> 8));
            add((byte) text.charAt(i));
        }
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    int length() {
        return length;
    }

    /** The same, which does not change any more. */
    Key copy() {
        return new Key(Arrays.copyOf(bytes, length), length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key key && Arrays.equals(bytes, 0, length, key.bytes, 0, key.length);
    }

    @Override
    public int hashCode() {
        // Two at once: the sum of 31 to the power of all would wait for each.
        int even = 1;
        int odd = 1;
        int i = 0;
        for (; i + 1 < length; i += 2) {
            even = 961 * even + bytes[i];
            odd = 961 * odd + bytes[i + 1];
        }
        int last = i < length ? bytes[i] : 0;
        return 31 * (even ^ Integer.rotateLeft(odd, 13)) + last;
    }
}
