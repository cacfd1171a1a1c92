package dev.postern.audit.sink;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A file, which is put aside when it has grown, and begun anew: {@code audit.jsonl}, before it {@code audit.jsonl.1}, and so on up to a
 * number. It and the directory that is made for it are readable by their owner alone. A file that goes away, or is put aside by another,
 * is begun anew; what was written in part is taken back, so that a line is whole or not there.
 */
public final class RotatedFile implements Sink {

    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    private static final FileAttribute<?> OWNERS_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<?> OWNERS_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path file;
    private final long maxSize;
    private final int maxFiles;
    private volatile @Nullable FileChannel channel;
    private @Nullable Object key;
    private boolean isTorn;

    /**
     * A file.
     *
     * @param maxSize in bytes: one that would grow beyond it is put aside before
     * @param maxFiles how many there are at most, this one included
     */
    public RotatedFile(Path file, long maxSize, int maxFiles) {
        this.file = file.toAbsolutePath();
        this.maxSize = maxSize;
        this.maxFiles = maxFiles;
    }

    @Override
    public Taken write(byte[] lines, int length) {
        try {
            FileChannel open = open();
            if (open.size() > 0 && open.size() + length > maxSize) {
                rotate();
                open = open();
            }
            append(open, lines, length);
            return Taken.ALL;
        } catch (IOException e) {
            return new Taken.Later(file + ": " + why(e));
        }
    }

    /** The channel of the file that has the name now. */
    private FileChannel open() throws IOException {
        FileChannel known = channel;
        if (known != null && known.isOpen() && isStillThere()) {
            return known;
        }
        close();
        Path directory = file.getParent();
        if (directory != null && !Files.isDirectory(directory)) {
            Files.createDirectories(directory, OWNERS_DIRECTORY);
        }
        FileChannel opened = FileChannel.open(file, APPEND, OWNERS_FILE);
        try {
            if (opened.tryLock() == null) {
                throw new IOException("another process writes to it");
            }
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (!attributes.isRegularFile()) {
                throw new IOException("it is not a regular file");
            }
            key = attributes.fileKey();
            isTorn = !endsALine(opened.size());
        } catch (IOException | OverlappingFileLockException e) {
            opened.close();
            throw e instanceof IOException io ? io : new IOException("this process writes to it already");
        }
        channel = opened;
        return opened;
    }

    private boolean isStillThere() throws IOException {
        try {
            Object now = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                    .fileKey();
            return now != null && now.equals(key);
        } catch (NoSuchFileException gone) {
            return false;
        }
    }

    /** Whoever wrote to it before may have been killed in the middle of a line. */
    private boolean endsALine(long size) throws IOException {
        if (size == 0) {
            return true;
        }
        try (SeekableByteChannel in = Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer last = ByteBuffer.allocate(1);
            in.position(size - 1);
            return in.read(last) == 1 && last.get(0) == '\n';
        }
    }

    private void append(FileChannel to, byte[] lines, int length) throws IOException {
        long before = to.size();
        try {
            if (isTorn) {
                all(to, ByteBuffer.wrap(new byte[] {'\n'}));
                isTorn = false;
                before = to.size();
            }
            all(to, ByteBuffer.wrap(lines, 0, length));
        } catch (IOException e) {
            isTorn = !takeBack(to, before);
            throw e;
        }
    }

    private static void all(FileChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private static boolean takeBack(FileChannel from, long size) {
        try {
            from.truncate(size);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private void rotate() throws IOException {
        close();
        for (int i = maxFiles - 1; i > 0; i--) {
            Path older = i == 1 ? file : numbered(i - 1);
            if (Files.exists(older, LinkOption.NOFOLLOW_LINKS)) {
                Files.move(older, numbered(i), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            }
        }
        if (maxFiles == 1) {
            Files.deleteIfExists(file);
        }
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static String why(IOException e) {
        String message = e.getMessage();
        return e.getClass() == IOException.class && message != null
                ? message
                : e.getClass().getSimpleName();
    }

    @Override
    public void close() {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // What was written is written.
                isTorn = false;
            }
        }
    }
}
