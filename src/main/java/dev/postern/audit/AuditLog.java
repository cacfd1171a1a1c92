package dev.postern.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Takes lines to where they are kept, aside from who decides: many at once, some milliseconds later. Whoever writes never waits.
 * What a sink does not take now is offered again; where lines are taken more slowly than they come, those that find no room are
 * lost, and counted.
 */
public final class AuditLog implements AutoCloseable {

    /** Where lines are kept. */
    public interface Sink {
        /** Writes whole lines. Called by one thread. */
        Taken write(byte[] lines, int length);

        /** Lets go of what it holds. Another thread may still be writing: it does not come to an end else. */
        default void close() {}
    }

    /** What became of lines that a sink was given. */
    public sealed interface Taken {
        /** They are kept, but for so many of them, which nobody would take. */
        record Kept(int lost) implements Taken {}

        /** They may be taken later. Some of them may be kept already, and will be twice. */
        record Later(String why) implements Taken {}

        /** They never will be. */
        record Never(String why) implements Taken {}

        /** They are kept, all of them. */
        Taken ALL = new Kept(0);
    }

    /** What waits is bounded in number and in size: an event may be a line of many kilobytes. */
    static final int MOST_LINES = 16 * 1024;

    static final long MOST_BYTES = 16 * 1024 * 1024;

    private static final int BATCH_BYTES = 64 * 1024;
    private static final int BATCH_LINES = 1024;
    /** While lines come, so many milliseconds' are written at once. */
    private static final long PAUSE_MILLIS = 2;

    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** Wakes the writer, and is nothing to write. */
    private static final byte[] WAKE = new byte[0];

    private final String name;
    private final Sink sink;
    private final Duration firstRetry;
    private final Duration lastRetry;
    private final ArrayBlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(MOST_LINES);
    private final AtomicLong waitingBytes = new AtomicLong();
    private final LongAdder lost = new LongAdder();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread writer;
    private volatile Optional<String> trouble = Optional.empty();

    /**
     * A log that writes to this sink, on a thread of its own.
     *
     * @param name of the sink, for whoever is told of its losses
     */
    public AuditLog(String name, Sink sink) {
        this(name, sink, Duration.ofMillis(100), Duration.ofSeconds(5));
    }

    /** The same, which offers again after these pauses: the first, and what it grows to. */
    AuditLog(String name, Sink sink, Duration firstRetry, Duration lastRetry) {
        this.name = name;
        this.sink = sink;
        this.firstRetry = firstRetry;
        this.lastRetry = lastRetry;
        this.writer = Thread.ofPlatform().daemon().name("postern-audit-" + name).start(this::run);
    }

    /** The sink's name. */
    public String name() {
        return name;
    }

    /** Has a line written, its end included. Never blocks. */
    public void write(byte[] line) {
        if (isClosing() || waitingBytes.addAndGet(line.length) > MOST_BYTES || !waiting.offer(line)) {
            waitingBytes.addAndGet(-line.length);
            lost.increment();
        }
    }

    /** How many lines were lost so far: there was no room for them, or the sink did not take them. */
    public long lost() {
        return lost.sum();
    }

    /** How many lines wait to be written. */
    public int waiting() {
        return waiting.size();
    }

    /** Why the sink takes nothing at the moment, where it does not. */
    public Optional<String> trouble() {
        return trouble;
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        List<byte[]> lines = new ArrayList<>(BATCH_LINES);
        byte[] batch = new byte[BATCH_BYTES];
        for (byte[] first = next(); first != null; first = next()) {
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
            if (next == null && !isClosing()) {
                Thread.sleep(PAUSE_MILLIS);
                next = waiting.poll();
            }
            return next != null || isClosing() ? next : waiting.take();
        } catch (InterruptedException unasked) {
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
            } else if (line.length > 0) {
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
        int notKept = deliver(bytes, length, count);
        waitingBytes.addAndGet(-length);
        lost.add(notKept);
    }

    /** Offers the lines until they are taken, or never will be; returns how many were not. */
    private int deliver(byte[] bytes, int length, int count) {
        for (Duration pause = firstRetry; ; pause = longer(pause)) {
            boolean last = isClosing();
            switch (offer(bytes, length)) {
                case Taken.Kept kept -> {
                    trouble = Optional.empty();
                    return kept.lost();
                }
                case Taken.Never never -> {
                    trouble = Optional.of(never.why());
                    return count;
                }
                case Taken.Later later -> {
                    trouble = Optional.of(later.why());
                    if (last) {
                        return count;
                    }
                    await(pause);
                }
            }
        }
    }

    private Taken offer(byte[] bytes, int length) {
        try {
            return sink.write(bytes, length);
        } catch (RuntimeException broken) {
            return new Taken.Never(broken.getClass().getSimpleName());
        }
    }

    private Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(lastRetry) < 0 ? twice : lastRetry;
    }

    /** Until it is time to offer again, or to end. */
    private void await(Duration pause) {
        try {
            closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException unasked) {
            // Nobody does; it is offered again at once.
        }
    }

    /** Writes what waits, for as long as that may take at an end, and no more from then on. */
    @Override
    public void close() {
        closeAll(List.of(this));
    }

    /** The same of several, all at once: none takes the time of another. */
    public static void closeAll(Collection<AuditLog> logs) {
        logs.forEach(AuditLog::beginEnd);
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        logs.forEach(log -> log.end(Duration.ofNanos(Math.max(1, end - System.nanoTime()))));
    }

    private void beginEnd() {
        closing.countDown();
        // Where there is no room for it, the writer is awake.
        waiting.offer(WAKE);
    }

    private void end(Duration within) {
        try {
            writer.join(within);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sink.close();
    }
}
