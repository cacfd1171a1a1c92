package dev.postern.cli;

import dev.postern.setup.FeedDesk;
import dev.postern.setup.Settings;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that the commands for feeds have in common. */
final class FeedOptions {

    @Mixin
    ConfigOptions options;

    @Option(
            names = "--policy",
            paramLabel = "PATH",
            description = "The policy: a file, a directory of *.yaml, or a bundle. Default: postern.policy.")
    @Nullable
    String policy;

    FeedDesk open() {
        options.apply();
        return FeedDesk.open(Settings.load(), Optional.ofNullable(policy));
    }
}
