package dev.postern.audit.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import dev.postern.testing.TestAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;

/** Syslog over TLS: to the server that is meant, and to nobody else. */
class SyslogTlsTest {

    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Logs");
    private static final byte[] LINES = "one\nthree\n".getBytes(StandardCharsets.US_ASCII);

    @Test
    void theServerThatIsMeantGetsLinesAgainAndAgain() throws Exception {
        try (ServerSocket server = server(AUTHORITY.serverFor("localhost"))) {
            // Given
            Sink sink = SyslogSinks.tls("localhost", server.getLocalPort(), trust(AUTHORITY));
            CompletableFuture<String> read = read(server, 2 * "3 one5 three".length());
            // When
            Taken first = sink.write(LINES, LINES.length);
            Taken second = sink.write(LINES, LINES.length);
            // Then
            assertThat(first).isEqualTo(Taken.ALL);
            assertThat(second).isEqualTo(Taken.ALL);
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo("3 one5 three3 one5 three");
            sink.close();
        }
    }

    @Test
    void aServerWithAnothersNameGetsNothing() throws Exception {
        try (ServerSocket server = server(AUTHORITY.serverFor("logs.example.com"))) {
            assertNothingIsSent(server, trust(AUTHORITY));
        }
    }

    @Test
    void aServerOfAnotherAuthorityGetsNothing() throws Exception {
        try (ServerSocket server = server(new TestAuthority("CN=Others").serverFor("localhost"))) {
            assertNothingIsSent(server, trust(AUTHORITY));
        }
    }

    private static void assertNothingIsSent(ServerSocket server, SSLContext trust) throws Exception {
        // Given
        CompletableFuture<String> read = read(server, 1);
        // When
        Taken taken = SyslogSinks.tls("localhost", server.getLocalPort(), trust).write(LINES, LINES.length);
        // Then
        assertThat(taken).isInstanceOf(Taken.Later.class);
        assertThat(taken.toString()).contains("SSLHandshakeException");
        assertThat(read.get(20, TimeUnit.SECONDS)).isEmpty();
    }

    private static ServerSocket server(SSLContext context) throws IOException {
        return context.getServerSocketFactory().createServerSocket(0, 5, InetAddress.getByName("localhost"));
    }

    private static CompletableFuture<String> read(ServerSocket server, int length) {
        return CompletableFuture.supplyAsync(() -> {
            try (SSLSocket accepted = (SSLSocket) server.accept()) {
                return new String(accepted.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                return "";
            }
        });
    }

    private static SSLContext trust(TestAuthority authority) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "authority",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(authority.pem().getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
