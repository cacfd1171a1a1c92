package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.postern.cli.PosternCommand;
import dev.postern.decision.Gate;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.setup.PosternConfig;
import dev.postern.source.SourceSettings;
import dev.postern.trial.TrialReader;
import dev.postern.trial.Trials;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the README shows is what Postern takes: its policy, its settings, its commands. */
class ReadmeTest {

    private static final Pattern SETTING_ROW = Pattern.compile("^\\| `(postern\\.[^`]+)`", Pattern.MULTILINE);
    private static final Pattern COMMAND = Pattern.compile("^\\./postern (\\S.*?)(?: +#.*)?$", Pattern.MULTILINE);

    private final String readme = read();

    @Test
    void the_policy_example_is_a_good_policy() {
        // Given
        String policy = yaml("accounts:");

        // When
        PolicyCompiler.Outcome outcome =
                new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("README.md", policy)));

        // Then
        assertThat(outcome).isInstanceOf(Compiled.class);
        assertThat(((Compiled) outcome).policy().warnings()).isEmpty();
    }

    @Test
    void the_cases_of_the_example_come_out_as_they_expect() {
        // Given
        SourceSettings settings = new SourceSettings(List.of(), SourceSettings.ForwardingHeader.NONE, List.of());
        Policy policy = ((Compiled) new PolicyCompiler(Set.of("us-south"))
                        .compile(List.of(new Document("README.md", yaml("accounts:")))))
                .policy();
        Trials trials = new Trials(policy, settings, new Gate("us-south", Optional.empty()));

        // When
        TrialReader.Result cases = TrialReader.read(new Document("README.md", yaml("cases:")));

        // Then
        assertThat(((TrialReader.Cases) cases).trials()).hasSize(2).allSatisfy(trial -> {
            assertThat(trials.knows(trial.subject())).isTrue();
            assertThat(trial.expected()
                            .differences(trials.decide(
                                    trial.caller(),
                                    trial.subject(),
                                    trial.scopes(),
                                    Instant.parse("2026-06-15T12:00:00Z"))))
                    .isEmpty();
        });
    }

    @Test
    void the_settings_example_has_known_settings_only() throws IOException {
        // Given
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("README.md", yaml("  service: registry.example.com")))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .withMappingIgnore("quarkus.**")
                .build();

        // When: SmallRye Config refuses what the mapping does not have
        PosternConfig settings = config.getConfigMapping(PosternConfig.class);

        // Then
        assertThat(settings.service()).isEqualTo("registry.example.com");
        assertThat(settings.source().trustedProxies()).hasValue(List.of("10.0.0.0/8"));
        assertThat(settings.privateEndpoints()
                        .get("us-south")
                        .translatedAddresses()
                        .orElseThrow())
                .hasSize(3);
    }

    @Test
    void the_table_of_settings_is_complete_and_has_nothing_else() {
        // Given
        Set<String> documented = SETTING_ROW
                .matcher(readme)
                .results()
                .map(row -> row.group(1).replace(".NAME.", ".*.").replace(".ACCOUNT", ".*"))
                .collect(Collectors.toSet());

        // When
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .map(name -> name.replaceAll("\\[\\*]$", ""))
                // One row has both halves of the pair.
                .filter(name -> !name.equals("postern.token.certificate"))
                .collect(Collectors.toSet());

        // Then
        assertThat(documented).isEqualTo(known);
    }

    @Test
    void the_commands_are_commands() {
        // Given
        List<String> commands =
                COMMAND.matcher(readme).results().map(MatchResult::group).toList();
        assertThat(commands).hasSizeGreaterThanOrEqualTo(5);

        for (String command : commands) {
            // When
            String arguments = COMMAND.matcher(command)
                    .replaceFirst("$1")
                    .replaceAll("\"\\$\\(.*\\)\"", "ID")
                    .replaceFirst(" \\| .*", "");

            // Then: picocli refuses what the commands do not have
            assertThatCode(() -> new CommandLine(new PosternCommand()).parseArgs(arguments.split(" +")))
                    .as(command)
                    .doesNotThrowAnyException();
        }
    }

    /** The block of YAML that has this line or beginning of one. */
    private String yaml(String marker) {
        return Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
                .matcher(readme)
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains(marker))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no block of YAML has '" + marker + "'"));
    }

    private static String read() {
        try {
            return Files.readString(Path.of("README.md"));
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
    }
}
