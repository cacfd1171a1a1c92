package dev.postern.testing.secrets;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Holds every file that the tests wrote against the secrets that they used, in each form, and against what looks like a secret. A
 * finding names the file, the line and the secret's label; never the secret.
 *
 * <pre>java -cp target/test-classes dev.postern.testing.secrets.Sweep target src/test/resources/secrets</pre>
 *
 * <p>Exits with 1 where there is a finding, or nothing to look through.
 */
public final class Sweep {

    /** What is compiled, fetched or generated, and where tests and the lab keep their keys and their settings on purpose. */
    private static final Set<String> NOT_OUTPUT = Set.of(
            "classes",
            "test-classes",
            "generated-sources",
            "generated-test-sources",
            "generated-test-resources",
            "quarkus",
            "quarkus-app",
            "quarkus-build",
            "proto",
            "protoc-dependencies",
            "native-check",
            "native-sources",
            "maven-status",
            "maven-archiver",
            "node_modules",
            "dependency-maven-plugin-markers",
            "pit-reports",
            "jacoco-report",
            "benchmarks",
            "keys",
            "signing",
            "tls",
            "image",
            "storage",
            "home",
            "data",
            "run");

    private static final Set<String> NOT_TEXT = Set.of(
            "jar", "class", "exec", "exe", "so", "key", "pem", "crt", "p12", "zip", "png", "jpg", "webm", "yaml",
            "yml");

    /** Before the key of the example, which the first start prints on purpose, with a command that uses it. */
    private static final List<String> SAID_ONCE = List.of("printed this once: ", "curl -u 'iamapikey:");

    private static final int MOST_FINDINGS = 50;

    private final Map<Integer, List<Wanted>> wanted = new HashMap<>();
    private final boolean[] known = new boolean[1 << 16];
    private final List<Allowed> allowed;
    private final List<Finding> findings = new ArrayList<>();
    private int secrets;
    private int files;
    private long bytes;

    /** A form of a secret, as it may have been written. */
    private record Wanted(String label, String form, byte[] bytes) {}

    /** What may be found: in files of this name, under this label, for this reason. */
    record Allowed(String file, String label, String why) {}

    /** Something that should not be there. */
    record Finding(Path file, int line, String what) {
        @Override
        public String toString() {
            return file + ":" + line + ": " + what;
        }
    }

    Sweep(List<Allowed> allowed) {
        this.allowed = List.copyOf(allowed);
    }

    /** Sweeps the directory with what is known. */
    public static void main(String... arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        Path about = Path.of(arguments[1]);
        Sweep sweep = new Sweep(allowed(about.resolve("allowed.tsv")));
        table(about.resolve("known.tsv")).forEach(sweep::add);
        table(target.resolve(Secrets.FILE)).forEach(sweep::add);
        Secrets.keys(target).forEach(sweep::add);
        sweep.labKeys(target);
        sweep.look(target);
        sweep.findings.stream().limit(MOST_FINDINGS).forEach(System.out::println);
        System.out.printf(
                "%d secrets held against %d files, %d MiB: %s%n",
                sweep.secrets,
                sweep.files,
                sweep.bytes >> 20,
                sweep.findings.isEmpty() ? "none of them is there" : sweep.findings.size() + " findings");
        System.exit(sweep.findings.isEmpty() && sweep.files > 0 && sweep.secrets > 0 ? 0 : 1);
    }

    /** Lines of a label, a tab and a value. */
    static Map<String, byte[]> table(Path file) throws IOException {
        Map<String, byte[]> table = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return table;
        }
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            String[] parts = line.split("\t", 2);
            if (parts.length == 2 && !line.startsWith("#")) {
                // A label may stand for several values.
                String label = table.containsKey(parts[0]) ? parts[0] + " (" + number + ")" : parts[0];
                table.put(
                        label,
                        parts[1].startsWith(Secrets.BINARY)
                                ? Base64.getDecoder().decode(parts[1].substring(Secrets.BINARY.length()))
                                : parts[1].getBytes(StandardCharsets.UTF_8));
            }
        }
        return table;
    }

    private static List<Allowed> allowed(Path file) throws IOException {
        List<Allowed> allowed = new ArrayList<>();
        for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
            String[] parts = line.split("\t");
            if (parts.length == 3 && !line.startsWith("#")) {
                allowed.add(new Allowed(parts[0], parts[1], parts[2]));
            }
        }
        return allowed;
    }

    /** Makes a secret known. */
    void add(String label, byte[] secret) {
        if (secret.length < Forms.SHORTEST) {
            throw new IllegalArgumentException("the secret '" + label + "' is too short to be told from other texts");
        }
        secrets++;
        Forms.of(secret).forEach((form, text) -> {
            int begin = begin(text, 0);
            wanted.computeIfAbsent(begin, first -> new ArrayList<>()).add(new Wanted(label, form, text));
            known[slot(begin)] = true;
        });
    }

    /** The API keys of network labs. */
    private void labKeys(Path target) throws IOException {
        try (var directories = Files.newDirectoryStream(target, "postern-it-*")) {
            for (Path lab : directories) {
                if (Files.isDirectory(lab.resolve("keys"))) {
                    try (var keys = Files.newDirectoryStream(lab.resolve("keys"))) {
                        for (Path key : keys) {
                            add(
                                    "the API key " + key,
                                    Files.readString(key).strip().getBytes(StandardCharsets.UTF_8));
                        }
                    }
                }
            }
        }
    }

    /** Looks through all files of a directory. */
    List<Finding> look(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
                boolean isOutput = each.equals(directory) || !NOT_OUTPUT.contains(name(each));
                return isOutput ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = name(file);
                String ending = name.substring(name.lastIndexOf('.') + 1);
                if (attributes.isRegularFile() && !NOT_TEXT.contains(ending) && !name.equals(Secrets.FILE)) {
                    look(file, ending.equals("gz") ? expanded(file) : Files.readAllBytes(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return findings;
    }

    private static String name(Path path) {
        Path name = path.getFileName();
        return name == null ? "" : name.toString();
    }

    private static byte[] expanded(Path file) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    private void look(Path file, byte[] data) {
        files++;
        bytes += data.length;
        int line = 1;
        for (int i = 0; i + Integer.BYTES <= data.length; i++) {
            if (data[i] == '\n') {
                line++;
            }
            int begin = begin(data, i);
            if (known[slot(begin)]) {
                compare(file, line, data, i, wanted.getOrDefault(begin, List.of()));
            }
            int at = i;
            int here = line;
            Shapes.at(data, i).filter(what -> !isSaidOnce(what, data, at)).ifPresent(what -> found(file, here, what));
        }
    }

    private void compare(Path file, int line, byte[] data, int index, List<Wanted> candidates) {
        for (Wanted each : candidates) {
            int end = index + each.bytes().length;
            if (end <= data.length && Arrays.equals(data, index, end, each.bytes(), 0, each.bytes().length)) {
                found(file, line, each.label() + ", " + each.form());
            }
        }
    }

    private static boolean isSaidOnce(String what, byte[] data, int index) {
        return what.equals("an API key")
                && SAID_ONCE.stream()
                        .anyMatch(before ->
                                index >= before.length() && Shapes.begins(data, index - before.length(), before));
    }

    private void found(Path file, int line, String what) {
        boolean isAllowed =
                allowed.stream().anyMatch(each -> name(file).matches(each.file()) && what.startsWith(each.label()));
        if (!isAllowed) {
            findings.add(new Finding(file, line, what));
        }
    }

    private static int begin(byte[] data, int index) {
        return (data[index] & 0xff) << 24
                | (data[index + 1] & 0xff) << 16
                | (data[index + 2] & 0xff) << 8
                | data[index + 3] & 0xff;
    }

    private static int slot(int begin) {
        return (begin * 0x9E3779B1) >>> 16;
    }
}
