package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A configuration at fault: exit code 78, one message that says what to do, no stack trace. */
class BadStartIT {

    private static final int CONFIGURATION_AT_FAULT = 78;
    private static final int WRONG_USAGE = 64;

    @TempDir
    Path directory;

    private final Map<String, String> environment = new HashMap<>(PosternProcess.freePorts());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postern.policy: /no/such/policy.yaml        | /no/such/policy.yaml cannot be read: there is no such file
            postern.policyy: x                          | unknown setting 'postern.policyy' in
            postern.policyy: x                          | did you mean 'postern.policy'?
            postern.token.lifetime: 5x                  | postern.token.lifetime is '5x'
            postern.token.lifetime: 10s                 | postern.token.lifetime is PT10S; expected PT1M to PT24H
            postern.token.algorithm: HS256              | postern.token.algorithm is 'HS256': expected one of
            postern.token.key-id: jwk                   | postern.token.key-id is 'jwk': expected one of
            postern.policy-refresh: 1h                  | postern.policy-refresh is PT1H; expected PT1S to PT1M
            postern.refer-url: a b                      | postern.refer-url is 'a b'
            postern.token.key: /no/key.pem              | postern.token.key and postern.token.certificate go together
            postern.source.trusted-proxies: 10.0.0.1:443 | postern.source.trusted-proxies: '10.0.0.1:443' is not an address
            postern.source.trusted-proxies: 10.0.0.1/8  | the block meant is 10.0.0.0/8
            postern.source.forwarding-header: x-real-ip | expected x-forwarded-for, forwarded or none
            postern.source.forwarded-hops: 0            | postern.source.forwarded-hops is 0; expected 1 to 16
            postern.source.nat64-prefixes: 64:ff9b::/95 | is not a NAT64 prefix
            postern.source.proxy-protocol.enabled: true | postern.source.proxy-protocol.trusted-senders is empty
            postern.private-endpoints.us.link-ids: vpce | expected a link id: aws:vpce-
            postern.private-endpoints.us.listener: x    | expected PORT, IPV4:PORT or [IPV6]:PORT
            postern.private-endpoints.us.hostnames: a.b | postern.private-endpoints.us has no translated-addresses, link-ids or listener
            quarkus.http.port: many                     | quarkus.http.port is 'many'
            """)
    void a_bad_setting_is_named(String line, String message) throws Exception {
        // Given
        Path config = Files.writeString(directory.resolve("settings.properties"), line.replaceFirst(": ", "=") + "\n");
        environment.remove("QUARKUS_HTTP_PORT");

        // When, Then
        assertThat(fault("serve", "--config", config.toString())).contains(message);
    }

    @Test
    void two_endpoints_with_one_address_are_both_named() throws Exception {
        // Given
        Path config = Files.writeString(directory.resolve("settings.yaml"), """
                postern:
                  private-endpoints:
                    us: { translated-addresses: [166.9.12.0/24] }
                    de: { translated-addresses: [166.9.12.227] }
                """);

        // When, Then
        assertThat(fault("serve", "--config", config.toString()))
                .contains("postern.private-endpoints.us", "postern.private-endpoints.de", "166.9.12.227");
    }

    @Test
    void an_endpoint_whose_callers_would_be_believed_as_proxies_is_refused() throws Exception {
        // Given
        Path config = Files.writeString(directory.resolve("settings.yaml"), """
                postern:
                  source: { trusted-proxies: [10.0.0.0/8] }
                  private-endpoints:
                    us: { translated-addresses: [10.12.98.7] }
                """);

        // When, Then
        assertThat(fault("serve", "--config", config.toString()))
                .contains("postern.private-endpoints.us", "10.12.98.7", "postern.source.trusted-proxies", "10.0.0.0/8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postern.policy: x", "postren: { policy: x }", "polciy: x"})
    void a_setting_that_would_be_left_out_in_silence_stops_the_start(String yaml) throws Exception {
        // Given
        Path config = Files.writeString(directory.resolve("settings.yaml"), yaml + "\n");

        // When, Then
        assertThat(fault("serve", "--config", config.toString())).contains("settings.yaml", yaml.split(":")[0]);
    }

    @Test
    void hops_and_a_list_of_proxies_exclude_each_other() throws Exception {
        // Given
        environment.put("POSTERN_SOURCE_FORWARDED_HOPS", "2");
        environment.put("POSTERN_SOURCE_TRUSTED_PROXIES", "10.0.0.1");

        // When, Then
        assertThat(fault("serve")).contains("forwarded-hops", "trusted-proxies", "exclude each other");
    }

    @Test
    void a_console_that_anybody_could_look_at_stops_the_start() throws Exception {
        // Given
        environment.put("POSTERN_CONSOLE_ENABLED", "true");

        // When, Then
        assertThat(fault("serve")).contains("postern.console.enabled", "set postern.console.token-file");
    }

    @Test
    void settings_that_are_not_yaml_are_reported_with_their_line() throws Exception {
        // Given
        Path config = Files.writeString(directory.resolve("settings.yaml"), "postern:\n  - x\n a: [\n");

        // When, Then
        assertThat(fault("serve", "--config", config.toString())).contains("settings.yaml", "not YAML", "line 3");
    }

    @Test
    void a_policy_with_mistakes_is_reported_with_their_places() throws Exception {
        // Given
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                accounts:
                  acme:
                    network:
                      allow:
                        - address: 203.0.113.7/24
                      publik-access: disabled
                """);
        environment.put("POSTERN_POLICY", policy.toString());

        // When, Then
        assertThat(fault("serve"))
                .contains("policy.yaml:5:11: error: '203.0.113.7/24' has host bits set")
                .contains("policy.yaml:6:7: error: unknown key 'publik-access'");
    }

    @Test
    void a_port_in_use_is_named() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            environment.put("QUARKUS_HTTP_PORT", String.valueOf(taken.getLocalPort()));

            // When, Then
            assertThat(fault("serve")).contains("in use", String.valueOf(taken.getLocalPort()), "quarkus.http.port");
        }
    }

    @Test
    void a_port_of_the_proxy_listener_that_is_in_use_is_named() throws Exception {
        // Given
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            environment.put("POSTERN_SOURCE_PROXY_PROTOCOL_ENABLED", "true");
            environment.put("POSTERN_SOURCE_PROXY_PROTOCOL_PORT", String.valueOf(taken.getLocalPort()));
            environment.put("POSTERN_SOURCE_PROXY_PROTOCOL_TRUSTED_SENDERS", "127.0.0.1");

            // When, Then
            assertThat(fault("serve"))
                    .contains("in use", String.valueOf(taken.getLocalPort()), "postern.source.proxy-protocol");
        }
    }

    @Test
    void a_data_directory_that_cannot_be_made_is_named() throws Exception {
        // Given: a file where the directory would be, which stops root, too
        Path file = Files.writeString(directory.resolve("file"), "");
        environment.put("POSTERN_DATA", file.resolve("data").toString());

        // When, Then
        assertThat(fault("serve")).contains(file.resolve("data").toString(), "may write to");
    }

    @Test
    void the_production_profile_does_not_start_with_what_was_generated() throws Exception {
        // When
        String message = fault("serve", "--profile", "prod");

        // Then
        assertThat(message).contains("not ready for production", "postern.token.key", "postern.policy");
    }

    @Test
    void a_configured_policy_makes_it_production() throws Exception {
        // Given
        Path policy =
                Files.writeString(directory.resolve("policy.yaml"), "accounts: { acme: { namespaces: [acme] } }\n");
        environment.put("POSTERN_POLICY", policy.toString());

        // When, Then
        assertThat(fault("serve")).contains("not ready for production", "postern.token.key");
    }

    @Test
    void trusting_every_peer_does_not_start_in_production() throws Exception {
        // Given
        environment.put("POSTERN_SOURCE_TRUSTED_PROXIES", "0.0.0.0/0");

        // When, Then
        assertThat(fault("serve", "--profile", "prod"))
                .contains("postern.source.trusted-proxies", "any caller can claim");
    }

    @Test
    void a_mistyped_command_is_wrong_usage() throws Exception {
        // When
        try (PosternProcess postern = PosternProcess.start(directory, environment, "sreve")) {
            // Then
            assertThat(postern.awaitExit()).isEqualTo(WRONG_USAGE);
            assertThat(postern.output()).contains("Did you mean", "serve");
        }
    }

    private String fault(String... arguments) throws IOException, InterruptedException {
        try (PosternProcess postern = PosternProcess.start(directory, environment, arguments)) {
            int code = postern.awaitExit();
            String output = postern.output();
            assertThat(code).as(output).isEqualTo(CONFIGURATION_AT_FAULT);
            assertThat(output).doesNotContain("\tat ").doesNotContain("Exception: ");
            return output;
        }
    }
}
