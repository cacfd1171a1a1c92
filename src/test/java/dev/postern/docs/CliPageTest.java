package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.CommandHelp;
import dev.postern.setup.PosternConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page on the command line has each command as its {@code --help} says it, and each exit code. */
class CliPageTest {

    private static final Path PAGE = Path.of("docs/cli.md");
    private static final String COMMANDS = "## Commands\n";

    @Test
    void eachCommandIsThereInTheWordsOfItsHelp() throws IOException {
        // Given
        StringBuilder expected = new StringBuilder();
        CommandHelp.texts()
                .forEach((name, help) -> expected.append("\n### ")
                        .append(name)
                        .append("\n\n```text\n")
                        .append(help.stripTrailing())
                        .append("\n```\n"));
        String page = Files.readString(PAGE);
        // When
        String commands = page.substring(page.indexOf(COMMANDS) + COMMANDS.length());
        // Then
        Path made = Files.writeString(Path.of("target/cli-commands.md"), expected);
        assertThat(commands)
                .as("what stands below '## Commands' in %s; as it should be: %s", PAGE, made)
                .isEqualTo(expected.toString());
    }

    @Test
    void eachExitCodeHasItsRow() throws IOException {
        // Given
        Map<String, String> codes = CommandHelp.exitCodes();
        // When
        List<String> rows = Pattern.compile("^\\| ([0-9]+) \\| (.*) \\|$", Pattern.MULTILINE)
                .matcher(Files.readString(PAGE))
                .results()
                .map(row -> row.group(1) + " " + row.group(2))
                .toList();
        // Then
        assertThat(rows)
                .isEqualTo(codes.entrySet().stream()
                        .map(code -> code.getKey().strip() + " " + code.getValue())
                        .toList());
    }

    @Test
    void eachCommandSaysOnlyCodesThatThereAre() {
        assertThat(CommandHelp.codesOfCommands()).isNotEmpty().allSatisfy((name, codes) -> {
            assertThat(codes).as(name).contains("0");
            assertThat(CommandHelp.exitCodes().keySet().stream()
                            .map(String::strip)
                            .toList())
                    .as(name)
                    .containsAll(codes);
        });
    }

    @Test
    void eachCommandHasAnExample() {
        assertThat(CommandHelp.texts()).allSatisfy((name, help) -> {
            if (help.contains("Exit codes:")) {
                assertThat(help).as(name).contains("Examples:\n  ");
            }
        });
    }

    @Test
    void theSettingsThatServeNamesAreSettings() {
        // Given
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .map(name -> name.replaceAll("\\[\\*]$", ""))
                .collect(Collectors.toSet());
        // When
        List<String> named = Pattern.compile("^ +(postern\\.[a-z.-]+) ", Pattern.MULTILINE)
                .matcher(String.valueOf(CommandHelp.texts().get("postern serve")))
                .results()
                .map(MatchResult::group)
                .map(String::strip)
                .toList();
        // Then
        assertThat(named).hasSizeGreaterThan(5);
        assertThat(known).containsAll(named);
    }

    @Test
    void theExamplesAreCommands() {
        assertThat(CommandHelp.examples())
                .hasSizeGreaterThan(20)
                .allSatisfy(example -> assertThat(CommandHelp.problemOf(example.toArray(String[]::new)))
                        .as(String.join(" ", example))
                        .isEmpty());
    }
}
