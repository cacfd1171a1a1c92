package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;

/** The page on importing: its commands, run on the samples, print what it shows. */
class ImportingPageTest {

    private static final Path SAMPLES = Path.of("src/test/resources/import");

    /** What the page calls the samples. */
    private static final Map<String, String> FILES = Map.of(
            "registry.json", "acr-registry.json",
            "zones.json", "cbr-zones.json",
            "rules.json", "cbr-rules.json",
            "auth_config.yml", "docker-auth.yml",
            "allow-list.json", "github-allow-list.json",
            "postern.log", "postern.log");

    private static final Pattern RUN = Pattern.compile(
            "```sh (?:import|suggest)\n\\./postern ([^\n]*)\n```\n\n```yaml\n(.*?)```\n(?:\n```text\n(.*?)```\n)?",
            Pattern.DOTALL);
    private static final Pattern YAML = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("^\\./postern (\\S.*)$", Pattern.MULTILINE);
    private static final String PAGE = page();
    private static final List<Example> EXAMPLES = examples();

    @TempDir
    Path directory;

    /** A command of the page, and what it says it prints. The messages are shown once, or are none. */
    private record Example(String command, String out, boolean saysMessages, String err) {
        @Override
        public String toString() {
            return command;
        }
    }

    @Test
    void thePageHasAnExampleOfEachFormatAndOfSuggestions() {
        assertThat(EXAMPLES).hasSize(6);
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void anExamplePrintsWhatThePageShows(Example example) throws IOException {
        // Given
        for (Map.Entry<String, String> file : FILES.entrySet()) {
            Files.copy(SAMPLES.resolve(file.getValue()), directory.resolve(file.getKey()));
        }
        String[] arguments = Arrays.stream(example.command().split(" +"))
                .map(word -> FILES.containsKey(word) ? directory.resolve(word).toString() : word)
                .toArray(String[]::new);
        // When
        CommandRun run = CommandRun.of(arguments);
        // Then
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(here(run.out())).isEqualTo(example.out());
        if (example.saysMessages() || example.command().contains("import")) {
            assertThat(here(run.err())).isEqualTo(example.err());
        }
    }

    private String here(String text) {
        return text.replace(directory + "/", "");
    }

    @Test
    void everyPolicyOfThePageIsGood() {
        List<String> policies =
                YAML.matcher(PAGE).results().map(block -> block.group(1)).toList();
        assertThat(policies)
                .hasSize(7)
                .allSatisfy(policy -> assertThat(new PolicyCompiler(Set.of("aks", "us-south", "build-vpc"))
                                .compile(List.of(new Document("importing.md", policy))))
                        .isInstanceOf(Compiled.class));
    }

    @Test
    void theCommandsAreCommands() {
        List<String> commands =
                COMMAND.matcher(PAGE).results().map(found -> found.group(1)).toList();
        assertThat(commands)
                .hasSizeGreaterThanOrEqualTo(10)
                .allSatisfy(command -> assertThatCode(
                                () -> new CommandLine(new PosternCommand()).parseArgs(command.split(" +")))
                        .as(command)
                        .doesNotThrowAnyException());
    }

    private static List<Example> examples() {
        return RUN.matcher(PAGE).results().map(ImportingPageTest::example).toList();
    }

    private static Example example(MatchResult found) {
        boolean says = found.group(3) != null;
        return new Example(found.group(1), found.group(2), says, says ? found.group(3) : "");
    }

    private static String page() {
        try {
            return Files.readString(Path.of("docs/importing.md"));
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
    }
}
