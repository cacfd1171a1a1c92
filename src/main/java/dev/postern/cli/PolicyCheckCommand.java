package dev.postern.cli;

import dev.postern.feed.Feeds.Tolerance;
import dev.postern.policy.Policy;
import dev.postern.setup.PolicyCheck;
import dev.postern.setup.Settings;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern policy check}. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Reports every mistake in a policy, with its place.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it can be used; there may be warnings", "1:it cannot be used"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern policy check policy.d", "  postern policy check --config application.yaml --output json"})
final class PolicyCheckCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Parameters(
            arity = "0..1",
            paramLabel = "PATH",
            description = "A file, a directory of *.yaml, or a bundle: a .tar.gz, or the https URL of"
                    + " one. Default: postern.policy.")
    @Nullable
    String path;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        options.apply();
        PrintWriter out = spec.commandLine().getOut();
        PolicyCheck.Result result = PolicyCheck.run(Settings.load(), Optional.ofNullable(path), Tolerance.EVERYWHERE);
        return switch (result) {
            case PolicyCheck.Usable usable -> {
                Policy policy = usable.policy();
                if (output.isJson()) {
                    out.println(new Json()
                            .with("usable", true)
                            .with("version", policy.version())
                            .with("accounts", policy.accounts().size())
                            .with("rules", policy.ruleCount())
                            .with("problems", Problems.of(usable.warnings(), "warning"))
                            .text());
                    yield 0;
                }
                usable.warnings().forEach(out::println);
                out.println("good: " + policy.accounts().size() + " accounts, " + policy.ruleCount() + " rules");
                yield 0;
            }
            case PolicyCheck.Unusable unusable -> {
                if (output.isJson()) {
                    out.println(new Json()
                            .with("usable", false)
                            .with("problems", Problems.of(unusable.why().lines().toList(), "error"))
                            .text());
                } else {
                    spec.commandLine().getErr().println(unusable.why());
                }
                yield 1;
            }
        };
    }
}
