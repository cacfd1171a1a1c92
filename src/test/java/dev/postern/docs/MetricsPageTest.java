package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.EveryMeter;
import dev.postern.testing.MetricsPage;
import dev.postern.testing.MetricsPage.Family;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on metrics has those of the server, all of them, with their types and labels. */
@QuarkusTest
@WithTestResource(EveryMeter.class)
class MetricsPageTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `(postern_[a-z_]+)` \\| ([a-z]+) \\| ([^|]*)\\| \\S.* \\|$", Pattern.MULTILINE);

    @TestHTTPResource(management = true)
    URI management;

    @TestHTTPResource
    URI server;

    @Test
    void the_page_has_the_meters_of_the_server_and_no_other() throws Exception {
        // Given: those of feeds are shown each second
        EveryMeter.call(server);
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (!MetricsPage.of(management).text().contains("postern_feed_age") && System.nanoTime() < deadline) {
            Thread.sleep(50);
        }

        // When
        SortedMap<String, Family> families = MetricsPage.of(management).families();
        families.keySet().removeIf(name -> !name.startsWith("postern_"));

        // Then
        SortedMap<String, String> scraped = new TreeMap<>();
        families.forEach((name, family) -> scraped.put(name, family.type() + " " + family.labels()));
        assertThat(documented()).containsExactlyInAnyOrderEntriesOf(scraped);
        assertThat(families.values()).allMatch(Family::described);
    }

    private static SortedMap<String, String> documented() throws IOException {
        SortedMap<String, String> rows = new TreeMap<>();
        ROW.matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .forEach(row -> rows.put(row.group(1), row.group(2) + " " + labels(row.group(3))));
        return rows;
    }

    private static TreeSet<String> labels(String cell) {
        return Arrays.stream(cell.strip().split(" "))
                .filter(label -> !label.isEmpty())
                .map(label -> label.replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
