package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The PROXY protocol listener of the packaged artifact, over real connections. */
class ProxyListenerIT {

    private static final String REQUEST =
            "GET /whoami HTTP/1.1\r\nHost: localhost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";
    private static final int HEADER_TIMEOUT_SECONDS = 1;
    private static final String AZURE_LINK = "ee0005" + "01eeff002a";

    @TempDir
    static Path directory;

    private static final Map<String, String> PORTS = new HashMap<>(PosternProcess.freePorts());
    private static final int PROXY_PORT = PosternProcess.freePort();
    private static PosternProcess postern;

    @BeforeAll
    static void start() throws Exception {
        Path config = Files.writeString(
                directory.resolve("settings.yaml"), """
                postern:
                  source:
                    trusted-proxies: ["2001:db8:aaaa::/48"]
                    proxy-protocol:
                      enabled: true
                      host: 0.0.0.0
                      port: %d
                      trusted-senders: [127.0.0.1]
                      header-timeout: %ds
                  private-endpoints:
                    us-south: { link-ids: ["aws:vpce-0a1b2c3d4e5f60718", "azure:704708590", "gcp:81985529216486895"] }
                """.formatted(PROXY_PORT, HEADER_TIMEOUT_SECONDS));
        postern = PosternProcess.start(directory, PORTS, "serve", "--config", config.toString());
        postern.awaitOutput("rootcertbundle:");
    }

    @AfterAll
    static void stop() throws InterruptedException {
        postern.close();
    }

    @Test
    void version_1_names_the_caller() {
        assertThat(send("127.0.0.1", text("PROXY TCP4 203.0.113.9 198.18.0.20 51234 443\r\n" + REQUEST)))
                .contains("public, 203.0.113.9\n");
    }

    @Test
    void version_2_names_the_caller_over_ipv4_and_ipv6() {
        assertThat(send("127.0.0.1", v2("2111", "cb007109c6120014c73801bb", "")))
                .contains("public, 203.0.113.9\n");
        assertThat(send(
                        "127.0.0.1",
                        v2(
                                "2121",
                                "20010db8000100000000000000000009" + "20010db8000f00000000000000000020" + "c73801bb",
                                "")))
                .contains("public, 2001:db8:1::9\n");
    }

    @Test
    void a_named_address_that_is_a_trusted_proxy_lets_the_forwarding_header_be_read() {
        // Given
        String header = "PROXY TCP6 2001:db8:aaaa::5 2001:db8:f::20 51234 443\r\n";
        String request = REQUEST.replace("Accept:", "X-Forwarded-For: 203.0.113.7\r\nAccept:");

        // When, Then
        assertThat(send("127.0.0.1", text(header + request))).contains("public, 203.0.113.7\n");
        assertThat(send("127.0.0.1", text(header.replace("aaaa", "bbbb") + request)))
                .contains("public, 2001:db8:bbbb::5\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ea0017" + "01767063652d3061316232633364346535663630373138",
                "ee0005" + "01eeff002a",
                "e00008" + "0123456789abcdef"
            })
    void the_clouds_link_ids_name_the_endpoint(String field) {
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", field)))
                .contains("private, by endpoint us-south, link ")
                .contains(", originator 10.8.0.5\n");
    }

    @Test
    void a_link_that_no_endpoint_has_and_one_that_stands_twice_are_unknown() {
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", "e000080000000000000001")))
                .contains("unknown: unknown-link\n");
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", "ee000501eeff002aee000501eeff002a")))
                .contains("unknown: duplicate-link\n");
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", "ee000502eeff002a")))
                .contains("unknown: malformed-link\n");
    }

    @Test
    void local_and_unknown_are_the_sender_itself() {
        assertThat(send("127.0.0.1", v2("2000", "", ""))).contains("public, 127.0.0.1\n");
        assertThat(send("127.0.0.1", text("PROXY UNKNOWN 203.0.113.7 198.18.0.20 1 2\r\n" + REQUEST)))
                .contains("public, 127.0.0.1\n");
    }

    @Test
    void a_sender_that_is_not_trusted_gets_nothing() {
        assertThat(send("127.0.0.2", text("PROXY TCP4 203.0.113.9 198.18.0.20 51234 443\r\n" + REQUEST)))
                .isEmpty();
    }

    @Test
    void a_link_of_a_sender_that_is_not_trusted_gets_nothing() {
        // Given
        byte[] header = v2("2111", "0a080005c6120014c73801bb", AZURE_LINK);

        // When, Then
        assertThat(send("127.0.0.2", header)).isEmpty();
        assertThat(send("127.0.0.1", header)).contains("private, by endpoint us-south");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2100", "2101", "2130", "2131", "2132"})
    void a_header_of_no_family_or_of_a_unix_socket_gets_nothing(String commandAndFamily) {
        assertThat(send("127.0.0.1", v2(commandAndFamily, "", ""))).isEmpty();
        assertThat(send("127.0.0.1", v2(commandAndFamily, "0a080005c6120014c73801bb", "")))
                .isEmpty();
        assertThat(send("127.0.0.1", v2(commandAndFamily, "2f70".repeat(108), AZURE_LINK)))
                .isEmpty();
    }

    @Test
    void a_header_that_is_too_short_or_too_long_gets_nothing() {
        // Given: less than the addresses, as long as can be said, and a link behind 64,000 bytes of another field
        String most = "05%04x".formatted(0xffff - 12 - 3) + "00".repeat(0xffff - 12 - 3);
        String link = "05%04x".formatted(64_000) + "00".repeat(64_000) + AZURE_LINK;

        // When, Then
        assertThat(send("127.0.0.1", v2("2111", "0a080005c61200", ""))).isEmpty();
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", most)))
                .isEmpty();
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", link)))
                .isEmpty();
    }

    @Test
    void a_connection_without_a_header_gets_nothing() {
        assertThat(send("127.0.0.1", text(REQUEST))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 010.0.0.1 198.18.0.20 51234 443\r\n",
                "PROXY TCP4 203.0.113.9 198.18.0.20 99999 443\r\n",
                "PROXY TCP4 203.0.113.9 198.18.0.20 51234 443\n",
                "PROXY TCP6 203.0.113.9 198.18.0.20 51234 443\r\n",
                "PROXY TCP4 2001:db8:1::9 2001:db8:f::20 51234 443\r\n",
                "PROXY UNKNOWN 0123456789012345678901234567890123456789012345678901234567890123456789"
                        + "0123456789012345678901234\r\n",
            })
    void a_malformed_header_gets_nothing(String header) {
        assertThat(send("127.0.0.1", text(header + REQUEST))).isEmpty();
    }

    @Test
    void fields_that_run_past_the_end_or_whose_checksum_is_wrong_get_nothing() {
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", "ea0fff01")))
                .isEmpty();
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", "03000401020304")))
                .isEmpty();
        assertThat(send("127.0.0.1", v2("2111", "0a080005c6120014c73801bb", "05f000" + "00".repeat(0xf000))))
                .isEmpty();
    }

    @Test
    void a_header_to_the_http_port_is_no_header() {
        // When: the caller writes one itself, where none is expected
        String answer = send(
                "127.0.0.1",
                Integer.parseInt(PORTS.get("QUARKUS_HTTP_PORT")),
                text("PROXY TCP4 203.0.113.9 198.18.0.20 51234 443\r\n" + REQUEST));

        // Then
        assertThat(answer).doesNotContain("203.0.113.9");
    }

    @Test
    void a_slow_header_is_cut_off_and_holds_nobody_up() throws Exception {
        // Given: more slow senders than there are threads
        Socket[] slow = new Socket[64];
        Instant begun = Instant.now();
        for (int i = 0; i < slow.length; i++) {
            slow[i] = new Socket();
            slow[i].connect(new InetSocketAddress("127.0.0.1", PROXY_PORT), 2000);
            slow[i].getOutputStream().write('P');
        }

        // When
        String answer = send("127.0.0.1", text("PROXY TCP4 203.0.113.9 198.18.0.20 51234 443\r\n" + REQUEST));

        // Then
        assertThat(answer).contains("public, 203.0.113.9\n");
        for (Socket socket : slow) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            socket.close();
        }
        assertThat(Duration.between(begun, Instant.now()))
                .isBetween(Duration.ofSeconds(HEADER_TIMEOUT_SECONDS), Duration.ofSeconds(HEADER_TIMEOUT_SECONDS + 4));
    }

    @Test
    void two_requests_on_one_connection_are_each_their_own() {
        // Given
        String first = REQUEST.replace("Connection: close\r\n", "X-Forwarded-For: 203.0.113.7\r\n");
        String second = REQUEST.replace("Accept:", "X-Forwarded-For: 192.0.2.50\r\nAccept:");

        // When
        String answers =
                send("127.0.0.1", text("PROXY TCP6 2001:db8:aaaa::5 2001:db8:f::20 51234 443\r\n" + first + second));

        // Then
        assertThat(answers).contains("public, 203.0.113.7\n", "public, 192.0.2.50\n");
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] v2(String commandAndFamily, String addresses, String fields) {
        byte[] rest = HexFormat.of().parseHex(addresses + fields);
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + commandAndFamily));
        header.writeBytes(ByteBuffer.allocate(2).putShort((short) rest.length).array());
        header.writeBytes(rest);
        header.writeBytes(text(REQUEST));
        return header.toByteArray();
    }

    private static String send(String from, byte[] bytes) {
        return send(from, PROXY_PORT, bytes);
    }

    /** What comes back until the end; nothing where the connection is closed or reset. */
    private static String send(String from, int port, byte[] bytes) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(from, 0));
            socket.connect(new InetSocketAddress("127.0.0.1", port), 2000);
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(bytes);
            socket.getInputStream().transferTo(answer);
        } catch (SocketException reset) {
            // Closed with bytes unread: a reset, and as good as an end.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer.toString(StandardCharsets.US_ASCII);
    }
}
