package dev.postern.source;

import dev.postern.address.Address;
import java.util.Optional;

/** One element of {@code X-Forwarded-For}: an address, with a port or without. */
final class ForwardedElement {

    private ForwardedElement() {}

    /**
     * Reads {@code 203.0.113.7}, {@code 203.0.113.7:51234}, {@code 2001:db8::7}, {@code [2001:db8::7]} or
     * {@code [2001:db8::7]:51234}. The last group of an IPv6 address without brackets is never a port.
     *
     * @return empty for anything else, a port outside 1 to 65535 included
     */
    static Optional<Address> parse(String element) {
        if (element.startsWith("[")) {
            int close = element.indexOf(']');
            if (close < 0 || !isPortOrNothing(element.substring(close + 1))) {
                return Optional.empty();
            }
            String inside = element.substring(1, close);
            return inside.indexOf(':') < 0 ? Optional.empty() : Address.parse(inside);
        }
        int firstColon = element.indexOf(':');
        boolean oneColon = firstColon >= 0 && element.indexOf(':', firstColon + 1) < 0;
        if (oneColon) {
            return isPortOrNothing(element.substring(firstColon))
                    ? Address.parse(element.substring(0, firstColon))
                    : Optional.empty();
        }
        return Address.parse(element);
    }

    private static boolean isPortOrNothing(String text) {
        if (text.isEmpty()) {
            return true;
        }
        if (text.charAt(0) != ':' || text.length() < 2 || text.length() > 6) {
            return false;
        }
        int port = 0;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
            port = port * 10 + (c - '0');
        }
        return port >= 1 && port <= 65535;
    }
}
