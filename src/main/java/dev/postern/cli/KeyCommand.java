package dev.postern.cli;

import dev.postern.identity.ApiKeys;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern key}: API keys. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = "Makes API keys for the policy.",
        subcommands = KeyCommand.Create.class)
final class KeyCommand {

    /** {@code postern key create}. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Prints a new API key, this once, and the line for the policy, which has its digest only.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:the key was made"},
            footerHeading = "%nExamples:%n",
            footer = {"  postern key create --id ci"})
    static final class Create implements Callable<Integer> {

        @Option(
                names = "--id",
                paramLabel = "ID",
                defaultValue = "k1",
                description = "The key's name in the policy and the audit. Default: ${DEFAULT-VALUE}.")
        String id;

        @Mixin
        OutputOption output;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() {
            String key = ApiKeys.generate();
            PrintWriter out = spec.commandLine().getOut();
            if (output.isJson()) {
                out.println(new Json()
                        .with("id", id)
                        .with("api_key", key)
                        .with("digest", "sha-256:" + ApiKeys.digest(key))
                        .text());
                return 0;
            }
            out.println("API key, printed this once: " + key);
            out.println();
            out.println("In the policy, under the service id:");
            out.println("  api-keys:");
            out.println("    - { id: " + id + ", digest: \"sha-256:" + ApiKeys.digest(key) + "\" }");
            out.println();
            out.println("Sign in with: docker login --username iamapikey --password-stdin REGISTRY");
            return 0;
        }
    }
}
