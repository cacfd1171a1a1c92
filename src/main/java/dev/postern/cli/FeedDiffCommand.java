package dev.postern.cli;

import dev.postern.address.AddressSet;
import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedDifference;
import dev.postern.feed.FeedId;
import dev.postern.feed.FeedState;
import dev.postern.setup.FeedDesk;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern feed diff}. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = {
            "Asks the publishers now, and shows what would change against the server's copies. Changes nothing."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all of it would be taken", "1:something would not be"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern feed diff", "  postern feed diff ci --output json"})
final class FeedDiffCommand implements Callable<Integer> {

    private static final AddressSet NOTHING = AddressSet.of(List.of());

    @Mixin
    FeedOptions feeds;

    @Mixin
    OutputOption output;

    @Parameters(arity = "0..*", paramLabel = "ZONE", description = "Only these zones.")
    List<String> zones = List.of();

    @Spec
    CommandSpec spec;

    /** A feed before and after. */
    private record Change(FeedDeclaration feed, Optional<FeedCopy> before, FeedState after) {

        /** What the publisher says, where it could be read: taken, or held back. */
        Optional<FeedCopy> said() {
            return switch (after.outcome()) {
                case TAKEN, CONFIRMED -> after.good();
                case HELD_BACK -> after.heldBack().map(FeedState.HeldBack::copy);
                case REFUSED, UNREACHABLE, NEVER_ASKED -> Optional.empty();
            };
        }

        Optional<FeedDifference> difference() {
            return said().map(copy ->
                    FeedDifference.between(before.map(FeedCopy::addresses).orElse(NOTHING), copy.addresses()));
        }

        boolean isTaken() {
            return switch (after.outcome()) {
                case TAKEN, CONFIRMED -> true;
                case HELD_BACK, REFUSED, UNREACHABLE, NEVER_ASKED -> false;
            };
        }

        String verdict() {
            return switch (after.outcome()) {
                case TAKEN -> "would be taken";
                case CONFIRMED -> "unchanged";
                case HELD_BACK -> "would be held back: " + after.detail();
                case REFUSED, UNREACHABLE, NEVER_ASKED -> after.outcome().wireName() + ": " + after.detail();
            };
        }
    }

    @Override
    public Integer call() throws IOException {
        FeedDesk desk = feeds.open();
        PrintWriter err = spec.commandLine().getErr();
        List<FeedDeclaration> asked = desk.feeds(zones);
        Map<FeedId, FeedState> states = desk.ask(asked, err::println);
        List<Change> changes = asked.stream()
                .map(feed -> new Change(
                        feed,
                        desk.kept(feed, again -> {}).state().good(),
                        Objects.requireNonNull(states.get(feed.id()))))
                .toList();
        if (output.isJson()) {
            json(changes);
        } else {
            changes.forEach(this::text);
        }
        return changes.stream().allMatch(Change::isTaken) ? 0 : 1;
    }

    private void text(Change change) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("zone " + change.feed().zone() + ": " + change.feed().text());
        change.difference().ifPresent(difference -> {
            difference.added().ranges().forEach(range -> out.println("  + " + range));
            difference.removed().ranges().forEach(range -> out.println("  - " + range));
            out.println("  "
                    + change.before().map(copy -> copy.prefixes() + " prefixes").orElse("nothing") + " before, "
                    + change.said().map(FeedCopy::prefixes).orElse(0) + " now; "
                    + difference.added().ranges().size() + " ranges more, "
                    + difference.removed().ranges().size() + " less");
        });
        out.println("  " + change.verdict());
    }

    private void json(List<Change> changes) throws IOException {
        try (FeedJson json = new FeedJson()) {
            for (Change change : changes) {
                json.begin(change.feed(), change.after());
                json.copy("before", change.before());
                json.copy("now", change.said());
                json.ranges(
                        "added", change.difference().map(FeedDifference::added).orElse(NOTHING));
                json.ranges(
                        "removed",
                        change.difference().map(FeedDifference::removed).orElse(NOTHING));
                json.end();
            }
            spec.commandLine().getOut().println(json.text());
        }
    }
}
