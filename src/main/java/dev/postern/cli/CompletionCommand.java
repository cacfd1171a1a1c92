package dev.postern.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern completion}: what shells need to complete the commands. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script by which a shell completes commands, options, and values that are known.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the script was printed"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  source <(postern completion bash)      in ~/.bashrc",
            "  source <(postern completion zsh)       in ~/.zshrc, after compinit",
            "  postern completion fish | source       in ~/.config/fish/config.fish",
        })
final class CompletionCommand implements Callable<Integer> {

    /** The shells that complete. */
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
    Shell shell;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    // One script for both: zsh runs it by its bashcompinit.
                    case BASH, ZSH -> AutoComplete.bash("postern", root);
                    case FISH -> FishCompletion.of(root);
                });
        out.flush();
        return ExitCode.DONE.code();
    }
}
