package dev.postern.token;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of replicas that have keys of their own below one authority: how one says its own, {@code ALGORITHM
 * CERTIFICATE}, and reads those of others. What is said is not trusted: a key counts where the authority that signed the
 * certificate of this replica's key has signed its certificate, too, for the same name.
 */
public final class AnnouncedKeys {

    /** More keys than replicas and their last restarts have. */
    public static final int MOST = 64;
    /** So many lines are looked at: each may cost the check of a signature. */
    private static final int MOST_LINES = 4 * MOST;

    private static final int MOST_OF_A_CERTIFICATE = 8 * 1024;
    /** Where certificates have no such extension, for any use. */
    private static final int DIGITAL_SIGNATURE = 0;

    private AnnouncedKeys() {}

    /**
     * What there is to say of a ring: the keys that sign, will sign, and have signed, and until when that is worth knowing.
     * Nothing where keys are signed by nobody: nobody could tell them from forged ones.
     */
    public static Map<String, Instant> lines(KeyRing ring, Instant until) {
        Map<String, Instant> lines = new LinkedHashMap<>();
        if (ring.signing().authority().isPresent()) {
            for (PublishedKey key : ring.published()) {
                lines.put(key.algorithm() + " " + key.x5c().getFirst(), until);
            }
        }
        return lines;
    }

    /** Those of the lines that are keys of other replicas; what is none, or not of the same authority, is left out. */
    public static List<PublishedKey> read(Collection<String> lines, KeyRing ring, Instant now) {
        List<PublishedKey> keys = new ArrayList<>();
        if (ring.signing().authority().isEmpty()) {
            return keys;
        }
        lines.stream()
                .limit(MOST_LINES)
                .flatMap(line -> read(line, ring, ring.signing().authority().get(), now).stream())
                .filter(key -> !ring.published().contains(key) && !keys.contains(key))
                .limit(MOST)
                .forEach(keys::add);
        return keys;
    }

    private static Optional<PublishedKey> read(String line, KeyRing ring, X509Certificate authority, Instant now) {
        int space = line.indexOf(' ');
        if (space < 0 || line.length() > MOST_OF_A_CERTIFICATE) {
            return Optional.empty();
        }
        try {
            SigningAlgorithm algorithm = SigningAlgorithm.valueOf(line.substring(0, space));
            X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(
                            new ByteArrayInputStream(Base64.getDecoder().decode(line.substring(space + 1))));
            X509Certificate own = ring.signing().certificate();
            boolean[] usage = certificate.getKeyUsage();
            if (!certificate.getSubjectX500Principal().equals(own.getSubjectX500Principal())
                    || !certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())
                    || certificate.getBasicConstraints() >= 0
                    || usage != null && !usage[DIGITAL_SIGNATURE]
                    || !KeyFiles.isFor(algorithm, certificate.getPublicKey())) {
                return Optional.empty();
            }
            certificate.verify(authority.getPublicKey());
            certificate.checkValidity(Date.from(now));
            List<X509Certificate> chain =
                    new ArrayList<>(ring.signing().published().chain());
            chain.set(0, certificate);
            return Optional.of(new PublishedKey(algorithm, chain));
        } catch (IllegalArgumentException | GeneralSecurityException notOurs) {
            return Optional.empty();
        }
    }
}
