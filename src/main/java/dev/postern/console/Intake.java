package dev.postern.console;

import dev.postern.audit.AuditEvent;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Where the thread that decides leaves events for the thread that shows them: a table of fixed size, without locks. The place of an
 * event is by its source's block, so that whoever is refused ten thousand times a second writes over itself, and not over others.
 */
final class Intake {

    private static final int GROUPS = 256;
    private static final int EACH = 4;

    /** Whose blocks fall together cannot be foreseen. */
    private final int factor = new SecureRandom().nextInt() | 1;

    private final AtomicIntegerArray next = new AtomicIntegerArray(GROUPS);
    private final AtomicReferenceArray<@Nullable AuditEvent> places = new AtomicReferenceArray<>(GROUPS * EACH);
    private final LongAdder lost = new LongAdder();

    void put(AuditEvent event) {
        int group = block(event.request().source()) * factor >>> 24;
        int place = group * EACH + (next.getAndIncrement(group) & EACH - 1);
        if (places.getAndSet(place, event) != null) {
            lost.increment();
        }
    }

    private static int block(Source source) {
        return switch (source) {
            case Source.PublicSource known ->
                switch (known.address().family()) {
                    case IPV4 -> (int) (known.address().low() >>> 8);
                    case IPV6 -> Long.hashCode(known.address().high() >>> 16);
                };
            case Source.PrivateSource known -> known.endpoint().hashCode();
            case Source.UnknownSource unknown -> {
                List<Hop> evidence = unknown.evidence();
                yield evidence.isEmpty() ? 0 : evidence.getFirst().address().hashCode();
            }
        };
    }

    /** Takes all out, in the order of their time. */
    List<AuditEvent> drain() {
        List<AuditEvent> taken = new ArrayList<>();
        for (int i = 0; i < places.length(); i++) {
            if (places.getOpaque(i) != null) {
                AuditEvent event = places.getAndSet(i, null);
                if (event != null) {
                    taken.add(event);
                }
            }
        }
        taken.sort(Comparator.comparing(AuditEvent::time));
        return taken;
    }

    /** How many were written over before they were taken. */
    long lost() {
        return lost.sum();
    }
}
