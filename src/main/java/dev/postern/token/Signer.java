package dev.postern.token;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;

/**
 * Signs with one key, by the fastest provider that is there.
 *
 * <p>The JDK signs until another provider has loaded and tested itself; then that one does, thread by thread.
 */
final class Signer {

    private final SigningKey key;
    private volatile Engine engine;

    /** A provider, and a signature object of it for each thread. */
    private static final class Engine {
        private final ThreadLocal<Signature> signatures;

        Engine(SigningKey key, Optional<Provider> provider) {
            this.signatures = ThreadLocal.withInitial(() -> {
                try {
                    String name = key.algorithm().jcaName();
                    Signature signature = provider.isPresent()
                            ? Signature.getInstance(name, provider.get())
                            : Signature.getInstance(name);
                    signature.initSign(key.privateKey());
                    return signature;
                } catch (GeneralSecurityException e) {
                    throw new IllegalStateException("the signing key was tried when it was read", e);
                }
            });
        }

        byte[] sign(byte[] bytes) throws GeneralSecurityException {
            Signature signature = signatures.get();
            signature.update(bytes);
            return signature.sign();
        }
    }

    Signer(SigningKey key) {
        this.key = key;
        this.engine = new Engine(key, Optional.empty());
    }

    /** Signs with this provider from now on, if it can sign with the key at all. */
    boolean tryToUse(Provider provider) {
        Engine candidate = new Engine(key, Optional.of(provider));
        try {
            candidate.sign(new byte[] {1, 2, 3});
            engine = candidate;
            return true;
        } catch (GeneralSecurityException | IllegalStateException unusable) {
            return false;
        }
    }

    SigningKey key() {
        return key;
    }

    byte[] sign(byte[] bytes) {
        try {
            return engine.sign(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the signing key was tried when it was read", e);
        }
    }
}
