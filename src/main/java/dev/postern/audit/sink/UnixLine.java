package dev.postern.audit.sink;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A stream over a Unix socket. Of datagram sockets, such as {@code /dev/log} mostly is, Java has none. */
final class UnixLine implements SyslogStream.Line {

    private final SocketChannel channel;

    private UnixLine(SocketChannel channel) {
        this.channel = channel;
    }

    /** Opens streams to this socket. */
    static SyslogStream.Opener opener(Path path) {
        return new SyslogStream.Opener() {
            @Override
            public SyslogStream.Line open() throws IOException {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                try {
                    channel.connect(UnixDomainSocketAddress.of(path));
                    return new UnixLine(channel);
                } catch (IOException e) {
                    channel.close();
                    throw e;
                }
            }

            @Override
            public String name() {
                return path.toString();
            }
        };
    }

    @Override
    public boolean isEnded() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
