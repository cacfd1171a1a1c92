package dev.postern.source;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressTable;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Connection facts to {@link Source}.
 *
 * <p>Begins with the transport peer. While the address in hand is a trusted proxy, the element before it in the
 * forwarding header is taken, from the right, all lines of that name joined in order. The first address that is not
 * trusted is the caller; if all are, the leftmost is. An element that is needed and is not a strict address makes the
 * source unknown: it is never skipped, and there is no falling back.
 */
public final class SourceResolver {

    /** More proxies than this in one chain are a loop or an attack. */
    static final int MAX_TRUSTED_HOPS = 64;

    private static final String X_FORWARDED_FOR = "x-forwarded-for";

    private final SourceSettings settings;
    private final AddressTable trustedProxies;
    private final AddressTable translated;
    private final List<PrivateEndpoint> endpointOfTranslated = new ArrayList<>();
    private final Map<String, PrivateEndpoint> endpointByHostname = new HashMap<>();

    /** A resolver for these settings, which must have been checked for contradictions. */
    public SourceResolver(SourceSettings settings) {
        this.settings = settings;
        this.trustedProxies = AddressTable.compile(settings.trustedProxies());
        List<AddressRange> ranges = new ArrayList<>();
        for (PrivateEndpoint endpoint : settings.privateEndpoints()) {
            endpoint.translatedAddresses().forEach(range -> {
                ranges.add(range);
                endpointOfTranslated.add(endpoint);
            });
            endpoint.hostnames().forEach(name -> endpointByHostname.put(name, endpoint));
        }
        this.translated = AddressTable.compile(ranges);
    }

    /** Whether a peer at this address is believed when it names another. */
    public boolean isTrustedProxy(Address address) {
        return trustedProxies.contains(address);
    }

    /** The source of a request that came by this connection. */
    public Source resolve(Connection connection) {
        List<Hop> evidence = new ArrayList<>(4);
        if (connection.peer().isEmpty()) {
            return new UnknownSource(Why.NO_PEER_ADDRESS, evidence);
        }
        Address caller = connection.peer().get();
        By by = By.PEER;
        if (settings.forwardingHeader() == ForwardingHeader.X_FORWARDED_FOR && isTrustedProxy(caller)) {
            ElementsFromTheRight elements =
                    new ElementsFromTheRight(connection.headers().lines(X_FORWARDED_FOR));
            while (isTrustedProxy(caller) && elements.hasNext()) {
                evidence.add(new Hop(caller.toString(), by, Finding.TRUSTED_PROXY));
                if (evidence.size() > MAX_TRUSTED_HOPS) {
                    return new UnknownSource(Why.TOO_MANY_HOPS, evidence);
                }
                String element = elements.next();
                by = By.X_FORWARDED_FOR;
                Optional<Address> named = ForwardedElement.parse(element);
                if (named.isEmpty()) {
                    evidence.add(new Hop(element, by, Finding.NOT_AN_ADDRESS));
                    return new UnknownSource(Why.MALFORMED_FORWARDING_HEADER, evidence);
                }
                caller = named.get();
            }
        }
        return side(caller, by, connection.host(), evidence);
    }

    /** Which side the caller came by, by the operator's evidence; the host name, its own word, can only contradict. */
    private Source side(Address caller, By by, Optional<String> host, List<Hop> evidence) {
        int index = translated.find(caller);
        Optional<PrivateEndpoint> endpoint =
                index == AddressTable.NONE ? Optional.empty() : Optional.of(endpointOfTranslated.get(index));
        Finding finding = endpoint.isPresent()
                ? Finding.PRIVATE_ENDPOINT
                : isTrustedProxy(caller) ? Finding.CALLER_ITSELF_TRUSTED : Finding.CALLER;
        evidence.add(new Hop(caller.toString(), by, finding));
        Optional<PrivateEndpoint> named = host.flatMap(this::endpointOf);
        if (named.isPresent() && !named.equals(endpoint)) {
            evidence.add(new Hop(host.get(), By.HOST, Finding.PRIVATE_HOSTNAME));
            return new UnknownSource(Why.PRIVATE_ENDPOINT_MISMATCH, evidence);
        }
        if (endpoint.isPresent()) {
            return new PrivateSource(endpoint.get().name(), caller, evidence);
        }
        return new PublicSource(caller, evidence);
    }

    private Optional<PrivateEndpoint> endpointOf(String host) {
        if (endpointByHostname.isEmpty()) {
            return Optional.empty();
        }
        int port = host.startsWith("[") ? -1 : host.indexOf(':');
        String name = (port < 0 ? host : host.substring(0, port)).toLowerCase(Locale.ROOT);
        String withoutRootDot = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return Optional.ofNullable(endpointByHostname.get(withoutRootDot));
    }

    /** The elements of a comma-separated header, last line and last element first, cut only as far as asked for. */
    private static final class ElementsFromTheRight {
        private final List<String> lines;
        private int line;
        private int end;

        ElementsFromTheRight(List<String> lines) {
            this.lines = lines;
            this.line = lines.size() - 1;
            this.end = line < 0 ? -1 : lines.get(line).length();
        }

        boolean hasNext() {
            return line >= 0;
        }

        String next() {
            String text = lines.get(line);
            int comma = text.lastIndexOf(',', end - 1);
            String element = strip(text, comma + 1, end);
            if (comma >= 0) {
                end = comma;
            } else if (--line >= 0) {
                end = lines.get(line).length();
            }
            return element;
        }

        /** Optional white space is blanks and tabs (RFC 9110 section 5.6.3), nothing else. */
        private static String strip(String text, int from, int to) {
            while (from < to && isBlank(text.charAt(from))) {
                from++;
            }
            while (to > from && isBlank(text.charAt(to - 1))) {
                to--;
            }
            return text.substring(from, to);
        }

        private static boolean isBlank(char c) {
            return c == ' ' || c == '\t';
        }
    }
}
