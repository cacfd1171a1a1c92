package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page says is tried with the packages has tests, which are there. */
class ShippingPageTest {

    private static final Pattern TEST = Pattern.compile("`(\\w+IT)`");

    private final List<String> rows = rows();

    @Test
    void eachSubjectHasTestsThatAreThere() throws IOException {
        // Given
        Set<String> there = integrationTests();

        // Then
        assertThat(rows)
                .hasSizeGreaterThan(10)
                .allSatisfy(row -> assertThat(named(row)).isNotEmpty().allMatch(there::contains));
    }

    @Test
    void noSubjectIsMissing() {
        assertThat(String.join("\n", rows))
                .contains(
                        "tokens",
                        "gRPC",
                        "TLS",
                        "PROXY",
                        "policy that changes",
                        "feeds",
                        "OIDC",
                        "commands",
                        "console");
    }

    private static List<String> named(String row) {
        return TEST.matcher(row).results().map(test -> test.group(1)).toList();
    }

    private static List<String> rows() {
        try {
            return Files.readAllLines(Path.of("docs/shipping.md")).stream()
                    .dropWhile(line -> !line.startsWith("## What is tried"))
                    .dropWhile(line -> !line.startsWith("|---"))
                    .skip(1)
                    .takeWhile(line -> line.startsWith("| "))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the documents", e);
        }
    }

    private static Set<String> integrationTests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/native-test/java"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("IT.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
    }
}
