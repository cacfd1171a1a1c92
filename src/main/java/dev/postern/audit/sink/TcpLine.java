package dev.postern.audit.sink;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A stream over TCP, or TLS in it. */
final class TcpLine implements SyslogStream.Line {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int HANDSHAKE_MILLIS = 5_000;
    /** Nothing is expected; so long, it is looked whether the other side has ended the stream. */
    private static final int LOOK_MILLIS = 1;

    private final Socket socket;

    private TcpLine(Socket socket) {
        this.socket = socket;
    }

    /** Opens streams to this host; over TLS, where there is a context, with a certificate of that name. */
    static SyslogStream.Opener opener(String host, int port, Optional<SSLContext> tls) {
        return new SyslogStream.Opener() {
            @Override
            public SyslogStream.Line open() throws IOException {
                return TcpLine.open(host, port, tls);
            }

            @Override
            public String name() {
                return host + ":" + port;
            }
        };
    }

    private static TcpLine open(String host, int port, Optional<SSLContext> tls) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
            socket.setKeepAlive(true);
            if (tls.isPresent()) {
                SSLSocket over = (SSLSocket) tls.get().getSocketFactory().createSocket(socket, host, port, true);
                SSLParameters parameters = over.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                over.setSSLParameters(parameters);
                over.setSoTimeout(HANDSHAKE_MILLIS);
                over.startHandshake();
                socket = over;
            }
            socket.setSoTimeout(LOOK_MILLIS);
            return new TcpLine(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public boolean isEnded() throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
