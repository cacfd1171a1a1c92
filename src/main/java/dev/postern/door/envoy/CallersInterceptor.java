package dev.postern.door.envoy;

import dev.postern.door.TrustedCallers;
import dev.postern.listener.Connections;
import dev.postern.source.Peer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import jakarta.inject.Singleton;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Turns calls away before their message is read, but for those of callers who are believed. */
@Singleton
final class CallersInterceptor implements ServerInterceptor {

    private static final Status TURNED_AWAY = Status.PERMISSION_DENIED.withDescription(TrustedCallers.TURNED_AWAY);

    private final boolean enabled;
    private final TrustedCallers trusted;
    private final Connections connections;

    CallersInterceptor(
            @ConfigProperty(name = "postern.envoy.enabled") boolean enabled,
            TrustedCallers trusted,
            Connections connections) {
        this.enabled = enabled;
        this.trusted = trusted;
        this.connections = connections;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        SocketAddress remote = call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
        Peer peer = remote instanceof InetSocketAddress socket ? connections.peerAt(socket) : new Peer.Unknown();
        boolean certified = TrustedCallers.isCertified(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION));
        if (!enabled || !trusted.include(peer, certified)) {
            call.close(TURNED_AWAY, new Metadata());
            return new ServerCall.Listener<>() {};
        }
        return next.startCall(call, headers);
    }
}
