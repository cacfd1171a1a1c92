package dev.postern.throttle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Digests of names and places: marks, which are the same in every process, and from those the keys of slots, which depend on
 * a secret, so that nobody can choose who shares a slot with whom.
 */
final class Keys {

    private final byte[] secret;

    /** Keys under this secret. */
    Keys(byte[] secret) {
        this.secret = secret.clone();
    }

    static Mark of(Origin origin) {
        ByteBuffer digest = digest('s', "", origin.block());
        return new Mark(Mark.Kind.PLACE, digest.getLong(), digest.getLong());
    }

    static Mark of(Standing standing, String login) {
        ByteBuffer digest = digest('n', standing.name(), login);
        return new Mark(Mark.Kind.NAME, digest.getLong(), digest.getLong());
    }

    /** The places of a name share one set: who has a password and many addresses crowds out no places but its own name's. */
    static Mark of(Mark.Kind kind, Origin origin, String login) {
        return new Mark(
                kind,
                digest('l', "", login).getLong(),
                digest('p', origin.block(), login).getLong());
    }

    /** Where it is counted. */
    Slots.Key slot(Mark mark) {
        return new Slots.Key(keyed('s', mark.set()), keyed('t', mark.tag()));
    }

    private long keyed(char half, long value) {
        MessageDigest digest = sha256();
        digest.update(secret);
        return ByteBuffer.wrap(digest.digest(
                        ByteBuffer.allocate(10).putChar(half).putLong(value).array()))
                .getLong();
    }

    private static ByteBuffer digest(char kind, String first, String second) {
        MessageDigest digest = sha256();
        byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(6).putChar(kind).putInt(bytes.length).flip());
        digest.update(bytes);
        return ByteBuffer.wrap(digest.digest(second.getBytes(StandardCharsets.UTF_8)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
