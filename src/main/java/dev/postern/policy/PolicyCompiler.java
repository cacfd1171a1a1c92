package dev.postern.policy;

import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Documents to {@link Policy}: all or nothing.
 *
 * <p>Zones and accounts may stand in any document; a name counts for all of them. Aliases of lists and maps are
 * refused: a small document could mean a huge one.
 */
public final class PolicyCompiler {

    /** More characters than this in one document are refused. */
    private static final int MAX_CODE_POINTS = 256 * 1024 * 1024;

    private final KnownEndpoints known;

    /** A compiler for policies whose rules may name these private endpoints. */
    public PolicyCompiler(KnownEndpoints known) {
        this.known = known;
    }

    /** A compiler for policies whose rules may name these private endpoints, which have no links. */
    public PolicyCompiler(Set<String> privateEndpoints) {
        this(KnownEndpoints.named(privateEndpoints));
    }

    /**
     * A policy file's content.
     *
     * @param name what problems call it
     * @param text its YAML, one document or many
     */
    public record Document(String name, String text) {}

    /** What became of compiling. */
    public sealed interface Outcome {}

    /** There is a policy. */
    public record Compiled(Policy policy) implements Outcome {}

    /** There is none; at least one of the problems is an error. */
    public record Rejected(List<Problem> problems) implements Outcome {}

    /** Compiles the documents together. */
    public Outcome compile(List<Document> documents) {
        Problems problems = new Problems();
        Map<String, ZoneReader.Declaration> zoneDeclarations = new LinkedHashMap<>();
        Map<String, AccountReader.Declaration> accountDeclarations = new LinkedHashMap<>();
        EnterpriseReader enterprise = new EnterpriseReader(problems);
        for (Document document : documents) {
            for (Node root : nodes(document, problems)) {
                collect(root, document.name(), problems, zoneDeclarations, accountDeclarations, enterprise);
            }
        }
        if (accountDeclarations.isEmpty() && !problems.hasErrors()) {
            String name = documents.isEmpty() ? "policy" : documents.getFirst().name();
            problems.error(
                    new Position(name, 1, 1), "no accounts; expected a key 'accounts' with at least one account");
        }
        Map<String, Zone> zones = new ZoneReader(problems).compile(zoneDeclarations);
        MatcherReader matchers = new MatcherReader(zones, zoneDeclarations.keySet(), known, problems);
        NetworkReader networks = new NetworkReader(matchers, problems);
        Optional<NetworkRules> ceiling = enterprise.read(networks);
        AccountReader reader = new AccountReader(networks, problems);
        Map<String, Account> accounts = new LinkedHashMap<>();
        accountDeclarations.forEach((name, declaration) ->
                reader.read(name, declaration).ifPresent(account -> accounts.put(name, account)));
        CrossChecks.run(ceiling, accounts, problems);
        if (problems.hasErrors()) {
            return new Rejected(problems.sorted());
        }
        return new Compiled(new Policy(ceiling, accounts, problems.sorted(), version(documents)));
    }

    private static void collect(
            Node root,
            String file,
            Problems problems,
            Map<String, ZoneReader.Declaration> zones,
            Map<String, AccountReader.Declaration> accounts,
            EnterpriseReader enterprise) {
        YamlMap.of(root, file, problems, "a policy document").ifPresent(map -> {
            map.map("zones")
                    .ifPresent(declared -> declared.items().forEach((name, item) -> {
                        var earlier =
                                zones.putIfAbsent(name, new ZoneReader.Declaration(file, item.position(), item.node()));
                        if (earlier != null) {
                            problems.error(
                                    item.position(),
                                    "zone '" + YamlMap.shown(name) + "' is declared twice; the first is at "
                                            + earlier.position());
                        }
                    }));
            map.map("accounts")
                    .ifPresent(declared -> declared.items().forEach((name, item) -> {
                        var earlier = accounts.putIfAbsent(
                                name, new AccountReader.Declaration(file, item.position(), item.node()));
                        if (earlier != null) {
                            problems.error(
                                    item.position(),
                                    "account '" + YamlMap.shown(name) + "' is declared twice; the first is at "
                                            + earlier.position());
                        }
                    }));
            enterprise.collect(map, file);
            map.rejectUnknownKeys("a policy document");
        });
    }

    private static List<Node> nodes(Document document, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        List<Node> nodes = new ArrayList<>();
        try {
            for (Node node : new Yaml(options).composeAll(new StringReader(document.text()))) {
                nodes.add(node);
            }
        } catch (MarkedYAMLException e) {
            Position position = e.getProblemMark() == null
                    ? new Position(document.name(), 1, 1)
                    : Problems.at(document.name(), e.getProblemMark());
            problems.error(position, "not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            String why = e.getMessage() != null && e.getMessage().contains("aliases")
                    ? "aliases (*name) of lists and maps are not read; write them out, or use a zone or a group"
                    : "not YAML: " + YamlMap.shown(String.valueOf(e.getMessage()));
            problems.error(new Position(document.name(), 1, 1), why);
        }
        return nodes;
    }

    /** A digest of the documents: the same for the same names and texts. */
    public static String version(List<Document> documents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Document document : documents) {
                digest.update(document.name().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
                digest.update(document.text().getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
