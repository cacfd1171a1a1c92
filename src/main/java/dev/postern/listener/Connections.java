package dev.postern.listener;

import dev.postern.address.Address;
import dev.postern.source.Connection;
import dev.postern.source.ListeningSocket;
import dev.postern.source.Peer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** The facts of an HTTP request's connection. Every HTTP door takes them from here. */
public final class Connections {

    /** What was read of sockets' addresses last: a request comes from where another did, and to the same of our own. */
    private static final AtomicReferenceArray<@Nullable Read> LAST_READ = new AtomicReferenceArray<>(256);

    private record Read(String text, Optional<Address> address) {}

    private final SplicedConnections spliced;

    Connections(SplicedConnections spliced) {
        this.spliced = spliced;
    }

    /** The connection by which the request came, its PROXY header included where it came by that listener. */
    public Connection of(HttpServerRequest request) {
        MultiMap headers = request.headers();
        Optional<String> host = Optional.ofNullable(request.authority()).map(Object::toString);
        SocketAddress remote = request.remoteAddress();
        Optional<SplicedConnections.Facts> facts = key(remote).flatMap(spliced::of);
        if (facts.isPresent()) {
            SplicedConnections.Facts known = facts.get();
            return new Connection(known.sender(), known.header(), headers::getAll, host, known.arrival());
        }
        return new Connection(
                peer(remote), Optional.empty(), headers::getAll, host, listeningSocket(request.localAddress()));
    }

    /**
     * The peer of a connection of which no more is known than the address of its socket; unknown where it came by the PROXY
     * listener, for whose it is then, only its header says.
     */
    public Peer peerAt(SocketAddress remote) {
        return key(remote).flatMap(spliced::of).isPresent() ? new Peer.Unknown() : peer(remote);
    }

    static Optional<SplicedConnections.Key> key(@Nullable SocketAddress socket) {
        String address = socket == null ? null : socket.hostAddress();
        return address == null || socket == null
                ? Optional.empty()
                : Optional.of(new SplicedConnections.Key(address, socket.port()));
    }

    static Peer peer(@Nullable SocketAddress socket) {
        if (socket != null && socket.isDomainSocket()) {
            return new Peer.Unix();
        }
        return address(socket).<Peer>map(Peer.Ip::new).orElseGet(Peer.Unknown::new);
    }

    static Optional<ListeningSocket> listeningSocket(@Nullable SocketAddress socket) {
        return socket == null
                ? Optional.empty()
                : address(socket).map(address -> new ListeningSocket(Optional.of(address), socket.port()));
    }

    /** The socket's address. A zone index is a fact of this host's own link, not of the address: cut off. */
    static Optional<Address> address(@Nullable SocketAddress socket) {
        String text = socket == null ? null : socket.hostAddress();
        if (text == null) {
            return Optional.empty();
        }
        int slot = text.hashCode() & LAST_READ.length() - 1;
        Read before = LAST_READ.get(slot);
        if (before != null && before.text().equals(text)) {
            return before.address();
        }
        int zone = text.indexOf('%');
        Optional<Address> address = Address.parse(zone < 0 ? text : text.substring(0, zone));
        LAST_READ.set(slot, new Read(text, address));
        return address;
    }
}
