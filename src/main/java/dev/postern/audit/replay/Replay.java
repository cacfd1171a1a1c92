package dev.postern.audit.replay;

import dev.postern.decision.Gate;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/** Replays files of audit events: one thread reads, the others decide. */
public final class Replay {

    private static final int PIECE = 1024 * 1024;
    private static final int MOST_WAITING = 8;
    private static final int MOST_NAMED = 20;
    private static final Piece END = new Piece(-1, new byte[0], 0);

    private final Policy policy;
    private final Gate gate;
    private final int threads;

    /** By this policy, as the gate decides, on so many threads. */
    public Replay(Policy policy, Gate gate, int threads) {
        this.policy = policy;
        this.gate = gate;
        this.threads = threads;
    }

    /** A file to be read. */
    public interface Input {
        /** Its name, for messages. */
        String name();

        /** What it holds. */
        InputStream open() throws IOException;
    }

    /** A file cannot be read; the message says which and why. */
    public static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    /** Where the pieces came from: the file of each, and how many lines it has. */
    private static final class Places {
        private final List<String> files = new ArrayList<>();
        private final Map<Integer, Integer> lines = new HashMap<>();

        synchronized int begin(String file) {
            files.add(file);
            return files.size() - 1;
        }

        synchronized void counted(Piece piece, int count) {
            lines.put(piece.number(), count);
        }

        /** {@code file:line} of a line of a piece. */
        synchronized String place(Worker.BadLine bad) {
            long before = 0;
            String file = files.get(bad.piece());
            for (int i = bad.piece() - 1; i >= 0 && files.get(i).equals(file); i--) {
                before += lines.getOrDefault(i, 0);
            }
            return file + ":" + (before + bad.line());
        }
    }

    /**
     * Reads the files, one after the other.
     *
     * @param progress told of how many bytes were read, after each piece
     */
    public ReplayReport run(List<Input> inputs, LongConsumer progress) throws Unreadable {
        BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(MOST_WAITING);
        BlockingQueue<byte[]> spare = new ArrayBlockingQueue<>(MOST_WAITING + threads);
        Places places = new Places();
        Again again = new Again(policy, gate);
        Memory memory = new Memory();
        Instant[] turns = turns(policy);
        List<Worker> workers = new ArrayList<>();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(
                threads, Thread.ofPlatform().daemon().name("postern-replay-", 0).factory())) {
            for (int i = 0; i < threads; i++) {
                Worker worker = new Worker(again, memory, turns);
                workers.add(worker);
                running.add(pool.submit(() -> work(worker, pieces, spare, places)));
            }
            try {
                new Pieces(pieces, spare, places::begin, progress, running).read(inputs);
            } finally {
                for (int i = 0; i < threads; i++) {
                    Pieces.put(pieces, END, running);
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreadable("interrupted");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a replay failed", e.getCause());
        }
        return report(workers, places);
    }

    private static void work(Worker worker, BlockingQueue<Piece> pieces, BlockingQueue<byte[]> spare, Places places) {
        try {
            for (Piece piece = pieces.take(); piece.number() >= 0; piece = pieces.take()) {
                places.counted(piece, worker.take(piece));
                // Where there is enough spare already, it is the collector's.
                spare.offer(piece.bytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ReplayReport report(List<Worker> workers, Places places) {
        Map<Change, Long> changes = new HashMap<>();
        SortedMap<String, Long> leftOut = new TreeMap<>();
        List<Worker.BadLine> bad = new ArrayList<>();
        long events = 0;
        long same = 0;
        long other = 0;
        long badLines = 0;
        for (Worker worker : workers) {
            worker.tally().changes().forEach((change, cell) -> changes.merge(change, cell.count(), Long::sum));
            worker.tally().leftOut().forEach((why, cell) -> leftOut.merge(why, cell.count(), Long::sum));
            bad.addAll(worker.badLines());
            events += worker.events();
            same += worker.tally().same();
            other += worker.other();
            badLines += worker.tally().bad().count();
        }
        bad.sort((one, two) -> one.piece() != two.piece()
                ? Integer.compare(one.piece(), two.piece())
                : Integer.compare(one.line(), two.line()));
        List<String> named = bad.stream().limit(MOST_NAMED).map(places::place).toList();
        return new ReplayReport(events, same, changes, leftOut, other, badLines, named);
    }

    /** The instants at which a rule of the policy begins or ends, in order. */
    static Instant[] turns(Policy policy) {
        TreeSet<Instant> turns = new TreeSet<>();
        NetworkSection.of(policy)
                .map(NetworkSection::rules)
                .flatMap(Replay::rules)
                .flatMap(rule -> Stream.of(rule.from(), rule.until()).flatMap(Optional::stream))
                .forEach(turns::add);
        return turns.toArray(Instant[]::new);
    }

    private static Stream<Rule> rules(NetworkRules rules) {
        return Stream.of(
                        rules.allow().stream(),
                        Stream.of(
                                rules.deny(),
                                rules.onTrial().allow(),
                                rules.onTrial().deny()))
                .flatMap(lists -> lists)
                .flatMap(list -> list.rules().stream());
    }

    /** The size of a piece of which memory is used again. */
    static int pieceSize() {
        return PIECE;
    }
}
