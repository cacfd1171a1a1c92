package dev.postern.feed.load;

import dev.postern.feed.CopyCodec;
import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedId;
import dev.postern.feed.FeedParser;
import dev.postern.feed.FeedState;
import dev.postern.fetch.client.OwnFolder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The copies on disk, in a directory of their own, readable by their owner only:
 *
 * <pre>
 *   ZONE.ID.json        the good copy
 *   ZONE.ID.held.json   what waits for a person
 *   ZONE.ID.accept      the digest of what a person has accepted, until the server has seen it
 * </pre>
 */
public final class FeedFolder {

    /** As long, a copy is kept that no policy names: a policy may be taken back. */
    private static final Duration FORGOTTEN = Duration.ofDays(30);

    private static final String GOOD = ".json";
    private static final String HELD = ".held.json";
    private static final String ACCEPT = ".accept";

    private final OwnFolder folder;
    private final FeedParser.Limits limits;

    /** The copies under this directory, which is made when the first is kept. */
    public FeedFolder(Path directory, FeedParser.Limits limits) {
        this.folder = new OwnFolder(directory);
        this.limits = limits;
    }

    /** Where the copies are. */
    public Path directory() {
        return folder.directory();
    }

    /** What is kept of the feed; a copy that cannot be used is said, and taken for none. */
    public FeedState load(FeedDeclaration feed, Instant now, Consumer<String> trouble) {
        Optional<CopyCodec.Kept> good = read(feed, GOOD, now, trouble);
        Optional<CopyCodec.Kept> held = read(feed, HELD, now, trouble);
        return FeedState.kept(
                good.map(CopyCodec.Kept::copy),
                held.filter(kept -> kept.heldBack().isPresent())
                        .map(kept -> new FeedState.HeldBack(
                                kept.copy(), kept.heldBack().orElseThrow())));
    }

    private Optional<CopyCodec.Kept> read(FeedDeclaration feed, String suffix, Instant now, Consumer<String> trouble) {
        Path file = file(feed.id(), suffix);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            return switch (CopyCodec.read(in, feed.id(), limits, now)) {
                case CopyCodec.Whole whole -> Optional.of(whole.kept());
                case CopyCodec.Corrupt corrupt -> {
                    trouble.accept("the copy " + file + " " + corrupt.why() + "; it is not used");
                    yield Optional.empty();
                }
            };
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            trouble.accept(
                    "the copy " + file + " cannot be read (" + e.getClass().getSimpleName() + ")");
            return Optional.empty();
        }
    }

    /** Keeps the good copy, and what is held back; what is no longer held back is deleted. */
    void save(FeedDeclaration feed, FeedState state) throws IOException {
        if (state.good().isPresent()) {
            write(feed, GOOD, state.good().get(), Optional.empty());
        }
        if (state.heldBack().isPresent()) {
            FeedState.HeldBack held = state.heldBack().get();
            write(feed, HELD, held.copy(), Optional.of(held.why()));
        } else {
            Files.deleteIfExists(file(feed.id(), HELD));
        }
    }

    private void write(FeedDeclaration feed, String suffix, FeedCopy copy, Optional<String> why) throws IOException {
        folder.replace(name(feed.id(), suffix), out -> CopyCodec.write(out, feed, new CopyCodec.Kept(copy, why)));
    }

    /** A new file for an answer, empty. */
    Path fetched() throws IOException {
        return folder.fetched();
    }

    /** Leaves word that a person accepts what is held back and has this digest. */
    public void accept(FeedId id, String digest) throws IOException {
        folder.replace(name(id, ACCEPT), out -> out.write(digest.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Takes the word that was left, if any. */
    Optional<String> accepted(FeedId id) throws IOException {
        Path file = file(id, ACCEPT);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            String digest = new String(in.readNBytes(128), StandardCharsets.US_ASCII).strip();
            return Optional.of(digest);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Deletes what an earlier life has left half-done, and copies that no policy has named for a month. */
    void sweep(Collection<FeedId> named, Instant now) throws IOException {
        if (!Files.isDirectory(folder.directory())) {
            return;
        }
        Set<String> names = named.stream().map(FeedId::fileName).collect(Collectors.toSet());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.directory())) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                Instant written = Files.getLastModifiedTime(file).toInstant();
                boolean forgotten = (name.endsWith(GOOD) || name.endsWith(ACCEPT))
                        && names.stream().noneMatch(known -> name.startsWith(known + "."))
                        && written.isBefore(now.minus(FORGOTTEN));
                if (folder.isLeftOver(file, now) || forgotten) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private Path file(FeedId id, String suffix) {
        return folder.file(name(id, suffix));
    }

    private static String name(FeedId id, String suffix) {
        return id.fileName() + suffix;
    }
}
