package dev.postern.policy.load;

import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes drafts of documents, by all processors, and of none that is the same as before. */
public final class DraftReader {

    private final PolicyCompiler compiler;

    /** A reader that has this compiler read. */
    public DraftReader(PolicyCompiler compiler) {
        this.compiler = compiler;
    }

    /**
     * The drafts of the documents, in their order.
     *
     * @param known drafts at hand, one of a name
     */
    public List<Draft> read(List<Document> documents, List<Draft> known) {
        Map<String, Draft> byName = new HashMap<>();
        known.forEach(draft -> byName.put(draft.name(), draft));
        return documents.parallelStream()
                .map(document -> read(document, byName.get(document.name())))
                .toList();
    }

    /** The draft at hand where the text is the same: a file may be touched, or be another with the same content. */
    Draft read(Document document, @Nullable Draft known) {
        return known != null && known.digest().equals(PolicyCompiler.digest(document))
                ? known
                : compiler.read(document);
    }
}
