package dev.postern.policy.bundle;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes keys and signatures as people do who have no cosign: the commands are those of the page on bundles. */
public final class OpenSsl {

    private final Path directory;

    /** Works in this directory. */
    public OpenSsl(Path directory) {
        this.directory = directory;
    }

    /** A new key of this kind, such as {@code -algorithm ed25519}; its public half is in PEM. */
    public Path publicKey(String name, String... kind) {
        List<String> command = new ArrayList<>(List.of("genpkey", "-quiet", "-out", name + ".key"));
        command.addAll(Arrays.asList(kind));
        run(command);
        run(List.of("pkey", "-in", name + ".key", "-pubout", "-out", name + ".pub"));
        return directory.resolve(name + ".pub");
    }

    /** A new P-256 key, as cosign has them. */
    public Path publicKey(String name) {
        return publicKey(name, "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    }

    /** The signature of these bytes by the key of this name, in Base64 with lines. */
    public String sign(String name, byte[] bytes) {
        try {
            Files.write(directory.resolve("signed"), bytes);
            run(List.of("dgst", "-sha256", "-sign", name + ".key", "-out", "signature", "signed"));
            return base64();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String signRaw(String name, byte[] bytes) {
        try {
            Files.write(directory.resolve("signed"), bytes);
            run(List.of("pkeyutl", "-sign", "-rawin", "-inkey", name + ".key", "-in", "signed", "-out", "signature"));
            return base64();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String base64() throws IOException {
        run(List.of("base64", "-in", "signature", "-out", "signature.b64"));
        return Files.readString(directory.resolve("signature.b64"));
    }

    /** Runs it; what it says. */
    String run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(command + " failed: " + said);
            }
            return said;
        } catch (IOException e) {
            throw new AssertionError("these tests need openssl", e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
