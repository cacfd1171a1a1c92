package dev.postern.policy.load;

import dev.postern.policy.Draft;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** An account's password file, and its last good content. */
final class PasswordFile {

    private static final int MAX_SIZE = 16 * 1024 * 1024;
    private static final int MAX_READS = 5;

    /** As long after its last modification, a file may be modified again without its time showing it. */
    private static final Duration UNSETTLED = Duration.ofSeconds(2);

    private final String account;
    private final Path path;
    private final PolicyCompiler compiler;
    private Optional<Stamp> seen = Optional.empty();
    private Optional<Draft> good = Optional.empty();
    private Optional<String> trouble = Optional.empty();

    /** What can be seen of a file without reading it; which file it is, links followed. */
    private record Stamp(Path file, Object identity, long size, Instant modified) {}

    PasswordFile(String account, Path path, PolicyCompiler compiler) {
        this.account = account;
        this.path = path;
        this.compiler = compiler;
    }

    /** Why the file is not what counts, if so. */
    Optional<String> trouble() {
        return trouble;
    }

    /** What counts: the file's content where it is good, or was the last time that it was. */
    Draft read(Instant now) throws Unreadable {
        try {
            Stamp stamp = stamp();
            if (seen.filter(stamp::equals).isEmpty() || stamp.modified().isAfter(now.minus(UNSETTLED))) {
                take(text(stamp));
                seen = Optional.of(stamp);
            }
        } catch (Unreadable e) {
            seen = Optional.empty();
            if (good.isEmpty()) {
                throw e;
            }
            trouble = Optional.of(e.why());
        }
        return good.orElseThrow();
    }

    /** The first that there is counts, mistakes and all: there is nothing that it could leave in force. */
    private void take(String text) {
        Document document = new Document(path.toString(), text);
        String digest = PolicyCompiler.digest(document);
        if (good.filter(known -> known.digest().equals(digest)).isPresent()) {
            trouble = Optional.empty();
            return;
        }
        Draft draft = compiler.readUsers(account, document);
        boolean replaces = draft.errors().isEmpty()
                || good.filter(known -> known.errors().isEmpty()).isEmpty();
        trouble = replaces
                ? Optional.empty()
                : Optional.of(draft.errors().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        if (replaces) {
            good = Optional.of(draft);
        }
    }

    private Stamp stamp() throws Unreadable {
        try {
            Path file = path.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new Unreadable(path + " is not a file; expected " + expected());
            }
            if (attributes.size() > MAX_SIZE) {
                throw new Unreadable(
                        path + " is larger than " + MAX_SIZE / 1024 / 1024 + " MiB; expected " + expected());
            }
            Object key = attributes.fileKey();
            return new Stamp(
                    file,
                    key == null ? file : key,
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant());
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The text of one moment: a file that changes while it is read is read again. */
    private String text(Stamp before) throws Unreadable {
        Stamp known = before;
        for (int i = 0; i < MAX_READS; i++) {
            byte[] bytes;
            try (InputStream in = Files.newInputStream(known.file())) {
                bytes = in.readNBytes(MAX_SIZE);
            } catch (IOException e) {
                throw unreadable(e);
            }
            Stamp after = stamp();
            if (after.equals(known)) {
                return text(bytes);
            }
            known = after;
        }
        throw new Unreadable(path + " changes faster than it can be read");
    }

    private String text(byte[] bytes) throws Unreadable {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable(path + " is not UTF-8 text; expected " + expected());
        }
    }

    private Unreadable unreadable(IOException e) {
        String why = e instanceof NoSuchFileException
                ? "there is no such file"
                : e.getClass().getSimpleName();
        return new Unreadable(path + " cannot be read: " + why + "; expected " + expected());
    }

    private String expected() {
        return "a password file as 'htpasswd -B' writes it (postern.htpasswd." + account + ")";
    }
}
