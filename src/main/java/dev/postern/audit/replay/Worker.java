package dev.postern.audit.replay;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** Reads the lines of pieces of files, and counts what would be decided of each. One thread's. */
final class Worker {

    private static final int MOST_NAMED = 20;
    private static final int MOST_CELLS = 200_000;

    /** What keys begin with: those of the two ways are never equal. */
    private static final byte SCANNED = 1;

    private static final byte PARSED = 2;

    private final Again again;
    private final LineScanner scanner;
    private final LineKey keys;
    private final Key key = new Key();
    private final IdentityHashMap<Verdict, Tally.Cell> cells = new IdentityHashMap<>();
    private final Tally tally = new Tally();
    private final Memory memory;
    private final List<BadLine> badLines = new ArrayList<>();
    private long events;
    private long other;

    /** A line that is no event: its number within the piece, from 1. */
    record BadLine(int piece, int line) {}

    Worker(Again again, Memory memory, Instant[] turns) {
        this.again = again;
        this.memory = memory;
        this.scanner = new LineScanner(turns);
        this.keys = new LineKey(turns);
    }

    /** Decides the events of a piece; returns how many lines it has. */
    int take(Piece piece) {
        byte[] bytes = piece.bytes();
        int lines = 0;
        int from = 0;
        while (from < piece.length()) {
            lines++;
            key.clear();
            key.add(SCANNED);
            int end = scanner.scan(bytes, from, piece.length(), key);
            if (end == LineScanner.OTHER) {
                end = end(piece, from);
                if (isEvent(piece, from, end, lines)) {
                    event(piece, from, end, lines);
                }
            } else {
                event(piece, from, end, lines);
            }
            from = end + 1;
        }
        return lines;
    }

    private static int end(Piece piece, int from) {
        int end = from;
        while (end < piece.length() && piece.bytes()[end] != '\n') {
            end++;
        }
        return end;
    }

    /** Whether a line that is not in Postern's own form is an event, and its key. */
    private boolean isEvent(Piece piece, int from, int end, int number) {
        if (from == end || piece.bytes()[from] != '{') {
            other += from == end ? 0 : 1;
            return false;
        }
        Optional<String> text = keys.of(piece.bytes(), from, end - from);
        if (text.isEmpty()) {
            bad(piece, number);
            return false;
        }
        key.clear();
        key.add(PARSED);
        key.add(text.get());
        return true;
    }

    /** The line whose key is at hand. */
    private void event(Piece piece, int from, int end, int number) {
        Optional<Verdict> known = memory.of(key);
        Verdict verdict = known.orElseGet(
                () -> again.decide(new String(piece.bytes(), from, end - from, StandardCharsets.UTF_8)));
        if (verdict instanceof Verdict.Bad) {
            bad(piece, number);
            return;
        }
        if (known.isEmpty()) {
            memory.keep(key, verdict);
        }
        events++;
        cell(verdict).increment();
    }

    /** A verdict that is remembered is one object for many lines. */
    private Tally.Cell cell(Verdict verdict) {
        Tally.Cell known = cells.get(verdict);
        if (known != null) {
            return known;
        }
        if (cells.size() >= MOST_CELLS) {
            cells.clear();
        }
        Tally.Cell cell = tally.cell(verdict);
        cells.put(verdict, cell);
        return cell;
    }

    private void bad(Piece piece, int number) {
        tally.bad().increment();
        if (badLines.size() < MOST_NAMED) {
            badLines.add(new BadLine(piece.number(), number));
        }
    }

    Tally tally() {
        return tally;
    }

    List<BadLine> badLines() {
        return badLines;
    }

    long events() {
        return events;
    }

    long other() {
        return other;
    }
}
