package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.postern.cli.PosternCommand;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.bundle.BundleReader;
import dev.postern.policy.bundle.BundleReader.Contents;
import dev.postern.policy.bundle.VerifyingKey;
import dev.postern.policy.bundle.VerifyingKey.Usable;
import dev.postern.setup.PosternConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the page on bundles shows is what Postern takes, and what openssl and tar do. */
class BundlesPageTest {

    private static final String PAGE = read();

    @Test
    void the_settings_are_all_there_with_their_defaults() {
        // Given
        var known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class));
        Set<String> names = known.keySet().stream()
                .map(name -> name.replaceAll("\\[\\*]$", ""))
                .filter(name -> name.startsWith("postern.bundle."))
                .collect(Collectors.toSet());
        // Then
        assertThat(rows("`(postern\\.bundle\\.[a-z-]+)`")).containsExactlyInAnyOrderElementsOf(names);
        assertThat(rows("`postern\\.bundle\\.refresh` \\| `([^`]+)`")).containsExactly("30s");
    }

    @Test
    void the_settings_example_has_known_settings_only() throws IOException {
        // Given
        String text = blocks("```yaml settings\n(.*?)```").getFirst();
        // When
        PosternConfig config = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("bundles.md", text))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(config.policy()).hasValue("https://policies.example.com/postern.tar.gz");
        assertThat(config.bundle().publicKey()).hasValue(Path.of("/etc/postern/policy.pub"));
    }

    @Test
    void the_commands_are_commands() {
        List<String> commands = PAGE.lines()
                .filter(line -> line.startsWith("./postern "))
                .map(line -> line.substring("./postern ".length()))
                .toList();
        assertThat(commands)
                .hasSize(3)
                .allSatisfy(command -> assertThatCode(
                                () -> new CommandLine(new PosternCommand()).parseArgs(command.split(" +")))
                        .doesNotThrowAnyException());
    }

    @Test
    void what_its_shell_makes_is_a_bundle_with_a_signature(@TempDir Path directory) throws Exception {
        // Given
        Path policy = Files.createDirectories(directory.resolve("policy.d/accounts"));
        Files.writeString(policy.resolve("acme.yaml"), "accounts: {acme: {}}\n");
        String script = blocks("```sh\n(.*?)```").stream()
                .filter(block -> block.contains("tar ") || block.contains("openssl"))
                .flatMap(String::lines)
                .filter(line -> !line.startsWith("./postern"))
                .collect(Collectors.joining("\n"));
        // When
        Process shell = new ProcessBuilder("sh", "-e", "-c", script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // Then
        assertThat(shell.waitFor()).as(said).isZero();
        VerifyingKey key = ((Usable) VerifyingKey.read(Files.readString(directory.resolve("policy.pub")))).key();
        byte[] bundle = Files.readAllBytes(directory.resolve("postern.tar.gz"));
        assertThat(key.hasSigned(bundle, Files.readString(directory.resolve("postern.tar.gz.sig"))))
                .isTrue();
        assertThat(BundleReader.read(bundle, "bundle", 100_000)).isInstanceOfSatisfying(Contents.class, contents -> {
            assertThat(contents.documents())
                    .singleElement()
                    .extracting(Document::name)
                    .isEqualTo("bundle!/accounts/acme.yaml");
            assertThat(contents.newest())
                    .hasValueSatisfying(newest -> assertThat(newest)
                            .isBetween(
                                    Instant.now().minusSeconds(300),
                                    Instant.now().plusSeconds(1)));
        });
    }

    private static List<String> rows(String form) {
        return Pattern.compile("^\\| " + form, Pattern.MULTILINE)
                .matcher(PAGE)
                .results()
                .map(row -> row.group(1))
                .toList();
    }

    private static List<String> blocks(String form) {
        return Pattern.compile(form, Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/bundles.md"));
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
    }
}
