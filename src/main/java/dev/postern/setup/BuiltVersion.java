package dev.postern.setup;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version that was built. */
public final class BuiltVersion {

    private BuiltVersion() {}

    /** The version, {@code unknown} where the build has not said. */
    public static String text() {
        try (InputStream in = BuiltVersion.class.getResourceAsStream("/postern-version.properties")) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }
}
