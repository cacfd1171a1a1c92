package dev.postern.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes lines to where they are kept, aside from who decides: many at once, some milliseconds later. Whoever writes never waits.
 * Where lines are taken more slowly than they come, those that find no room are lost, and counted.
 */
public final class AuditLog implements AutoCloseable {

    /** Where lines are kept. */
    public interface Sink {
        /**
         * Writes whole lines.
         *
         * @return whether they were taken
         */
        boolean write(byte[] lines, int length);
    }

    /** What waits is bounded in number and in size: an event may be a line of many kilobytes. */
    static final int MOST_LINES = 16 * 1024;

    static final long MOST_BYTES = 16 * 1024 * 1024;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int BATCH_LINES = 1024;
    /** While lines come, so many milliseconds' are written at once. */
    private static final long PAUSE_MILLIS = 2;

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Sink sink;
    private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_LINES);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder lost = new LongAdder();
    private final Thread writer;
    private volatile boolean closed;

    /** A log that writes to this sink, on a thread of its own. */
    public AuditLog(Sink sink) {
        this.sink = sink;
        this.writer = Thread.ofPlatform().daemon().name("postern-audit").start(this::run);
    }

    /** Has a line written, its end included. Never blocks. */
    public void write(byte[] line) {
        if (closed || waitingBytes.addAndGet(line.length) > MOST_BYTES || !waiting.offer(line)) {
            waitingBytes.addAndGet(-line.length);
            lost.increment();
        }
    }

    /** How many lines were lost so far: there was no room for them, or the sink did not take them. */
    public long lost() {
        return lost.sum();
    }

    private void run() {
        List<byte[]> lines = new ArrayList<>(BATCH_LINES);
        byte[] batch = new byte[BATCH_BYTES];
        while (true) {
            byte[] first = next();
            if (first == null) {
                return;
            }
            lines.add(first);
            waiting.drainTo(lines, BATCH_LINES - 1);
            write(lines, batch);
            lines.clear();
        }
    }

    /** The next line, once there is one; none when there will be no more. Who waits for the first of many is woken once. */
    private byte @Nullable [] next() {
        try {
            byte[] next = waiting.poll();
            if (next == null && !closed) {
                Thread.sleep(PAUSE_MILLIS);
                next = waiting.poll();
            }
            return next != null || closed ? next : waiting.take();
        } catch (InterruptedException closing) {
            return waiting.poll();
        }
    }

    private void write(List<byte[]> lines, byte[] batch) {
        int length = 0;
        int count = 0;
        for (byte[] line : lines) {
            if (length > 0 && length + line.length > batch.length) {
                write(batch, length, count);
                length = 0;
                count = 0;
            }
            if (line.length > batch.length) {
                write(line, line.length, 1);
            } else {
                System.arraycopy(line, 0, batch, length, line.length);
                length += line.length;
                count++;
            }
        }
        if (length > 0) {
            write(batch, length, count);
        }
    }

    private void write(byte[] bytes, int length, int count) {
        boolean taken;
        try {
            taken = sink.write(bytes, length);
        } catch (RuntimeException broken) {
            taken = false;
        }
        waitingBytes.addAndGet(-length);
        if (!taken) {
            lost.add(count);
        }
    }

    /** Writes what waits, for as long as that may take at an end, and no more from then on. */
    @Override
    public void close() {
        closed = true;
        writer.interrupt();
        try {
            writer.join(LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
