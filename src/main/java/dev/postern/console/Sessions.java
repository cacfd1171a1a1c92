package dev.postern.console;

import dev.postern.console.ConsoleToken.Digest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who is signed in. A session is 256 random bits, of which a digest is kept, and ends with the time, by signing out, or when the word
 * changes by which it was begun. There are so many at most: one more ends the oldest.
 */
final class Sessions {

    static final int MOST = 64;

    private static final int RANDOM_BYTES = 32;
    private static final int TEXT = 43;

    private final Duration lifetime;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> open = new LinkedHashMap<>();

    private record Session(Instant until, Digest word) {}

    Sessions(Duration lifetime) {
        this.lifetime = lifetime;
    }

    /** Begins a session; what it answers is the visitor's alone. */
    synchronized String begin(Digest word, Instant now) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Iterator<Session> all = open.values().iterator();
        while (all.hasNext()) {
            boolean isOver = !now.isBefore(all.next().until());
            if (isOver || open.size() >= MOST) {
                all.remove();
            }
        }
        open.put(key(id), new Session(now.plus(lifetime), word));
        return id;
    }

    /** Whether the session goes on. */
    synchronized boolean has(String id, Optional<Digest> word, Instant now) {
        if (id.length() != TEXT || word.isEmpty()) {
            return false;
        }
        Session session = open.get(key(id));
        return session != null
                && now.isBefore(session.until())
                && session.word().is(word.get());
    }

    synchronized void end(String id) {
        open.remove(key(id));
    }

    synchronized int count() {
        return open.size();
    }

    /** Who can read the memory, or time a look-up, learns no session by it. */
    private static String key(String id) {
        return HexFormat.of().formatHex(Digest.of(id).bytes());
    }
}
