package dev.postern.feed;

import dev.postern.address.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

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
    record Url(URI uri) implements FeedLocation {

        /** The name or address to connect to; an IPv6 address without its brackets. */
        public String host() {
            String host = uri.getHost();
            return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        }

        /** The port to connect to. */
        public int port() {
            return uri.getPort() < 0 ? 443 : uri.getPort();
        }

        @Override
        public String exact() {
            return uri.toString();
        }

        @Override
        public String text() {
            String whole = uri.toString();
            int query = whole.indexOf('?');
            return query < 0 ? whole : whole.substring(0, query) + "?…";
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
        if (text.length() > 2048) {
            return new Malformed("is longer than 2048 characters; expected " + URL_FORM);
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return new Malformed("is not a URL; expected " + URL_FORM);
        }
        if (!"https".equals(Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT))) {
            return new Malformed("is not an https URL; expected " + URL_FORM);
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return new Malformed("has a user, a password or a fragment; expected " + URL_FORM);
        }
        if (uri.getHost() == null || !Hosts.isHost(uri.getHost())) {
            return new Malformed("names no host; expected " + URL_FORM);
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            return new Malformed("has no port from 1 to 65535; expected " + URL_FORM);
        }
        return new Understood(new Url(uri));
    }

    /**
     * Reads the path of a file.
     *
     * @param document the name of the document that it stands in: a path, whose directory counts
     */
    static Syntax file(String text, String document) {
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

    /** The names of hosts. */
    final class Hosts {

        private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})*\\.?");
        private static final Pattern NUMBER = Pattern.compile("(.*\\.)?(\\d+|0[xX][0-9a-fA-F]*)\\.?");

        private Hosts() {}

        /** A name, or an address in strict form: not one of the short, octal and hexadecimal ways to write one. */
        static boolean isHost(String host) {
            if (host.startsWith("[")) {
                return Address.parse(host.substring(1, host.length() - 1)).isPresent();
            }
            return host.length() <= 253
                    && NAME.matcher(host).matches()
                    && (!NUMBER.matcher(host).matches() || Address.parse(host).isPresent());
        }
    }
}
