package dev.postern.policy.load;

import dev.postern.policy.PolicyCompiler.Document;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A policy file, or a directory of them: {@code *.yaml} and {@code *.yml}, hidden ones left out.
 *
 * <p>In a directory that Kubernetes projects (a ConfigMap's volume), files are links to {@code ..data/}, which is a link to a
 * directory with the time in its name. The kubelet swaps that link in one step, and only then adds and removes those of
 * files. So it is resolved once, and what is there is read: the files of one moment, whatever their links are yet.
 */
final class PolicyFiles {

    private static final long MAX_TOTAL = 256L * 1024 * 1024;
    private static final int MAX_READS = 5;
    private static final String DATA = "..data";

    private final Path path;

    PolicyFiles(Path path) {
        this.path = path;
    }

    /**
     * What can be seen of a file without reading it.
     *
     * @param name what problems call it
     * @param file where it is read
     * @param identity which file it is, links followed: by this the swap of a link is seen where size and time are the same
     */
    record Stamp(String name, Path file, Object identity, long size, long modifiedNanos) {}

    /** The stamps of all files. Two equal lists, not fresh ones, mean that nothing has changed. */
    List<Stamp> stamps() throws Unreadable {
        for (int i = 0; ; i++) {
            try {
                return stampsOfOneLook();
            } catch (Unreadable e) {
                // The swap of a ConfigMap removes the former files under one's hands; those that follow are there.
                if (i == MAX_READS) {
                    throw e;
                }
            }
        }
    }

    private List<Stamp> stampsOfOneLook() throws Unreadable {
        List<Stamp> stamps = new ArrayList<>();
        for (Map.Entry<Path, Path> each : files().entrySet()) {
            Path file = each.getValue();
            try {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                if (attributes.isDirectory() && !file.equals(path)) {
                    continue;
                }
                if (!attributes.isRegularFile()) {
                    throw new Unreadable(file + " is not a file; expected a policy in YAML");
                }
                Object key = attributes.fileKey();
                stamps.add(new Stamp(
                        each.getKey().toString(),
                        file,
                        // The path where the file system has no keys: slower, and the same to whoever swaps links.
                        key != null ? key : file.toRealPath(),
                        attributes.size(),
                        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS)));
            } catch (IOException e) {
                throw unreadable(file, e);
            }
        }
        if (stamps.isEmpty()) {
            throw new Unreadable(path + " holds no policy; expected at least one file *.yaml or *.yml");
        }
        long total = stamps.stream().mapToLong(Stamp::size).sum();
        if (total > MAX_TOTAL) {
            throw new Unreadable(
                    path + " holds " + total / 1024 / 1024 + " MiB; expected at most " + MAX_TOTAL / 1024 / 1024);
        }
        return stamps;
    }

    /** The document in the file of this stamp, as it is now. */
    static Document document(Stamp stamp) throws Unreadable {
        return new Document(stamp.name(), text(stamp.file()));
    }

    /** What problems call them, and where they are read. */
    private SortedMap<Path, Path> files() throws Unreadable {
        SortedMap<Path, Path> files = new TreeMap<>();
        if (!Files.isDirectory(path)) {
            files.put(path, path);
            return files;
        }
        try {
            Path data = path.resolve(DATA);
            boolean projected = Files.isSymbolicLink(data);
            for (Path entry : entries(path)) {
                if (!projected || !isProjected(entry)) {
                    files.put(entry, entry);
                }
            }
            if (projected) {
                for (Path entry : entries(data.toRealPath())) {
                    files.put(path.resolve(entry.getFileName()), entry);
                }
            }
        } catch (IOException e) {
            throw unreadable(path, e);
        }
        return files;
    }

    private static boolean isProjected(Path entry) throws IOException {
        return Files.isSymbolicLink(entry) && Files.readSymbolicLink(entry).startsWith(DATA);
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith(".") && (name.endsWith(".yaml") || name.endsWith(".yml"))) {
                    files.add(entry);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    private static String text(Path file) throws Unreadable {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Files.readAllBytes(file)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable(file + " is not UTF-8 text; expected a policy in YAML");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** The files would not stand still. */
    Unreadable unsteady() {
        return new Unreadable(path + " changes faster than it can be read");
    }

    private static Unreadable unreadable(Path file, IOException e) {
        String why = e instanceof NoSuchFileException
                ? "there is no such file"
                : e.getClass().getSimpleName();
        return new Unreadable(
                file + " cannot be read: " + why + "; expected a policy file, or a directory of them (postern.policy)");
    }
}
