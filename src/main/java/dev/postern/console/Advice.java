package dev.postern.console;

import dev.postern.audit.AuditEvent;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Explanation.Outcome;
import dev.postern.decision.Reason;
import dev.postern.policy.suggesting.CoverLimits;
import dev.postern.policy.suggesting.Section;
import dev.postern.policy.suggesting.Sightings;
import dev.postern.policy.suggesting.Suggestions;
import dev.postern.policy.writing.AllowListText;
import dev.postern.policy.writing.PolicyWriter;
import dev.postern.policy.writing.RuleText;
import dev.postern.source.Source;
import java.util.List;
import java.util.Optional;

/**
 * What would have to change for a request not to be refused.
 *
 * @param text in words
 * @param rule the smallest rule that admits it, as it stands in a policy; empty where no rule does
 */
public record Advice(String text, String rule) {

    /**
     * Of this event, in which somebody was refused, or would be.
     *
     * @param note what goes into the rule
     */
    static Advice of(AuditEvent event, String note) {
        Decision decision = event.decision();
        Reason reason = decision instanceof Decision.Granted granted
                ? granted.wouldBe().map(Decision.WouldBe::reason).orElse(granted.reason())
                : decision.reason();
        return switch (reason) {
            case ADDRESS_NOT_LISTED -> unlisted(event, note);
            case ADDRESS_DENIED ->
                words("A deny rule" + at(decision) + " names it, and deny beats allow: no rule that is added admits it."
                        + " Take the source out of that rule, or the rule away.");
            case PUBLIC_ACCESS_DISABLED ->
                words("The section" + at(decision)
                        + " has public-access: disabled, whatever its lists say. Let the caller come"
                        + " by a private endpoint, or enable public access there.");
            case PRIVATE_ACCESS_DISABLED ->
                words("The section" + at(decision)
                        + " has private-access: disabled, whatever its lists say. Set it to evaluate,"
                        + " and allow the endpoint.");
            case SOURCE_UNKNOWN -> words(unknown(event.request().source()));
            case BOUND_ELSEWHERE ->
                words("The token was issued to another source. The client has to ask for one from where it is.");
            case NO_CREDENTIALS -> words("The client has to sign in.");
            case BAD_CREDENTIALS -> words("The credentials are wrong. No rule changes that.");
            case TOO_MANY_FAILURES ->
                words("Too many credentials were wrong that count together with this one. It passes with time.");
            case MALFORMED_REQUEST -> words("The request cannot be read. The client has to ask in another form.");
            case UNAVAILABLE ->
                words("Something that is needed to decide was not there; see Now for what is degraded.");
            case NOT_PERMITTED, GRANTED ->
                words("No binding gives what was asked for. Network rules do not matter here; a binding does.");
        };
    }

    private static Advice words(String text) {
        return new Advice(Texts.shown(text), "");
    }

    private static String unknown(Source source) {
        String why = source instanceof Source.UnknownSource unknown
                ? unknown.why().remedy().map(remedy -> ": " + remedy).orElse("")
                : "";
        return "Where the caller is could not be known, and no rule admits that. Look at the chain for the link that"
                + " is wrong"
                + why + ".";
    }

    private static String at(Decision decision) {
        return decision.explanation()
                .deciding()
                .flatMap(Explanation.Step::position)
                .map(position -> " at " + position)
                .orElse("");
    }

    private static Advice unlisted(AuditEvent event, String note) {
        if (!event.reduced().equals(AuditEvent.Reduced.NOTHING)) {
            return words("An allow rule for the source would admit it. Which source that is, is not kept here:"
                    + " postern.audit.addresses or postern.audit.subjects reduces it.");
        }
        Sightings sightings =
                new Sightings(event.decision().explanation().steps().size() + 1);
        for (Explanation.Step step : event.decision().explanation().steps()) {
            boolean refuses = step.outcome() == Outcome.REFUSED || step.outcome() == Outcome.WOULD_REFUSE;
            if (refuses && step.finding().equals(Explanation.NOT_LISTED)) {
                Section.of(step.ruleset())
                        .ifPresent(section ->
                                sightings.add(section, event.request().source(), event.time()));
            }
        }
        return switch (Suggestions.of(sightings, CoverLimits.NONE)) {
            case Suggestions.Suggested suggested
            when !suggested.lists().isEmpty() ->
                new Advice(
                        "No rule allows it, and the default is deny. This one does, and no more; rulesets that come"
                                + " after were not asked yet.",
                        PolicyWriter.allowLists(
                                List.of(),
                                suggested.lists().stream()
                                        .map(list -> noted(list, note))
                                        .toList()));
            case Suggestions.Suggested none -> words("No rule allows it, and the default is deny.");
            case Suggestions.Impossible impossible -> words(impossible.why());
        };
    }

    /** What the suggester says of counts is of no use for one. */
    private static AllowListText noted(AllowListText list, String note) {
        return new AllowListText(
                list.account(),
                list.identity(),
                list.rules().stream()
                        .map(rule -> new RuleText(rule.matcher(), Optional.of(note), Optional.empty()))
                        .toList());
    }
}
