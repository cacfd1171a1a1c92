package dev.postern.setup;

import dev.postern.token.AnnouncedKeys;
import dev.postern.token.KeyRing;
import dev.postern.token.PublishedKey;
import dev.postern.token.TokenKeys;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The keys of this replica, and beside them those that others have said are theirs: these are verified by, and published, for
 * as long as what they may have signed is good, whether or not anybody repeats it.
 */
final class ReplicaKeys {

    private static final Duration RENEWAL = Duration.ofMinutes(30);

    private final TokenKeys keys;
    private final Duration keep;
    private final Map<PublishedKey, Instant> heard = new HashMap<>();
    private KeyRing own;
    private Announcement announcement;

    /** What is said of a ring, and when it was made up. */
    private record Announcement(KeyRing of, Instant at, Map<String, Instant> lines) {}

    /**
     * @param keys in force, which are those of this replica at first
     * @param keep how long what a key has signed is good for
     */
    ReplicaKeys(TokenKeys keys, Duration keep) {
        this.keys = keys;
        this.keep = keep;
        this.own = keys.ring();
        this.announcement = new Announcement(own, Instant.MIN, Map.of());
    }

    /** This replica has other keys from now on. */
    synchronized void use(KeyRing ring) {
        own = ring;
        keys.use(ring.with(List.copyOf(heard.keySet())));
    }

    /** What others are told; the same object while it is the same. */
    synchronized Map<String, Instant> announcement(Instant now) {
        if (announcement.of() != own || announcement.at().isBefore(now.minus(RENEWAL))) {
            announcement = new Announcement(own, now, AnnouncedKeys.lines(own, now.plus(keep)));
        }
        return announcement.lines();
    }

    /** Takes what others have said; how many keys of others are known now, where they are others than before. */
    OptionalInt hear(Collection<String> lines, Instant now) {
        KeyRing ring;
        synchronized (this) {
            ring = own;
        }
        // Signatures are checked, and nobody waits for that.
        List<PublishedKey> read = AnnouncedKeys.read(lines, ring, now);
        synchronized (this) {
            int before = heard.size();
            heard.values().removeIf(at -> at.plus(keep).isBefore(now));
            boolean changed = heard.size() != before;
            for (PublishedKey key : read) {
                changed |= heard.put(key, now) == null;
            }
            while (heard.size() > AnnouncedKeys.MOST) {
                heard.keySet()
                        .remove(heard.entrySet().stream()
                                .min(Map.Entry.comparingByValue())
                                .orElseThrow()
                                .getKey());
            }
            if (changed) {
                keys.use(own.with(List.copyOf(heard.keySet())));
            }
            return changed ? OptionalInt.of(heard.size()) : OptionalInt.empty();
        }
    }
}
