package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.postern.audit.AuditDetails;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.Events;
import dev.postern.cli.PosternCommand;
import dev.postern.decision.Explanation;
import dev.postern.decision.Reason;
import dev.postern.setup.PosternConfig;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The published schema is what is written, and the page shows what is. */
class AuditPageTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path SCHEMA = Path.of("docs/audit.schema.json");

    private final String page = read(Path.of("docs/audit.md"));

    @Test
    void everyEventIsOfTheSchema() throws IOException {
        for (Map.Entry<String, AuditEvent> event : Events.all().entrySet()) {
            assertThat(schema().validate(JSON.readTree(AuditJson.write(event.getValue()))))
                    .as(event.getKey())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"time", "decision", "door", "outcome", "reason", "source", "scopes", "explanation", "client"})
    void anEventWithoutAFieldThatMustBeThereIsNone(String field) throws IOException {
        // Given
        ObjectNode event = (ObjectNode) JSON.readTree(AuditJson.write(anEvent()));
        // When
        event.remove(field);
        // Then
        assertThat(schema().validate(event)).isNotEmpty();
    }

    @Test
    void anUnknownFieldIsNone() throws IOException {
        // Given
        ObjectNode event = (ObjectNode) JSON.readTree(AuditJson.write(anEvent()));
        // When
        event.put("password", "x");
        // Then
        assertThat(schema().validate(event)).isNotEmpty();
    }

    @Test
    void itsWordsAreAllThatAreWritten() throws IOException {
        // Given
        JsonNode schema = JSON.readTree(SCHEMA.toFile());
        // Then
        assertThat(words(schema.at("/properties/reason/enum")))
                .containsExactlyElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::wireName).toList());
        assertThat(words(schema.at("/properties/source/properties/why/enum")))
                .containsExactlyElementsOf(Arrays.stream(Source.Why.values())
                        .map(Source.Why::wireName)
                        .toList());
        JsonNode hop = schema.at("/properties/source/properties/evidence/items/properties");
        assertThat(words(hop.at("/by/enum")))
                .containsExactlyElementsOf(
                        Arrays.stream(Hop.By.values()).map(Hop.By::wireName).toList());
        assertThat(words(hop.at("/finding/enum")))
                .containsExactlyElementsOf(Arrays.stream(Hop.Finding.values())
                        .map(Hop.Finding::wireName)
                        .toList());
        assertThat(words(schema.at("/$defs/step/properties/outcome/enum")))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Explanation.Outcome.values())
                        .map(Explanation.Outcome::wireName)
                        .toList());
    }

    @Test
    void itIsInTheJar() throws IOException {
        try (InputStream in = AuditEvent.class.getResourceAsStream("/audit.schema.json")) {
            assertThat(in).isNotNull();
            assertThat(in.readAllBytes()).isEqualTo(Files.readAllBytes(SCHEMA));
        }
    }

    @Test
    void theExampleIsAnEvent() throws IOException {
        // When
        String event = block("json").replace("\n", "");
        // Then
        assertThat(schema().validate(JSON.readTree(event))).isEmpty();
        assertThat(AuditDetails.read(event)).isPresent();
    }

    @Test
    void itsExplanationIsThatOfTheExample() {
        // Given
        AuditDetails event = AuditDetails.read(block("json").replace("\n", "")).orElseThrow();
        // Then
        assertThat(page).contains("```\ndecision 7f3k9q0c2m5v8w1x at 2026-06-01T12:00:00.123Z, door registry");
        assertThat(page).contains(String.join("\n", event.lines()));
    }

    @Test
    void itsSettingsAreSettings() throws IOException {
        // When
        PosternConfig config = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("audit.md", block("yaml")))
                .addDiscoveredConverters()
                .withDefaultValue("postern.data", "data")
                .withMapping(PosternConfig.class)
                .withMappingIgnore("quarkus.**")
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(config.audit().sinks()).hasSize(4);
        assertThat(config.audit().syslog().format()).contains(PosternConfig.AuditFormat.ECS);
    }

    @Test
    void theSettingsThatItNamesAreSettings() {
        // Given
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .map(name -> name.replaceAll("\\[\\*]$", ""))
                .collect(Collectors.toSet());
        // When
        Set<String> named = Pattern.compile("`(postern\\.audit\\.[a-z.-]+)[`:]")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        // Then
        assertThat(named).hasSizeGreaterThan(4).isSubsetOf(known);
    }

    @Test
    void itsCommandsAreCommands() {
        List<String> commands = Pattern.compile("\\./postern ([a-z][^\\n`]*)")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(commands)
                .hasSizeGreaterThanOrEqualTo(4)
                .allSatisfy(command -> assertThatCode(
                                () -> new CommandLine(new PosternCommand()).parseArgs(command.split(" +")))
                        .doesNotThrowAnyException());
    }

    @Test
    void itsLinksLeadSomewhere() throws IOException {
        for (String name : List.of("docs/audit.md", "docs/reasons.md")) {
            for (MatchResult link : Pattern.compile("]\\(([a-z.-]*)#?([a-z-]*)\\)")
                    .matcher(Files.readString(Path.of(name)))
                    .results()
                    .toList()) {
                Path to = link.group(1).isEmpty()
                        ? Path.of(name)
                        : Path.of("docs").resolve(link.group(1));
                assertThat(to).exists();
                if (!link.group(2).isEmpty()) {
                    assertThat(anchors(to)).as(link.group()).contains(link.group(2));
                }
            }
        }
    }

    private static List<String> anchors(Path page) throws IOException {
        try (Stream<String> lines = Files.lines(page)) {
            return lines.filter(line -> line.startsWith("#"))
                    .map(line -> line.replaceFirst("^#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^a-z0-9 -]", "")
                            .replace(' ', '-'))
                    .toList();
        }
    }

    private static AuditEvent anEvent() {
        return Events.all().values().iterator().next();
    }

    private static List<String> words(JsonNode list) {
        List<String> words = new ArrayList<>();
        list.forEach(word -> words.add(word.textValue()));
        return words;
    }

    private static JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(Files.readString(SCHEMA));
    }

    private String block(String language) {
        return Pattern.compile("```" + language + "\\n(.*?)```", Pattern.DOTALL)
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElseThrow();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
