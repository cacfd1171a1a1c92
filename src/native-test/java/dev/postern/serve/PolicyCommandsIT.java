package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that decide without a server. */
class PolicyCommandsIT {

    private static final String POLICY = """
            zones:
              office: { addresses: [203.0.113.0/24] }
            accounts:
              acme:
                namespaces: [acme]
                network:
                  allow:
                    - zone: office
                    - private-endpoint: us-south
                service-ids:
                  bot: { api-keys: [] }
                bindings:
                  - { subjects: [service-id:bot], roles: [Reader], namespace: acme }
            """;

    private static final String SETTINGS = """
            postern:
              service: registry.example.com
              source: { trusted-proxies: [10.0.0.0/8] }
              private-endpoints:
                us-south: { translated-addresses: [166.9.12.227] }
            """;

    @TempDir
    Path directory;

    @BeforeEach
    void aPolicyAndItsSettings() throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), POLICY);
        Files.writeString(directory.resolve("settings.yaml"), SETTINGS);
    }

    @Test
    void explain_says_who_admits_and_what_is_granted() throws Exception {
        // When
        String output = explain(0, "--ip", "203.0.113.9", "--scope", "repository:acme/app:pull,push");
        // Then
        assertThat(output)
                .contains("granted: granted")
                .contains("source: public, 203.0.113.9")
                .containsPattern("account acme: allowed by zone office \\(\\S*policy.yaml:8:11\\)")
                .contains("scope repository:acme/app:pull,push: pull [grants]");
    }

    @Test
    void explain_names_the_section_that_refuses_and_exits_with_1() throws Exception {
        // When
        String output = explain(1, "--ip", "192.0.2.50");
        // Then
        assertThat(output)
                .contains("refused: address-not-listed")
                .contains("the caller reads: client with IP '192.0.2.50' is not allowed access.")
                .containsPattern(
                        "account acme: no rule allows it, and the default is deny \\[refuses\\] \\(\\S*policy.yaml:");
    }

    @Test
    void explain_believes_headers_as_the_server_does() throws Exception {
        assertThat(explain(0, "--peer", "10.0.0.1", "--header", "X-Forwarded-For: 192.0.2.50, 203.0.113.9"))
                .contains("source: public, 203.0.113.9", "10.0.0.1 (peer): trusted-proxy");
        assertThat(explain(1, "--peer", "192.0.2.50", "--header", "X-Forwarded-For: 203.0.113.9"))
                .contains("source: public, 192.0.2.50");
        assertThat(explain(0, "--ip", "166.9.12.227")).contains("source: private, by endpoint us-south");
    }

    @Test
    void explain_as_json_has_the_form_of_an_audit_event() throws Exception {
        assertThat(explain(1, "--ip", "192.0.2.50", "--output", "json", "--at", "2026-06-15T12:00:00Z"))
                .contains("{\"time\":\"2026-06-15T12:00:00Z\",")
                .contains("\"reason\":\"address-not-listed\"")
                .contains("\"subject\":\"service-id:acme/bot\"");
    }

    @Test
    void explain_refuses_what_it_cannot_read() throws Exception {
        assertThat(explain(64, "--ip", "10.1")).contains("--ip expects an IPv4 or IPv6 address, found '10.1'");
        assertThat(explain(64)).contains("either --ip or --peer is needed");
        assertThat(explain(64, "--ip", "203.0.113.9", "--scope", "acme/app"))
                .contains("--scope 'acme/app': expected type:name:actions");
        assertThat(explain(64, "--ip", "203.0.113.9", "--at", "tomorrow")).contains("--at expects an instant");
        assertThat(run(
                        64,
                        "policy",
                        "explain",
                        "--ip",
                        "203.0.113.9",
                        "--identity",
                        "service-id:acme/nobody",
                        "--config",
                        "settings.yaml",
                        "--policy",
                        "policy.yaml"))
                .contains("the policy has no service-id:acme/nobody");
    }

    @Test
    void test_passes_where_all_cases_come_out_as_expected() throws Exception {
        // Given
        Files.writeString(directory.resolve("cases.yaml"), """
                cases:
                  - name: the office may pull
                    ip: 203.0.113.9
                    identity: service-id:acme/bot
                    scopes: ["repository:acme/app:pull,push"]
                    expect:
                      decision: granted
                      granted: { "repository:acme/app:pull,push": [pull] }
                  - name: a stranger behind our proxy may not
                    peer: 10.0.0.1
                    headers: ["X-Forwarded-For: 203.0.113.9, 192.0.2.50"]
                    identity: service-id:acme/bot
                    scopes: []
                    expect: { decision: refused, reason: address-not-listed, source: public 192.0.2.50 }
                """);
        // When
        String output = run(0, "policy", "test", "--config", "settings.yaml", "--policy", "policy.yaml", "cases.yaml");
        // Then
        assertThat(output).contains("passed the office may pull", "2 passed, 0 failed");
    }

    @Test
    void test_shows_each_difference_with_the_explanation_and_exits_with_1() throws Exception {
        // Given
        Files.writeString(directory.resolve("cases.yaml"), """
                cases:
                  - { name: wrong, ip: 192.0.2.50, identity: service-id:acme/bot, scopes: [], expect: { decision: granted } }
                  - { name: gone, ip: 192.0.2.50, identity: user:acme/eve, scopes: [], expect: { decision: refused } }
                """);
        // When
        String output = run(1, "policy", "test", "--config", "settings.yaml", "--policy", "policy.yaml", "cases.yaml");
        // Then
        assertThat(output)
                .contains("FAILED wrong (cases.yaml:2:5)", "decision: expected 'granted', was 'refused'")
                .contains("no rule allows it, and the default is deny")
                .contains("FAILED gone (cases.yaml:3:5)", "the policy has no user:acme/eve")
                .contains("0 passed, 2 failed");
    }

    @Test
    void test_reports_all_mistakes_of_a_file_of_cases() throws Exception {
        // Given
        Files.writeString(directory.resolve("cases.yaml"), """
                cases:
                  - { nmae: typo, ip: 10.1, identity: bot, scopes: [acme], expect: { decision: maybe } }
                """);
        // When
        String output = run(78, "policy", "test", "--config", "settings.yaml", "--policy", "policy.yaml", "cases.yaml");
        // Then
        assertThat(output)
                .contains("cases.yaml:2:7: error: unknown key 'nmae' in a case; did you mean 'name'?")
                .contains("'ip' is '10.1'; expected an IPv4 or IPv6 address")
                .contains("'identity' is 'bot'; expected service-id:ACCOUNT/NAME")
                .contains("the scope 'acme': expected type:name:actions")
                .contains("'decision' is 'maybe'; expected granted, refused, unknown");
    }

    private String explain(int expected, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("policy", "explain", "--config", "settings.yaml"));
        all.addAll(List.of("--policy", "policy.yaml", "--identity", "service-id:acme/bot"));
        all.addAll(List.of(arguments));
        return run(expected, all.toArray(String[]::new));
    }

    private String run(int expected, String... arguments) throws Exception {
        try (PosternProcess postern = PosternProcess.start(directory, Map.of(), arguments)) {
            assertThat(postern.awaitExit()).as(postern.output()).isEqualTo(expected);
            return postern.output();
        }
    }
}
