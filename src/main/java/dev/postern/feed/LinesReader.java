package dev.postern.feed;

import java.io.IOException;
import java.io.Reader;

/** Plain text: an address, a block or a range a line; blank lines and what follows a {@code #} are passed over. */
final class LinesReader {

    private static final int MAX_LINE = 4096;

    private LinesReader() {}

    static void read(Reader text, Prefixes out) throws IOException, Refusal {
        StringBuilder line = new StringBuilder();
        int number = 1;
        for (int c = text.read(); c >= 0; c = text.read()) {
            if (c == '\n') {
                take(line, number++, out);
                line.setLength(0);
            } else {
                line.append((char) c);
            }
            if (line.length() > MAX_LINE) {
                throw new Refusal("has more than " + MAX_LINE + " characters in line " + number);
            }
        }
        take(line, number, out);
    }

    private static void take(StringBuilder line, int number, Prefixes out) throws Refusal {
        int comment = line.indexOf("#");
        String text = line.substring(0, comment < 0 ? line.length() : comment).strip();
        if (text.startsWith("<")) {
            throw new Refusal("is HTML or XML, not lines of addresses, at line " + number);
        }
        if (!text.isEmpty()) {
            out.addRange(Place.ofLine(text, number));
        }
    }
}
