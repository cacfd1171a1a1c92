package dev.postern.setup;

import io.quarkus.runtime.configuration.QuarkusConfigBuilderCustomizer;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

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
            sources();
            return builder().withMapping(PosternConfig.class).build().getConfigMapping(PosternConfig.class);
        } catch (ConfigValidationException e) {
            throw new StartFault(SettingsMessages.of(e));
        }
    }

    private static SmallRyeConfig sources() {
        try {
            return builder().build();
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                // The parser's class is not to be known here; its message has line, column and the text around it.
                if (cause.getClass().getName().startsWith("org.yaml.snakeyaml.")) {
                    throw new StartFault("the settings" + location() + " are not YAML: " + cause.getMessage());
                }
            }
            throw new StartFault("the settings" + location() + " cannot be read: " + e.getMessage());
        }
    }

    private static String location() {
        String named = System.getProperty(QuarkusConfigBuilderCustomizer.QUARKUS_CONFIG_LOCATIONS);
        return named == null ? "" : " in " + named;
    }

    private static SmallRyeConfigBuilder builder() {
        // The customizer knows Quarkus's names for profiles and locations.
        return new SmallRyeConfigBuilder()
                .withCustomizers(new QuarkusConfigBuilderCustomizer())
                .addDefaultInterceptors()
                .addDefaultSources()
                .addDiscoveredSources()
                .addDiscoveredConverters()
                .addDiscoveredInterceptors();
    }
}
