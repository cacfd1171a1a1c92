package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** How commands end that cannot do what they were asked for. */
class FaultsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "servve                              | Did you mean: serve",
                "policy chek                         | Did you mean: check?",
                "replay --polcy x                    | Did you mean: --policy",
                "source --peer 10.0.0.1 --output jsn | Did you mean: json?",
                "keys create --key a --certificate b --algorithm ES265 | Did you mean: ES256?",
                "policy import ibm-crb x             | Did you mean: ibm-cbr?",
                "policy import docker x              | Did you mean: docker-auth-acl?",
            })
    void whatWasMeantIsSaid(String command, String meant) {
        // When
        CommandRun run = CommandRun.of(command.strip().split(" "));
        // Then
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.err()).startsWith("postern: ").contains(meant).contains("Try 'postern");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "xyzzy",
                "policy xyzzy",
                "source --peer 10.0.0.1 --output yaml-document",
                "policy import of-nobody x",
                "keys create --key a --certificate b --algorithm HS256000"
            })
    void whatIsNearToNothingHasNoSuggestion(String command) {
        // When
        CommandRun run = CommandRun.of(command.split(" "));
        // Then
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.err()).doesNotContain("Did you mean");
    }

    @Test
    void aReaderThatIsGoneEndsACommandQuietly() {
        assertThat(completion("Broken pipe")).isEqualTo(new Ended(141, ""));
    }

    @Test
    void aFullDiskIsSaid() {
        assertThat(completion("No space left on device"))
                .isEqualTo(new Ended(74, "postern: standard output takes no more (No space left on device)\n"));
    }

    private record Ended(int exitCode, String err) {}

    private static Ended completion(String failure) {
        StringWriter err = new StringWriter();
        StandardOutput output = StandardOutput.of(new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException(failure);
            }
        });
        CommandLine commandLine =
                PosternCommand.commandLine().setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF));
        int exitCode = PosternCommand.execute(commandLine, output, new PrintWriter(err, true), "completion", "bash");
        return new Ended(exitCode, err.toString());
    }

    @Test
    void everyCommandSaysItsVersion() {
        assertThat(CommandHelp.texts().keySet().stream()
                        .map(name -> name.split(" "))
                        .filter(words -> words.length > 1 && !words[1].equals("help")))
                .isNotEmpty()
                .allSatisfy(words -> {
                    String[] arguments = new String[words.length];
                    System.arraycopy(words, 1, arguments, 0, words.length - 1);
                    arguments[words.length - 1] = "--version";
                    assertThat(CommandRun.of(arguments).out())
                            .as(String.join(" ", words))
                            .startsWith("postern ");
                });
    }
}
