package dev.postern.cli;

import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.setup.PolicyTrial;
import dev.postern.setup.PosternConfig;
import dev.postern.setup.Settings;
import dev.postern.setup.StartFault;
import dev.postern.trial.Outcome;
import dev.postern.trial.Trial;
import dev.postern.trial.TrialReader;
import dev.postern.trial.Trials;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern policy test}: the owner's own regression tests. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        description = {
            "Decides the cases of a file, and says which come out otherwise than they expect.",
            "Exits with 1 if one does."
        })
final class PolicyTestCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Mixin
    PolicyOption policy;

    @Option(
            names = {"-q", "--quiet"},
            description = "Only the cases that come out otherwise, and the sum.")
    boolean quiet;

    @Parameters(arity = "1..*", paramLabel = "CASES", description = "Files of cases, YAML.")
    List<Path> files;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        List<Trial> cases = new ArrayList<>();
        for (Path file : files) {
            cases.addAll(read(file));
        }
        options.apply();
        PosternConfig config = Settings.load();
        Policy loaded = policy.load(config);
        Trials trials = PolicyTrial.of(config, loaded);
        PrintWriter out = spec.commandLine().getOut();
        Instant now = Instant.now();
        int failed = 0;
        for (Trial trial : cases) {
            if (!trials.knows(trial.subject())) {
                failed++;
                out.println("FAILED " + trial.name() + " (" + trial.position() + ")");
                out.println("  the policy has no " + trial.subject());
                continue;
            }
            Outcome outcome = trials.decide(
                    trial.caller(), trial.subject(), trial.scopes(), trial.at().orElse(now));
            List<String> differences = trial.expected().differences(outcome);
            if (!differences.isEmpty()) {
                failed++;
                out.println("FAILED " + trial.name() + " (" + trial.position() + ")");
                differences.forEach(difference -> out.println("  " + difference));
                outcome.text().lines().forEach(line -> out.println("    " + line));
            } else if (!quiet) {
                out.println("passed " + trial.name());
            }
        }
        out.println((cases.size() - failed) + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }

    private static List<Trial> read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new StartFault(file + " cannot be read (" + e.getClass().getSimpleName()
                    + "); expected a file of cases, in YAML and UTF-8");
        }
        return switch (TrialReader.read(new Document(file.toString(), text))) {
            case TrialReader.Cases read -> read.trials();
            case TrialReader.Mistaken mistaken -> {
                StringBuilder why = new StringBuilder("the cases cannot be used:");
                mistaken.problems().forEach(problem -> why.append('\n').append(problem));
                throw new StartFault(why.toString());
            }
        };
    }
}
