package dev.postern.setup;

import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.KeyRing;
import dev.postern.token.PublishedKey;
import dev.postern.token.SigningAlgorithm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The operator's key in PEM files, followed by their content: a secret's volume changes by a swap of symbolic links. (The TLS
 * registry would follow them too, but holds a key store without the certificates that are only published.)
 */
final class PemKeySource implements SigningKeys.KeySource {

    private final SigningAlgorithm algorithm;
    private final Path key;
    private final Path certificate;
    private final List<Path> others;
    private final ReplacedKeys replaced;
    private byte[] lastTried = {};
    private Optional<KeyFault> lastFault = Optional.empty();

    PemKeySource(SigningAlgorithm algorithm, Path key, Path certificate, List<Path> others, Duration keep) {
        this.algorithm = algorithm;
        this.key = key;
        this.certificate = certificate;
        this.others = others;
        this.replaced = new ReplacedKeys(keep);
    }

    static PemKeySource of(PosternConfig.Token token, Duration keep) {
        return new PemKeySource(
                token.algorithm(),
                token.key().orElseThrow(),
                token.certificate().orElseThrow(),
                token.otherCertificates().orElse(List.of()),
                keep);
    }

    @Override
    public KeyRing load(Instant now) throws KeyFault {
        lastTried = digest();
        return read(now);
    }

    /** Tries each content once; what is wrong with it is so for as long as it stays. */
    @Override
    public Optional<KeyRing> refresh(Instant now) throws KeyFault {
        byte[] content = digest();
        if (Arrays.equals(content, lastTried)) {
            if (lastFault.isPresent()) {
                throw lastFault.get();
            }
            return Optional.empty();
        }
        lastTried = content;
        try {
            KeyRing ring = read(now);
            lastFault = Optional.empty();
            return Optional.of(ring);
        } catch (KeyFault fault) {
            lastFault = Optional.of(fault);
            throw fault;
        }
    }

    private KeyRing read(Instant now) throws KeyFault {
        List<PublishedKey> published = new ArrayList<>();
        for (Path other : others) {
            published.add(KeyFiles.readPublished(algorithm, other));
        }
        return replaced.with(KeyFiles.read(algorithm, key, certificate), published, now);
    }

    private byte[] digest() {
        List<Path> files = new ArrayList<>(List.of(key, certificate));
        files.addAll(others);
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Path file : files) {
                // A file that is gone or too large is a content of its own: reading it will say what is wrong.
                digest.update(contentOf(file));
                digest.update((byte) 0);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] contentOf(Path file) {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(KeyFiles.MAX_FILE + 1);
        } catch (IOException e) {
            return new byte[] {1};
        }
    }
}
