package dev.postern.cli;

import picocli.CommandLine.Command;

/** {@code postern policy}: the accounts' policy. */
@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description =
                "Looks at policies without serving them, and makes them of what others have written, and of what was seen.",
        subcommands = {
            PolicyCheckCommand.class,
            PolicyExplainCommand.class,
            PolicyTestCommand.class,
            PolicyImportCommand.class,
            PolicySuggestCommand.class
        })
final class PolicyCommand {}
