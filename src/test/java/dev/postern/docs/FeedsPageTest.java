package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.postern.cli.PosternCommand;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedRules;
import dev.postern.feed.Feeds;
import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import dev.postern.policy.Problem;
import dev.postern.setup.PosternConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;

/** What the page on feeds shows is what Postern takes. */
class FeedsPageTest {

    private static final String PAGE = read();
    private static final List<String> POLICIES = blocks("```yaml\n(.*?)```");

    @ParameterizedTest
    @FieldSource("POLICIES")
    void a_policy_example_is_good_but_for_feeds_that_nobody_has_asked_for(String text) {
        // Given
        PolicyCompiler compiler = new PolicyCompiler(Set.of());
        Draft draft = compiler.read(new Document("feeds.md", text));
        // When
        PolicyCompiler.Outcome outcome = compiler.link(List.of(draft), Feeds.none());
        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.forFeedsOnly())
                                .as("%s", rejected.problems())
                                .isTrue());
    }

    @Test
    void every_form_has_an_example() {
        // When
        Set<String> shown = POLICIES.stream()
                .map(text -> new PolicyCompiler(Set.of()).read(new Document("feeds.md", text)))
                .flatMap(draft -> PolicyCompiler.feeds(List.of(draft)).stream())
                .map(FeedDeclaration::selection)
                .map(selection -> selection.format())
                .collect(Collectors.toSet());
        // Then
        assertThat(shown)
                .containsExactlyInAnyOrder(
                        "azure-service-tags", "aws-ip-ranges", "google-ip-ranges", "github-meta", "lines");
    }

    @Test
    void the_keys_are_those_that_every_form_has() {
        // Given
        Set<String> known = new TreeSet<>(known("lines"));
        known.removeAll(Set.of("format", "file", "url"));
        // Then
        assertThat(rows("`([a-z-]+)` \\| [^|]* \\| [^|]* \\| [^|]* \\|$")).containsExactlyInAnyOrderElementsOf(known);
        assertThat(PAGE)
                .contains("| `max-shrink` | `" + FeedRules.DEFAULTS.maxShrink() + "%` |")
                .contains("| `max-growth` | `" + FeedRules.DEFAULTS.maxGrowth() + "%` |")
                .contains("| `refresh` | `" + FeedRules.DEFAULTS.refresh().toHours() + "h` |");
    }

    private static List<String> known(String format) {
        PolicyCompiler.Outcome outcome = new PolicyCompiler(Set.of())
                .compile(List.of(new Document(
                        "p", "zones: {z: {feed: {format: " + format + ", file: a, unknown: 1}}}\naccounts: {a: {}}")));
        return ((Rejected) outcome)
                .problems().stream()
                        .map(Problem::message)
                        .filter(message -> message.contains("Known are: "))
                        .flatMap(message -> Stream.of(
                                message.replaceFirst(".*Known are: ", "").split(", ")))
                        .toList();
    }

    @Test
    void the_settings_are_all_there_with_their_defaults() {
        // Given
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .map(name -> name.replaceAll("\\[\\*]$", ""))
                .filter(name -> name.startsWith("postern.feeds."))
                .collect(Collectors.toSet());
        // Then
        assertThat(rows("`(postern\\.feeds\\.[a-z-]+)`")).containsExactlyInAnyOrderElementsOf(known);
    }

    @Test
    void the_settings_example_has_known_settings_only() throws IOException {
        // Given
        String text = blocks("```yaml settings\n(.*?)```").getFirst();
        // When
        PosternConfig config = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("feeds.md", text))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .withMappingIgnore("quarkus.**")
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(config.feeds().tlsConfigurationName()).hasValue("mirrors");
        assertThat(config.feeds().allowedPrivateAddresses()).hasValue(List.of("10.20.0.15"));
    }

    @Test
    void every_outcome_is_named() {
        assertThat(FeedOutcome.values())
                .allSatisfy(outcome -> assertThat(PAGE).contains("`" + outcome.wireName() + "`"));
    }

    @Test
    void the_commands_are_commands() {
        for (String command : PAGE.lines()
                .filter(line -> line.startsWith("./postern "))
                .map(line -> line.substring("./postern ".length()))
                .toList()) {
            assertThatCode(() -> new CommandLine(new PosternCommand())
                            .setCaseInsensitiveEnumValuesAllowed(true)
                            .parseArgs(command.split(" +")))
                    .as(command)
                    .doesNotThrowAnyException();
        }
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
                .map((MatchResult block) -> block.group(1))
                .toList();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/feeds.md"));
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
    }
}
