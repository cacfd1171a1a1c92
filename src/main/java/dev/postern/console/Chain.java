package dev.postern.console;

import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import java.util.ArrayList;
import java.util.List;

/** Makes the chain that is drawn of a decision: from the transport peer to the caller, and on past each ruleset to the verdict. */
final class Chain {

    private static final int MOST = 40;

    private final List<Link> links = new ArrayList<>();
    private int left;

    private Chain() {}

    /** Where a request comes from, hop by hop. */
    static List<Link> of(Source source) {
        Chain chain = new Chain();
        chain.source(source);
        return chain.done();
    }

    /** The same, and what was decided. */
    static List<Link> of(Source source, Decision decision) {
        Chain chain = new Chain();
        chain.source(source);
        for (Explanation.Step step : decision.explanation().steps()) {
            chain.add(link(step));
        }
        chain.links.add(verdict(decision));
        return chain.done();
    }

    private void source(Source source) {
        source.evidence().forEach(hop -> add(link(hop)));
        add(
                switch (source) {
                    case Source.PublicSource known ->
                        new Link("source", known.address().toString(), "public", "plain", "");
                    case Source.PrivateSource known ->
                        new Link(
                                "source",
                                "private endpoint " + Texts.shown(known.endpoint()),
                                "private" + Texts.shown(known.arrival().text()),
                                "plain",
                                "");
                    case Source.UnknownSource unknown ->
                        new Link("source", "unknown", unknown.why().wireName(), "bad", "");
                });
    }

    private void add(Link link) {
        if (links.size() < MOST) {
            links.add(link);
        } else {
            left++;
        }
    }

    private List<Link> done() {
        if (left > 0) {
            links.add(links.size() - 1, new Link("more", left + " more", "not shown here", "note", ""));
        }
        return List.copyOf(links);
    }

    private static Link link(Hop hop) {
        String tone = switch (hop.finding()) {
            case TRUSTED_PROXY, ORIGINATOR -> "plain";
            case CALLER, CALLER_ITSELF_TRUSTED, PRIVATE_ENDPOINT -> "good";
            case UNKNOWN_LINK, PRIVATE_HOSTNAME, UNDECIDED, NOT_A_LINK, NOT_AN_ADDRESS -> "bad";
        };
        return new Link(
                hop.by().wireName(), Texts.shown(hop.address()), hop.finding().wireName(), tone, "");
    }

    private static Link link(Explanation.Step step) {
        String outcome = switch (step.outcome()) {
            case PASSED -> "";
            case TRUSTED -> "lets past: ";
            case WOULD_PASS -> "would let pass: ";
            case WOULD_REFUSE -> "would refuse: ";
            case DENIED -> "takes away: ";
            case REFUSED -> "refuses: ";
            case GRANTED -> "grants: ";
        };
        String tone = switch (step.outcome()) {
            case PASSED -> "plain";
            case TRUSTED, WOULD_PASS, WOULD_REFUSE -> "note";
            case DENIED, REFUSED -> "bad";
            case GRANTED -> "good";
        };
        return new Link(
                step.ruleset().startsWith("scope ") ? "scope" : "ruleset",
                Texts.shown(step.ruleset()),
                outcome + Texts.shown(step.finding()),
                tone,
                step.position().map(at -> Texts.shown(at.toString())).orElse(""));
    }

    private static Link verdict(Decision decision) {
        return switch (decision) {
            case Decision.Refused refused ->
                new Link("decision", "refused", refused.reason().wireName(), "bad", "");
            case Decision.Granted granted -> {
                boolean nothing = !granted.grants().isEmpty()
                        && granted.grants().stream()
                                .allMatch(grant -> grant.actions().isEmpty());
                yield new Link(
                        "decision",
                        nothing ? "granted, and nothing in it" : "granted",
                        granted.wouldBe()
                                .map(refusal ->
                                        "would be refused: " + refusal.reason().wireName())
                                .orElse(granted.reason().wireName()),
                        nothing || granted.wouldBe().isPresent() ? "note" : "good",
                        "");
            }
        };
    }
}
