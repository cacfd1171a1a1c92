package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.postern.cli.PosternCommand;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.setup.PosternConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the page on tokens shows is what Postern takes. */
class TokensPageTest {

    private static final String PAGE = read();

    @Test
    void its_policy_is_good_and_says_what_the_page_says() {
        // When
        Policy policy = ((Compiled) new PolicyCompiler(Set.of())
                        .compile(List.of(new Document("tokens.md", block("```yaml\n(accounts:.*?)```")))))
                .policy();

        // Then: the later instant counts
        assertThat(policy.tokensNotBefore(new Subject(Subject.Kind.USER, "acme", "alice")))
                .contains(Instant.parse("2026-06-02T12:00:00Z"));
        assertThat(policy.tokensNotBefore(new Subject(Subject.Kind.USER, "acme", "bob")))
                .contains(Instant.parse("2026-06-01T00:00:00Z"));
        assertThat(policy.tokensNotBefore(Subject.ANONYMOUS)).isEmpty();
    }

    @Test
    void its_commands_are_commands() {
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
    void the_settings_that_it_names_are_settings() {
        // Given
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .map(name -> name.replaceAll("\\[\\*]$", ""))
                .collect(Collectors.toSet());

        // When
        Set<String> named = Pattern.compile("`(postern\\.token\\.[a-z.-]+)[`:]")
                .matcher(PAGE)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        // Then
        assertThat(named).hasSizeGreaterThan(6).isSubsetOf(known);
    }

    private static String block(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/tokens.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
