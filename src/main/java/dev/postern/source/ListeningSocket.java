package dev.postern.source;

import dev.postern.address.Address;
import java.util.Optional;

/**
 * A socket at which connections arrive.
 *
 * @param address its address; empty in a setting that means every address
 * @param port its port
 */
public record ListeningSocket(Optional<Address> address, int port) {

    /** Reads {@code PORT}, {@code IPV4:PORT} or {@code [IPV6]:PORT}. */
    public static Optional<ListeningSocket> parse(String text) {
        int colon = text.lastIndexOf(':');
        Optional<Integer> port = port(text.substring(colon + 1));
        boolean bareIpv6 = !text.startsWith("[") && text.indexOf(':') != colon;
        if (port.isEmpty() || bareIpv6) {
            return Optional.empty();
        }
        if (colon < 0) {
            return Optional.of(new ListeningSocket(Optional.empty(), port.get()));
        }
        return ForwardedElement.parse(text).map(address -> new ListeningSocket(Optional.of(address), port.get()));
    }

    private static Optional<Integer> port(String digits) {
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Integer.parseInt(digits)).filter(port -> port >= 1 && port <= 65535);
    }

    /** Whether a connection that arrived there arrived here. */
    boolean covers(ListeningSocket arrived) {
        return port == arrived.port && (address.isEmpty() || address.equals(arrived.address));
    }
}
