package dev.postern.fetch.client;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A directory that is readable by its owner only, and whose files change in one step. */
public final class OwnFolder {

    /** As long, a file that is being written may belong to another process. */
    private static final Duration HALF_DONE = Duration.ofHours(1);

    private static final String FETCHED = ".fetched";
    private static final String NEXT = ".next";

    private final Path directory;
    private final AtomicLong temporaries = new AtomicLong();

    /** The directory, which is made when the first file is. */
    public OwnFolder(Path directory) {
        this.directory = directory;
    }

    /** Where it is. */
    public Path directory() {
        return directory;
    }

    /** The file of this name. */
    public Path file(String name) {
        return directory.resolve(name);
    }

    /** Writes a file. */
    @FunctionalInterface
    public interface Content {
        /** Writes it. */
        void writeTo(OutputStream out) throws IOException;
    }

    /** In one step, and on the disk before it: whoever reads, after a crash too, finds the former or the next. */
    public void replace(String name, Content content) throws IOException {
        makeDirectory();
        Path next = temporary(NEXT);
        Files.createFile(next, ownerOnly("rw-------"));
        try {
            try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
                content.writeTo(out);
                out.flush();
                channel.force(true);
            }
            Files.move(next, file(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(next);
        }
    }

    /** A new file for an answer, empty. */
    public Path fetched() throws IOException {
        makeDirectory();
        return Files.createFile(temporary(FETCHED), ownerOnly("rw-------"));
    }

    /** Whether an earlier life has left this file half-done. */
    public boolean isLeftOver(Path file, Instant now) throws IOException {
        String name = file.getFileName().toString();
        return name.startsWith(".")
                && (name.endsWith(FETCHED) || name.endsWith(NEXT))
                && Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(HALF_DONE));
    }

    private void makeDirectory() throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, ownerOnly("rwx------"));
        }
    }

    private FileAttribute<?>[] ownerOnly(String permissions) {
        return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private Path temporary(String suffix) {
        return directory.resolve("." + ProcessHandle.current().pid() + "-" + temporaries.incrementAndGet() + suffix);
    }
}
