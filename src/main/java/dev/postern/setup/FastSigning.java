package dev.postern.setup;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import dev.postern.token.TokenKeys;
import org.jboss.logging.Logger;

/**
 * Loads the Amazon Corretto crypto provider, which signs several times as fast as the JDK. It takes a second to load and
 * test itself, so that happens aside; until then, and where it cannot be used, the JDK signs.
 */
final class FastSigning {

    private static final Logger LOG = Logger.getLogger(FastSigning.class);

    private FastSigning() {}

    static void loadAside(TokenKeys keys) {
        Thread loader = new Thread(() -> load(keys), "postern-signing-provider");
        loader.setDaemon(true);
        loader.start();
    }

    private static void load(TokenKeys keys) {
        try {
            AmazonCorrettoCryptoProvider provider = AmazonCorrettoCryptoProvider.INSTANCE;
            provider.assertHealthy();
            if (keys.tryToUse(provider)) {
                LOG.infof("tokens are signed by %s %s", provider.getName(), provider.getVersionStr());
                return;
            }
            LOG.infof("tokens are signed by the JDK: %s cannot use the key", provider.getName());
        } catch (RuntimeException | LinkageError notHere) {
            // No library for this platform, or a native image: slower, and as good.
            LOG.infof(
                    "tokens are signed by the JDK: the Corretto provider did not load (%s)",
                    notHere.getClass().getSimpleName());
        }
    }
}
