package dev.postern.console;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.audit.AuditEvent;
import dev.postern.decision.Decision;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import java.util.List;
import java.util.stream.Stream;

/**
 * A refusal, as it is shown: no more of it is kept.
 *
 * @param sequence its number
 * @param id the decision's id
 * @param time when, in UTC
 * @param door at which door
 * @param reason why, by its name in the documentation
 * @param enforced whether it was refused, or would be
 * @param source where from, in a few words
 * @param who whom the caller showed itself to be
 * @param asked what was asked for
 * @param message what the caller read
 * @param policy the policy that decided
 * @param at where the rule stands that decided
 * @param chain the evidence and the rulesets, link by link
 * @param advice what would have to change
 */
public record Refusal(
        long sequence,
        String id,
        String time,
        String door,
        String reason,
        boolean enforced,
        String source,
        String who,
        List<String> asked,
        String message,
        String policy,
        String at,
        List<Link> chain,
        Advice advice) {

    private static final int MOST_ASKED = 10;
    private static final int BLOCK_IPV4 = 24;
    private static final int BLOCK_IPV6 = 48;

    /** What is shown of the event. */
    static Refusal of(long sequence, AuditEvent event) {
        Decision decision = event.decision();
        return new Refusal(
                sequence,
                Texts.shown(event.id()),
                Texts.dateAndTime(event.time()),
                Texts.shown(event.door()),
                reason(decision),
                decision instanceof Decision.Refused,
                source(event.request().source()),
                Texts.shown(who(event.request().authentication())),
                asked(event),
                Texts.shown(message(decision)),
                event.policyVersion().map(Texts::shown).orElse("none"),
                decision.explanation()
                        .deciding()
                        .flatMap(step -> step.position())
                        .map(position -> Texts.shown(position.toString()))
                        .orElse(""),
                Chain.of(event.request().source(), decision),
                Advice.of(event, "after decision " + event.id()));
    }

    private static String reason(Decision decision) {
        return decision instanceof Decision.Granted granted
                ? granted.wouldBe()
                        .map(Decision.WouldBe::reason)
                        .orElse(granted.reason())
                        .wireName()
                : decision.reason().wireName();
    }

    private static String message(Decision decision) {
        return switch (decision) {
            case Decision.Refused refused -> refused.message();
            case Decision.Granted granted -> "nothing: it is in report mode, and was let in";
        };
    }

    private static List<String> asked(AuditEvent event) {
        int count = event.request().scopes().size();
        List<String> asked = event.request().scopes().stream()
                .limit(MOST_ASKED)
                .map(scope -> Texts.shown(scope.toString()))
                .toList();
        return count <= MOST_ASKED
                ? asked
                : Stream.concat(asked.stream(), Stream.of((count - MOST_ASKED) + " more"))
                        .toList();
    }

    static String source(Source source) {
        return switch (source) {
            case Source.PublicSource known -> known.address().toString();
            case Source.PrivateSource known ->
                Texts.shown(known.endpoint() + known.arrival().text());
            case Source.UnknownSource unknown -> "unknown: " + unknown.why().wireName();
        };
    }

    /** What counts as one source: whoever has one address of the block mostly has them all. */
    static String block(Source source) {
        return switch (source) {
            case Source.PublicSource known -> block(known.address());
            case Source.PrivateSource known ->
                Texts.shown("private endpoint " + known.endpoint()
                        + known.linkId().map(link -> ", link " + link).orElse(""));
            case Source.UnknownSource unknown ->
                "unknown, from "
                        + unknown.evidence().stream()
                                .findFirst()
                                .map(Hop::address)
                                .flatMap(Address::parse)
                                .map(Refusal::block)
                                .orElse("nowhere");
        };
    }

    private static String block(Address address) {
        return AddressRange.block(address, address.family() == Address.Family.IPV4 ? BLOCK_IPV4 : BLOCK_IPV6)
                .toString();
    }

    private static String who(Authentication authentication) {
        return switch (authentication) {
            case Authentication.Authenticated known ->
                switch (known.identity()) {
                    case Identity.Anonymous anonymous -> "anonymous";
                    case Identity.Known identity -> identity.subject().toString();
                    case Identity.Federated identity -> identity.subject().toString();
                    case Identity.Foreign identity -> identity.name() + " of " + identity.issuer();
                };
            case Authentication.Rejected rejected -> "wrong credentials";
            case Authentication.RejectedToken rejected ->
                "a rejected token"
                        + rejected.issuer().map(issuer -> " of " + issuer).orElse("");
            case Authentication.Throttled throttled -> "not judged: too many were wrong";
            case Authentication.Missing missing -> "no credentials";
            case Authentication.NotAttempted notAttempted -> "not judged";
            case Authentication.Unavailable unavailable -> "could not be judged";
        };
    }
}
