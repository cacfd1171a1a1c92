package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each attack of the threat model has something that shows what stops it, and it exists. */
class ThreatModelPageTest {

    private static final Path PAGE = Path.of("docs/threat-model.md");
    private static final Pattern TEST = Pattern.compile("`(\\w+(?:Test|IT))`");
    private static final Pattern SCRIPT = Pattern.compile("`(src/[\\w/.-]+)`");

    @Test
    void eachNamedTestExists() throws IOException {
        // Given
        Set<String> there;
        try (Stream<Path> tests = Files.walk(Path.of("src/test/java"));
                Stream<Path> integration = Files.walk(Path.of("src/native-test/java"))) {
            there = Stream.concat(tests, integration)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .collect(Collectors.toSet());
        }
        // When
        List<String> named = named(TEST);
        // Then
        assertThat(named).hasSizeGreaterThan(40);
        assertThat(there).containsAll(named);
    }

    @Test
    void eachNamedScriptExists() throws IOException {
        assertThat(named(SCRIPT)).isNotEmpty().allMatch(script -> Files.exists(Path.of(script)));
    }

    @Test
    void noAttackIsWithoutATest() throws IOException {
        // Given: the rows of the tables of attackers
        List<String> rows = Files.readAllLines(PAGE).stream()
                .dropWhile(line -> !line.startsWith("## Attackers"))
                .takeWhile(line -> !line.startsWith("## What is not stopped"))
                .filter(line -> line.startsWith("| ") && !line.startsWith("| attack "))
                .toList();
        // Then
        assertThat(rows)
                .hasSizeGreaterThan(25)
                .allMatch(row -> TEST.matcher(row).find() || SCRIPT.matcher(row).find());
    }

    private static List<String> named(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }
}
