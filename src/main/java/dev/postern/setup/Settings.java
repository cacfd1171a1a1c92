package dev.postern.setup;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.ArrayList;
import java.util.List;

/** The operator's settings for commands that do not start the server. */
public final class Settings {

    private Settings() {}

    /** {@code local} while no policy is configured, else {@code prod}. */
    public static String defaultProfile() {
        return sources().getOptionalValue("postern.policy", String.class).isPresent() ? "prod" : "local";
    }

    /** The settings, from where the server would read them. */
    public static PosternConfig load() {
        try {
            return builder().withMapping(PosternConfig.class).build().getConfigMapping(PosternConfig.class);
        } catch (ConfigValidationException e) {
            throw new StartFault(messages(e));
        }
    }

    /** What is wrong with the settings, a line each. */
    public static String messages(ConfigValidationException e) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < e.getProblemCount(); i++) {
            lines.add(e.getProblem(i).getMessage());
        }
        return "the settings cannot be used:\n  " + String.join("\n  ", lines);
    }

    private static SmallRyeConfig sources() {
        return builder().build();
    }

    private static SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredSources()
                .addDiscoveredConverters()
                .addDiscoveredInterceptors();
    }
}
