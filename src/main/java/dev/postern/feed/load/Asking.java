package dev.postern.feed.load;

import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedId;
import dev.postern.feed.FeedLocation;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedParser;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.Fetched;
import dev.postern.fetch.client.Fetcher;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.zip.ZipException;

/** Asks for what is at a place, and reads the answer for each feed that is there. Takes its time; fails by its results alone. */
public final class Asking {

    private final Fetcher fetcher;
    private final FeedFolder folder;
    private final FeedParser.Limits limits;
    private final InstantSource clock;

    /**
     * Asks by this fetcher.
     *
     * @param folder where answers wait to be read
     */
    public Asking(Fetcher fetcher, FeedFolder folder, FeedParser.Limits limits, InstantSource clock) {
        this.fetcher = fetcher;
        this.folder = folder;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * What there is for each of the feeds, all of which are at the place.
     *
     * @param known by what the publisher knows the good copy of every one of them
     */
    public Map<FeedId, Finding> ask(FeedLocation place, List<FeedDeclaration> feeds, Validators known) {
        try {
            return switch (place) {
                case FeedLocation.Url url -> fetch(url, feeds, known);
                case FeedLocation.LocalFile file -> look(file, feeds);
            };
        } catch (IOException e) {
            return all(
                    feeds,
                    FeedOutcome.UNREACHABLE,
                    "its answer cannot be kept or read (" + e.getClass().getSimpleName() + ")");
        } catch (RuntimeException e) {
            return all(
                    feeds,
                    FeedOutcome.REFUSED,
                    "cannot be read (" + e.getClass().getName() + ")");
        }
    }

    private Map<FeedId, Finding> fetch(FeedLocation.Url url, List<FeedDeclaration> feeds, Validators known)
            throws IOException {
        Path file = folder.fetched();
        try {
            return read(fetcher.fetch(url.address(), known, file), feeds, () -> true);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private Map<FeedId, Finding> look(FeedLocation.LocalFile file, List<FeedDeclaration> feeds) throws IOException {
        var stamp = FileFetcher.stamp(file);
        return read(
                FileFetcher.fetch(file, stamp, clock.instant()),
                feeds,
                () -> FileFetcher.stamp(file).equals(stamp));
    }

    /**
     * @param isWhole asked after each reading: whether what was read is of one moment
     */
    private Map<FeedId, Finding> read(Fetched fetched, List<FeedDeclaration> feeds, BooleanSupplier isWhole)
            throws IOException {
        Map<FeedId, Finding> findings = new HashMap<>();
        switch (fetched) {
            case Fetched.Unchanged unchanged -> feeds.forEach(feed -> findings.put(feed.id(), new Finding.Unchanged()));
            case Fetched.Failed failed -> findings.putAll(all(feeds, FeedOutcome.UNREACHABLE, failed.why()));
            case Fetched.Body body -> {
                for (FeedDeclaration feed : feeds) {
                    Finding finding = read(body, feed);
                    findings.put(
                            feed.id(),
                            isWhole.getAsBoolean()
                                    ? finding
                                    : new Finding.Failed(FeedOutcome.UNREACHABLE, "changes while it is read"));
                }
            }
        }
        return findings;
    }

    private Finding read(Fetched.Body body, FeedDeclaration feed) throws IOException {
        return switch (parse(body, feed)) {
            case FeedParser.Parsed parsed -> new Finding.Said(FeedCopy.of(parsed, body.validators(), body.at()));
            case FeedParser.Refused refused -> new Finding.Failed(FeedOutcome.REFUSED, refused.why());
        };
    }

    /** One at a time: the memory for one is enough. */
    private synchronized FeedParser.Result parse(Fetched.Body body, FeedDeclaration feed) throws IOException {
        try (InputStream in = body.open()) {
            return FeedParser.parse(in, feed.selection(), limits);
        } catch (ZipException | EOFException notGzip) {
            return new FeedParser.Refused("is not what its Content-Encoding says: gzip");
        }
    }

    private static Map<FeedId, Finding> all(List<FeedDeclaration> feeds, FeedOutcome outcome, String why) {
        Map<FeedId, Finding> findings = new HashMap<>();
        feeds.forEach(feed -> findings.put(feed.id(), new Finding.Failed(outcome, why)));
        return findings;
    }
}
