package dev.postern.cli;

import picocli.CommandLine.Command;

/** {@code postern feed}: the publishers that zones follow. */
@Command(
        name = "feed",
        mixinStandardHelpOptions = true,
        description = "Looks at the feeds that zones follow, and accepts what was held back.",
        subcommands = {FeedListCommand.class, FeedDiffCommand.class, FeedAcceptCommand.class})
final class FeedCommand {}
