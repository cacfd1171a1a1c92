package dev.postern.setup;

import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.SigningAlgorithm;
import dev.postern.token.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * The signing key that the settings mean: the operator's, or one that was generated under {@code data} and is kept over
 * restarts.
 *
 * @param key the key
 * @param certificateFile the file of its certificate, which the registry's {@code rootcertbundle} names
 * @param generated whether Postern made it because none was configured
 */
public record SigningKeys(SigningKey key, Path certificateFile, boolean generated) {

    private static final String KEY_FILE = "signing-key.pem";
    private static final String CERTIFICATE_FILE = "signing-cert.pem";

    /** Reads the key; generates it where none is configured and none is there yet. */
    public static SigningKeys load(PosternConfig config, Instant now) {
        PosternConfig.Token token = config.token();
        if (token.key().isPresent() != token.certificate().isPresent()) {
            throw new StartFault("postern.token.key and postern.token.certificate go together; only "
                    + (token.key().isPresent() ? "the key" : "the certificate") + " is set");
        }
        try {
            if (token.key().isPresent() && token.certificate().isPresent()) {
                Path certificate = token.certificate().get();
                SigningKey key = KeyFiles.read(token.algorithm(), token.key().get(), certificate);
                return new SigningKeys(key, certificate.toAbsolutePath(), false);
            }
            Path directory = config.data().toAbsolutePath();
            String prefix = token.algorithm() == SigningAlgorithm.ES256 ? "" : "rs256-";
            Path keyFile = directory.resolve(prefix + KEY_FILE);
            Path certificateFile = directory.resolve(prefix + CERTIFICATE_FILE);
            if (!Files.exists(keyFile)) {
                KeyFiles.write(KeyFiles.generate(token.algorithm(), config.issuer(), now), keyFile, certificateFile);
            }
            return new SigningKeys(KeyFiles.read(token.algorithm(), keyFile, certificateFile), certificateFile, true);
        } catch (KeyFault fault) {
            throw new StartFault(fault.why());
        }
    }
}
