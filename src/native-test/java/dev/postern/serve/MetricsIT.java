package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus's own tool says of the page of metrics, the alert rules and the dashboard. */
class MetricsIT {

    private static final Path BASE = Path.of(System.getProperty("postern.basedir"));
    private static final Path RULES = BASE.resolve("deploy/prometheus/postern.rules.yml");

    @TempDir
    Path directory;

    @BeforeAll
    static void promtool() throws Exception {
        try {
            new ProcessBuilder("promtool", "--version").start().waitFor();
        } catch (IOException missing) {
            assertThat(System.getenv("CI")).as("promtool is missing").isNotEqualTo("true");
            Files.writeString(
                    BASE.resolve("target/left-out.txt"),
                    "MetricsIT: promtool is missing\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            Assumptions.abort("promtool is missing");
        }
    }

    @Test
    void the_page_is_as_prometheus_wants_it() throws Exception {
        // Given
        Map<String, String> ports = PosternProcess.freePorts();
        try (PosternProcess postern = PosternProcess.start(directory, ports, "serve")) {
            postern.awaitOutput("rootcertbundle:");
            get("http://localhost:" + ports.get("QUARKUS_HTTP_PORT") + "/token?service=registry.localhost");
            Path page = directory.resolve("metrics");

            // When
            Files.writeString(page, get("http://localhost:" + ports.get("QUARKUS_MANAGEMENT_PORT") + "/q/metrics"));
            Told told = promtool(page, "check", "metrics");

            // Then: what it says of others' metrics is theirs to mend
            assertThat(told.text().lines().filter(line -> line.contains("postern_")))
                    .isEmpty();
            assertThat(Files.readString(page))
                    .contains(
                            "postern_decision_duration_seconds_count{door=\"registry\"",
                            "postern_signing_key_expiry_seconds",
                            "postern_tokens_total{origin=\"signed\",} 1.0");
        }
    }

    @Test
    void the_alert_rules_are_good() throws Exception {
        assertThat(promtool(RULES, "check", "rules", RULES.toString()).status()).isZero();
    }

    @Test
    void each_alert_is_raised_by_what_it_is_for_and_not_by_what_is_near() throws Exception {
        // When
        Told told = promtool(
                RULES,
                "test",
                "rules",
                RULES.resolveSibling("postern.rules.test.yml").toString());
        // Then
        assertThat(told.status()).as(told.text()).isZero();
    }

    @Test
    void a_rule_that_is_not_an_expression_would_be_found() throws Exception {
        // Given
        Path bad = Files.writeString(
                directory.resolve("bad.yml"), rules(List.of("sum by (door (postern_decisions_total)")));
        // Then
        assertThat(promtool(bad, "check", "rules", bad.toString()).status()).isNotZero();
    }

    @Test
    void the_expressions_of_the_dashboard_can_be_read() throws Exception {
        // Given
        JsonNode dashboard = new ObjectMapper()
                .readTree(BASE.resolve("deploy/grafana/postern.json").toFile());
        List<String> expressions = dashboard.findValuesAsText("expr").stream()
                .map(text -> text.replace("$__rate_interval", "5m").replace("$instance", ".*"))
                .toList();
        Path rules = Files.writeString(directory.resolve("dashboard.yml"), rules(expressions));

        // When
        Told told = promtool(rules, "check", "rules", rules.toString());

        // Then
        assertThat(expressions).hasSizeGreaterThan(30);
        assertThat(told.status()).as(told.text()).isZero();
    }

    private static String rules(List<String> expressions) {
        StringBuilder text = new StringBuilder("groups:\n  - name: g\n    rules:\n");
        for (int i = 0; i < expressions.size(); i++) {
            text.append("      - { record: 'r:" + i + "', expr: '"
                    + expressions.get(i).replace("'", "''") + "' }\n");
        }
        return text.toString();
    }

    private record Told(int status, String text) {}

    private Told promtool(Path input, String... arguments) throws Exception {
        Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Arrays.stream(arguments))
                        .toList())
                .redirectErrorStream(true)
                .redirectInput(input.toFile())
                .start();
        String text = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Told(process.exitValue(), text);
    }

    private static String get(String url) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("Accept", "text/plain")
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
