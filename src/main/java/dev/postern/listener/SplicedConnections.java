package dev.postern.listener;

import dev.postern.source.ListeningSocket;
import dev.postern.source.Peer;
import dev.postern.source.ProxyHeader;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is known of the connections that reach the HTTP port by the PROXY listener, under the address and port of the socket
 * by which they do. Nobody else on the host can have that socket while its entry is here: the entry is made before a byte is
 * sent and retired before the socket is closed.
 *
 * <p>A request that was under way when its connection ended must not be taken for one of this host's own: a retired entry
 * says that the peer is unknown, and is forgotten only when no such request can be left.
 */
final class SplicedConnections {

    /**
     * What is known of one.
     *
     * @param sender who sent the header
     * @param header what it said
     * @param arrival where the connection arrived
     */
    record Facts(Peer sender, Optional<ProxyHeader> header, Optional<ListeningSocket> arrival) {}

    /** A socket of our own. */
    record Key(String address, int port) {}

    private static final Facts RETIRED = new Facts(new Peer.Unknown(), Optional.empty(), Optional.empty());

    private final Map<Key, Facts> facts = new ConcurrentHashMap<>();

    void put(Key key, Facts known) {
        facts.put(key, known);
    }

    /** Whether the entry was there, and not retired already. */
    boolean retire(Key key) {
        Facts before = facts.put(key, RETIRED);
        return before != null && !before.equals(RETIRED);
    }

    /** Forgets the entry, unless its socket's address and port have been another's since. */
    void forget(Key key) {
        facts.remove(key, RETIRED);
    }

    Optional<Facts> of(Key key) {
        return facts.isEmpty() ? Optional.empty() : Optional.ofNullable(facts.get(key));
    }

    int size() {
        return facts.size();
    }
}
