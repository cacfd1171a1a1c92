package dev.postern.distribution;

/** A request target (RFC 9112 section 3.2.1), taken apart: characters that nobody has to decode, and no more of them than clients send. */
final class RequestTarget {

    /** An upload's location carries the registry's own state of a thousand characters or two. */
    static final int MAX_LENGTH = 8 * 1024;

    /** A name of 255 characters, a digest of 300, and what stands between them. */
    static final int MAX_PATH = 1024;

    /** What became of reading one. */
    sealed interface Outcome {}

    /** It can be read in one way. */
    record Read(String path, String query) implements Outcome {}

    /** It cannot. */
    record Malformed(String why) implements Outcome {}

    private RequestTarget() {}

    static Outcome read(String target) {
        if (target.length() > MAX_LENGTH) {
            return new Malformed("the request target is longer than " + MAX_LENGTH + " characters");
        }
        if (!target.startsWith("/")) {
            return new Malformed("the request target does not begin with '/'");
        }
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        if (path.length() > MAX_PATH) {
            return new Malformed("the path is longer than " + MAX_PATH + " characters");
        }
        if (!isPath(path)) {
            return new Malformed("the path has other characters than letters, digits and . _ - : = + /;"
                    + " nothing may be percent-encoded");
        }
        // A fragment is none of the request's (RFC 9112 section 3.2), and registries differ in what they do with one.
        if (!isQuery(query)) {
            return new Malformed("the query has a character that must be percent-encoded there, a ';' or a '#'");
        }
        if (path.contains("//")) {
            return new Malformed("the path has an empty segment");
        }
        if (hasDotSegment(path)) {
            return new Malformed("the path has a segment '.' or '..'");
        }
        return new Read(path, query);
    }

    private static boolean isPath(String path) {
        for (int i = 0; i < path.length(); i++) {
            if (!isOfPath(path.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isQuery(String query) {
        for (int i = 0; i < query.length(); i++) {
            char c = query.charAt(i);
            if (c <= ' ' || c >= 0x7f || c == '#' || c == ';' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    private static boolean hasDotSegment(String path) {
        return path.contains("/./") || path.contains("/../") || path.endsWith("/.") || path.endsWith("/..");
    }

    private static boolean isOfPath(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || c == '/'
                || c == '.'
                || c == '_'
                || c == '-'
                || c == ':'
                || c == '='
                || c == '+';
    }
}
