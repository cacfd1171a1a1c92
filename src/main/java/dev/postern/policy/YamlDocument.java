package dev.postern.policy;

import dev.postern.policy.PolicyCompiler.Document;
import java.io.StringReader;
import java.util.function.Consumer;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads the maps of a YAML text. Aliases of lists and maps are refused: a small document could mean a huge one. */
public final class YamlDocument {

    /** More characters than this in one text are refused. */
    private static final int MAX_CODE_POINTS = 256 * 1024 * 1024;

    private YamlDocument() {}

    /**
     * Hands out the map of each document in the text, one after the other; what is wrong is added to the problems.
     *
     * @param what what a document is called in problems
     */
    public static void read(Document document, Problems problems, String what, Consumer<YamlMap> reader) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setMaxAliasesForCollections(0);
        options.setAllowRecursiveKeys(false);
        try {
            // One after the other: the nodes of a large text are many times its size.
            for (Node root : new Yaml(options).composeAll(new StringReader(document.text()))) {
                YamlMap.of(root, document.name(), problems, what).ifPresent(reader);
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
    }
}
