package dev.postern.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.listener.SplicedConnections.Facts;
import dev.postern.listener.SplicedConnections.Key;
import dev.postern.source.Peer;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The facts of spliced connections, from their making to their being forgotten. */
class SplicedConnectionsTest {

    private static final Key KEY = new Key("127.0.0.1", 40000);
    private static final Facts FACTS =
            new Facts(new Peer.Ip(Address.parse("203.0.113.9").orElseThrow()), Optional.empty(), Optional.empty());

    private final SplicedConnections connections = new SplicedConnections();

    @Test
    void nothing_is_known_of_a_socket_that_is_not_ours() {
        // Given
        connections.put(KEY, FACTS);

        // When, Then
        assertThat(connections.of(new Key("127.0.0.1", 40001))).isEmpty();
        assertThat(connections.of(new Key("::1", 40000))).isEmpty();
    }

    @Test
    void a_request_after_the_end_of_its_connection_has_an_unknown_peer() {
        // Given
        connections.put(KEY, FACTS);

        // When
        boolean first = connections.retire(KEY);
        boolean second = connections.retire(KEY);

        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(connections.of(KEY).orElseThrow().sender()).isEqualTo(new Peer.Unknown());
    }

    @Test
    void a_retired_entry_is_forgotten() {
        // Given
        connections.put(KEY, FACTS);
        connections.retire(KEY);

        // When
        connections.forget(KEY);

        // Then
        assertThat(connections.of(KEY)).isEmpty();
        assertThat(connections.size()).isZero();
    }

    @Test
    void a_socket_that_is_in_use_again_is_not_forgotten() {
        // Given
        connections.put(KEY, FACTS);
        connections.retire(KEY);
        connections.put(KEY, FACTS);

        // When: the first one's time is over
        connections.forget(KEY);

        // Then
        assertThat(connections.of(KEY)).hasValue(FACTS);
    }
}
