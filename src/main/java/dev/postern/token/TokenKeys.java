package dev.postern.token;

import java.security.Provider;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The keys in force. They change while tokens are signed and verified; who asks twice may see two rings. */
public final class TokenKeys {

    private volatile InForce inForce;
    private volatile Optional<Provider> provider = Optional.empty();

    /** The ring, the signer of its signing key, and the headers that its keys may have put before a token. */
    private record InForce(
            KeyRing ring, Signer signer, Map<String, PublishedKey> registry, Map<String, PublishedKey> refresh) {}

    /** These keys are in force first. */
    public TokenKeys(KeyRing ring) {
        this.inForce = inForce(ring, Optional.empty());
    }

    /** These keys are in force from now on. */
    public synchronized void use(KeyRing ring) {
        inForce = inForce(ring, provider);
    }

    /** Signs with this provider from now on, with later keys too; whether it can with the one that signs now. */
    public synchronized boolean tryToUse(Provider candidate) {
        boolean able = inForce.signer().tryToUse(candidate);
        if (able) {
            provider = Optional.of(candidate);
        }
        return able;
    }

    private static InForce inForce(KeyRing ring, Optional<Provider> provider) {
        Signer signer = new Signer(ring.signing());
        provider.ifPresent(signer::tryToUse);
        Map<String, PublishedKey> registry = new HashMap<>();
        Map<String, PublishedKey> refresh = new HashMap<>();
        for (PublishedKey key : ring.published()) {
            for (KeyIdForm form : KeyIdForm.values()) {
                registry.put(JwsHeader.ofRegistryToken(key, form), key);
            }
            refresh.put(JwsHeader.ofRefreshToken(key), key);
        }
        return new InForce(ring, signer, Map.copyOf(registry), Map.copyOf(refresh));
    }

    /** The ring in force. */
    public KeyRing ring() {
        return inForce.ring();
    }

    Signer signer() {
        return inForce.signer();
    }

    /** The payload of a registry token that one of these keys has signed. */
    Optional<byte[]> verifiedRegistryToken(String token) {
        return SignedText.verified(token, inForce.registry(), provider);
    }

    /** The payload of a refresh token that one of these keys has signed. */
    Optional<byte[]> verifiedRefreshToken(String token) {
        return SignedText.verified(token, inForce.refresh(), provider);
    }
}
