package dev.postern.policy.load;

import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the documents of a policy are. Asked by one thread at a time, and never for long. */
public interface PolicySource {

    /**
     * The documents as they are known now, as drafts: a draft stays the same object as long as its document stays the
     * same.
     *
     * @param now the present instant, by the clock that the files' times are of
     */
    Reading read(Instant now) throws Unreadable;

    /** These drafts, read before, have come into force. */
    default void inForce(List<Draft> drafts) {}

    /**
     * What there is.
     *
     * @param drafts the last that could be had
     * @param trouble why they may not be what there is now, if so
     */
    record Reading(List<Draft> drafts, Optional<String> trouble) {
        /** Keeps its own copy. */
        public Reading {
            drafts = List.copyOf(drafts);
        }

        /** All is well. */
        public Reading(List<Draft> drafts) {
            this(drafts, Optional.empty());
        }
    }

    /** A file, or a directory of them. */
    static PolicySource files(Path path, PolicyCompiler compiler) {
        Drafts drafts = new Drafts(new PolicyFiles(path), compiler);
        return now -> new Reading(drafts.read(now));
    }

    /** Documents that are there already, and do not change. */
    static PolicySource of(List<Document> documents, PolicyCompiler compiler) {
        List<Draft> drafts = new DraftReader(compiler).read(documents, List.of());
        return now -> new Reading(drafts);
    }
}
