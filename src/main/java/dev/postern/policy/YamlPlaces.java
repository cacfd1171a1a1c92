package dev.postern.policy;

import dev.postern.policy.PolicyCompiler.Document;
import java.io.StringReader;
import java.util.HashSet;
import java.util.Set;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.reader.StreamReader;

/** Finds what the library for YAML refuses without saying where it stands. */
final class YamlPlaces {

    private YamlPlaces() {}

    /** The first alias of a list or map. */
    static Position firstAlias(Yaml yaml, Document document) {
        Set<String> collections = new HashSet<>();
        try {
            for (Event event : yaml.parse(new StringReader(document.text()))) {
                if (event instanceof AliasEvent alias && collections.contains(alias.getAnchor())) {
                    return Problems.at(document.name(), alias.getStartMark());
                }
                if (event instanceof NodeEvent node && node.getAnchor() != null) {
                    if (node instanceof CollectionStartEvent) {
                        collections.add(node.getAnchor());
                    } else {
                        collections.remove(node.getAnchor());
                    }
                }
            }
        } catch (YAMLException e) {
            // What comes behind the alias is no YAML besides: one mistake is told.
        }
        return new Position(document.name(), 1, 1);
    }

    /** The first character that YAML does not have (1.1, section 5.1). */
    static Position firstUnprintable(Document document) {
        int line = 1;
        int column = 1;
        for (int c : (Iterable<Integer>) document.text().codePoints()::iterator) {
            if (!StreamReader.isPrintable(c)) {
                return new Position(document.name(), line, column);
            }
            line += c == '\n' ? 1 : 0;
            column = c == '\n' ? 1 : column + 1;
        }
        return new Position(document.name(), 1, 1);
    }
}
