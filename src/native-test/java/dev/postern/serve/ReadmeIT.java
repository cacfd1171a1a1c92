package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README has a new user type, typed: in order, in a fresh directory with the launcher and the package, on a machine of its own
 * (a network namespace), whose ports are free.
 *
 * <p>The one thing that is another: the image comes from a directory, and not from Docker Hub.
 */
@EnabledOnOs(OS.LINUX)
class ReadmeIT {

    private static final Path BASE = Path.of(System.getProperty("postern.basedir"));
    private static final Pattern BLOCK = Pattern.compile("```(\\w+)\n(.*?)```", Pattern.DOTALL);
    private static final String END = "\u0001";

    @TempDir
    Path directory;

    @Test
    void fromNothingToAGuardedRegistryAndToASettingOfOnesOwn() throws Exception {
        // Given
        List<String> missing = Stream.of("docker-registry", "skopeo", "curl", "unshare", "ip")
                .filter(program -> !isThere(program))
                .toList();
        if (!missing.isEmpty() || run("namespace", "ip link set lo up") != 0) {
            leaveOut(missing.isEmpty() ? "no network namespace can be made" : "missing: " + missing);
        }
        String readme = Files.readString(BASE.resolve("README.md"));
        List<String> blocks = blocks(
                readme.substring(readme.indexOf("## From nothing"), readme.indexOf("## The policy, by example")), "sh");
        assertThat(blocks).hasSize(8);
        OciImage.writeTo(directory.resolve("image"));
        unpack();

        // When
        Instant begun = Instant.now();
        int code = run("blocks", script(blocks));
        Duration took = Duration.between(begun, Instant.now());

        // Then
        String output = Files.readString(directory.resolve("blocks.txt"));
        assertThat(code).as(output).isZero();
        assertThat(took).isLessThan(Duration.ofMinutes(5));
        String[] said = output.split(END + "\n");
        assertThat(said[0]).contains("An example policy was made: ", "curl -u 'iamapikey:postern_");
        assertThat(said[2]).contains("Login Succeeded!", "\"Name\": \"localhost:5000/example/busybox\"");
        String shown = blocks(readme, "json").getFirst().strip();
        assertThat(said[3])
                .containsPattern(Stream.of(shown.split("…"))
                        .map(Pattern::quote)
                        .reduce((a, b) -> a + "[a-z0-9]+" + b)
                        .orElseThrow());
        assertThat(said[4]).contains("127.0.0.1", "data/policy.yaml:");
        assertThat(said[5]).contains("\"Name\": \"localhost:5000/example/busybox\"");
        assertThat(said[6])
                .contains("service: registry.example.com", "rootcertbundle: " + directory.resolve("mine/cert.pem"))
                .doesNotContain("the signing key was generated", "a default name is in use");
    }

    /** A server of a block goes on beside the blocks after it, up to the next of its kind. */
    private String script(List<String> blocks) {
        StringBuilder script = new StringBuilder("""
                set -eu -o pipefail -m
                ip link set lo up
                stop() { kill -TERM -- "-$1" && { wait "$1" || true; }; }
                await() { for ((i = 0; i < 600; i++)); do curl -so /dev/null "$1" && return; sleep 0.1; done; return 1; }
                """);
        boolean serving = false;
        for (String block : blocks) {
            if (block.startsWith("sudo apt-get install ")) {
                continue;
            }
            List<String> lines = new ArrayList<>(block.replace("docker://docker.io/library/busybox ", "oci:image ")
                    .lines()
                    .toList());
            String last = lines.getLast();
            if (last.startsWith("./postern serve")) {
                if (serving) {
                    script.append("stop $postern\n");
                }
                serving = true;
                lines.set(
                        lines.size() - 1,
                        "{ " + last + "; } & postern=$!; await http://localhost:8080/jwks.json; sleep 1");
            } else if (last.startsWith("docker-registry ")) {
                lines.set(
                        lines.size() - 1,
                        "{ " + last + "; } >/dev/null 2>&1 & registry=$!; await http://localhost:5000/v2/");
            }
            script.append(String.join("\n", lines)).append("\nprintf '" + END + "\\n'\n");
        }
        return script.append("stop $postern; stop $registry\n").toString();
    }

    /** Bash on a machine of its own; what it prints goes to {@code NAME.txt}. */
    private int run(String name, String commands) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve(name + ".sh"), commands + "\n");
        ProcessBuilder builder = new ProcessBuilder(
                        "unshare",
                        "--map-root-user",
                        "--net",
                        "--pid",
                        "--fork",
                        "--kill-child",
                        "--mount-proc",
                        "bash",
                        script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".txt").toFile());
        builder.environment()
                .keySet()
                .removeIf(key -> key.startsWith("POSTERN_")
                        || key.startsWith("QUARKUS_")
                        || key.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        builder.environment().put("POSTERN_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("POSTERN_JAVA_OPTS", String.join(" ", Packaged.options()));
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("XDG_RUNTIME_DIR", directory.toString());
        Process process = builder.start();
        try {
            assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
            return process.exitValue();
        } finally {
            process.destroyForcibly();
        }
    }

    /** As a release has it: the launcher, and the package beside it. */
    private void unpack() throws IOException {
        Path artifact = Path.of(System.getProperty("postern.artifact"));
        if (Packaged.isNative()) {
            Files.createSymbolicLink(directory.resolve("postern"), artifact);
        } else {
            Files.copy(BASE.resolve("postern"), directory.resolve("postern"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.createSymbolicLink(directory.resolve("quarkus-app"), artifact.getParent());
        }
    }

    private static List<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .toList();
    }

    private static boolean isThere(String program) {
        return Pattern.compile(":")
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(path -> Files.isExecutable(Path.of(path, program)));
    }

    private static void leaveOut(String why) throws IOException {
        String reason = "ReadmeIT: " + why;
        assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
        Files.writeString(
                BASE.resolve("target/left-out.txt"),
                reason + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
        Assumptions.abort(reason);
    }
}
