package dev.postern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/**
 * A publisher of feeds on loopback, over real TLS, whose answers are what a test writes, byte by byte: good ones and all
 * the others. One connection per request.
 */
public final class Publisher implements AutoCloseable {

    /** What was asked. */
    public record Request(String target, List<String> lines, String serverName) {

        /** The value of a header; {@code ""} where it does not stand. */
        public String header(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return lines.stream()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip())
                    .findFirst()
                    .orElse("");
        }
    }

    /** Writes an answer; the connection is closed after it. */
    @FunctionalInterface
    public interface Answer {
        /** Writes it. */
        void write(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    private final SSLServerSocket socket;
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile Answer answer = status(404);

    /** A publisher that answers 404 until it is told what to say. */
    public Publisher(SSLContext tls) {
        this(tls, 0);
    }

    /** A publisher at a port of choice. */
    public Publisher(SSLContext tls, int port) {
        try {
            socket = (SSLServerSocket) tls.getServerSocketFactory()
                    .createServerSocket(port, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().daemon().name("publisher").start(this::accept);
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                SSLSocket connection = (SSLSocket) socket.accept();
                open.add(connection);
                Thread.ofVirtual().start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket connection) {
        try (connection) {
            List<String> head = head(connection.getInputStream());
            Request request = new Request(head.getFirst().split(" ")[1], head, serverName(connection));
            requests.add(request);
            answer.write(request, connection.getOutputStream());
            connection.getOutputStream().flush();
        } catch (SSLException | SocketException gone) {
            // A client that trusts nobody here, or has heard enough.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String serverName(SSLSocket connection) {
        return ((ExtendedSSLSession) connection.getSession())
                .getRequestedServerNames().stream()
                        .filter(SNIHostName.class::isInstance)
                        .map(name -> ((SNIHostName) name).getAsciiName())
                        .findFirst()
                        .orElse("");
    }

    private static List<String> head(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new SocketException("the client left");
            }
            if (c == '\n') {
                if (line.isEmpty()) {
                    return lines;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r') {
                line.append((char) c);
            }
        }
    }

    /** From now on, this is the answer. */
    public void answers(Answer next) {
        answer = next;
    }

    /** What was asked so far. */
    public List<Request> requests() {
        return requests;
    }

    /** Where it listens. */
    public int port() {
        return socket.getLocalPort();
    }

    @Override
    public void close() {
        try {
            socket.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A good answer. */
    public static Answer says(String body, String... headers) {
        return says(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** A good answer. */
    public static Answer says(byte[] body, String... headers) {
        return (request, out) -> {
            out.write(head(200, body.length, headers));
            out.write(body);
        };
    }

    /** A body in chunks of this size. */
    public static Answer inChunks(byte[] body, int size) {
        return (request, out) -> {
            out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            for (int from = 0; from < body.length; from += size) {
                int length = Math.min(size, body.length - from);
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(body, from, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        };
    }

    /** A status with a small body. */
    public static Answer status(int status, String... headers) {
        byte[] body = status == 304 ? new byte[0] : "{\"message\": \"no\"}".getBytes(StandardCharsets.UTF_8);
        return (request, out) -> {
            out.write(head(status, body.length, headers));
            out.write(body);
        };
    }

    /** 304 for who has this tag, else the whole with the tag. */
    public static Answer tagged(String etag, String body) {
        return (request, out) -> {
            Answer answer = request.header("if-none-match").equals(etag)
                    ? status(304, "ETag: " + etag)
                    : says(body, "ETag: " + etag);
            answer.write(request, out);
        };
    }

    /** The head of an answer. */
    public static byte[] head(int status, int length, String... headers) {
        StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
        head.append("Content-Length: ").append(length).append("\r\nConnection: close\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
