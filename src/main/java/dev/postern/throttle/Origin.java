package dev.postern.throttle;

import dev.postern.address.Address;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.Translated;
import dev.postern.source.Source.UnknownSource;

/**
 * The place that counts as one, however many addresses its owner has: an IPv4 address, or the /64 block of an IPv6 address,
 * which is the least that a network is given (RFC 6177); of a private endpoint's callers, those of each endpoint and link
 * apart.
 *
 * @param block its name; two origins of the same name are the same
 */
public record Origin(String block) {

    /** The place that this source is at. */
    public static Origin of(Source source) {
        return new Origin(
                switch (source) {
                    case PublicSource known -> "public " + block(known.address());
                    case PrivateSource known -> "private " + known.endpoint() + " " + arrival(known);
                    case UnknownSource unknown -> "unknown";
                });
    }

    private static String arrival(PrivateSource source) {
        return switch (source.arrival()) {
            case Translated translated -> block(translated.observed());
            case Linked linked ->
                linked.linkId()
                        + linked.originator()
                                .map(address -> " " + block(address))
                                .orElse("");
        };
    }

    private static String block(Address address) {
        return switch (address.family()) {
            case IPV4 -> address + "/32";
            case IPV6 -> Address.ipv6(address.high(), 0) + "/64";
        };
    }
}
