package dev.postern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Requests whose header lines arrive as they are written: several of one name, a {@code Host} of choice, values that
 * clients would not send. One connection per request.
 */
public final class RawHttp {

    private static final int TIMEOUT_MILLIS = 10_000;
    private static final String END_OF_HEAD = "\r\n\r\n";

    private RawHttp() {}

    /**
     * A header line.
     *
     * @param name its name
     * @param value its value, as it is to be sent
     */
    public record Line(String name, String value) {}

    /**
     * What came back.
     *
     * @param status the status code
     * @param headers the header lines, names in lower case
     * @param body the body
     */
    public record Answer(int status, List<Line> headers, String body) {

        /** The value of a header that stands once; {@code ""} where it does not stand. */
        public String header(String name) {
            List<String> values = headers.stream()
                    .filter(line -> line.name().equals(name.toLowerCase(Locale.ROOT)))
                    .map(Line::value)
                    .toList();
            if (values.size() > 1) {
                throw new AssertionError("the header " + name + " stands " + values.size() + " times");
            }
            return values.isEmpty() ? "" : values.getFirst();
        }
    }

    /** GET, with these header lines in this order, and {@code Connection: close} after them. */
    public static Answer get(URI server, String target, List<Line> lines) {
        return send(server, "GET " + target, lines);
    }

    /** The same from another address of loopback. */
    public static Answer getFrom(String from, URI server, String target, List<Line> lines) {
        return exchange(new InetSocketAddress(from, 0), server, request("GET " + target, lines, ""));
    }

    /** The head of a POST, the same way; its body never comes. */
    public static Answer postWithoutBody(URI server, String target, List<Line> lines) {
        return send(server, "POST " + target, lines);
    }

    /** POST of a form, with these header lines before those that say what it is. */
    public static Answer postForm(URI server, String target, List<Line> lines, String form) {
        List<Line> all = new ArrayList<>(lines);
        all.add(new Line("Content-Type", Forms.TYPE));
        all.add(new Line("Content-Length", String.valueOf(form.getBytes(StandardCharsets.UTF_8).length)));
        return send(server, "POST " + target, all, form);
    }

    private static Answer send(URI server, String start, List<Line> lines) {
        return send(server, start, lines, "");
    }

    private static Answer send(URI server, String start, List<Line> lines, String body) {
        return exchange(server, request(start, lines, body));
    }

    private static String request(String start, List<Line> lines, String body) {
        return lines.stream()
                .map(line -> line.name() + ": " + line.value() + "\r\n")
                .collect(Collectors.joining("", start + " HTTP/1.1\r\n", "Connection: close\r\n\r\n" + body));
    }

    /** A whole request, byte by byte, which asks for the connection to be closed after it. */
    public static Answer exchange(URI server, String request) {
        return exchange(new InetSocketAddress(0), server, request);
    }

    private static Answer exchange(InetSocketAddress from, URI server, String request) {
        try (Socket socket = new Socket()) {
            socket.bind(from);
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return answer(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer answer(String text) {
        int end = text.indexOf(END_OF_HEAD);
        if (end < 0) {
            throw new AssertionError("no HTTP answer: '" + text + "'");
        }
        String[] head = text.substring(0, end).split("\r\n");
        List<Line> headers = new ArrayList<>();
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            headers.add(new Line(
                    head[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    head[i].substring(colon + 1).strip()));
        }
        Answer answer = new Answer(Integer.parseInt(head[0].split(" ")[1]), headers, text.substring(end + 4));
        if (!answer.header("transfer-encoding").isEmpty()) {
            throw new AssertionError("a body in chunks is not expected of so small an answer");
        }
        return answer;
    }

    /** The request target of a token request: the scopes as repeated parameters. */
    public static String tokenTarget(String service, List<String> scopes) {
        return scopes.stream()
                .map(scope -> "&scope=" + encoded(scope))
                .collect(Collectors.joining("", "/token?service=" + encoded(service), ""));
    }

    /** An {@code Authorization} value (RFC 7617). */
    public static String basic(String user, String password) {
        byte[] plain = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(plain);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
