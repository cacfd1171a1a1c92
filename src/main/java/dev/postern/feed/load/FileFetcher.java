package dev.postern.feed.load;

import dev.postern.feed.FeedLocation.LocalFile;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.Fetched;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Looks at a feed's file. It is known by its content in the end; its stamp only says when to look, and counts the file
 * that a symbolic link leads to, so that a ConfigMap's swap is seen.
 */
final class FileFetcher {

    /** As long after its last modification, a file may be modified again without its time showing it. */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private FileFetcher() {}

    /** What can be seen of a file without reading it. */
    record Stamp(String realPath, long size, Instant modified) {

        boolean isSettled(Instant now) {
            return modified.isBefore(now.minus(UNSETTLED));
        }
    }

    static Path path(LocalFile file) {
        return Path.of(file.directory()).resolve(file.path());
    }

    /** The stamp of the file; empty where there is none that can be read. */
    static Optional<Stamp> stamp(LocalFile file) {
        try {
            Path real = path(file).toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return attributes.isRegularFile() && Files.isReadable(real)
                    ? Optional.of(new Stamp(
                            real.toString(),
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The file as an answer, of when it was written. */
    static Fetched fetch(LocalFile file, Optional<Stamp> stamp, Instant now) {
        return stamp.<Fetched>map(seen -> new Fetched.Body(
                        Path.of(seen.realPath()),
                        false,
                        Validators.NONE,
                        seen.modified().isAfter(now) ? now : seen.modified()))
                .orElseGet(() -> new Fetched.Failed(path(file) + " is not there, or is not a file that can be read"));
    }
}
