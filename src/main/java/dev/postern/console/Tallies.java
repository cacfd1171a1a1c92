package dev.postern.console;

import dev.postern.audit.AuditEvent;
import dev.postern.decision.Decision;
import dev.postern.decision.Reason;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many decisions there were since the start, by door and reason. Counting takes no lock. */
final class Tallies {

    /** Doors are ours, and few. */
    private static final int MOST_DOORS = 32;

    private static final int REASONS = Reason.values().length;

    private final Map<String, LongAdder[]> byDoor = new ConcurrentHashMap<>();
    private final LongAdder reported = new LongAdder();

    void count(AuditEvent event) {
        LongAdder[] door = byDoor.get(event.door());
        if (door == null) {
            if (byDoor.size() >= MOST_DOORS) {
                return;
            }
            door = byDoor.computeIfAbsent(event.door(), name -> adders());
        }
        door[event.decision().reason().ordinal()].increment();
        if (event.decision() instanceof Decision.Granted granted
                && granted.wouldBe().isPresent()) {
            reported.increment();
        }
    }

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[REASONS];
        for (int i = 0; i < REASONS; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    /** By reason, in the order of {@link Reason}, all doors together. */
    long[] byReason() {
        long[] sums = new long[REASONS];
        byDoor.values().forEach(adders -> add(adders, sums));
        return sums;
    }

    /** By door, and there by reason. */
    Map<String, long[]> byDoor() {
        Map<String, long[]> all = new TreeMap<>();
        byDoor.forEach((door, adders) -> {
            long[] sums = new long[REASONS];
            add(adders, sums);
            all.put(door, sums);
        });
        return all;
    }

    private static void add(LongAdder[] adders, long[] sums) {
        for (int i = 0; i < REASONS; i++) {
            sums[i] += adders[i].sum();
        }
    }

    /** How many would have been refused, were everything enforced. */
    long reported() {
        return reported.sum();
    }
}
