package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The configurations that are shipped: what each of them must say, and that those of one program stay alike. */
class DeployTest {

    private static final Path DEPLOY = Path.of("deploy");

    @ParameterizedTest
    @ValueSource(strings = {"envoy-http.yaml", "envoy-proxy-protocol.yaml"})
    void whatKeepsCallersOutIsTheSameInEachOfEnvoys(String other) throws IOException {
        // Given
        List<String> guards = lines("envoy/envoy.yaml").stream()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .filter(line -> Stream.of(
                                "failure_mode_allow",
                                "status_on_error",
                                "use_remote_address",
                                "normalize_path",
                                "merge_slashes",
                                "path_with_escaped",
                                "underscores",
                                "remove:",
                                "max_active",
                                "timeout")
                        .anyMatch(line::contains))
                .filter(line -> !line.contains("http2") && !line.equals("timeout: 1s"))
                .toList();
        // Then
        assertThat(guards).hasSizeGreaterThanOrEqualTo(12);
        assertThat(lines("envoy/" + other)).containsAll(guards);
    }

    @Test
    void behindALoadBalancerNobodyElseIsAnsweredAndNoHeaderIsOptional() throws IOException {
        // When
        List<String> lines = lines("envoy/envoy-proxy-protocol.yaml").stream()
                .filter(line -> !line.startsWith("#"))
                .toList();
        // Then
        assertThat(lines)
                .contains(
                        "direct_source_prefix_ranges:",
                        "metadata_context_namespaces: [envoy.filters.listener.proxy_protocol]",
                        "typed_metadata_context_namespaces: [envoy.filters.listener.proxy_protocol]")
                .noneMatch(line ->
                        line.contains("allow_requests_without_proxy_protocol") || line.contains("tlv_location"));
    }

    @Test
    void theQuestionsOfCaddyHaveNoQueryOfTheCallers() throws IOException {
        assertThat(lines("caddy/Caddyfile")).contains("uri /forward/forwarded?");
    }

    @Test
    void aScriptOfHaproxyThatFailsLetsNobodyIn() throws IOException {
        // When
        List<String> rules = lines("haproxy/haproxy.cfg").stream()
                .filter(line -> line.startsWith("http-request"))
                .toList();
        // Then
        int asks = rules.indexOf("http-request lua.postern http://127.0.0.1:8080/forward/forwarded");
        assertThat(asks).isNotNegative();
        assertThat(rules.get(asks + 1))
                .startsWith("http-request deny deny_status 503 ")
                .endsWith(" unless { var(txn.postern) -m str passed }");
    }

    @Test
    void thePagesNameThemAll() throws IOException {
        // Given
        String pages = Files.readString(Path.of("docs/envoy.md")) + Files.readString(Path.of("docs/forward.md"));
        // When
        List<String> shipped;
        try (Stream<Path> files = Files.walk(DEPLOY)) {
            shipped = files.filter(Files::isRegularFile)
                    .map(file -> "(../" + file + ")")
                    .filter(link -> link.matches(".*/(envoy|nginx|haproxy|caddy|traefik)/.*"))
                    .toList();
        }
        // Then
        assertThat(shipped)
                .hasSizeGreaterThanOrEqualTo(9)
                .allSatisfy(link -> assertThat(pages).contains(link));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(DEPLOY.resolve(file)).stream()
                .map(String::strip)
                .toList();
    }
}
