package dev.postern.replicas;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Lines that all replicas have, until nobody needs them. */
public interface Lines {

    /** What is known here, and until when it is needed; the same object while it is the same. Must not block. */
    Map<String, Instant> here(Instant now);

    /** What is known elsewhere, those first that are needed longest. May block. */
    void heard(Set<String> lines, Instant now);
}
