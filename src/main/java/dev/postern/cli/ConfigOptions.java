package dev.postern.cli;

import dev.postern.setup.Settings;
import dev.postern.setup.StartFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds the settings. */
final class ConfigOptions {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The settings, YAML or properties, beside config/application.yaml, the environment"
                    + " (POSTERN_...) and -D.")
    @Nullable
    Path config;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "The profile: 'prod' stops the start on what must not be in production; 'local' does not."
                    + " Default: 'local' while no policy is configured, else 'prod'.")
    @Nullable
    String profile;

    /** Makes the options known to everything that reads settings from now on. */
    void apply() {
        if (config != null) {
            if (!Files.isReadable(config) || Files.isDirectory(config)) {
                throw new StartFault(
                        "there is no readable file " + config + "; --config expects settings in YAML or properties");
            }
            System.setProperty(
                    "quarkus.config.locations", config.toAbsolutePath().toUri().toString());
        }
        Optional<String> chosen = Optional.ofNullable(profile)
                .or(() -> Optional.ofNullable(System.getProperty("quarkus.profile")))
                .or(() -> Optional.ofNullable(System.getenv("QUARKUS_PROFILE")));
        // Reads the settings even where a profile is given: a file that is not YAML is reported here, and not by a
        // trace.
        String unlessChosen = Settings.defaultProfile();
        System.setProperty("quarkus.profile", chosen.orElse(unlessChosen));
    }
}
