package dev.postern.fetch.client;

import dev.postern.address.Address;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.PublicAddresses;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The addresses of a name that may be asked: all that it has, or none. Resolved once, and connected to as they are. */
public final class AskedAddresses {

    /** So many are tried. */
    public static final int MOST = 4;

    private AskedAddresses() {}

    /** Whether it may be asked. */
    public sealed interface Outcome {}

    /** It may, at these. */
    public record May(List<Address> addresses) implements Outcome {
        /** Keeps its own copy. */
        public May {
            addresses = List.copyOf(addresses);
        }
    }

    /** It may not; {@code why} is a sentence without a full stop. */
    public record MayNot(String why) implements Outcome {}

    /** Resolves the URL's host. */
    public static Outcome of(HttpsUrl url, PublicAddresses allowed, HttpsFetcher.Resolver resolver) {
        List<Address> addresses = new ArrayList<>();
        try {
            for (InetAddress resolved : resolver.resolve(url.host())) {
                Address address = address(resolved);
                Optional<String> objection = allowed.objection(address);
                if (objection.isPresent()) {
                    return new MayNot(url.host() + " is not asked: " + objection.get());
                }
                addresses.add(address);
            }
        } catch (UnknownHostException e) {
            return new MayNot(url.host() + " has no address");
        }
        return addresses.isEmpty() ? new MayNot(url.host() + " has no address") : new May(addresses);
    }

    private static Address address(InetAddress resolved) {
        ByteBuffer bytes = ByteBuffer.wrap(resolved.getAddress());
        return bytes.remaining() == 4 ? Address.ipv4(bytes.getInt()) : Address.ipv6(bytes.getLong(), bytes.getLong());
    }
}
