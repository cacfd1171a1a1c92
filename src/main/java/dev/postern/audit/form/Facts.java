package dev.postern.audit.form;

import dev.postern.address.Address;
import dev.postern.audit.AuditEvent;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Purpose;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What every common schema asks of an event. */
record Facts(AuditEvent event) {

    /** Whether anything was let through: a token without anything of what was asked for is not. */
    boolean isAllowed() {
        return event.decision() instanceof Decision.Granted && event.decision().reason() == Reason.GRANTED;
    }

    /** {@code granted}, {@code empty} or {@code refused}. */
    String outcome() {
        return event.decision() instanceof Decision.Refused ? "refused" : isAllowed() ? "granted" : "empty";
    }

    /** The wire name of the reason. */
    String reason() {
        return event.decision().reason().wireName();
    }

    /** What the caller reads, of a refusal. */
    Optional<String> message() {
        return event.decision() instanceof Decision.Refused refused ? Optional.of(refused.message()) : Optional.empty();
    }

    /** What was asked for: a token, or that a request may pass. */
    String action() {
        return event.request().purpose() instanceof Purpose.Passage ? "authorize" : "token";
    }

    /** The address that was judged, or that of the originator where no other is known. */
    Optional<Address> address() {
        return switch (event.request().source()) {
            case Source.PublicSource known -> Optional.of(known.address());
            case Source.PrivateSource known -> known.observed().or(known::originator);
            case Source.UnknownSource unknown -> Optional.empty();
        };
    }

    /** The private endpoint by which it came. */
    Optional<String> endpoint() {
        return event.request().source() instanceof Source.PrivateSource known
                ? Optional.of(known.endpoint())
                : Optional.empty();
    }

    /** {@code public}, {@code private} or {@code unknown}. */
    String side() {
        return switch (event.request().source()) {
            case Source.PublicSource known -> "public";
            case Source.PrivateSource known -> "private";
            case Source.UnknownSource unknown -> "unknown";
        };
    }

    /** Who it was, where that is known and somebody of the policy's, or anonymous. */
    Optional<Subject> subject() {
        return event.request().authentication() instanceof Authentication.Authenticated known
                        && !(known.identity() instanceof Identity.Foreign)
                ? Optional.of(known.identity().subject())
                : Optional.empty();
    }

    /** Who it was, as a text: {@code anonymous} for a caller without credentials. */
    Optional<String> subjectText() {
        return event.request().authentication() instanceof Authentication.Authenticated known
                        && known.identity() instanceof Identity.Foreign foreign
                ? Optional.of(foreign.text())
                : subject()
                        .map(subject ->
                                subject.kind() == Subject.Kind.ANONYMOUS ? "anonymous" : subject.toString());
    }

    /** What it was known by. */
    Optional<String> credential() {
        return event.request().authentication() instanceof Authentication.Authenticated known
                ? switch (known.identity()) {
                    case Identity.Known identity -> Optional.of(identity.credential());
                    case Identity.Federated identity -> Optional.of(identity.credential());
                    case Identity.Foreign identity -> Optional.of(identity.credential());
                    case Identity.Anonymous anonymous -> Optional.empty();
                }
                : Optional.empty();
    }

    /** The step that decided. */
    Optional<Explanation.Step> rule() {
        return event.decision().explanation().deciding();
    }

    /** The reason for which it would be refused, were everything enforced that is in report mode. */
    Optional<String> wouldRefuse() {
        return event.decision() instanceof Decision.Granted granted
                ? granted.wouldBe().map(wouldBe -> wouldBe.reason().wireName())
                : Optional.empty();
    }

    /** What was asked for. */
    List<Scope> asked() {
        return event.request().scopes();
    }

    /** What was granted, as scopes; those without an action are left out. */
    List<String> granted() {
        List<String> granted = new ArrayList<>();
        if (event.decision() instanceof Decision.Granted grants) {
            for (Decision.Grant grant : grants.grants()) {
                if (!grant.actions().isEmpty()) {
                    granted.add(grant.scope().type() + ":" + grant.scope().name() + ":"
                            + String.join(",", grant.actions()));
                }
            }
        }
        return granted;
    }

    /** One line for a person. */
    String sentence() {
        String who = subjectText().orElse("somebody unknown");
        String where = address().map(address -> " from " + address).orElse(" from an unknown place");
        return action() + " " + outcome() + " (" + reason() + ") for " + who + where
                + endpoint().map(name -> " by private endpoint " + name).orElse("");
    }
}
