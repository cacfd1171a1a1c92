package dev.postern.audit.replay;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the lines of pieces of files, and counts what would be decided of each. One thread's. */
final class Worker {

    private static final int MOST_NAMED = 20;

    private final Again again;
    private final LineKey keys;
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
        this.keys = new LineKey(turns);
    }

    /** Decides the events of a piece; returns how many lines it has. */
    int take(Piece piece) {
        int lines = 0;
        int from = 0;
        for (int i = 0; i < piece.length(); i++) {
            if (piece.bytes()[i] == '\n') {
                lines++;
                line(piece, from, i - from, lines);
                from = i + 1;
            }
        }
        if (from < piece.length()) {
            lines++;
            line(piece, from, piece.length() - from, lines);
        }
        return lines;
    }

    private void line(Piece piece, int from, int length, int number) {
        if (length == 0 || piece.bytes()[from] != '{') {
            other += length == 0 ? 0 : 1;
            return;
        }
        Optional<String> key = keys.of(piece.bytes(), from, length);
        if (key.isEmpty()) {
            bad(piece, number);
            return;
        }
        Optional<Verdict> known = memory.of(key.get());
        Verdict verdict =
                known.orElseGet(() -> again.decide(new String(piece.bytes(), from, length, StandardCharsets.UTF_8)));
        if (verdict instanceof Verdict.Bad) {
            bad(piece, number);
            return;
        }
        if (known.isEmpty()) {
            memory.keep(key.get(), verdict);
        }
        events++;
        tally.cell(verdict).increment();
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
