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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
        description = {"Decides the cases of a file, and says which come out otherwise than they expect."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all come out as they expect", "1:one does not"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern policy test --policy policy.yaml cases.yaml"})
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

    @Mixin
    OutputOption output;

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
        Instant now = Instant.now();
        List<Tried> tried =
                cases.stream().map(trial -> tried(trials, trial, now)).toList();
        long failed = tried.stream().filter(each -> !each.passed()).count();
        if (output.isJson()) {
            spec.commandLine().getOut().println(json(tried, failed));
        } else {
            text(tried, failed);
        }
        return failed == 0 ? 0 : 1;
    }

    /** A case, and what came of it. */
    private record Tried(Trial trial, List<String> differences, Optional<Outcome> outcome) {
        boolean passed() {
            return differences.isEmpty();
        }
    }

    private static Tried tried(Trials trials, Trial trial, Instant now) {
        if (!trials.knows(trial.subject())) {
            return new Tried(trial, List.of("the policy has no " + trial.subject()), Optional.empty());
        }
        Outcome outcome = trials.decide(
                trial.caller(), trial.subject(), trial.scopes(), trial.at().orElse(now));
        return new Tried(trial, trial.expected().differences(outcome), Optional.of(outcome));
    }

    private void text(List<Tried> tried, long failed) {
        List<String> lines = new ArrayList<>();
        for (Tried each : tried) {
            if (!each.passed()) {
                lines.add("FAILED " + each.trial().name() + " (" + each.trial().position() + ")");
                each.differences().forEach(difference -> lines.add("  " + difference));
                each.outcome().ifPresent(outcome -> outcome.text().lines().forEach(line -> lines.add("    " + line)));
            } else if (!quiet) {
                lines.add("passed " + each.trial().name());
            }
        }
        lines.add((tried.size() - failed) + " passed, " + failed + " failed");
        lines.forEach(line -> spec.commandLine().getOut().println(Paint.on(spec.commandLine(), line)));
    }

    private static String json(List<Tried> tried, long failed) {
        return new Json()
                .with("passed", tried.size() - failed)
                .with("failed", failed)
                .with(
                        "cases",
                        tried.stream()
                                .map(each -> new Json()
                                        .with("name", each.trial().name())
                                        .with("place", each.trial().position())
                                        .with("passed", each.passed())
                                        .with("differences", each.differences())
                                        .with(
                                                "explanation",
                                                each.outcome()
                                                        .map(outcome -> outcome.text()
                                                                .lines()
                                                                .toList())))
                                .toList())
                .text();
    }

    private static List<Trial> read(Path file) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new CommandFault(
                    ExitCode.UNREADABLE,
                    file + " cannot be read (" + e.getClass().getSimpleName()
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
