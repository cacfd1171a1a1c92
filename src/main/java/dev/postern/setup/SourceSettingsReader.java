package dev.postern.setup;

import dev.postern.address.AddressRange;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Reads and checks {@code postern.source} and {@code postern.private-endpoints}. */
final class SourceSettingsReader {

    private static final Pattern HOSTNAME =
            Pattern.compile("(?!-)[a-z0-9-]{1,63}(?<!-)(\\.(?!-)[a-z0-9-]{1,63}(?<!-)){0,16}");

    private SourceSettingsReader() {}

    static SourceSettings read(PosternConfig config) {
        List<AddressRange> proxies = ranges(
                "postern.source.trusted-proxies",
                config.source().trustedProxies().orElse(List.of()));
        ForwardingHeader header = forwardingHeader(config.source().forwardingHeader());
        List<PrivateEndpoint> endpoints = new ArrayList<>();
        Map<AddressRange, String> owners = new TreeMap<>((a, b) -> {
            int byFirst = a.first().compareTo(b.first());
            return byFirst != 0 ? byFirst : a.last().compareTo(b.last());
        });
        Set<String> names = new HashSet<>();
        new TreeMap<>(config.privateEndpoints()).forEach((name, endpoint) -> {
            String key = "postern.private-endpoints." + name;
            List<AddressRange> translated = ranges(
                    key + ".translated-addresses",
                    endpoint.translatedAddresses().orElse(List.of()));
            if (translated.isEmpty()) {
                throw new StartFault(key + " has no translated-addresses: nothing could tell that a caller came by it."
                        + " Expected the addresses that the server side sees for its callers.");
            }
            for (AddressRange range : translated) {
                proxies.stream()
                        .filter(proxy -> overlap(proxy, range))
                        .findFirst()
                        .ifPresent(proxy -> {
                            throw new StartFault(
                                    key + ".translated-addresses has " + range + ", which overlaps " + proxy
                                            + " of postern.source.trusted-proxies; a caller of the endpoint would be believed as a proxy"
                                            + " is. List the proxies' own addresses only.");
                        });
                owners.forEach((other, owner) -> {
                    if (overlap(range, other)) {
                        throw new StartFault(key + ".translated-addresses has " + range + ", which overlaps " + other
                                + " of postern.private-endpoints." + owner + "; an address belongs to one endpoint");
                    }
                });
            }
            translated.forEach(range -> owners.put(range, name));
            endpoints.add(new PrivateEndpoint(name, hostnames(key, endpoint, names), translated));
        });
        return new SourceSettings(proxies, header, endpoints);
    }

    private static boolean overlap(AddressRange a, AddressRange b) {
        return a.contains(b.first()) || b.contains(a.first());
    }

    private static Set<String> hostnames(String key, PosternConfig.PrivateEndpoint endpoint, Set<String> taken) {
        Set<String> hostnames = new HashSet<>();
        for (String text : endpoint.hostnames().orElse(List.of())) {
            String hostname = text.toLowerCase(Locale.ROOT);
            if (!HOSTNAME.matcher(hostname).matches()) {
                throw new StartFault(key + ".hostnames has '" + text + "'; expected a host name without a port, such as"
                        + " private.registry.example.com");
            }
            if (!taken.add(hostname)) {
                throw new StartFault(key + ".hostnames has '" + text
                        + "', which stands elsewhere too; a name belongs to one endpoint");
            }
            hostnames.add(hostname);
        }
        return hostnames;
    }

    private static ForwardingHeader forwardingHeader(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "x-forwarded-for" -> ForwardingHeader.X_FORWARDED_FOR;
            case "none" -> ForwardingHeader.NONE;
            default ->
                throw new StartFault("postern.source.forwarding-header is '" + text
                        + "'; expected x-forwarded-for or none. Exactly one header is ever believed.");
        };
    }

    private static List<AddressRange> ranges(String key, List<String> texts) {
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
