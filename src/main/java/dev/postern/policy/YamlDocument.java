package dev.postern.policy;

import dev.postern.policy.PolicyCompiler.Document;
import java.io.StringReader;
import java.util.Set;
import java.util.function.Consumer;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

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
        try {
            // One after the other: the nodes of a large text are many times its size.
            for (Node root : yaml(options).composeAll(new StringReader(document.text()))) {
                YamlMap.of(root, document.name(), problems, what).ifPresent(reader);
            }
        } catch (MarkedYAMLException e) {
            Position position = e.getProblemMark() == null
                    ? new Position(document.name(), 1, 1)
                    : Problems.at(document.name(), e.getProblemMark());
            problems.error(position, "not YAML: " + e.getProblem());
        } catch (ReaderException e) {
            problems.error(
                    YamlPlaces.firstUnprintable(document),
                    "not YAML: " + YamlMap.shown(String.valueOf(e.getMessage())));
        } catch (YAMLException e) {
            boolean forAlias = e.getMessage() != null && e.getMessage().contains("aliases");
            problems.error(
                    forAlias ? YamlPlaces.firstAlias(yaml(options), document) : new Position(document.name(), 1, 1),
                    forAlias
                            ? "aliases (*name) of lists and maps are not read; write them out, or use a zone or a group"
                            : "not YAML: " + YamlMap.shown(String.valueOf(e.getMessage())));
        }
    }

    private static Yaml yaml(LoaderOptions options) {
        DumperOptions unused = new DumperOptions();
        return new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new TextsAndNothings());
    }

    /**
     * Tells what is absent from what is text (YAML 1.1, null type), and no numbers, dates or truth values: all of them are
     * taken by their text, and trying each text for each of them would take a quarter of the time of reading.
     */
    private static final class TextsAndNothings extends Resolver {
        private static final Set<String> NOTHINGS = Set.of("", "~", "null", "Null", "NULL");

        @Override
        protected void addImplicitResolvers() {}

        @Override
        public Tag resolve(NodeId kind, String value, boolean implicit) {
            if (kind != NodeId.scalar) {
                return super.resolve(kind, value, implicit);
            }
            return implicit && NOTHINGS.contains(value) ? Tag.NULL : Tag.STR;
        }
    }
}
