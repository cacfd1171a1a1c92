package dev.postern.policy.importing;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Decision.Granted;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Problem;
import dev.postern.policy.Subject;
import dev.postern.policy.importing.PolicyImport.Imported;
import dev.postern.policy.importing.PolicyImport.Input;
import dev.postern.policy.importing.PolicyImport.Refused;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** An import that went well, and what the gate makes of it. */
final class ImportedPolicy {

    static final String ACCOUNT = "acme";

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Gate GATE = new Gate("us-south", Optional.empty());

    /** Every endpoint that a test names. */
    private static final Set<String> ENDPOINTS = Set.of("vpc", "other", "build");

    private final String yaml;
    /** With somebody in the account, where what was imported names nobody: a stranger would be refused as such. */
    private final String inhabited;

    private final List<Problem> warnings;
    private final Policy policy;

    private ImportedPolicy(Imported imported) {
        this.yaml = imported.yaml();
        this.inhabited = Pattern.compile("(?m)^    service-ids:").matcher(yaml).find()
                ? yaml
                : yaml.replaceFirst("(?m)^  " + ACCOUNT + ":$", "$0\n    service-ids: { bot: {} }");
        this.warnings = imported.warnings();
        this.policy =
                switch (new PolicyCompiler(ENDPOINTS).compile(List.of(new Document("imported.yaml", inhabited)))) {
                    case PolicyCompiler.Compiled compiled -> compiled.policy();
                    case PolicyCompiler.Rejected rejected ->
                        throw new AssertionError(rejected.problems() + "\n" + imported.yaml());
                };
    }

    static ImportOptions options(String... privateEndpoints) {
        return new ImportOptions(ACCOUNT, List.of(), List.of(privateEndpoints), Map.of(), Optional.empty(), false);
    }

    /** The import of files under {@code import/}. */
    static ImportedPolicy of(ImportFormat format, ImportOptions options, String... resources) {
        return of(
                format,
                options,
                Arrays.stream(resources).map(ImportedPolicy::resource).toList());
    }

    static ImportedPolicy ofText(ImportFormat format, ImportOptions options, String... texts) {
        return of(format, options, inputs(texts));
    }

    private static ImportedPolicy of(ImportFormat format, ImportOptions options, List<Input> inputs) {
        return switch (PolicyImport.run(format, inputs, options)) {
            case Imported imported -> new ImportedPolicy(imported);
            case Refused refused -> throw new AssertionError(refused.problems().toString());
        };
    }

    /** The problems of an import that is refused. */
    static List<String> refused(ImportFormat format, ImportOptions options, String... texts) {
        return switch (PolicyImport.run(format, inputs(texts), options)) {
            case Imported imported -> throw new AssertionError("it was taken:\n" + imported.yaml());
            case Refused refused ->
                refused.problems().stream().map(Problem::toString).toList();
        };
    }

    private static List<Input> inputs(String... texts) {
        return Arrays.stream(texts).map(text -> new Input("input", text)).toList();
    }

    static Input resource(String name) {
        try (InputStream in = ImportedPolicy.class.getResourceAsStream("/import/" + name)) {
            if (in == null) {
                throw new AssertionError("there is no import/" + name);
            }
            return new Input(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String yaml() {
        return yaml;
    }

    Policy policy() {
        return policy;
    }

    List<String> warnings() {
        return warnings.stream().map(Problem::toString).toList();
    }

    /** Whether an identity of the account may sign in from there. */
    boolean admits(String from) {
        return decide("bot", from) instanceof Granted;
    }

    /** What an identity, "" for the anonymous one, is granted of a scope. */
    Set<String> granted(String identity, String from, String scope) {
        return decide(identity, from, scope) instanceof Granted granted
                ? new TreeSet<>(granted.grants().getFirst().actions())
                : Set.of();
    }

    /**
     * What the explanation of a decision says, one step to a line, each with the line of the policy that it names: {@code account
     * acme: allowed by address 203.0.113.0/24 [- { address: 203.0.113.0/24 }]}.
     */
    String explained(String identity, String from, String... scopes) {
        List<String> lines = inhabited.lines().toList();
        return decide(identity, from, scopes).explanation().steps().stream()
                .map(step -> step.ruleset() + ": " + step.finding()
                        + step.position()
                                .map(at -> " [" + lines.get(at.line() - 1).strip() + "]")
                                .orElse(""))
                .collect(Collectors.joining("\n"));
    }

    private Decision decide(String identity, String from, String... scopes) {
        List<Scope> asked = Arrays.stream(scopes)
                .map(text -> ((Scope.Parsed) Scope.parse(text)).scope())
                .toList();
        return GATE.decide(policy, new AccessRequest(source(from), authentication(identity), asked), NOW);
    }

    private Authentication authentication(String identity) {
        if (identity.isEmpty()) {
            return new Authentication.Authenticated(new Identity.Anonymous());
        }
        boolean isUser = policy.account(ACCOUNT).orElseThrow().users().containsKey(identity);
        Subject.Kind kind = isUser ? Subject.Kind.USER : Subject.Kind.SERVICE_ID;
        return new Authentication.Authenticated(
                new Identity.Known(new Subject(kind, ACCOUNT, identity), isUser ? "password" : "api-key:k1"));
    }

    /**
     * {@code 203.0.113.10} is public; {@code vpc:166.9.0.1} came by the endpoint and is seen as that address;
     * {@code vpc!10.8.0.5} came by a link of the endpoint, from that address on its other side.
     */
    private static Source source(String from) {
        int link = from.indexOf('!');
        if (link > 0) {
            LinkId id = LinkId.parse("azure:1").orElseThrow();
            return new PrivateSource(
                    from.substring(0, link), new Linked(id, Address.parse(from.substring(link + 1))), List.of());
        }
        int endpoint = from.indexOf(':');
        if (endpoint > 0 && ENDPOINTS.contains(from.substring(0, endpoint))) {
            return new PrivateSource(
                    from.substring(0, endpoint),
                    Address.parse(from.substring(endpoint + 1)).orElseThrow(),
                    List.of());
        }
        return new PublicSource(Address.parse(from).orElseThrow(), List.of());
    }
}
