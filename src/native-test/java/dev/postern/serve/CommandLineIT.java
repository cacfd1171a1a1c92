package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Packaged;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands among other programs: pipes, full disks, signals and terminals. */
class CommandLineIT {

    private static final String ESCAPE = "\u001b[";

    @TempDir
    Path directory;

    @Test
    void whatNobodyReadsAnyMoreEndsQuietly() throws Exception {
        // When: the reader is gone before the first word, for a pipe takes 64 KiB that nobody reads
        String said = bash("{ sleep 1; exec postern completion bash; } | true; echo \"${PIPESTATUS[0]}\"");
        // Then
        assertThat(said).isEqualTo("141\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaid() throws Exception {
        assertThat(bash("postern completion bash >/dev/full; echo $?"))
                .startsWith("postern: standard output takes no more (")
                .endsWith("\n74\n");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whoeverWatchesMayInterrupt() throws Exception {
        // Given
        Files.writeString(directory.resolve("audit.jsonl"), "");
        // When: tests of a build in the background are deaf to interrupts, and so would be what they start
        String said = bash("set -m; env --default-signal=INT postern top audit.jsonl & sleep 5; kill -INT $!; wait $!;"
                + " echo $?");
        // Then
        assertThat(said.lines().toList().getLast()).isEqualTo("130");
        assertThat(said).doesNotContain("Exception");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void coloursAreForTerminalsOnly() throws Exception {
        assertThat(onTerminal("TERM=xterm")).contains(ESCAPE);
        assertThat(onTerminal("TERM=xterm NO_COLOR=1")).doesNotContain(ESCAPE).contains("Usage: postern");
        assertThat(onTerminal("TERM=dumb")).doesNotContain(ESCAPE).contains("Usage: postern");
        assertThat(bash("TERM=xterm postern --help | cat"))
                .doesNotContain(ESCAPE)
                .contains("Usage: postern");
    }

    private String onTerminal(String environment) throws Exception {
        return bash("export " + environment + "; script --quiet --return --command 'postern --help' /dev/null");
    }

    /** Runs a line of bash in which {@code postern} is the package; returns what was printed, both streams. */
    private String bash(String line) throws Exception {
        String command = "'" + String.join("' '", Packaged.command()) + "'";
        Path launcher = Files.writeString(directory.resolve("postern"), "#!/bin/sh\nexec " + command + " \"$@\"\n");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Path script = Files.writeString(directory.resolve("line"), "PATH=$PWD:$PATH\n" + line + "\n");
        Path output = directory.resolve("output");
        Process bash = new ProcessBuilder(List.of("bash", script.toString()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        bash.getOutputStream().close();
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return Files.readString(output);
    }
}
