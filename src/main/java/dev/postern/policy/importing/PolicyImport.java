package dev.postern.policy.importing;

import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import dev.postern.policy.writing.PolicyText;
import dev.postern.policy.writing.PolicyWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes a policy of what other systems write. */
public final class PolicyImport {

    private PolicyImport() {}

    /**
     * An input.
     *
     * @param name what problems call it
     * @param text its content
     */
    public record Input(String name, String text) {}

    /** What became of an import. */
    public sealed interface Outcome {}

    /**
     * There is a policy, in YAML.
     *
     * @param warnings what was left out, and what a person should look at
     */
    public record Imported(String yaml, List<Problem> warnings) implements Outcome {
        /** Keeps its own copy. */
        public Imported {
            warnings = List.copyOf(warnings);
        }
    }

    /** There is none; at least one of the problems is an error. */
    public record Refused(List<Problem> problems) implements Outcome {
        /** Keeps its own copy. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** Makes one policy of the inputs, which belong together. */
    public static Outcome run(ImportFormat format, List<Input> inputs, ImportOptions options) {
        Findings findings = new Findings();
        List<Value> roots = read(format, inputs, findings);
        if (findings.hasErrors()) {
            return new Refused(findings.sorted());
        }
        PolicyText policy = switch (format) {
            case ACR_NETWORK_RULE_SET -> new AcrNetworkRuleSet(options, findings).policy(roots);
            case IBM_CBR -> new IbmCbr(options, findings).policy(roots);
            case DOCKER_AUTH_ACL -> new DockerAuthAcl(options, findings).policy(roots);
            case GITHUB_ALLOW_LIST -> new GithubAllowList(options, findings).policy(roots);
        };
        if (findings.hasErrors()) {
            return new Refused(findings.sorted());
        }
        String yaml = PolicyWriter.write(withHead(policy, format, inputs));
        return switch (compiler(options).compile(List.of(new Document("imported", yaml)))) {
            case PolicyCompiler.Compiled compiled -> new Imported(yaml, findings.sorted());
            // A fault of ours. What nobody could load must not be handed out as if somebody could.
            case PolicyCompiler.Rejected rejected -> new Refused(rejected.problems());
        };
    }

    private static PolicyCompiler compiler(ImportOptions options) {
        Set<String> endpoints = new HashSet<>(options.privateEndpoints());
        endpoints.addAll(options.vpcEndpoints().values());
        return new PolicyCompiler(endpoints);
    }

    private static List<Value> read(ImportFormat format, List<Input> inputs, Findings findings) {
        List<Value> roots = new ArrayList<>();
        long characters = 0;
        for (Input input : inputs) {
            characters += input.text().length();
            if (characters > Limits.MAX_CHARACTERS) {
                findings.error(
                        new Position(input.name(), 1, 1),
                        "the inputs have more than " + Limits.MAX_CHARACTERS + " characters");
                return List.of();
            }
            // A byte order mark is what some shells put before the output of a program.
            String text = input.text().startsWith("\uFEFF") ? input.text().substring(1) : input.text();
            roots.addAll(
                    format == ImportFormat.DOCKER_AUTH_ACL
                            ? YamlReader.read(input.name(), text, findings)
                            : JsonReader.read(input.name(), text, findings));
        }
        return roots;
    }

    private static PolicyText withHead(PolicyText policy, ImportFormat format, List<Input> inputs) {
        List<String> head = new ArrayList<>();
        for (Input input : inputs) {
            head.add("Imported from " + input.name() + " (" + format.wireName() + ").");
        }
        head.add("Look through it, then: postern policy check");
        head.addAll(policy.remarks());
        return new PolicyText(head, policy.zones(), policy.account());
    }

    /** Where something stood, for the comment behind what was made of it. */
    static Optional<String> origin(Value value) {
        return Optional.of(value.at().toString());
    }
}
