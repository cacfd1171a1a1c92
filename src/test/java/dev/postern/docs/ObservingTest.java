package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alert rules and dashboard ask for metrics and labels that there are; each alert has its tests. */
class ObservingTest {

    private static final Path RULES = Path.of("deploy/prometheus/postern.rules.yml");
    private static final Path TESTS = Path.of("deploy/prometheus/postern.rules.test.yml");
    private static final Path DASHBOARD = Path.of("deploy/grafana/postern.json");

    private static final Pattern ROW =
            Pattern.compile("^\\| `(postern_[a-z_]+)` \\| ([a-z]+) \\| ([^|]*)\\|", Pattern.MULTILINE);
    private static final Pattern NAME = Pattern.compile("\\b(postern|jvm|process|system)_[a-z_]+");
    private static final Pattern SELECTED = Pattern.compile("\\b(postern_[a-z_]+)\\{([^}]*)}");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)(?:=~|=|!=)\"");
    private static final Pattern GROUPED = Pattern.compile("by \\(([^)]*)\\)");

    /** What every scrape adds, and what a histogram has. */
    private static final Set<String> ANY = Set.of("instance", "job", "le");

    private static final Set<String> OF_JAVA = Set.of("jvm_memory_used_bytes", "process_cpu_usage");

    @Test
    void the_dashboard_asks_for_what_there_is() throws IOException {
        // When
        List<String> expressions =
                new ObjectMapper().readTree(DASHBOARD.toFile()).findValuesAsText("expr");
        // Then
        assertThat(expressions).hasSizeGreaterThan(30).allSatisfy(ObservingTest::isOfWhatThereIs);
    }

    @Test
    void the_alerts_ask_for_what_there_is() throws IOException {
        assertThat(alerts()).hasSizeGreaterThan(15);
        isOfWhatThereIs(Files.readString(RULES).replaceAll("(?m)^ *(#|summary|description).*$", ""));
    }

    @Test
    void a_metric_that_there_is_not_would_be_found() {
        // When
        Throwable found = catchThrowable(() -> isOfWhatThereIs("sum by (account) (postern_decisions_total)"));
        Throwable alsoFound = catchThrowable(() -> isOfWhatThereIs("postern_nothing_total"));
        // Then
        assertThat(found).isInstanceOf(AssertionError.class);
        assertThat(alsoFound).isInstanceOf(AssertionError.class);
    }

    @Test
    void each_alert_is_tested_where_it_is_raised_and_where_it_is_not() throws IOException {
        // Given
        String tests = Files.readString(TESTS);
        for (String alert : alerts()) {
            // Then
            assertThat(tests).contains("alertname: " + alert + "\n", "alertname: " + alert + ", exp_alerts: []");
        }
    }

    @Test
    void each_alert_says_how_bad_it_is_and_what_is_seen() throws IOException {
        // Given
        String[] alerts = Files.readString(RULES).split("- alert: ");
        for (String alert : Stream.of(alerts).skip(1).toList()) {
            // Then
            assertThat(alert)
                    .containsPattern("severity: (critical|warning|info) ")
                    .contains("summary: ", "description: ");
        }
    }

    private static List<String> alerts() throws IOException {
        return Pattern.compile("- alert: (\\w+)")
                .matcher(Files.readString(RULES))
                .results()
                .map(alert -> alert.group(1))
                .toList();
    }

    private static void isOfWhatThereIs(String expression) {
        Map<String, Set<String>> known = known();
        Set<String> names =
                NAME.matcher(expression).results().map(MatchResult::group).collect(Collectors.toSet());
        assertThat(names).as(expression).isNotEmpty();
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(known.keySet());
        missing.removeAll(OF_JAVA);
        assertThat(missing).as(expression).isEmpty();
        for (MatchResult selected : SELECTED.matcher(expression).results().toList()) {
            Set<String> labels = new HashSet<>(known.get(selected.group(1)));
            labels.addAll(ANY);
            assertThat(labels)
                    .as(selected.group())
                    .containsAll(LABEL.matcher(selected.group(2))
                            .results()
                            .map(label -> label.group(1))
                            .toList());
        }
        Set<String> all = new HashSet<>(ANY);
        all.add("area");
        names.forEach(name -> all.addAll(known.getOrDefault(name, Set.of())));
        for (MatchResult grouped : GROUPED.matcher(expression).results().toList()) {
            assertThat(all).as(expression).containsAll(List.of(grouped.group(1).split(", *")));
        }
    }

    /** The metrics of the page, which is held against the server, and their labels. */
    private static Map<String, Set<String>> known() {
        Map<String, Set<String>> known = new TreeMap<>();
        for (MatchResult row :
                ROW.matcher(read(Path.of("docs/metrics.md"))).results().toList()) {
            Set<String> labels =
                    Stream.of(row.group(3).strip().replace("`", "").split(" ")).collect(Collectors.toSet());
            List<String> names = new ArrayList<>(List.of(row.group(1)));
            if (row.group(2).equals("histogram")) {
                names = List.of(row.group(1) + "_bucket", row.group(1) + "_sum", row.group(1) + "_count");
            }
            names.forEach(name -> known.put(name, labels));
        }
        return known;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
    }
}
