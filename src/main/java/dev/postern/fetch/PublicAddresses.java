package dev.postern.fetch;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressTable;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses a publisher on the Internet can have: not those of this machine or of the networks that it is in. A
 * policy's URL must not make Postern a client of its own surroundings, whatever the name in it resolves to.
 *
 * <p>After the registries of special-purpose addresses of IANA (RFC 6890 and its followers). Of IPv6, only global
 * unicast passes; where an address embeds one of IPv4 (6to4, and the well-known prefix of NAT64), that one must pass.
 */
public final class PublicAddresses {

    private static final AddressTable NOT_PUBLIC = table(
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // shared with the provider
            "127.0.0.0/8", // loopback
            "169.254.0.0/16", // link-local: the clouds' metadata services
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocol assignments
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // former 6to4 relays
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast
            "::-1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", // unspecified, loopback, embedded, reserved
            "2001::/23", // protocol assignments, Teredo among them
            "2001:db8::/32", // documentation
            "3fff::/20", // documentation
            "4000::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"); // reserved, unique local, link-local, multicast

    private static final AddressRange SIX_TO_FOUR = range("2002::/16");
    private static final AddressRange NAT64 = range("64:ff9b::/96");

    private final String setting;
    private final AddressTable allowed;

    /**
     * Public addresses, and these: what the operator says may be asked, too.
     *
     * @param setting where the operator says so
     */
    public PublicAddresses(String setting, List<AddressRange> allowed) {
        this.setting = setting;
        this.allowed = AddressTable.compile(allowed);
    }

    /** Why nothing is fetched from the address, if so. */
    public Optional<String> objection(Address address) {
        return allowed.contains(address) || isPublic(address)
                ? Optional.empty()
                : Optional.of(address + " is not a public address (" + setting + ")");
    }

    private static boolean isPublic(Address address) {
        if (NAT64.contains(address)) {
            return !NOT_PUBLIC.contains(Address.ipv4((int) address.low()));
        }
        if (SIX_TO_FOUR.contains(address)) {
            return !NOT_PUBLIC.contains(Address.ipv4((int) (address.high() >>> 16)));
        }
        return !NOT_PUBLIC.contains(address);
    }

    private static AddressTable table(String... ranges) {
        return AddressTable.compile(
                List.of(ranges).stream().map(PublicAddresses::range).toList());
    }

    private static AddressRange range(String text) {
        return switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed -> parsed.range();
            case AddressRange.Malformed malformed -> throw new IllegalArgumentException(malformed.why());
        };
    }
}
