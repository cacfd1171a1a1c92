package dev.postern.setup;

import io.quarkus.runtime.configuration.QuarkusConfigBuilderCustomizer;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The operator's settings for commands that do not start the server. */
public final class Settings {

    /** What the operator's files may begin with. */
    private static final Set<String> ROOTS = new TreeSet<>(Set.of("postern", "quarkus", "smallrye"));

    private Settings() {}

    /** {@code local} while no policy is configured, else {@code prod}. */
    public static String defaultProfile() {
        SmallRyeConfig config = sources();
        requireKnownRoots(config);
        return config.getOptionalValue("postern.policy", String.class).isPresent() ? "prod" : "local";
    }

    /** The settings, from where the server would read them. */
    public static PosternConfig load() {
        try {
            requireKnownRoots(sources());
            return builder().withMapping(PosternConfig.class).build().getConfigMapping(PosternConfig.class);
        } catch (ConfigValidationException e) {
            throw new StartFault(SettingsMessages.of(e));
        }
    }

    /** All settings, Quarkus's among them, from where the server would read them. */
    static SmallRyeConfig raw() {
        return sources();
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

    /**
     * In YAML, {@code postern.policy: x} on one line is not the setting of that name, but a key with a dot in it; and
     * nobody would ever miss what stands under a mistyped {@code postren:}. Both would be left out in silence.
     */
    private static void requireKnownRoots(SmallRyeConfig config) {
        for (ConfigSource source : config.getConfigSources()) {
            if (!source.getName().contains("[source=file:")) {
                continue;
            }
            for (String name : source.getPropertyNames()) {
                if (name.startsWith("\"")) {
                    throw new StartFault("the setting " + name + " in " + source.getName()
                            + " is one key with dots in it; write it nested: postern: { policy: ... }");
                }
                String bare = name.startsWith("%") ? name.substring(name.indexOf('.') + 1) : name;
                String root = bare.contains(".") ? bare.substring(0, bare.indexOf('.')) : bare;
                if (!ROOTS.contains(root)) {
                    throw new StartFault("unknown setting '" + name + "' in " + source.getName()
                            + "; settings are under " + String.join(", ", ROOTS));
                }
            }
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
