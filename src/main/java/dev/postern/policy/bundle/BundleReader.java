package dev.postern.policy.bundle;

import dev.postern.fetch.BoundedInput;
import dev.postern.policy.PolicyCompiler.Document;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Reads the documents of a bundle: {@code *.yaml} and {@code *.yml} at any depth of a gzip-compressed tar, hidden ones left
 * out; or the file itself where it is not compressed. Nothing is written anywhere. An archive that has an entry which could
 * mean harm to whoever unpacks it, or two meanings, is refused whole.
 */
public final class BundleReader {

    private static final int MAX_ENTRIES = 20_000;
    private static final int MAX_NAME = 512;

    private BundleReader() {}

    /** What became of reading. */
    public sealed interface Result {}

    /**
     * What is in it.
     *
     * @param documents sorted by their names
     * @param newest the latest time of modification that an entry has; empty where there are no entries
     */
    public record Contents(List<Document> documents, Optional<Instant> newest) implements Result {
        /** Keeps its own copy. */
        public Contents {
            documents = List.copyOf(documents);
        }
    }

    /** It is not taken; {@code why} says what is wrong with it, and names the entry. */
    public record Refused(String why) implements Result {}

    /** Whether a file that begins so is compressed: the magic bytes of gzip (RFC 1952). */
    public static boolean isCompressed(byte[] bytes) {
        return bytes.length >= 2 && (bytes[0] & 0xff) == 0x1f && (bytes[1] & 0xff) == 0x8b;
    }

    /**
     * Reads a bundle.
     *
     * @param name what problems call it: the documents in an archive are {@code NAME!/path/of/entry.yaml}
     * @param most the bytes of the archive, expanded
     */
    public static Result read(byte[] bytes, String name, long most) {
        try {
            return isCompressed(bytes) ? archive(bytes, name, most) : single(bytes, name);
        } catch (Bad e) {
            return new Refused(e.why);
        } catch (BoundedInput.TooLong e) {
            return new Refused("expands to more than " + most + " bytes");
        } catch (EOFException | ZipException e) {
            return new Refused("is not whole: its compressed data is cut off or damaged");
        } catch (IOException | RuntimeException e) {
            // Whatever a library makes of hostile headers.
            return new Refused("is not a tar archive that can be read, or is cut off");
        }
    }

    /** Why an archive is refused. */
    private static final class Bad extends Exception {
        private static final long serialVersionUID = 1L;

        private final String why;

        Bad(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    private static Contents single(byte[] bytes, String name) throws Bad {
        String text = text(bytes, "is");
        String start = text.stripLeading();
        if (start.startsWith("<")) {
            throw new Bad("is HTML or XML; expected a policy in YAML, or a .tar.gz of them");
        }
        if (start.isEmpty()) {
            throw new Bad("is empty; expected a policy in YAML, or a .tar.gz of them");
        }
        return new Contents(List.of(new Document(name, text)), Optional.empty());
    }

    /** An archive whose end is noticed: one that merely stops may have lost its last documents. */
    private static final class Archive extends TarArchiveInputStream {

        private boolean ended;

        Archive(InputStream in) {
            super(in, StandardCharsets.UTF_8.name());
        }

        @Override
        protected boolean isEOFRecord(byte[] record) {
            boolean end = super.isEOFRecord(record);
            ended |= end && record != null;
            return end;
        }
    }

    private static Contents archive(byte[] bytes, String name, long most) throws IOException, Bad {
        List<Document> documents = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Instant newest = Instant.MIN;
        try (InputStream expanded =
                        new BoundedInput(new GZIPInputStream(new ByteArrayInputStream(bytes), 1 << 16), most);
                Archive archive = new Archive(expanded)) {
            for (TarArchiveEntry entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                String path = path(entry);
                if (!names.add(path)) {
                    throw new Bad("has two entries '" + path + "'");
                }
                if (names.size() > MAX_ENTRIES) {
                    throw new Bad("has more than " + MAX_ENTRIES + " entries");
                }
                Instant modified = entry.getLastModifiedTime().toInstant();
                newest = modified.isAfter(newest) ? modified : newest;
                if (!entry.isDirectory() && isDocument(path)) {
                    byte[] content = archive.readAllBytes();
                    if (content.length != entry.getSize()) {
                        throw new Bad("is cut off in '" + path + "'");
                    }
                    documents.add(new Document(name + "!/" + path, text(content, "has '" + path + "', which is")));
                }
            }
            if (!archive.ended && names.isEmpty()) {
                throw new Bad("is compressed, and holds no tar archive; expected a .tar.gz, or one document as it is");
            }
            if (!archive.ended) {
                throw new Bad("has no end of archive: its last entries may be missing");
            }
            // To the end: only there the checksum of the compressed data is.
            expanded.transferTo(java.io.OutputStream.nullOutputStream());
        }
        if (documents.isEmpty()) {
            throw new Bad("holds no policy; expected at least one file *.yaml or *.yml");
        }
        documents.sort(Comparator.comparing(Document::name));
        return new Contents(documents, Optional.of(newest));
    }

    /** The entry's name as a path without a leading {@code ./}; refuses an entry that is not to be in a bundle. */
    private static String path(TarArchiveEntry entry) throws Bad {
        String name = entry.getName();
        String shown = shown(name);
        if (name.length() > MAX_NAME) {
            throw new Bad("has an entry whose name is longer than " + MAX_NAME + " characters: '" + shown + "'");
        }
        boolean directory = entry.isDirectory();
        byte kind = entry.getLinkFlag();
        if (entry.isSparse()
                || !directory && kind != TarConstants.LF_NORMAL && kind != TarConstants.LF_OLDNORM
                || directory && kind != TarConstants.LF_DIR && kind != TarConstants.LF_OLDNORM) {
            throw new Bad("has the entry '" + shown + "', which is " + kind(entry)
                    + "; expected regular files and directories");
        }
        if (!entry.isCheckSumOK()) {
            throw new Bad("has the entry '" + shown + "', whose header is damaged");
        }
        String path = name.startsWith("./") ? name.substring(2) : name;
        path = directory && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        if (directory && path.isEmpty() || path.equals(".")) {
            return ".";
        }
        boolean inside = name.chars().noneMatch(c -> c < ' ' || c == 0x7f || c == 0xfffd || c == '\\')
                && !path.matches("[A-Za-z]:.*");
        for (String segment : path.split("/", -1)) {
            inside &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        }
        if (!inside) {
            throw new Bad("has the entry '" + shown + "', whose name is not a path inside the bundle");
        }
        return path;
    }

    private static String kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            return "a link";
        }
        if (entry.isBlockDevice() || entry.isCharacterDevice() || entry.isFIFO()) {
            return "a device";
        }
        return entry.isSparse() ? "a sparse file" : "of an unusual kind";
    }

    private static boolean isDocument(String path) {
        return (path.endsWith(".yaml") || path.endsWith(".yml")) && !path.startsWith(".") && !path.contains("/.");
    }

    private static String text(byte[] bytes, String what) throws Bad {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Bad(what + " not UTF-8 text; expected a policy in YAML");
        }
    }

    private static String shown(String name) {
        String printable = name.replaceAll("[\\p{Cc}\\p{Cf}\ufffd]", "?");
        return printable.length() > 120 ? printable.substring(0, 120) + "…" : printable;
    }
}
