package dev.postern.policy.load;

import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.load.PolicyFiles.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The drafts of a policy's files, each kept as long as its file stays the same. */
final class Drafts {

    /**
     * A file that was modified this short a time before it was read may be modified again without its time of
     * modification showing it.
     */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    /** So many files are read before their drafts are made, by all processors: few, for a file's text is in the way then. */
    private static final int BATCH = 256;

    private static final int MAX_READS = 5;

    private final PolicyFiles files;
    private final DraftReader reader;
    private Map<String, Entry> entries = Map.of();

    /** A draft, and its file as it was when it was read; settled where a change since would show. */
    private record Entry(Stamp stamp, boolean settled, Draft draft) {
        boolean isOf(Stamp now) {
            return settled && stamp.equals(now);
        }
    }

    Drafts(PolicyFiles files, PolicyCompiler compiler) {
        this.files = files;
        this.reader = new DraftReader(compiler);
    }

    /**
     * The drafts of all files, of one moment: files that change while they are read are looked at again.
     *
     * @param now the present instant, by the clock that the files' times are of
     */
    List<Draft> read(Instant now) throws Unreadable {
        for (int i = 0; ; i++) {
            try {
                List<Stamp> before = files.stamps();
                List<Stamp> changed = before.stream().filter(this::isToBeRead).toList();
                Map<String, Entry> read = read(changed, now);
                if (changed.isEmpty() || before.equals(files.stamps())) {
                    before.forEach(stamp -> read.computeIfAbsent(stamp.name(), entries::get));
                    entries = read;
                    return before.stream()
                            .map(stamp -> Objects.requireNonNull(read.get(stamp.name()))
                                    .draft())
                            .toList();
                }
            } catch (Unreadable e) {
                if (i == MAX_READS) {
                    throw e;
                }
            }
            if (i == MAX_READS) {
                throw files.unsteady();
            }
        }
    }

    private boolean isToBeRead(Stamp stamp) {
        Entry known = entries.get(stamp.name());
        return known == null || !known.isOf(stamp);
    }

    private Map<String, Entry> read(List<Stamp> stamps, Instant now) throws Unreadable {
        Map<String, Entry> read = new HashMap<>();
        for (int from = 0; from < stamps.size(); from += BATCH) {
            List<Stamp> batch = stamps.subList(from, Math.min(from + BATCH, stamps.size()));
            List<Document> documents = new ArrayList<>(batch.size());
            for (Stamp stamp : batch) {
                documents.add(PolicyFiles.document(stamp));
            }
            List<Draft> drafts = documents.parallelStream().map(this::draft).toList();
            for (int i = 0; i < drafts.size(); i++) {
                Stamp stamp = batch.get(i);
                read.put(stamp.name(), new Entry(stamp, isSettled(stamp, now), drafts.get(i)));
            }
        }
        return read;
    }

    private Draft draft(Document document) {
        Entry known = entries.get(document.name());
        return reader.read(document, known == null ? null : known.draft());
    }

    private static boolean isSettled(Stamp stamp, Instant now) {
        long nowNanos = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        return nowNanos - stamp.modifiedNanos() > UNSETTLED.toNanos();
    }
}
