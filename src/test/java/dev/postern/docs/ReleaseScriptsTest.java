package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of src/build by which releases are made. */
@EnabledOnOs(OS.LINUX)
class ReleaseScriptsTest {

    private static final Path BUILD = Path.of("src/build").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void theNotesAreASectionOfTheChangelog() throws Exception {
        assertThat(run("notes", "Unreleased").output()).startsWith("### ").doesNotContain("\n## ");
    }

    @Test
    void thereAreNoNotesOfAVersionThatIsNotThere() throws Exception {
        assertThat(run("notes", "99.0.0").exitCode()).isEqualTo(1);
    }

    @Test
    void sumsNameEachFileAndNotThemselves() throws Exception {
        // Given
        Files.writeString(directory.resolve("a.tar.gz"), "a");
        Files.writeString(directory.resolve("a list.json"), "{}");
        // When
        assertThat(run("sign", directory.toString()).exitCode()).isZero();
        // Then
        assertThat(Files.readAllLines(directory.resolve("SHA256SUMS")))
                .hasSize(2)
                .contains("ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a.tar.gz");
    }

    @Test
    void sumsThatNobodySignedAreNotGood() throws Exception {
        // Given
        Files.writeString(directory.resolve("a.tar.gz"), "a");
        run("sign", directory.toString());
        // Then
        assertThat(run("sign", "--verify", directory.toString()).exitCode()).isNotZero();
    }

    @Test
    void aChartHasABarForEachLine() throws Exception {
        // Given
        Path numbers = Files.writeString(directory.resolve("n.tsv"), "JVM\t6300\nAOT & more\t3800\n");
        // When
        Run chart = run("../bench/chart", "Milliseconds <now>", numbers.toString());
        // Then
        assertThat(chart.output())
                .startsWith("<svg ")
                .contains("Milliseconds &lt;now>", "AOT &amp; more", ">6300<", ">3800<")
                .endsWith("</svg>\n");
    }

    private record Run(int exitCode, String output) {}

    /** Without a key to sign with, whoever runs the test. */
    private Run run(String script, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile("output", ".txt");
        String[] command = new String[arguments.length + 1];
        command[0] = BUILD.resolve(script).toString();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put(
                        "GNUPGHOME",
                        Files.createDirectories(directory.resolve("gnupg")).toString());
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output);
        Files.delete(output);
        return new Run(process.exitValue(), text);
    }
}
