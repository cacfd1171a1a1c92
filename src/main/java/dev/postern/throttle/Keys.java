package dev.postern.throttle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Keyed digests of names and places, so that nobody can choose who shares a slot with whom, and memory holds no name. */
final class Keys {

    private final byte[] secret;

    /** Keys under this secret. */
    Keys(byte[] secret) {
        this.secret = secret.clone();
    }

    Slots.Key of(Origin origin) {
        ByteBuffer digest = digest('s', "", origin.block());
        return new Slots.Key(digest.getLong(), digest.getLong());
    }

    Slots.Key of(Standing standing, String login) {
        ByteBuffer digest = digest('n', standing.name(), login);
        return new Slots.Key(digest.getLong(), digest.getLong());
    }

    /** The places of a name share one set: who has a password and many addresses crowds out no places but its own name's. */
    Slots.Key of(Origin origin, String login) {
        return new Slots.Key(
                digest('l', "", login).getLong(),
                digest('p', origin.block(), login).getLong());
    }

    private ByteBuffer digest(char kind, String first, String second) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(secret);
            byte[] bytes = first.getBytes(StandardCharsets.UTF_8);
            digest.update(
                    ByteBuffer.allocate(6).putChar(kind).putInt(bytes.length).flip());
            digest.update(bytes);
            return ByteBuffer.wrap(digest.digest(second.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
