package dev.postern.console;

import dev.postern.source.Source;
import java.util.List;

/**
 * What the page <em>me</em> shows.
 *
 * @param source where the visitor comes from, in a few words
 * @param address the address, for a trial; empty where there is none
 * @param chain the evidence
 */
public record MeView(String source, String address, List<Link> chain) {

    static MeView of(Ask ask) {
        String address = ask.source() instanceof Source.PublicSource known
                ? known.address().toString()
                : "";
        return new MeView(Refusal.source(ask.source()), address, Chain.of(ask.source()));
    }
}
