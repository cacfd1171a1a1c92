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
 * Who is signed in. A session is 256 random bits, of which a digest is kept, and ends with the time, by signing out, or, where it was
 * begun by the word, when that changes. There are so many at most: one more ends the oldest.
 */
final class Sessions {

    static final int MOST = 64;

    private static final int RANDOM_BYTES = 32;
    private static final int TEXT = 43;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, Session> open = new LinkedHashMap<>();

    /** By what a session was begun. */
    sealed interface By {}

    /** By the word. */
    record Word(Digest digest) implements By {}

    /** By an issuer, which has said who it is. */
    record Issuer() implements By {}

    private record Session(Instant until, By by) {}

    /** Begins a session; what it answers is the visitor's alone. */
    synchronized String begin(By by, Duration lifetime, Instant now) {
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
        open.put(key(id), new Session(now.plus(lifetime), by));
        return id;
    }

    /** By what the session was begun, if it goes on. */
    synchronized Optional<By> find(String id, Optional<Digest> word, Instant now) {
        if (id.length() != TEXT) {
            return Optional.empty();
        }
        return Optional.ofNullable(open.get(key(id)))
                .filter(session -> now.isBefore(session.until()))
                .map(Session::by)
                .filter(by -> switch (by) {
                    case Word(Digest digest) -> word.filter(digest::is).isPresent();
                    case Issuer issuer -> true;
                });
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
