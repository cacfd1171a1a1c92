package dev.postern.door;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.source.Connection;
import dev.postern.source.Peer;
import dev.postern.source.SourceResolver;
import jakarta.inject.Singleton;
import java.security.Principal;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Who may ask what would be decided of somebody else: whoever says where a request comes from must be one who is believed, and
 * a stranger must not learn the rules by asking.
 */
@Singleton
public final class TrustedCallers {

    /** What everybody else is told. */
    public static final String TURNED_AWAY = "this caller is not answered";

    private static final AddressRange LOOPBACK_IPV4 =
            new AddressRange(Address.ipv4(0x7f000000), Address.ipv4(0x7fffffff));
    private static final AddressRange LOOPBACK_IPV6 = AddressRange.of(Address.ipv6(0, 1));

    private final SourceResolver sources;

    TrustedCallers(SourceResolver sources) {
        this.sources = sources;
    }

    /**
     * Whether a proxy is taken at its word when it asks by HTTP, where the forwarding header alone says of whom: in {@code
     * trusted-proxies}, and known by its own socket.
     */
    public boolean mayForward(Connection connection) {
        return connection.proxyHeader().isEmpty()
                && connection.peer() instanceof Peer.Ip ip
                && sources.isTrustedProxy(ip.address());
    }

    /**
     * Whether this is one: on loopback, in {@code trusted-proxies}, or known by a certificate.
     *
     * @param peer the transport peer, which no header has named
     * @param certified whether TLS has verified a certificate of its own
     */
    public boolean include(Peer peer, boolean certified) {
        return certified
                || switch (peer) {
                    case Peer.Ip ip ->
                        LOOPBACK_IPV4.contains(ip.address())
                                || LOOPBACK_IPV6.contains(ip.address())
                                || sources.isTrustedProxy(ip.address());
                    case Peer.Unix unix -> false;
                    case Peer.Unknown unknown -> false;
                };
    }

    /** Whether the other side has shown a certificate, which the TLS layer has verified then. */
    public static boolean isCertified(@Nullable SSLSession session) {
        if (session == null) {
            return false;
        }
        try {
            Principal principal = session.getPeerPrincipal();
            return principal != null;
        } catch (SSLPeerUnverifiedException none) {
            return false;
        }
    }
}
