package dev.postern.source;

import dev.postern.address.Address;
import java.util.List;
import java.util.Optional;

/** The elements of a forwarding header, last line and last element first: as the proxies appended them, backwards. */
interface ForwardingElements {

    /** Whether there is another element. */
    boolean hasNext();

    /** The next element. */
    Element next();

    /**
     * An element.
     *
     * @param text as it stands, for the evidence
     * @param address the address that it names; empty where it names none that can be read
     */
    record Element(String text, Optional<Address> address) {}

    /** Those of {@code X-Forwarded-For}, cut only as far as asked for. */
    static ForwardingElements xForwardedFor(List<String> lines) {
        return new XForwardedFor(lines);
    }

    /** Those of {@code Forwarded} (RFC 7239), each line read only when it is come to. */
    static ForwardingElements forwarded(List<String> lines) {
        return new Forwarded(lines);
    }

    /** {@code X-Forwarded-For}: no quoting, so a comma is a comma. */
    final class XForwardedFor implements ForwardingElements {
        private final List<String> lines;
        private int line;
        private int end;

        XForwardedFor(List<String> lines) {
            this.lines = lines;
            this.line = lines.size() - 1;
            this.end = line < 0 ? -1 : lines.get(line).length();
        }

        @Override
        public boolean hasNext() {
            return line >= 0;
        }

        @Override
        public Element next() {
            String text = lines.get(line);
            int comma = text.lastIndexOf(',', end - 1);
            String element = strip(text, comma + 1, end);
            if (comma >= 0) {
                end = comma;
            } else if (--line >= 0) {
                end = lines.get(line).length();
            }
            return new Element(element, ForwardedElement.parse(element));
        }

        /** Optional white space is blanks and tabs (RFC 9110 section 5.6.3), nothing else. */
        private static String strip(String text, int from, int to) {
            int first = from;
            int last = to;
            while (first < last && isBlank(text.charAt(first))) {
                first++;
            }
            while (last > first && isBlank(text.charAt(last - 1))) {
                last--;
            }
            return text.substring(first, last);
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }
    }

    /** {@code Forwarded}: a quote on the left can change what a comma on the right is, so a line is read whole. */
    final class Forwarded implements ForwardingElements {
        private final List<String> lines;
        private int line;
        private List<Element> elements = List.of();
        private int element = -1;

        Forwarded(List<String> lines) {
            this.lines = lines;
            this.line = lines.size();
        }

        @Override
        public boolean hasNext() {
            return element >= 0 || line > 0;
        }

        @Override
        public Element next() {
            if (element < 0) {
                line--;
                elements = ForwardedLine.parse(lines.get(line));
                element = elements.size() - 1;
            }
            return elements.get(element--);
        }
    }
}
