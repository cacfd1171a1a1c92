import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Takes the signatures out of the jars of a directory: {@code java src/aot/Unsign.java target/quarkus-app/lib/main}.
 *
 * <p>The JDK keeps no class of a signed jar in an AOT cache, and verifies every file of one when it opens it: with BouncyCastle and the
 * Corretto provider that was a third of a start. Where the jars come from, Maven has checked by their digests; this JDK asks no
 * signature of a cryptography provider. Everything else in a jar stays as it is, in its order and with its times, so that two runs
 * write the same bytes.
 */
final class Unsign {

    private Unsign() {}

    public static void main(String... args) throws IOException {
        List<Path> jars;
        try (Stream<Path> files = Files.list(Path.of(args[0]))) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
        for (Path jar : jars) {
            if (unsign(jar)) {
                System.out.println("without its signature: " + jar.getFileName());
            }
        }
    }

    private static boolean unsign(Path jar) throws IOException {
        Path unsigned = jar.resolveSibling(jar.getFileName() + ".unsigned");
        try (ZipFile in = new ZipFile(jar.toFile())) {
            List<ZipEntry> entries = new ArrayList<>();
            boolean signed = false;
            for (Enumeration<? extends ZipEntry> all = in.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (isSignature(entry.getName())) {
                    signed = true;
                } else {
                    entries.add(entry);
                }
            }
            if (!signed) {
                return false;
            }
            try (ZipOutputStream out =
                    new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(unsigned)))) {
                for (ZipEntry entry : entries) {
                    copy(in, entry, out);
                }
            }
        }
        Files.move(unsigned, jar, StandardCopyOption.REPLACE_EXISTING);
        return true;
    }

    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC)") || upper.matches("META-INF/SIG-[^/]*");
    }

    private static void copy(ZipFile in, ZipEntry entry, ZipOutputStream out) throws IOException {
        ZipEntry same = new ZipEntry(entry.getName());
        same.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(same);
        try (InputStream bytes = in.getInputStream(entry)) {
            if (entry.getName().equalsIgnoreCase("META-INF/MANIFEST.MF")) {
                withoutDigests(bytes, out);
            } else {
                bytes.transferTo(out);
            }
        }
        out.closeEntry();
    }

    /** The manifest without the digests of files: a section of which nothing else is left goes, too. */
    private static void withoutDigests(InputStream bytes, OutputStream out) throws IOException {
        Manifest manifest = new Manifest(bytes);
        for (Attributes section : manifest.getEntries().values()) {
            section.keySet().removeIf(key -> key.toString().toUpperCase(Locale.ROOT).contains("-DIGEST"));
        }
        manifest.getEntries().values().removeIf(Attributes::isEmpty);
        manifest.write(out);
    }
}
