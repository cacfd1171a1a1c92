package dev.postern.cli;

import dev.postern.address.AddressSet;
import dev.postern.feed.FeedCopy;
import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedDifference;
import dev.postern.feed.FeedState;
import dev.postern.setup.FeedDesk;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern feed accept}. */
@Command(
        name = "accept",
        mixinStandardHelpOptions = true,
        description = {
            "Accepts what the server holds back of a feed: that, and nothing that comes after it. The server takes it within"
                    + " a second, or at its next start. Run it where the server's data directory is."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:accepted", "1:nothing is held back"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern feed accept ci --config application.yaml"})
final class FeedAcceptCommand implements Callable<Integer> {

    @Mixin
    FeedOptions feeds;

    @Parameters(paramLabel = "ZONE", description = "The zone that follows the feed.")
    String zone;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        FeedDesk desk = feeds.open();
        PrintWriter out = spec.commandLine().getOut();
        FeedDeclaration feed = desk.feeds(List.of(zone)).getFirst();
        FeedState kept = desk.kept(feed, spec.commandLine().getErr()::println).state();
        Optional<FeedState.HeldBack> held = kept.heldBack();
        if (held.isEmpty()) {
            throw new CommandFault(ExitCode.NO, "nothing is held back for zone " + zone);
        }
        FeedCopy copy = held.get().copy();
        AddressSet before = kept.good().map(FeedCopy::addresses).orElse(AddressSet.of(List.of()));
        FeedDifference change = FeedDifference.between(before, copy.addresses());
        desk.accept(feed, held.get());
        if (output.isJson()) {
            out.println(new Json()
                    .with("zone", zone)
                    .with("prefixes", copy.prefixes())
                    .with("fetched_at", copy.fetchedAt())
                    .with("added", change.added().ranges().size())
                    .with("removed", change.removed().ranges().size())
                    .with("why", held.get().why())
                    .text());
            return 0;
        }
        out.println("zone " + zone + ": accepted, " + copy.prefixes() + " prefixes of "
                + copy.fetchedAt() + "; " + change.added().ranges().size() + " ranges more, "
                + change.removed().ranges().size() + " less");
        out.println("  it was held back because " + held.get().why());
        return 0;
    }
}
