package dev.postern.cli;

import dev.postern.audit.AuditRecord;
import dev.postern.policy.Names;
import dev.postern.policy.suggesting.CoverLimits;
import dev.postern.policy.suggesting.Section;
import dev.postern.policy.suggesting.Sightings;
import dev.postern.policy.suggesting.Suggestions;
import dev.postern.policy.writing.PolicyWriter;
import dev.postern.source.Source.UnknownSource;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern policy suggest}. */
@Command(
        name = "suggest",
        mixinStandardHelpOptions = true,
        description = {
            "Reads the audit log of a time in report mode, and prints the smallest allow lists that would have admitted what was"
                    + " seen: blocks that hold the addresses and no other, unless an option lets them be wider.",
            "Look through them: whoever had credentials was seen."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:suggested, or there is nothing to suggest", "1:nothing can be suggested within the limits"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern policy suggest audit.jsonl",
            "  postern policy suggest --account acme --max-blocks 20 --widest /24,/48 audit.jsonl"
        })
final class PolicySuggestCommand implements Callable<Integer> {

    /** Sources that are held at once, some 50 MiB of them. */
    private static final int MAX_SOURCES = 100_000;

    /** More rules than a person looks through; and bounds the work for them. */
    private static final int MOST_BLOCKS = 1_000;

    private static final Pattern WIDEST = Pattern.compile("/([0-9]{1,2})(?:,/([0-9]{1,3}))?");

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "The server's output, or the audit events of it, one to a line; '-' is standard input.")
    List<Path> files = new ArrayList<>();

    @Option(names = "--account", paramLabel = "NAME", description = "This account alone; may be repeated.")
    Set<String> accounts = new HashSet<>();

    @Option(
            names = "--by-identity",
            description = "A list for each service id and user, of all that it was let in from: such a list narrows the"
                    + " account's, and must have the rest of it, too.")
    boolean byIdentity;

    @Option(
            names = "--all",
            description =
                    "All that was let in by its address, not only what would have been refused. What was refused stays"
                            + " out.")
    boolean all;

    @Option(
            names = "--max-blocks",
            paramLabel = "N",
            description =
                    "At most N blocks of IPv4 and N of IPv6 for each list, and of all such the ones that admit the"
                            + " fewest addresses that were not seen.")
    @Nullable
    Integer maxBlocks;

    @Option(
            names = "--widest",
            paramLabel = "/N[,/N]",
            description =
                    "No block wider than this, of IPv4 and of IPv6: /24,/48. Without --max-blocks: as few blocks as that"
                            + " allows.")
    @Nullable
    String widest;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    private final Sightings sightings = new Sightings(MAX_SOURCES);
    private long counted;
    private long unknown;
    private long beyondRules;

    @Override
    public Integer call() {
        CoverLimits limits = limits();
        for (String account : accounts) {
            if (!Names.isName(account)) {
                throw wrong("--account expects a name: " + Names.NAME_FORM);
            }
        }
        PrintWriter err = spec.commandLine().getErr();
        AuditLog log = new AuditLog(err);
        try {
            log.read(files, name -> System.in, this::take);
        } catch (AuditLog.Stopped e) {
            throw new CommandFault(e.exitCode(), String.valueOf(e.getMessage()));
        }
        summarize(log, err);
        if (sightings.isEmpty()) {
            if (output.isJson()) {
                print(json(Optional.empty()));
            }
            return 0;
        }
        return switch (Suggestions.of(sightings, limits)) {
            case Suggestions.Suggested suggested -> {
                String policy = PolicyWriter.allowLists(remarks(), suggested.lists());
                print(output.isJson() ? json(Optional.of(policy)) : policy);
                yield 0;
            }
            case Suggestions.Impossible impossible -> throw new CommandFault(ExitCode.NO, impossible.why());
        };
    }

    private void print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    private String json(Optional<String> policy) {
        return new Json()
                        .with("policy", policy)
                        .with("counted", counted)
                        .with("unknown_sources", unknown)
                        .with("beyond_rules", beyondRules)
                        .text()
                + "\n";
    }

    private Optional<String> take(AuditRecord event) throws AuditLog.Stopped {
        if (event.door().equals("trial")) {
            // What 'policy explain --output json' prints: nobody asked.
            return Optional.empty();
        }
        if (event.isReduced()) {
            return Optional.of(
                    "its addresses or names are reduced (postern.audit.addresses, .subjects), and are nobody's");
        }
        if (event.source() instanceof UnknownSource) {
            unknown++;
            return Optional.empty();
        }
        beyondRules += event.isRefusedWhateverIsAllowed() ? 1 : 0;
        Set<Section> sections = new HashSet<>();
        for (String ruleset : all || byIdentity ? event.admitting() : event.missed()) {
            Optional<Section> section = Section.of(ruleset);
            if (section.isEmpty() && !ruleset.startsWith("scope ")) {
                return Optional.of("a 'ruleset' that is not known");
            }
            section.filter(this::isWanted).ifPresent(sections::add);
        }
        boolean counts = false;
        for (Section section : byIdentity ? own(event, sections) : sections) {
            counts = true;
            if (sightings.add(section, event.source(), event.time()) == Sightings.Taken.TOO_MANY_SOURCES) {
                throw new AuditLog.Stopped(
                        ExitCode.NO,
                        "more than " + MAX_SOURCES + " different sources; nothing is suggested of a part of"
                                + " them. Take a shorter log, or one account (--account)");
            }
        }
        counted += counts ? 1 : 0;
        return Optional.empty();
    }

    private boolean isWanted(Section section) {
        return accounts.isEmpty() || section.account().map(accounts::contains).orElse(false);
    }

    /** The identity's own section, where its own side lets it in. */
    private static Set<Section> own(AuditRecord event, Set<Section> sections) {
        return event.subject()
                .flatMap(Section::of)
                .filter(own -> sections.contains(new Section(own.account(), Optional.empty())))
                .map(Set::of)
                .orElse(Set.of());
    }

    private void summarize(AuditLog log, PrintWriter err) {
        err.println("postern: " + log.summary() + "; " + counted + " of them count");
        if (unknown > 0) {
            err.println("postern: " + unknown + " from unknown sources, for which there is no rule");
        }
        if (beyondRules > 0) {
            err.println(
                    "postern: " + beyondRules
                            + " refused, or to be refused, by a deny rule, a switch or for another reason that no allow rule changes");
        }
        if (sightings.isEmpty()) {
            err.println("postern: nothing to suggest"
                    + (all || byIdentity ? "" : ": nothing would have been refused for want of a rule"));
        }
    }

    private List<String> remarks() {
        List<String> remarks = new ArrayList<>();
        remarks.add("Suggested by postern policy suggest, of " + counted + " requests"
                + (all || byIdentity ? " that were let in." : " that would have been refused."));
        remarks.add("Look through it: whoever had credentials was seen. Add the rules to those that stand.");
        return remarks;
    }

    private CoverLimits limits() {
        if (maxBlocks != null && (maxBlocks < 1 || maxBlocks > MOST_BLOCKS)) {
            throw wrong("--max-blocks expects 1 to " + MOST_BLOCKS);
        }
        OptionalInt most = maxBlocks == null ? OptionalInt.empty() : OptionalInt.of(maxBlocks);
        if (widest == null) {
            return new CoverLimits(most, OptionalInt.empty(), OptionalInt.empty());
        }
        Matcher form = WIDEST.matcher(widest);
        if (form.matches()) {
            OptionalInt ipv4 = OptionalInt.of(Integer.parseInt(form.group(1)));
            OptionalInt ipv6 =
                    form.group(2) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(form.group(2)));
            if (ipv4.getAsInt() <= 32 && ipv6.orElse(0) <= 128) {
                return new CoverLimits(most, ipv4, ipv6);
            }
        }
        throw wrong("--widest expects the shortest prefix of IPv4, and of IPv6 if you like: /24 or /24,/48");
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
