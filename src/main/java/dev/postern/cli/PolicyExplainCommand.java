package dev.postern.cli;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.audit.AuditJson;
import dev.postern.decision.Scope;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.setup.PolicyTrial;
import dev.postern.setup.PosternConfig;
import dev.postern.setup.Settings;
import dev.postern.trial.Caller;
import dev.postern.trial.Outcome;
import dev.postern.trial.Trials;
import dev.postern.trial.Verdict;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code postern policy explain}: what would be decided of a request, and why. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {"Says what would be decided of a request, and why, in the words of the audit event."},
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it would be granted something, or signed in",
            "1:it would be refused, or granted nothing of what it asks for"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern policy explain --policy policy.yaml --ip 203.0.113.9 --scope repository:acme/app:pull",
            "  postern policy explain --peer 10.0.0.1 --header 'X-Forwarded-For: 203.0.113.9' --user user:acme/alice"
        })
final class PolicyExplainCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Mixin
    PolicyOption policy;

    @Option(names = "--ip", paramLabel = "ADDRESS", description = "The caller's address, whatever proxies there are.")
    @Nullable
    String ip;

    @Option(
            names = "--peer",
            paramLabel = "ADDRESS",
            description = "Instead of --ip: the transport peer, an address or 'unix', with the headers below.")
    @Nullable
    String peer;

    @Mixin
    ConnectionOptions caller;

    @Option(
            names = {"--identity", "--user"},
            paramLabel = "SUBJECT",
            defaultValue = "anonymous",
            description =
                    "service-id:ACCOUNT/NAME, user:ACCOUNT/NAME, federated:ACCOUNT/NAME or anonymous (the default).")
    String identity;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "What is asked for, such as repository:acme/app:pull,push; once for each. None: a login.")
    List<String> scopes = new ArrayList<>();

    @Option(names = "--at", paramLabel = "INSTANT", description = "When, such as 2026-12-31T00:00:00Z. Default: now.")
    @Nullable
    String at;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        Caller from = caller();
        Subject subject = Subject.parse(identity)
                .filter(parsed -> parsed.kind().isCallerOfPolicy())
                .orElseThrow(() -> wrong(
                        "--identity expects service-id:ACCOUNT/NAME, user:ACCOUNT/NAME, federated:ACCOUNT/NAME or anonymous,"
                                + " found '" + identity + "'"));
        List<Scope> asked = scopes.stream().map(this::scope).toList();
        Instant when = when();
        options.apply();
        PosternConfig config = Settings.load();
        Policy loaded = policy.load(config);
        Trials trials = PolicyTrial.of(config, loaded);
        if (!trials.knows(subject)) {
            throw wrong("the policy has no " + subject);
        }
        Outcome outcome = trials.decide(from, subject, asked, when);
        spec.commandLine()
                .getOut()
                .println(output.isJson() ? json(outcome, when, loaded) : Paint.on(spec.commandLine(), outcome.text()));
        boolean something = asked.isEmpty() || !outcome.granted().isEmpty();
        return outcome.verdict() == Verdict.GRANTED && something ? 0 : 1;
    }

    private Caller caller() {
        if ((ip == null) == (peer == null)) {
            throw wrong("either --ip or --peer is needed");
        }
        return ip != null
                ? new Caller.At(caller.address("--ip", ip))
                : new Caller.Behind(caller.connection(String.valueOf(peer)));
    }

    private Scope scope(String text) {
        return switch (Scope.parse(text)) {
            case Scope.Parsed parsed -> parsed.scope();
            case Scope.Malformed malformed -> throw wrong("--scope '" + text + "': " + malformed.why());
        };
    }

    private Instant when() {
        try {
            return at == null ? Instant.now() : Instant.parse(at);
        } catch (DateTimeParseException e) {
            throw wrong("--at expects an instant such as 2026-12-31T00:00:00Z, found '" + at + "'");
        }
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private static String json(Outcome outcome, Instant when, Policy policy) {
        return AuditJson.write(new AuditEvent(
                "none",
                when,
                "trial",
                outcome.request(),
                outcome.decision(),
                Optional.of(policy.version()),
                new ClientClaims(Optional.empty(), Optional.empty(), Optional.empty()),
                Optional.empty()));
    }
}
