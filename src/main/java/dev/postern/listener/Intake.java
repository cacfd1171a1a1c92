package dev.postern.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much this process holds of what has not come whole: bytes of requests that nothing has been answered to. The HTTP server
 * keeps them until a request's last header line, on as many connections as somebody opens, and bounds each, but not their sum.
 * A connection whose bytes find no room is closed, and so is one that has much of it for long.
 */
public final class Intake {

    /** So much of each connection is not counted: most requests are smaller, and cost nothing here. In bytes. */
    static final int FREE = 4096;

    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final long room;
    private final int connections;
    private final AtomicLong held = new AtomicLong();
    private final LongAdder closed = new LongAdder();

    /**
     * Holds nothing yet.
     *
     * @param room how many bytes may be held in all
     * @param connections how many connections each server may have
     */
    public Intake(long room, int connections) {
        this.room = room;
        this.connections = connections;
    }

    /** How many connections were closed, for want of room or of haste. */
    public long closed() {
        return closed.sum();
    }

    /** How many bytes are held that are counted. */
    long held() {
        return held.get();
    }

    /** What looks at a server's new connections, before the server does. */
    ChannelInboundHandlerAdapter server() {
        return new Server();
    }

    /** One for a server, on the event loop that accepts. */
    @Sharable
    private final class Server extends ChannelInboundHandlerAdapter {
        private final AtomicInteger open = new AtomicInteger();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof Channel connection) {
                if (open.incrementAndGet() > connections) {
                    open.decrementAndGet();
                    closed.increment();
                    connection.unsafe().closeForcibly();
                    return;
                }
                connection.closeFuture().addListener(ended -> open.decrementAndGet());
                connection.pipeline().addFirst(new Meter());
            }
            context.fireChannelRead(message);
        }
    }

    /** One for a connection, on its event loop. */
    private final class Meter extends ChannelDuplexHandler {
        private long unanswered;
        private long counted;
        private int answers;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes) {
                unanswered += bytes.readableBytes();
                if (unanswered > FREE && !hasRoom(context)) {
                    closed.increment();
                    ReferenceCountUtil.release(message);
                    var unused = context.close();
                    return;
                }
            }
            context.fireChannelRead(message);
        }

        private boolean hasRoom(ChannelHandlerContext context) {
            if (counted == 0) {
                int before = answers;
                var unused = context.executor()
                        .schedule(() -> closeUnless(answers != before, context), LONGEST.toSeconds(), TimeUnit.SECONDS);
            }
            long more = unanswered - counted;
            counted = unanswered;
            return held.addAndGet(more) <= room;
        }

        private void closeUnless(boolean answered, ChannelHandlerContext context) {
            if (!answered && context.channel().isActive()) {
                closed.increment();
                var unused = context.close();
            }
        }

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            settle();
            var unused = context.write(message, promise);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            settle();
            context.fireChannelInactive();
        }

        private void settle() {
            unanswered = 0;
            if (counted != 0) {
                answers++;
                held.addAndGet(-counted);
                counted = 0;
            }
        }
    }
}
