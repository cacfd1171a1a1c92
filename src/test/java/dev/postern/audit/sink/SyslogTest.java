package dev.postern.audit.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Syslog over each transport, with its framing, and servers that go away. */
class SyslogTest {

    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final String HOST = LOOPBACK.getHostAddress();

    @TempDir
    Path directory;

    @Test
    void overUdpEachLineIsADatagram() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
            // Given
            server.setSoTimeout(10_000);
            Sink sink = SyslogSinks.udp(HOST, server.getLocalPort());
            // When
            Taken taken = taken(sink, "<110>1 one\n<110>1 two\n");
            // Then
            assertThat(taken).isEqualTo(Taken.ALL);
            assertThat(datagram(server)).isEqualTo("<110>1 one");
            assertThat(datagram(server)).isEqualTo("<110>1 two");
            sink.close();
        }
    }

    @Test
    void whatIsTooLongForADatagramIsLostAndTheRestIsNot() throws IOException {
        try (DatagramSocket server = new DatagramSocket(0, LOOPBACK)) {
            // Given
            server.setSoTimeout(10_000);
            // When
            Taken taken = taken(SyslogSinks.udp(HOST, server.getLocalPort()), "x".repeat(70_000) + "\nshort\n");
            // Then
            assertThat(taken).isEqualTo(new Taken.Kept(1));
            assertThat(datagram(server)).isEqualTo("short");
        }
    }

    @Test
    void overTcpEachLineHasItsLengthBeforeIt() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            // Given
            Sink sink = SyslogSinks.tcp(HOST, server.getLocalPort());
            // When
            Taken taken = taken(sink, "one\nthree\n");
            // Then
            assertThat(taken).isEqualTo(Taken.ALL);
            try (Socket accepted = server.accept()) {
                assertThat(read(accepted.getInputStream(), "3 one5 three".length()))
                        .isEqualTo("3 one5 three");
            }
        }
    }

    @Test
    void aStreamThatTheServerEndedIsOpenedAgainBeforeAnythingIsWritten() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            // Given
            Sink sink = SyslogSinks.tcp(HOST, server.getLocalPort());
            assertThat(taken(sink, "one\n")).isEqualTo(Taken.ALL);
            try (Socket accepted = server.accept()) {
                assertThat(read(accepted.getInputStream(), 5)).isEqualTo("3 one");
            }
            // When
            Taken taken = taken(sink, "two\n");
            // Then
            assertThat(taken).isEqualTo(Taken.ALL);
            try (Socket accepted = server.accept()) {
                assertThat(read(accepted.getInputStream(), 5)).isEqualTo("3 two");
            }
            sink.close();
        }
    }

    @Test
    void whereNobodyListensItIsTriedLater() throws IOException {
        // Given
        int port;
        try (ServerSocket server = new ServerSocket(0, 5, LOOPBACK)) {
            port = server.getLocalPort();
        }
        // When
        Taken taken = taken(SyslogSinks.tcp(HOST, port), "one\n");
        // Then
        assertThat(taken).isEqualTo(new Taken.Later("syslog at " + HOST + ":" + port + ": ConnectException"));
    }

    @Test
    void overAUnixSocketItIsAStreamToo() throws IOException {
        // Given
        Path path = directory.resolve("log");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            Sink sink = SyslogSinks.unix(path);
            // When
            Taken first = taken(sink, "one\n");
            SocketChannel accepted = server.accept();
            String got = read(accepted, 5);
            Taken second = taken(sink, "two\n");
            // Then
            assertThat(first).isEqualTo(Taken.ALL);
            assertThat(second).isEqualTo(Taken.ALL);
            assertThat(got).isEqualTo("3 one");
            assertThat(read(accepted, 5)).isEqualTo("3 two");

            // When: the server ends it
            accepted.close();
            Taken third = taken(sink, "new\n");
            // Then
            assertThat(third).isEqualTo(Taken.ALL);
            try (SocketChannel again = server.accept()) {
                assertThat(read(again, 5)).isEqualTo("3 new");
            }
            sink.close();
        }
    }

    @Test
    void aUnixSocketThatIsNotThereIsTriedLater() {
        assertThat(taken(SyslogSinks.unix(directory.resolve("none")), "one\n")).isInstanceOf(Taken.Later.class);
    }

    private static Taken taken(Sink sink, String lines) {
        byte[] bytes = lines.getBytes(StandardCharsets.US_ASCII);
        return sink.write(bytes, bytes.length);
    }

    private static String datagram(DatagramSocket server) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
        server.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), StandardCharsets.US_ASCII);
    }

    private static String read(InputStream in, int length) throws IOException {
        return new String(in.readNBytes(length), StandardCharsets.US_ASCII);
    }

    private static String read(SocketChannel in, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && in.read(bytes) >= 0) {
            continue;
        }
        return new String(bytes.array(), StandardCharsets.US_ASCII);
    }
}
