package dev.postern.audit.replay;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was decided of lines with a key: bounded in bytes, and forgotten as a whole when it is full. Threads share it. */
final class Memory {

    private static final long MOST_BYTES = 96L * 1024 * 1024;
    /** Of a key, its entry and its verdict, beside the text. */
    private static final int ENTRY_BYTES = 128;
    /** A longer key is of a request that nobody makes twice. */
    private static final int LONGEST_KEY = 4096;

    private final ConcurrentHashMap<Key, Verdict> verdicts = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();

    Optional<Verdict> of(Key key) {
        return Optional.ofNullable(verdicts.get(key));
    }

    void keep(Key key, Verdict verdict) {
        if (key.length() > LONGEST_KEY) {
            return;
        }
        if (bytes.addAndGet(key.length() + ENTRY_BYTES) > MOST_BYTES) {
            verdicts.clear();
            bytes.set(0);
        }
        verdicts.put(key.copy(), verdict);
    }
}
