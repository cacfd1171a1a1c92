package dev.postern.setup;

import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.address.Nat64;
import dev.postern.source.ListeningSocket;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.source.SourceSettings.Trust;
import dev.postern.source.SourceSettings.TrustedHops;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads and checks {@code postern.source}, {@code postern.private-endpoints} and {@code postern.envoy.link-metadata}. */
final class SourceSettingsReader {

    /** The entry of {@code trusted-proxies} that means peers at a Unix socket. */
    private static final String UNIX = "unix";

    private static final int MAX_HOPS = 16;

    private static final Pattern HOSTNAME =
            Pattern.compile("(?!-)[a-z0-9-]{1,63}(?<!-)(\\.(?!-)[a-z0-9-]{1,63}(?<!-)){0,16}");

    private final PosternConfig config;
    /** Which endpoint has what, so that nothing belongs to two. */
    private final Map<Object, String> owners = new HashMap<>();

    private SourceSettingsReader(PosternConfig config) {
        this.config = config;
    }

    static SourceSettings read(PosternConfig config) {
        return new SourceSettingsReader(config).read();
    }

    private SourceSettings read() {
        Trust trust = trust();
        List<AddressRange> proxies = trust instanceof TrustedProxies listed ? listed.blocks() : List.of();
        List<PrivateEndpoint> endpoints = new ArrayList<>();
        new TreeMap<>(config.privateEndpoints())
                .forEach((name, endpoint) -> endpoints.add(endpoint(name, endpoint, proxies)));
        return new SourceSettings(
                trust,
                forwardingHeader(),
                nat64(),
                endpoints,
                LinkKeysReader.read(config.envoy().linkMetadata()));
    }

    private Trust trust() {
        List<String> texts = new ArrayList<>(config.source().trustedProxies().orElse(List.of()));
        boolean unix = texts.removeIf(text -> text.strip().equals(UNIX));
        if (config.source().forwardedHops().isEmpty()) {
            return new TrustedProxies(ranges("postern.source.trusted-proxies", texts), unix);
        }
        int hops = config.source().forwardedHops().getAsInt();
        if (unix || !texts.isEmpty()) {
            throw new StartFault("postern.source.forwarded-hops and postern.source.trusted-proxies exclude each other:"
                    + " the first believes a number of proxies whoever they are, the second believes those it lists");
        }
        if (hops < 1 || hops > MAX_HOPS) {
            throw new StartFault("postern.source.forwarded-hops is " + hops + "; expected 1 to " + MAX_HOPS);
        }
        if (forwardingHeader() == ForwardingHeader.NONE) {
            throw new StartFault("postern.source.forwarded-hops needs a postern.source.forwarding-header; found none");
        }
        return new TrustedHops(hops);
    }

    private ForwardingHeader forwardingHeader() {
        String text = config.source().forwardingHeader();
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "x-forwarded-for" -> ForwardingHeader.X_FORWARDED_FOR;
            case "forwarded" -> ForwardingHeader.FORWARDED;
            case "none" -> ForwardingHeader.NONE;
            default ->
                throw new StartFault("postern.source.forwarding-header is '" + text
                        + "'; expected x-forwarded-for, forwarded or none. Exactly one header is ever believed.");
        };
    }

    private Nat64 nat64() {
        String key = "postern.source.nat64-prefixes";
        List<AddressRange> prefixes =
                ranges(key, config.source().nat64Prefixes().orElse(List.of()));
        for (AddressRange prefix : prefixes) {
            if (Nat64.prefixLength(prefix).isEmpty()) {
                throw new StartFault(key + ": " + prefix
                        + " is not a NAT64 prefix; expected IPv6 blocks of 32, 40, 48, 56, 64 or 96 bits (RFC 6052)");
            }
        }
        return Nat64.of(prefixes);
    }

    private PrivateEndpoint endpoint(String name, PosternConfig.PrivateEndpoint endpoint, List<AddressRange> proxies) {
        String key = "postern.private-endpoints." + name;
        List<AddressRange> translated = ranges(
                key + ".translated-addresses", endpoint.translatedAddresses().orElse(List.of()));
        List<LinkId> links =
                values(key + ".link-ids", endpoint.linkIds().orElse(List.of()), LinkId::parse, LinkId.FORMS);
        List<ListeningSocket> listeners = values(
                key + ".listener",
                endpoint.listener().orElse(List.of()),
                ListeningSocket::parse,
                "PORT, IPV4:PORT or [IPV6]:PORT of a socket that only this endpoint's callers reach");
        if (translated.isEmpty() && links.isEmpty() && listeners.isEmpty()) {
            throw new StartFault(key + " has no translated-addresses, link-ids or listener: nothing could tell that a"
                    + " caller came by it, for a host name is the caller's own word");
        }
        for (AddressRange range : translated) {
            proxies.stream().filter(proxy -> proxy.overlaps(range)).findFirst().ifPresent(proxy -> {
                throw new StartFault(key + ".translated-addresses has " + range + ", which overlaps " + proxy
                        + " of postern.source.trusted-proxies; a caller of the endpoint would be believed as a proxy is."
                        + " List the proxies' own addresses only.");
            });
            owners.forEach((other, owner) -> {
                if (other instanceof AddressRange taken && range.overlaps(taken) && !owner.equals(name)) {
                    throw new StartFault(key + ".translated-addresses has " + range + ", which overlaps " + taken
                            + " of postern.private-endpoints." + owner + "; an address belongs to one endpoint");
                }
            });
            owners.put(range, name);
        }
        links.forEach(link -> own(key + ".link-ids", link, name));
        listeners.forEach(listener -> own(key + ".listener", listener, name));
        List<String> hostnames = endpoint.hostnames().orElse(List.of()).stream()
                .map(text -> hostname(key + ".hostnames", text))
                .toList();
        hostnames.forEach(hostname -> own(key + ".hostnames", hostname, name));
        return new PrivateEndpoint(name, Set.copyOf(hostnames), translated, Set.copyOf(links), listeners);
    }

    private void own(String key, Object value, String name) {
        String owner = owners.putIfAbsent(value, name);
        if (owner != null && !owner.equals(name)) {
            throw new StartFault(key + " has '" + value + "', which postern.private-endpoints." + owner
                    + " has too; it belongs to one endpoint");
        }
    }

    private static String hostname(String key, String text) {
        String hostname = text.toLowerCase(Locale.ROOT);
        if (!HOSTNAME.matcher(hostname).matches()) {
            throw new StartFault(key + " has '" + text
                    + "'; expected a host name without a port, such as private.registry.example.com");
        }
        return hostname;
    }

    private static <T> List<T> values(
            String key, List<String> texts, Function<String, Optional<T>> parser, String expected) {
        List<T> values = new ArrayList<>();
        for (String text : texts) {
            values.add(parser.apply(text.strip())
                    .orElseThrow(() -> new StartFault(key + " has '" + text + "'; expected " + expected)));
        }
        return values;
    }

    static List<AddressRange> ranges(String key, List<String> texts) {
        List<AddressRange> ranges = new ArrayList<>();
        for (String text : texts) {
            switch (AddressRange.parse(text.strip())) {
                case AddressRange.Parsed parsed -> ranges.add(parsed.range());
                case AddressRange.Malformed malformed -> throw new StartFault(key + ": " + malformed.why());
            }
        }
        return ranges;
    }
}
