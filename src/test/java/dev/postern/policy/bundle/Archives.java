package dev.postern.policy.bundle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Archives as a test wants them, the bad ones too. */
public final class Archives {

    /** Puts entries into an archive. */
    @FunctionalInterface
    interface Entries {
        void addTo(TarArchiveOutputStream tar) throws IOException;
    }

    private Archives() {}

    /** A bundle of these documents: names and texts in turn, all of the first second of 2026. */
    public static byte[] of(String... namesAndTexts) {
        return at(Instant.parse("2026-01-01T00:00:00Z"), namesAndTexts);
    }

    /** A bundle of these documents, all of this time. */
    public static byte[] at(Instant modified, String... namesAndTexts) {
        return gzip(tar(tar -> {
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                add(tar, namesAndTexts[i], namesAndTexts[i + 1], modified);
            }
        }));
    }

    static byte[] with(Entries entries) {
        return gzip(tar(entries));
    }

    static byte[] tar(Entries entries) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, StandardCharsets.UTF_8.name())) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            entries.addTo(tar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compressed.toByteArray();
    }

    static void add(TarArchiveOutputStream tar, String name, String text) throws IOException {
        add(tar, name, text, Instant.EPOCH);
    }

    private static void add(TarArchiveOutputStream tar, String name, String text, Instant modified) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL, true);
        entry.setModTime(Date.from(modified));
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    /** An entry without content: a link, a device, a directory. */
    static void add(TarArchiveOutputStream tar, String name, byte kind, String link) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
        entry.setLinkName(link);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }
}
