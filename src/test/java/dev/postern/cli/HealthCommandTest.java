package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HealthCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aServerThatIsReadyIsZero() throws IOException {
        assertThat(ask(200)).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("ready");
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 404, 500, 204, 302})
    void anyOtherAnswerIsNotReady(int status) throws IOException {
        assertThat(ask(status)).isEqualTo(1);
        assertThat(err.toString()).contains("not ready").contains("answered with " + status);
    }

    @Test
    void nobodyThereIsNotReady() throws IOException {
        // Given
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        // Then
        assertThat(execute("http://127.0.0.1:" + port + "/q/health/ready")).isEqualTo(1);
        assertThat(err.toString()).contains("nobody answers at http://127.0.0.1:" + port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:9000", "file:///etc/passwd", "jar:file:/x.jar!/y", "http:///q/health", "/q/health"})
    void whatIsNoUrlOfAServerIsWrongUsage(String url) {
        assertThat(execute(url)).isEqualTo(64);
        assertThat(err.toString()).contains("expected http://HOST:PORT/PATH");
    }

    private int ask(int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/q/health/ready", exchange -> {
            exchange.getResponseHeaders().set("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            return execute("http://127.0.0.1:" + server.getAddress().getPort() + "/q/health/ready");
        } finally {
            server.stop(0);
        }
    }

    private int execute(String url) {
        CommandLine line = PosternCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute("health", "--url", url);
    }
}
