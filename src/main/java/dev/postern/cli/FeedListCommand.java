package dev.postern.cli;

import dev.postern.feed.load.FeedStatus;
import dev.postern.setup.FeedDesk;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code postern feed list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Says which zones follow which feeds, and what the server's copies of these are. Asks nobody.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern feed list --config application.yaml"})
final class FeedListCommand implements Callable<Integer> {

    @Mixin
    FeedOptions feeds;

    @Mixin
    OutputOption output;

    @Parameters(arity = "0..*", paramLabel = "ZONE", description = "Only these zones.")
    List<String> zones = List.of();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        FeedDesk desk = feeds.open();
        PrintWriter err = spec.commandLine().getErr();
        List<FeedStatus> statuses = desk.feeds(zones).stream()
                .map(feed -> desk.kept(feed, err::println))
                .toList();
        if (output.isJson()) {
            json(statuses);
        } else {
            statuses.forEach(this::text);
        }
        return 0;
    }

    private void text(FeedStatus each) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("zone " + each.feed().zone() + ": " + each.feed().text());
        out.println(each.state()
                .good()
                .map(copy -> "  " + copy.prefixes() + " prefixes, fetched at " + copy.fetchedAt() + ", confirmed at "
                        + copy.confirmedAt() + (each.stale() ? ", stale" : ""))
                .orElse("  no copy"));
        each.state()
                .heldBack()
                .ifPresent(
                        held -> out.println("  held back since " + held.copy().fetchedAt() + ": " + held.why()));
    }

    private void json(List<FeedStatus> statuses) throws IOException {
        try (FeedJson json = new FeedJson()) {
            for (FeedStatus each : statuses) {
                json.begin(each.feed(), each.state());
                json.copy("copy", each.state().good());
                json.copy("held_back", each.state().heldBack().map(held -> held.copy()));
                json.field("stale", each.stale());
                json.end();
            }
            spec.commandLine().getOut().println(json.text());
        }
    }
}
