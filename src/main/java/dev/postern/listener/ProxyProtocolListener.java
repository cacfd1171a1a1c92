package dev.postern.listener;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressTable;
import dev.postern.source.ProxyHeader;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * A listener for connections that begin with a PROXY protocol header, version 1 or 2.
 *
 * <p>The header is never optional, and taken from trusted senders only; it is bounded in size and time, and a connection that
 * breaks a rule is closed without a word. What follows the header goes on to the HTTP port as it is, TLS included, over a
 * socket under whose address the facts are kept. No thread waits for anybody.
 */
public final class ProxyProtocolListener {

    private static final Logger LOG = Logger.getLogger(ProxyProtocolListener.class);
    private static final int CONNECT_TIMEOUT_MILLIS = 2000;
    /** Longer than any request takes, the slowest password check included. */
    private static final long RETIREMENT_MILLIS = 60_000;

    /** Why a connection is not led on. */
    public enum Refusal {
        /** Its sender is not trusted. */
        SENDER,
        /** It does not begin with a header that can be believed. */
        HEADER,
        /** The header took too long. */
        TIMEOUT,
        /** The HTTP port took no connection. */
        TARGET,
        /** There are as many as there may be. */
        ROOM
    }

    private final LongAdder accepted = new LongAdder();
    private final AtomicInteger joined = new AtomicInteger();
    private final AtomicInteger held = new AtomicInteger();
    private final LongAdder[] refused =
            Stream.generate(LongAdder::new).limit(Refusal.values().length).toArray(LongAdder[]::new);
    private final SplicedConnections spliced = new SplicedConnections();

    /**
     * How it listens.
     *
     * @param host the address that it binds to
     * @param trustedSenders who may send the header
     * @param headerTimeout how long the header may take
     * @param maxConnections how many there may be, those included whose header has not come yet
     */
    public record Options(String host, List<AddressRange> trustedSenders, Duration headerTimeout, int maxConnections) {
        /** Keeps its own copy. */
        public Options {
            trustedSenders = List.copyOf(trustedSenders);
        }
    }

    /** How many connections were led on so far. */
    public long accepted() {
        return accepted.sum();
    }

    /** How many are now. */
    public int open() {
        return joined.get();
    }

    /** How many were not led on, for this reason. */
    public long refused(Refusal why) {
        return refused[why.ordinal()].sum();
    }

    private void count(Refusal why) {
        refused[why.ordinal()].increment();
    }

    /** The connections that HTTP requests come by, those of this listener included. */
    public Connections connections() {
        return new Connections(spliced);
    }

    /**
     * Listens at a port, and leads what comes there to another. Returns when it does.
     *
     * @param port the port
     * @param targetHost where the HTTP server is bound
     * @param targetPort its port, asked for at each connection
     * @throws IllegalStateException if the port cannot be listened at
     */
    public void listen(Vertx vertx, Options options, int port, String targetHost, IntSupplier targetPort) {
        AddressTable trusted = AddressTable.compile(options.trustedSenders());
        int instances = Math.max(1, Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(
                        () -> new Listening(options, trusted, port, targetHost, targetPort),
                        new DeploymentOptions().setInstances(instances))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        LOG.infof("PROXY protocol headers are taken at %s:%d from %s", options.host(), port, options.trustedSenders());
    }

    /** One event loop's share of the listener. */
    private final class Listening extends AbstractVerticle {
        private final Options options;
        private final AddressTable trusted;
        private final int port;
        private final String targetHost;
        private final IntSupplier targetPort;

        Listening(Options options, AddressTable trusted, int port, String targetHost, IntSupplier targetPort) {
            this.options = options;
            this.trusted = trusted;
            this.port = port;
            this.targetHost = targetHost;
            this.targetPort = targetPort;
        }

        @Override
        public void start(Promise<Void> started) {
            NetClient client = vertx.createNetClient(new NetClientOptions()
                    .setConnectTimeout(CONNECT_TIMEOUT_MILLIS)
                    .setTcpNoDelay(true));
            NetServer server = vertx.createNetServer(
                    new NetServerOptions().setHost(options.host()).setPort(port).setTcpNoDelay(true));
            server.connectHandler(socket -> accept(socket, client))
                    .listen()
                    .<Void>mapEmpty()
                    .onComplete(started);
        }

        private void accept(NetSocket socket, NetClient client) {
            boolean isTrusted = Connections.address(socket.remoteAddress())
                    .map(trusted::contains)
                    .orElse(false);
            if (!isTrusted) {
                LOG.debugf("closed a connection from %s: not a trusted sender", socket.remoteAddress());
                count(Refusal.SENDER);
                socket.close();
                return;
            }
            if (held.incrementAndGet() > options.maxConnections()) {
                held.decrementAndGet();
                count(Refusal.ROOM);
                socket.close();
                return;
            }
            ProxyHeaderReader reader = new ProxyHeaderReader();
            AtomicBoolean open = new AtomicBoolean(true);
            long timer = vertx.setTimer(options.headerTimeout().toMillis(), id -> {
                LOG.debugf("closed a connection from %s: the header took too long", socket.remoteAddress());
                count(Refusal.TIMEOUT);
                socket.close();
            });
            socket.closeHandler(closed -> {
                open.set(false);
                held.decrementAndGet();
                vertx.cancelTimer(timer);
            });
            socket.exceptionHandler(failure -> socket.close());
            socket.handler(buffer -> {
                switch (reader.read(buffer.getBytes())) {
                    case ProxyHeaderReader.Incomplete incomplete -> {}
                    case ProxyHeaderReader.Refused refused -> {
                        LOG.debugf("closed a connection from %s: %s", socket.remoteAddress(), refused.why());
                        count(Refusal.HEADER);
                        vertx.cancelTimer(timer);
                        socket.close();
                    }
                    case ProxyHeaderReader.Complete complete -> {
                        vertx.cancelTimer(timer);
                        socket.pause();
                        splice(socket, open, client, complete.header(), complete.rest());
                    }
                }
            });
        }

        private void splice(NetSocket socket, AtomicBoolean open, NetClient client, ProxyHeader header, byte[] rest) {
            client.connect(targetPort.getAsInt(), targetHost)
                    .onFailure(failure -> {
                        LOG.warnf("a connection could not be led on: %s", failure.getMessage());
                        count(Refusal.TARGET);
                        socket.close();
                    })
                    .onSuccess(target -> {
                        Optional<SplicedConnections.Key> key = Connections.key(target.localAddress());
                        if (key.isEmpty() || !open.get()) {
                            target.close();
                            socket.close();
                            return;
                        }
                        join(socket, target, key.get(), header, rest);
                    });
        }

        private void join(
                NetSocket socket, NetSocket target, SplicedConnections.Key key, ProxyHeader header, byte[] rest) {
            spliced.put(
                    key,
                    new SplicedConnections.Facts(
                            Connections.peer(socket.remoteAddress()),
                            Optional.of(header),
                            Connections.listeningSocket(socket.localAddress())));
            accepted.increment();
            joined.incrementAndGet();
            socket.exceptionHandler(failure -> end(socket, target, key));
            target.exceptionHandler(failure -> end(socket, target, key));
            socket.closeHandler(closed -> end(socket, target, key));
            target.closeHandler(closed -> end(socket, target, key));
            if (rest.length > 0) {
                target.write(Buffer.buffer(rest)).onFailure(failure -> end(socket, target, key));
            }
            forward(socket, target, key);
            forward(target, socket, key);
            socket.resume();
        }

        /** Leads bytes on, no faster than the other side takes them. */
        private void forward(NetSocket from, NetSocket to, SplicedConnections.Key key) {
            from.handler(buffer -> {
                to.write(buffer).onFailure(failure -> end(from, to, key));
                if (to.writeQueueFull()) {
                    from.pause();
                    to.drainHandler(drained -> from.resume());
                }
            });
            from.endHandler(ended -> end(from, to, key));
        }

        /** The entry goes first: once the socket is closed, its port may be somebody else's. */
        private void end(NetSocket one, NetSocket other, SplicedConnections.Key key) {
            if (spliced.retire(key)) {
                joined.decrementAndGet();
                held.decrementAndGet();
                vertx.setTimer(RETIREMENT_MILLIS, id -> spliced.forget(key));
            }
            one.close();
            other.close();
        }
    }
}
