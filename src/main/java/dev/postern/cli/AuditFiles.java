package dev.postern.cli;

import dev.postern.setup.PosternConfig;
import dev.postern.setup.Settings;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The files that hold audit events: those named, or else that of the settings with those that were put aside before it. */
final class AuditFiles {

    private static final int GZIP_1 = 0x1f;
    private static final int GZIP_2 = 0x8b;
    private static final int BUFFER = 64 * 1024;

    private AuditFiles() {}

    /** The file that the settings name. */
    static Path current(ConfigOptions options) {
        options.apply();
        return Settings.load().audit().file().path();
    }

    /** That of the settings and those put aside before it, compressed ones among them; the newest first. Those that exist. */
    static List<Path> ofSettings(ConfigOptions options) {
        options.apply();
        PosternConfig.AuditFile file = Settings.load().audit().file();
        List<Path> files = new ArrayList<>();
        add(files, file.path());
        for (int i = 1; i < file.maxFiles(); i++) {
            Path aside = file.path().resolveSibling(file.path().getFileName() + "." + i);
            add(files, aside);
            add(files, aside.resolveSibling(aside.getFileName() + ".gz"));
        }
        return files;
    }

    private static void add(List<Path> files, Path file) {
        if (Files.isRegularFile(file)) {
            files.add(file);
        }
    }

    /** What a file holds, without its compression; {@code -} is standard input. */
    static InputStream open(Path file) throws IOException {
        return expanded(file.toString().equals("-") ? System.in : Files.newInputStream(file));
    }

    /** The stream, expanded where it is compressed by gzip. */
    static InputStream expanded(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(2);
        int first = buffered.read();
        int second = buffered.read();
        buffered.reset();
        return first == GZIP_1 && second == GZIP_2 ? new GZIPInputStream(buffered, BUFFER) : buffered;
    }

    /** A file's name, for messages. */
    static String name(Path file) {
        return file.toString().equals("-") ? "standard input" : file.toString();
    }
}
