package dev.postern.fetch;

import dev.postern.address.Address;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A resource that is fetched over HTTPS: without user, password or fragment, and its host in strict form. */
public record HttpsUrl(URI uri) {

    private static final int MOST = 2048;

    /** What became of reading a URL. */
    public sealed interface Syntax {}

    /** The text is such a URL. */
    public record Understood(HttpsUrl url) implements Syntax {}

    /** The text is none; {@code why} says what is wrong with it. */
    public record Malformed(String why) implements Syntax {}

    /** Reads a URL. */
    public static Syntax read(String text) {
        if (text.length() > MOST) {
            return new Malformed("is longer than " + MOST + " characters");
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return new Malformed("is not a URL");
        }
        if (!"https".equals(Optional.ofNullable(uri.getScheme()).orElse("").toLowerCase(Locale.ROOT))) {
            return new Malformed("is not an https URL");
        }
        if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            return new Malformed("has a user, a password or a fragment");
        }
        if (uri.getHost() == null || !Hosts.isHost(uri.getHost())) {
            return new Malformed("names no host");
        }
        if (uri.getPort() == 0 || uri.getPort() > 65535) {
            return new Malformed("has no port from 1 to 65535");
        }
        return new Understood(new HttpsUrl(uri));
    }

    /** The name or address to connect to; an IPv6 address without its brackets. */
    public String host() {
        String host = uri.getHost();
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /** The port to connect to. */
    public int port() {
        return uri.getPort() < 0 ? 443 : uri.getPort();
    }

    /** What a request for it asks for, in origin form (RFC 9112, section 3.2.1). */
    public String target() {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return hasQuery() ? path + "?" + uri.getRawQuery() : path;
    }

    /** Whether it is at the same host and port: what one may know of us, the other knows. */
    public boolean isBeside(HttpsUrl other) {
        return host().equalsIgnoreCase(other.host()) && port() == other.port();
    }

    /** The whole of it, which may hold a secret: never for people. */
    public String exact() {
        return uri.toString();
    }

    /** For people and logs: without the query, where some servers want a token. */
    public String text() {
        return hasQuery() ? withoutQuery() + "?…" : withoutQuery();
    }

    /** The URL up to its query. */
    public String withoutQuery() {
        String whole = uri.toString();
        return hasQuery() ? whole.substring(0, whole.indexOf('?')) : whole;
    }

    private boolean hasQuery() {
        return uri.getRawQuery() != null;
    }

    /** Leaves the query out. */
    @Override
    public String toString() {
        return text();
    }

    /** The names of hosts. */
    private static final class Hosts {

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
