package dev.postern.token;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is revoked here, and what other replicas say is. What they said once stays in force: it is kept in memory, and in the
 * file for the next start.
 */
public final class ReplicatedRevocations implements Revocations {

    /** As many as a file holds. */
    private static final int MOST = 20_000;

    private final RevocationFile file;
    private volatile List<Revocation> learned = List.of();
    private volatile RevocationList others = RevocationList.EMPTY;
    private final Set<Revocation> kept = new HashSet<>();
    private Written written = new Written(List.of(), List.of(), Map.of());

    /**
     * What there was to learn.
     *
     * @param taken how many were new
     * @param ignored how many could not be read, or were too many
     */
    public record Learned(int taken, int ignored) {}

    /** The lines of these. */
    private record Written(List<Revocation> here, List<Revocation> learned, Map<String, Instant> lines) {}

    /** Those of this file, and no others yet. */
    public ReplicatedRevocations(RevocationFile file) {
        this.file = file;
    }

    @Override
    public boolean isRevoked(Token token) {
        return file.isRevoked(token) || others.isRevoked(token);
    }

    /** How many are in force. */
    public int count() {
        return lines().size();
    }

    /** The lines of all that are known, and until when each is needed; the same object while they are the same. */
    public synchronized Map<String, Instant> lines() {
        List<Revocation> here = file.all();
        if (written.here() != here || written.learned() != learned) {
            Map<String, Instant> lines = new LinkedHashMap<>();
            here.forEach(revocation -> lines.put(revocation.line(), revocation.until()));
            learned.forEach(revocation -> lines.put(revocation.line(), revocation.until()));
            written = new Written(here, learned, Collections.unmodifiableMap(lines));
        }
        return written.lines();
    }

    /** Takes the lines of others: they are in force when this returns. */
    public synchronized Learned learn(Collection<String> lines, Instant now) {
        Set<Revocation> kept = new LinkedHashSet<>();
        learned.stream().filter(known -> known.until().isAfter(now)).forEach(kept::add);
        Set<Revocation> here = Set.copyOf(file.all());
        int taken = 0;
        int ignored = 0;
        for (String line : lines) {
            Optional<Revocation> revocation = Revocation.parse(line);
            if (revocation.isEmpty() || kept.size() >= MOST) {
                ignored++;
            } else if (revocation.get().until().isAfter(now)
                    && !here.contains(revocation.get())
                    && kept.add(revocation.get())) {
                taken++;
            }
        }
        learned = List.copyOf(kept);
        others = new RevocationList(learned);
        return new Learned(taken, ignored);
    }

    /** Writes to the file what it does not have. Blocks. */
    public void keep(Instant now) throws KeyFault {
        // A lock of its own: nobody waits for a disk in order to know what is revoked.
        synchronized (kept) {
            Set<Revocation> missing = new LinkedHashSet<>(learned);
            file.all().forEach(missing::remove);
            // What was written a moment ago has not been read again yet.
            kept.forEach(missing::remove);
            if (!missing.isEmpty()) {
                file.append(List.copyOf(missing), now);
                kept.retainAll(Set.copyOf(learned));
                kept.addAll(missing);
            }
        }
    }
}
