package dev.postern.policy;

import dev.postern.policy.Draft.DeclaredAccount;
import dev.postern.policy.Draft.DeclaredZone;
import dev.postern.policy.PolicyCompiler.Document;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads one document by itself. Aliases of lists and maps are refused: a small document could mean a huge one.
 */
final class DocumentReader {

    /** More characters than this in one document are refused. */
    private static final int MAX_CODE_POINTS = 256 * 1024 * 1024;

    private final Document document;
    private final Problems problems = new Problems();
    private final List<DeclaredZone> zones = new ArrayList<>();
    private final List<DeclaredAccount> accounts = new ArrayList<>();
    private final List<Draft.ZoneUse> zoneUses = new ArrayList<>();
    private final ZoneReader zoneReader;
    private final AccountReader accountReader;

    DocumentReader(Document document, KnownEndpoints known) {
        this.document = document;
        this.zoneReader = new ZoneReader(problems);
        this.accountReader = new AccountReader(known, zoneUses, problems);
    }

    Draft read() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        try {
            // One after the other: the nodes of a large file are many times its size.
            for (Node root : new Yaml(options).composeAll(new StringReader(document.text()))) {
                collect(root);
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
        return new Draft(
                document.name(), PolicyCompiler.digest(document), zones, accounts, zoneUses, problems.sorted());
    }

    private void collect(Node root) {
        YamlMap.of(root, document.name(), problems, "a policy document").ifPresent(map -> {
            map.map("zones")
                    .ifPresent(declared -> declared.items()
                            .forEach((name, item) -> zones.add(new DeclaredZone(
                                    name, item.position(), zoneReader.read(name, item.position(), item.node())))));
            map.map("accounts")
                    .ifPresent(declared -> declared.items()
                            .forEach((name, item) -> accounts.add(new DeclaredAccount(
                                    name, item.position(), accountReader.read(name, item.position(), item.node())))));
            map.rejectUnknownKeys("a policy document");
        });
    }
}
