package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import dev.postern.policy.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/** The schema that editors complete policies by knows what the reader knows, and nothing else. */
class PolicySchemaTest {

    private static final Path SCHEMA = Path.of("docs/policy.schema.json");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern KNOWN = Pattern.compile("Known are: (.*)");
    private static final Pattern YAML_BLOCK =
            Pattern.compile("^```yaml\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    static Stream<Named> goodPolicies() throws IOException {
        List<Named> policies = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/cases"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                policies.add(new Named(
                        file.getFileName().toString(),
                        json(Files.readString(file)).getFirst().get("policy").asText()));
            }
        }
        try (Stream<Path> pages = Stream.concat(Stream.of(Path.of("README.md")), Files.list(Path.of("docs")))) {
            for (Path page :
                    pages.filter(path -> path.toString().endsWith(".md")).toList()) {
                for (MatchResult block :
                        YAML_BLOCK.matcher(Files.readString(page)).results().toList()) {
                    if (Pattern.compile("^(zones|accounts):", Pattern.MULTILINE)
                            .matcher(block.group(1))
                            .find()) {
                        policies.add(new Named(page.getFileName().toString(), block.group(1)));
                    }
                }
            }
        }
        return policies.stream();
    }

    private record Named(String name, String text) {
        @Override
        public String toString() {
            return name;
        }
    }

    @ParameterizedTest
    @MethodSource("goodPolicies")
    void every_policy_of_the_tests_and_the_pages_is_valid(Named policy) throws IOException {
        for (JsonNode document : json(policy.text())) {
            assertThat(schema().validate(document)).isEmpty();
        }
    }

    /** The reader names its keys when it meets one that it does not know. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            $                         | {unknown: 1}
            $.definitions.zone        | {zones: {z: {addresses: [], unknown: 1}}}
            $.definitions.feed        | {zones: {a: {feed: {format: aws-ip-ranges, file: a, unknown: 1}}, b: {feed: {format: azure-service-tags, file: a, tag: b, unknown: 1}}, c: {feed: {format: google-ip-ranges, file: a, unknown: 1}}, d: {feed: {format: github-meta, key: b, file: a, unknown: 1}}}}
            $.definitions.enterprise  | {enterprise: {unknown: 1}}
            $.definitions.public-namespace | {accounts: {a: {namespaces: [{unknown: 1}]}}}
            $.definitions.account     | {accounts: {a: {unknown: 1}}}
            $.definitions.network     | {accounts: {a: {network: {unknown: 1}}}}
            $.definitions.rule        | {accounts: {a: {network: {allow: [{originator: 10.0.0.0/8, via: us-south, unknown: 1}]}}}}
            $.definitions.invariant   | {accounts: {a: {network: {must-admit: [{originator: 10.0.0.0/8, via: us-south, unknown: 1}]}}}}
            $.definitions.service-id  | {accounts: {a: {service-ids: {s: {unknown: 1}}}}}
            $.definitions.api-key     | {accounts: {a: {service-ids: {s: {api-keys: [{unknown: 1}]}}}}}
            $.definitions.user        | {accounts: {a: {users: {u: {unknown: 1}}}}}
            $.definitions.federated   | {accounts: {a: {federated: {f: {unknown: 1}}}}}
            $.definitions.binding     | {accounts: {a: {bindings: [{unknown: 1}]}}}
            """)
    void its_keys_are_the_readers(String place, String policy) throws IOException {
        // Given
        JsonNode definition = JSON.readTree(SCHEMA.toFile());
        for (String step : place.substring(1).split("\\.")) {
            definition = step.isEmpty() ? definition : definition.get(step);
        }
        Set<String> properties = new TreeSet<>();
        definition.get("properties").fieldNames().forEachRemaining(properties::add);
        // When
        Rejected rejected =
                (Rejected) new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("policy.yaml", policy)));
        // Then
        assertThat(rejected.problems().stream()
                        .map(Problem::message)
                        .map(KNOWN::matcher)
                        .filter(Matcher::find)
                        .flatMap(known -> Stream.of(known.group(1).split(", ")))
                        .distinct())
                .containsExactlyInAnyOrderElementsOf(properties);
        assertThat(schema().validate(json(policy).getFirst())).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{accounts: {a: {network: {enforcement: maybe}}}}",
                "{accounts: {a: {network: {default: refuse}}}}",
                "{accounts: {a: {network: {allow: [203.0.113.0/24]}}}}",
                "{accounts: {a: {network: {allow: [{address: office}]}}}}",
                "{accounts: {a: {network: {allow: [{address: 203.0.113.7, zone: office}]}}}}",
                "{accounts: {a: {network: {allow: [{originator: 10.0.0.0/8}]}}}}",
                "{accounts: {a: {network: {allow: [{link: 'aws:12'}]}}}}",
                "{accounts: {a: {network: {must-admit: [office]}}}}",
                "{accounts: {a: {network: {must-refuse: [{address: 203.0.113.7, identity: somebody}]}}}}",
                "{accounts: {a: {namespaces: [Acme]}}}",
                "{accounts: {'-a': {}}}",
                "{accounts: {a: {bindings: [{subjects: [somebody], roles: [Reader]}]}}}",
                "{accounts: {a: {bindings: [{subjects: [anonymous], roles: [Owner]}]}}}",
                "{accounts: {a: {service-ids: {s: {api-keys: [{id: k1, digest: secret}]}}}}}",
                "{accounts: {a: {users: {u: {password: secret}}}}}",
                "{accounts: {a: {federated: {f: {issuer: github}}}}}",
                "{accounts: {a: {federated: {f: {issuer: github, claims: {}}}}}}",
                "{accounts: {a: {federated: {f: {claims: {sub: a}}}}}}",
                "{accounts: {a: {bindings: [{subjects: [anonymous], roles: [Reader], deny: [pull]}]}}}",
                "{accounts: {a: {bindings: [{subjects: [anonymous], deny: ['*']}]}}}",
                "{accounts: {a: {bindings: [{subjects: [anonymous], roles: [Reader], repository: '${user}'}]}}}",
                "{accounts: {a: {bindings: [{subjects: ['oidc:acme/github/x'], roles: [Reader]}]}}}",
                "{zones: {z: {except: [203.0.113.0/24]}}}",
                "{zones: {z: {feed: {format: lines}}}}",
                "{zones: {z: {feed: {format: lines, file: a, url: 'https://example.com/a'}}}}",
                "{zones: {z: {feed: {format: lines, file: ../a}}}}",
                "{zones: {z: {feed: {format: lines, file: /a}}}}",
                "{zones: {z: {feed: {format: lines, url: 'http://example.com/a'}}}}",
                "{zones: {z: {feed: {format: lines, url: 'https://user@example.com/a'}}}}",
                "{zones: {z: {feed: {format: lines, file: a, tag: b}}}}",
                "{zones: {z: {feed: {format: github-meta, file: a}}}}",
                "{zones: {z: {feed: {format: azure-service-tags, file: a}}}}",
                "{zones: {z: {feed: {format: lines, file: a, refresh: 3600}}}}",
                "{zones: {z: {feed: {format: lines, file: a, max-shrink: 101%}}}}",
                "{zones: {z: {feed: {format: lines, file: a, when-stale: keep}}}}",
                "{zones: {z: {feed: {format: lines, file: a, allow-wide: maybe}}}}",
                "[accounts]"
            })
    void what_the_reader_refuses_for_its_form_is_invalid(String policy) throws IOException {
        assertThat(new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", policy))))
                .isInstanceOf(Rejected.class);
        assertThat(schema().validate(json(policy).getFirst())).isNotEmpty();
    }

    private static JsonSchema schema() throws IOException {
        return JsonSchemaFactory.getInstance(VersionFlag.V7)
                .getSchema(
                        Files.readString(SCHEMA),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
    }

    /** The documents of a text; every scalar is the text that it is. */
    private static List<JsonNode> json(String text) {
        LoaderOptions options = new LoaderOptions();
        Resolver textsOnly = new Resolver() {
            @Override
            protected void addImplicitResolvers() {}
        };
        DumperOptions dumper = new DumperOptions();
        Yaml yaml = new Yaml(new SafeConstructor(options), new Representer(dumper), dumper, options, textsOnly);
        List<JsonNode> documents = new ArrayList<>();
        yaml.loadAll(text).forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }
}
