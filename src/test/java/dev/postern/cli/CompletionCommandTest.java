package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The scripts for shells, in the shells. */
class CompletionCommandTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postern po            | policy",
                "postern policy ch     | check",
                "postern policy import acr | acr-network-rule-set",
                "postern source --pe   | --peer",
                "postern feed list --output '' | text json",
                "postern keys create --algorithm '' | ES256 RS256",
                "postern completion '' | bash zsh fish",
                "postern nonsense-     | ''",
            })
    void bashCompletes(String line, String expected) throws Exception {
        // Given
        Path script = script("bash");
        String words = line.strip();
        // When
        String completed = run("bash", "--norc", "-c", """
                compopt() { :; }
                source '%s'
                COMP_WORDS=(%s)
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE="${COMP_WORDS[*]}"
                COMP_POINT=${#COMP_LINE}
                _complete_postern
                echo "${COMPREPLY[@]}"
                """.formatted(script, words));
        // Then
        assertThat(completed.strip()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postern polic         | policy",
                "postern policy ch     | check",
                "postern policy import acr | acr-network-rule-set",
                "postern source --pe   | --peer",
                "postern feed list --output | text json",
                "postern keys create --algorithm | ES256 RS256",
                "postern completion    | bash fish zsh",
                "postern policy nonsense | ''",
            })
    void fishCompletes(String line, String expected) throws Exception {
        // Given
        assumeShell("fish");
        String typed = expected.contains(" ") ? line.strip() + " " : line.strip();
        // When
        String completed =
                run("fish", "--no-config", "-c", "source '%s'; complete -C '%s'".formatted(script("fish"), typed));
        // Then
        assertThat(completed.lines().map(each -> each.split("\t")[0]).toList())
                .containsExactlyInAnyOrderElementsOf(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
    }

    @Test
    void zshTakesTheScript() throws Exception {
        // Given
        assumeShell("zsh");
        // When
        String known = run(
                "zsh",
                "-f",
                "-c",
                "autoload -U compinit && compinit -u -D && source '" + script("zsh")
                        + "' && print -r $_comps[postern]");
        // Then
        assertThat(known).contains("_bash_complete").contains("_complete_postern");
    }

    @Test
    void aShellThatIsNotKnownIsSaid() {
        // When
        CommandRun run = CommandRun.of("completion", "fissh");
        // Then
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.err()).contains("expected one of").contains("Did you mean: fish?");
    }

    /** A shell that is not installed leaves its test out, which the summary of a build says; with {@code CI=true} it fails. */
    private static void assumeShell(String shell) throws IOException {
        boolean isThere = Path.of("/usr/bin/" + shell).toFile().canExecute()
                || Path.of("/bin/" + shell).toFile().canExecute();
        if (!isThere) {
            assertThat(System.getenv("CI")).as("%s is not installed", shell).isNotEqualTo("true");
            Files.createDirectories(Path.of("target"));
            Files.writeString(
                    Path.of("target/left-out.txt"),
                    "completion in " + shell + ": it is not installed\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        assumeThat(isThere).isTrue();
    }

    private Path script(String shell) throws IOException {
        CommandRun run = CommandRun.of("completion", shell);
        assertThat(run.exitCode()).isZero();
        return Files.writeString(directory.resolve("completion." + shell), run.out());
    }

    private String run(String... command) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(output.toFile());
        builder.redirectErrorStream(true);
        builder.environment().put("HOME", directory.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
