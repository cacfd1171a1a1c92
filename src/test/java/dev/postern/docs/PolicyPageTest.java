package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.decision.Gate;
import dev.postern.decision.Invariants;
import dev.postern.decision.Reason;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import dev.postern.policy.Problem;
import dev.postern.policy.RuleWarnings;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.trial.Trial;
import dev.postern.trial.TrialReader;
import dev.postern.trial.Trials;
import dev.postern.trial.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The reference of the policy file: its samples compile, its cases come out as they say, and it leaves no key out. */
class PolicyPageTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Set<LinkId> LINKS = Stream.of(
                    "aws:vpce-0a1b2c3d4e5f60718", "azure:16843009", "gcp:81985529216486895")
            .map(text -> LinkId.parse(text).orElseThrow())
            .collect(Collectors.toSet());
    private static final SourceSettings SETTINGS = new SourceSettings(
            List.of(new AddressRange(
                    Address.parse("10.0.0.1").orElseThrow(),
                    Address.parse("10.0.0.1").orElseThrow())),
            ForwardingHeader.NONE,
            List.of(new PrivateEndpoint(
                    "us-south",
                    Set.of(),
                    List.of(new AddressRange(
                            Address.parse("166.9.12.227").orElseThrow(),
                            Address.parse("166.9.12.227").orElseThrow())),
                    LINKS,
                    List.of())));
    private static final Gate GATE = new Gate("us-south", Optional.empty());
    private static final String PAGE = page();
    private static final List<Sample> SAMPLES = samples();
    private static final List<Sample> WITH_CASES =
            SAMPLES.stream().filter(sample -> !sample.cases().isEmpty()).toList();

    /** A policy of the page, and the cases below it. */
    private record Sample(String policy, String cases) {
        @Override
        public String toString() {
            return policy.lines().limit(3).map(String::strip).collect(Collectors.joining(" "));
        }
    }

    @Test
    void each_feature_has_a_sample_with_cases() {
        assertThat(WITH_CASES).hasSizeGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @FieldSource("SAMPLES")
    void a_sample_is_taken_without_a_doubt(Sample sample) {
        // When
        Policy policy = compile(sample);

        // Then
        assertThat(policy.warnings()).isEmpty();
        assertThat(RuleWarnings.of(policy, NOW)).isEmpty();
        assertThat(new Invariants(GATE, SETTINGS.privateEndpoints()).check(policy, NOW))
                .isEmpty();
    }

    @ParameterizedTest
    @FieldSource("WITH_CASES")
    void the_cases_of_a_sample_come_out_as_they_say(Sample sample) {
        // Given
        Trials trials = new Trials(compile(sample), SETTINGS, GATE);

        // When
        List<String> differences = new ArrayList<>();
        for (Trial trial : read(sample.cases())) {
            assertThat(trials.knows(trial.subject())).isTrue();
            trial.expected()
                    .differences(trials.decide(
                            trial.caller(),
                            trial.subject(),
                            trial.scopes(),
                            trial.at().orElse(NOW)))
                    .forEach(difference -> differences.add(trial.name() + ": " + difference));
        }

        // Then
        assertThat(differences).isEmpty();
    }

    @Test
    void as_many_cases_refuse_as_admit() {
        // When
        List<Trial> cases = WITH_CASES.stream()
                .flatMap(sample -> read(sample.cases()).stream())
                .toList();

        // Then
        long admitting = cases.stream()
                .filter(trial -> trial.expected().verdict() == Verdict.GRANTED)
                .count();
        assertThat(cases.size() - admitting).isGreaterThanOrEqualTo(admitting);
    }

    @Test
    void the_error_of_a_broken_invariant_reads_as_on_the_page() {
        // Given
        Sample sample = SAMPLES.stream()
                .filter(it -> it.policy().contains("must-refuse"))
                .findFirst()
                .orElseThrow();
        String allow = "{ private-endpoint: us-south }]\n";
        String changed = sample.policy().replace(allow, allow + "      deny: [{ address: 203.0.113.8/29 }]\n");

        // When
        List<Problem> problems =
                new Invariants(GATE, SETTINGS.privateEndpoints()).check(compile(new Sample(changed, "")), NOW);

        // Then
        assertThat(problems)
                .singleElement()
                .satisfies(problem -> assertThat(PAGE).contains(problem + "\n"));
    }

    @ParameterizedTest
    @EnumSource
    void each_reason_stands_in_the_order_of_decisions(Reason reason) {
        assertThat(PAGE).contains("`" + reason.wireName() + "`");
    }

    @Test
    void each_key_of_the_schema_is_explained() throws IOException {
        // Given
        JsonNode schema =
                new ObjectMapper().readTree(Path.of("docs/policy.schema.json").toFile());

        // When
        Set<String> keys = new TreeSet<>();
        schema.get("properties").fieldNames().forEachRemaining(keys::add);
        schema.get("definitions")
                .forEach(
                        definition -> definition.path("properties").fieldNames().forEachRemaining(keys::add));

        // Then
        assertThat(keys)
                .hasSizeGreaterThan(30)
                .allSatisfy(key -> assertThat(PAGE)
                        .containsPattern("`(\\{ )?([a-z-]+, )*" + Pattern.quote(key) + "[,`:]?( [^`\\n]*)?`?"));
    }

    private static Policy compile(Sample sample) {
        PolicyCompiler compiler = new PolicyCompiler(
                new KnownEndpoints(Set.of("us-south"), LINKS, Set.of("github", "cluster", "corporate")));
        return switch (compiler.compile(List.of(new Document("acme.yaml", sample.policy())))) {
            case Compiled compiled -> compiled.policy();
            case Rejected rejected -> throw new AssertionError(rejected.problems());
        };
    }

    private static List<Trial> read(String cases) {
        return switch (TrialReader.read(new Document("cases.yaml", cases))) {
            case TrialReader.Cases read -> read.trials();
            case TrialReader.Mistaken mistaken ->
                throw new AssertionError(
                        mistaken.problems().stream().map(Problem::toString).toList());
        };
    }

    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        Pattern.compile("^```yaml\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .map(block -> block.group(1))
                .forEach(text -> {
                    if (text.startsWith("cases:")) {
                        samples.add(new Sample(samples.removeLast().policy(), text));
                    } else {
                        samples.add(new Sample(text, ""));
                    }
                });
        return samples;
    }

    private static String page() {
        try {
            return Files.readString(Path.of("docs/policy.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
