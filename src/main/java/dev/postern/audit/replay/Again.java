package dev.postern.audit.replay;

import dev.postern.audit.AuditDetails;
import dev.postern.audit.AuditRecord;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Gate;
import dev.postern.decision.Purpose;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.decision.Warrant;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.Position;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides one event again, by a policy. Keeps nothing: threads may share it. */
final class Again {

    private static final Set<String> UNDECIDED =
            Set.of(Reason.UNAVAILABLE.wireName(), Reason.TOO_MANY_FAILURES.wireName());

    private static final Verdict SAME = new Verdict.Same();

    private final Policy policy;
    private final Gate gate;

    Again(Policy policy, Gate gate) {
        this.policy = policy;
        this.gate = gate;
    }

    /** The event cannot be decided again; says why. */
    private static final class NotAgain extends Exception {
        private static final long serialVersionUID = 1L;

        NotAgain(String why) {
            super(why, null, false, false);
        }
    }

    /** What would be decided of the line's event at its own time, and how that differs. */
    Verdict decide(String line) {
        Optional<AuditDetails> details = AuditDetails.read(line);
        if (details.isEmpty()) {
            return new Verdict.Bad();
        }
        try {
            return decide(details.get());
        } catch (NotAgain e) {
            return new Verdict.LeftOut(String.valueOf(e.getMessage()));
        }
    }

    private Verdict decide(AuditDetails details) throws NotAgain {
        AccessRequest request = request(details);
        Decision now = gate.decide(policy, request, details.event().time());
        Optional<Change.Kind> kind = kind(details, now);
        if (kind.isEmpty()) {
            return SAME;
        }
        return new Verdict.Otherwise(new Change(
                kind.get(), account(details, request), rule(details, kind.get(), now), source(request.source())));
    }

    private AccessRequest request(AuditDetails details) throws NotAgain {
        AuditRecord event = details.event();
        if (event.door().equals("trial")) {
            throw new NotAgain("asked by nobody ('policy explain')");
        }
        if (event.isReduced()) {
            throw new NotAgain("with reduced addresses or names");
        }
        if (UNDECIDED.contains(details.text("reason").orElse(""))) {
            throw new NotAgain("not decided by a policy (unavailable, too-many-failures)");
        }
        List<Scope> scopes = new ArrayList<>();
        for (String asked : texts(details.fields().get("scopes"), "asked")) {
            scopes.add(scope(asked));
        }
        return new AccessRequest(event.source(), authentication(details), scopes, purpose(details));
    }

    private static Scope scope(String text) throws NotAgain {
        if (Scope.parse(text) instanceof Scope.Parsed parsed) {
            return parsed.scope();
        }
        throw new NotAgain("with a scope that is none");
    }

    /** What the credential begins with of a caller whom another token service has given a token. */
    private static final String OUTSIDE_TOKEN = "registry-token:";

    private static Authentication authentication(AuditDetails details) throws NotAgain {
        Optional<Subject> subject = details.event().subject();
        if (subject.isPresent()) {
            return switch (subject.get().kind()) {
                case ANONYMOUS -> new Authentication.Authenticated(new Identity.Anonymous());
                case SERVICE_ID, USER, FEDERATED ->
                    new Authentication.Authenticated(new Identity.Known(subject.get(), "replay"));
                case OIDC, OIDC_GROUP, GROUP ->
                    throw new NotAgain("of callers known by an issuer's word, of which events do not have all");
            };
        }
        String credential = details.text("credential").orElse("");
        Optional<String> issuer = details.text("issuer");
        if (issuer.isPresent() && credential.startsWith(OUTSIDE_TOKEN)) {
            return new Authentication.Authenticated(
                    new Identity.Foreign(issuer.get(), details.text("presented").orElse(""), credential));
        }
        return switch (credential) {
            case "rejected" -> new Authentication.Rejected();
            case "none" -> new Authentication.Missing();
            case "not-judged" -> new Authentication.NotAttempted();
            default -> throw new NotAgain("without a subject");
        };
    }

    private static Purpose purpose(AuditDetails details) throws NotAgain {
        if (!(details.fields().get("passage") instanceof Map<?, ?> passage)) {
            if (details.event().door().equals("registry")) {
                return new Purpose.Token();
            }
            throw new NotAgain("without 'passage', of a Postern that did not write it");
        }
        Optional<String> account = text(passage, "account");
        return switch (text(passage, "by").orElse("")) {
            case "source" -> new Purpose.Passage(new Warrant.Source(), account);
            case "bindings" -> new Purpose.Passage(new Warrant.Bindings(), account);
            case "token" -> {
                List<Scope> access = new ArrayList<>();
                for (String allowed : texts(passage.get("access"))) {
                    access.add(scope(allowed));
                }
                yield new Purpose.Passage(new Warrant.Token(access, text(passage, "bound_to")), account);
            }
            default -> throw new NotAgain("with a 'passage' that is not known");
        };
    }

    private static Optional<Change.Kind> kind(AuditDetails before, Decision now) {
        boolean wasRefused = before.event().refused();
        return switch (now) {
            case Decision.Refused refused -> {
                if (!wasRefused) {
                    yield Optional.of(Change.Kind.REFUSED_NOW);
                }
                boolean same =
                        refused.reason().wireName().equals(before.text("reason").orElse(""));
                yield same ? Optional.empty() : Optional.of(Change.Kind.OTHER_REASON);
            }
            case Decision.Granted granted -> {
                if (wasRefused) {
                    yield Optional.of(Change.Kind.GRANTED_NOW);
                }
                yield compare(actions(before), actions(granted));
            }
        };
    }

    private static Optional<Change.Kind> compare(Set<String> before, Set<String> now) {
        if (now.equals(before)) {
            return Optional.empty();
        }
        return Optional.of(
                before.containsAll(now)
                        ? Change.Kind.LESS
                        : now.containsAll(before) ? Change.Kind.MORE : Change.Kind.OTHER_ACTIONS);
    }

    /** Each action with the scope that it is of. */
    private static Set<String> actions(AuditDetails event) {
        Set<String> actions = new TreeSet<>();
        List<String> asked = texts(event.fields().get("scopes"), "asked");
        List<String> granted = texts(event.fields().get("scopes"), "granted");
        for (int i = 0; i < Math.min(asked.size(), granted.size()); i++) {
            if (!granted.get(i).isEmpty()) {
                for (String action : granted.get(i).split(",", -1)) {
                    actions.add(i + " " + action);
                }
            }
        }
        return actions;
    }

    private static Set<String> actions(Decision.Granted granted) {
        Set<String> actions = new TreeSet<>();
        for (int i = 0; i < granted.grants().size(); i++) {
            for (String action : granted.grants().get(i).actions()) {
                actions.add(i + " " + action);
            }
        }
        return actions;
    }

    private String account(AuditDetails details, AccessRequest request) {
        return details.event()
                .subject()
                .map(Subject::account)
                .filter(name -> !name.isEmpty())
                .or(() -> request.scopes().stream()
                        .filter(scope -> scope.type().equals("repository"))
                        .findFirst()
                        .flatMap(scope -> policy.ownerOf(scope.name()))
                        .map(owned -> owned.account().name()))
                .orElse("-");
    }

    /** The rule that makes the difference, as far as one step can be named. */
    private static String rule(AuditDetails details, Change.Kind kind, Decision now) {
        if (kind == Change.Kind.GRANTED_NOW) {
            return details.fields().get("rule") instanceof Map<?, ?> rule
                    ? text(rule, "ruleset").orElse("") + ": "
                            + text(rule, "finding").orElse("")
                            + text(rule, "at").map(at -> " (" + at + ")").orElse("")
                    : "-";
        }
        return (now instanceof Decision.Refused
                        ? now.explanation().deciding()
                        : network(now.explanation()).or(() -> now.explanation().deciding()))
                .map(step -> step.ruleset() + ": " + step.finding()
                        + step.position()
                                .map(Position::toString)
                                .map(at -> " (" + at + ")")
                                .orElse(""))
                .orElse("-");
    }

    /** The last step of network rules: those of scopes say only what is granted. */
    private static Optional<Explanation.Step> network(Explanation explanation) {
        return explanation.steps().stream()
                .filter(step -> step.ruleset().startsWith(NetworkSection.ACCOUNT))
                .reduce((earlier, later) -> later);
    }

    private static String source(Source source) {
        return switch (source) {
            case Source.PublicSource known -> known.address().toString();
            case Source.PrivateSource known ->
                known.observed()
                                .or(known::originator)
                                .map(address -> address + " ")
                                .orElse("") + "by " + known.endpoint();
            case Source.UnknownSource unknown -> "unknown " + unknown.why().wireName();
        };
    }

    private static Optional<String> text(Map<?, ?> fields, String field) {
        return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    private static List<String> texts(@Nullable Object list) {
        return list instanceof List<?> items
                ? items.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList()
                : List.of();
    }

    private static List<String> texts(@Nullable Object list, String field) {
        return list instanceof List<?> items
                ? items.stream()
                        .filter(Map.class::isInstance)
                        .map(item -> text((Map<?, ?>) item, field).orElse(""))
                        .toList()
                : List.of();
    }
}
