package dev.postern.token;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The file of revocations, which {@code postern revoke} appends to and servers look at: a line each. What was read last
 * stays in force while the file is damaged or gone.
 */
public final class RevocationFile implements Revocations {

    /** Some twenty thousand lines. */
    private static final int MAX_BYTES = 4 * 1024 * 1024;

    private static final String FORM = "lines of the form KIND VALUE BEFORE UNTIL, as 'postern revoke' writes them";

    private final Path file;
    private byte[] lastRead = {};
    private volatile RevocationList list = RevocationList.EMPTY;

    /** What became of looking at the file. */
    public sealed interface Outcome {}

    /** It says what it said before. */
    public record Unchanged() implements Outcome {}

    /** It says something new, and that is in force. */
    public record Taken(int count) implements Outcome {}

    /** It cannot be read: what was in force stays so. */
    public record Rejected(String why) implements Outcome {}

    /** Where the file is in a directory of data. */
    public static RevocationFile in(Path data) {
        return new RevocationFile(data.toAbsolutePath().resolve("revocations"));
    }

    RevocationFile(Path file) {
        this.file = file;
    }

    /** The file. */
    public Path path() {
        return file;
    }

    /** How many are in force. */
    public int count() {
        return list.count();
    }

    @Override
    public boolean isRevoked(Token token) {
        return list.isRevoked(token);
    }

    /** Looks whether the file says something new. Lines that have no end yet are still being written, and wait. */
    public synchronized Outcome refresh() {
        Optional<byte[]> content;
        try {
            content = Files.exists(file) ? Optional.of(read()) : Optional.empty();
        } catch (IOException e) {
            return new Rejected("the revocations " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "); expected a file of at most " + MAX_BYTES / 1024 + " KiB");
        }
        if (content.isEmpty()) {
            return lastRead.length == 0
                    ? new Unchanged()
                    : new Rejected("the revocations " + file + " are gone; what they said stays in force");
        }
        if (Arrays.equals(content.get(), lastRead)) {
            return new Unchanged();
        }
        List<Revocation> revocations = new ArrayList<>();
        int number = 0;
        for (String line : lines(content.get())) {
            number++;
            Optional<Revocation> revocation = Revocation.parse(line);
            if (revocation.isEmpty()) {
                return new Rejected(file + ":" + number + ": this is no revocation; expected " + FORM);
            }
            revocations.add(revocation.get());
        }
        list = new RevocationList(revocations);
        lastRead = content.get();
        return new Taken(revocations.size());
    }

    private byte[] read() throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("too large");
            }
            return bytes;
        }
    }

    private static List<String> lines(byte[] content) {
        String text = new String(content, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    /** Appends a line, and returns when it is on the disk. Lines that have had their time are left out then. */
    public void append(Revocation revocation, Instant now) throws KeyFault {
        try {
            Files.createDirectories(file.getParent());
            try (FileLocks lock = FileLocks.wait(file.resolveSibling("revocations.lock"))) {
                append(revocation.line(), now);
            }
        } catch (IOException e) {
            throw new KeyFault("the revocation cannot be written to " + file + " ("
                    + e.getClass().getSimpleName() + "); expected a directory that may be written to");
        }
    }

    private void append(String line, Instant now) throws IOException, KeyFault {
        List<String> kept = new ArrayList<>();
        boolean same = true;
        if (Files.exists(file)) {
            byte[] content = read();
            // A line without an end was cut off by a crash; it was never in force.
            same = content.length == 0 || content[content.length - 1] == '\n';
            for (String old : lines(content)) {
                Revocation known = Revocation.parse(old)
                        .orElseThrow(() -> new KeyFault("there is a line in " + file + " that is no revocation: '"
                                + old.substring(0, Math.min(old.length(), 60)) + "'; expected " + FORM));
                if (known.until().isAfter(now)) {
                    kept.add(old);
                } else {
                    same = false;
                }
            }
        }
        if (same) {
            write(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            return;
        }
        kept.add(line);
        Path next = file.resolveSibling("revocations.new");
        write(next, String.join("\n", kept) + "\n", StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write(Path to, String text, StandardOpenOption... options) throws IOException, KeyFault {
        StandardOpenOption[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(to, all)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            if (channel.size() + bytes.length > MAX_BYTES) {
                throw new KeyFault("the revocations " + file + " would be larger than " + MAX_BYTES / 1024
                        + " KiB; revoke a subject or an account instead of single tokens");
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }
}
