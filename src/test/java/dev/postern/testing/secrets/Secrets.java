package dev.postern.testing.secrets;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The secrets that tests use and that are made while they run. They are written to {@code target/secrets.tsv}, for the sweep. */
public final class Secrets {

    /** Where they are, below {@code target}. */
    static final String FILE = "secrets.tsv";

    /** Before a value that is not text. */
    static final String BINARY = "base64:";

    private static final int LARGEST_KEY = 16 * 1024;
    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (?:EC |RSA )?PRIVATE KEY-----\\s*([A-Za-z0-9+/=\\s]+)-----END (?:EC |RSA )?PRIVATE KEY-----");

    private Secrets() {}

    /** Makes a secret known, that must not appear in what is written from now on; returns it. */
    public static String used(String label, String value) {
        append(label + "\t" + value + "\n");
        return value;
    }

    /** Makes the private keys known that are in PEM files below a directory. */
    public static void keysBelow(Path directory) {
        keys(directory)
                .forEach((label, value) ->
                        append(label + "\t" + BINARY + Base64.getEncoder().encodeToString(value) + "\n"));
    }

    /** The secret parts of those keys, by their files. */
    static Map<String, byte[]> keys(Path directory) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        if (!Files.isDirectory(directory)) {
            return keys;
        }
        try {
            for (Path file : filesBelow(directory)) {
                if (mayBeKey(file)) {
                    read(file, keys);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys;
    }

    private static void read(Path file, Map<String, byte[]> keys) throws IOException {
        try {
            Matcher pem = PEM.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            while (pem.find()) {
                secretPart(Base64.getMimeDecoder().decode(pem.group(1)))
                        .ifPresent(part -> keys.put("the private key of " + file, part));
            }
        } catch (NoSuchFileException e) {
            // Somebody still works there.
        }
    }

    /** The files below a directory in which servers may still write. */
    public static List<Path> filesBelow(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                found.add(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static boolean mayBeKey(Path file) {
        String name = file.getFileName().toString();
        try {
            return (name.endsWith(".key") || name.endsWith(".pem"))
                    && Files.isRegularFile(file)
                    && Files.size(file) <= LARGEST_KEY;
        } catch (IOException e) {
            return false;
        }
    }

    /** What nobody else knows of a key: the number of an EC key, the exponent of an RSA key. */
    private static Optional<byte[]> secretPart(byte[] der) {
        for (String algorithm : new String[] {"EC", "RSA"}) {
            try {
                PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
                return switch (key) {
                    case ECPrivateKey ec -> Optional.of(unsigned(ec.getS()));
                    case RSAPrivateKey rsa -> Optional.of(unsigned(rsa.getPrivateExponent()));
                    default -> Optional.empty();
                };
            } catch (GeneralSecurityException e) {
                // Of another algorithm.
            }
        }
        return Optional.empty();
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static synchronized void append(String line) {
        try {
            Path target = Path.of(System.getProperty("postern.basedir", "")).resolve("target");
            Files.createDirectories(target);
            Files.writeString(target.resolve(FILE), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
