package dev.postern.feed;

import dev.postern.fetch.HttpsUrl;

/** Where a feed is. */
public sealed interface FeedLocation {

    /** For error texts. */
    String URL_FORM = "an https URL such as https://example.com/ranges.json, without user, password or fragment";

    /** For error texts. */
    String FILE_FORM = "a path in the policy file's directory such as ServiceTags_Public.json, without '..'";

    /** The whole of it, which may hold a secret: never for people. */
    String exact();

    /** For people and logs: without a URL's query, where some publishers want a token. */
    String text();

    /** What became of reading a location. */
    sealed interface Syntax {}

    /** The text is a location. */
    record Understood(FeedLocation location) implements Syntax {}

    /** The text is none; {@code why} says what is wrong with it. */
    record Malformed(String why) implements Syntax {}

    /** A resource that is fetched over HTTPS. */
    record Url(HttpsUrl address) implements FeedLocation {

        @Override
        public String exact() {
            return address.exact();
        }

        @Override
        public String text() {
            return address.text();
        }

        /** Leaves the query out. */
        @Override
        public String toString() {
            return text();
        }
    }

    /**
     * A file beside the policy.
     *
     * @param directory that of the document which names the file; empty for the working directory
     * @param path relative to it
     */
    record LocalFile(String directory, String path) implements FeedLocation {
        @Override
        public String exact() {
            return directory.isEmpty() ? path : directory + "/" + path;
        }

        @Override
        public String text() {
            return exact();
        }
    }

    /** Reads a URL. */
    static Syntax url(String text) {
        return switch (HttpsUrl.read(text)) {
            case HttpsUrl.Understood understood -> new Understood(new Url(understood.url()));
            case HttpsUrl.Malformed malformed -> new Malformed(malformed.why() + "; expected " + URL_FORM);
        };
    }

    /**
     * Reads the path of a file.
     *
     * @param document the name of the document that it stands in: a path, whose directory counts
     */
    static Syntax file(String text, String document) {
        if (document.startsWith("https://") || document.contains("!/")) {
            return new Malformed("is a file, and beside a policy in a bundle there are none; expected a 'url'");
        }
        boolean inside = !text.startsWith("/")
                && !text.startsWith("\\")
                && !text.contains(":")
                && text.length() <= 1024
                && text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        for (String segment : text.split("[/\\\\]", -1)) {
            inside &= !segment.isEmpty() && !segment.equals("..") && !segment.equals(".");
        }
        if (!inside) {
            return new Malformed("is not a path of that form; expected " + FILE_FORM);
        }
        int end = Math.max(document.lastIndexOf('/'), document.lastIndexOf('\\'));
        return new Understood(new LocalFile(document.substring(0, Math.max(end, 0)), text));
    }
}
