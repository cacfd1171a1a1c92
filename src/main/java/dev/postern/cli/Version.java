package dev.postern.cli;

import dev.postern.setup.AotCache;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version that was built. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
        try (InputStream in = Version.class.getResourceAsStream("/postern-version.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return new String[] {
                "postern " + properties.getProperty("version", "of unknown version"),
                "Java " + Runtime.version() + ", " + AotCache.inWords()
            };
        }
    }
}
