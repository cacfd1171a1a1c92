package dev.postern.console;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Source;
import dev.postern.source.SourceSettings;
import dev.postern.trial.Caller;
import dev.postern.trial.Outcome;
import dev.postern.trial.Trials;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The page <em>try</em>: what would be decided of a request that nobody has made, by the policy in force. */
final class TryPage {

    private static final int MOST_SCOPES = 20;

    private final PolicyStore policies;
    private final SourceSettings settings;
    private final Gate gate;
    private final List<String> endpoints;
    private final InstantSource clock;

    TryPage(PolicyStore policies, SourceSettings settings, Gate gate, List<String> endpoints, InstantSource clock) {
        this.policies = policies;
        this.settings = settings;
        this.gate = gate;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /** A form, read: what cannot be read of it is in {@code troubles}. */
    private static final class Form {
        private final List<String> troubles = new ArrayList<>();
        private Optional<Address> ip = Optional.empty();
        private Optional<LinkId> link = Optional.empty();
        private Subject subject = Subject.ANONYMOUS;
        private final List<Scope> scopes = new ArrayList<>();
    }

    TryView view(Ask ask) {
        Form form = new Form();
        String endpoint = ask.field("endpoint");
        boolean isAsked = !ask.field("ip").isEmpty()
                || !endpoint.isEmpty()
                || !ask.field("link").isEmpty()
                || !ask.field("scope").isEmpty();
        Optional<Policy> policy = policies.state().inForce();
        if (isAsked) {
            read(ask, form);
        }
        if (policy.isEmpty()) {
            form.troubles.add("No policy is in force.");
        }
        if (!isAsked || policy.isEmpty() || !form.troubles.isEmpty()) {
            return filled(ask, form.troubles);
        }
        Trials trials = new Trials(policy.get(), settings, gate);
        if (!trials.knows(form.subject)) {
            return filled(ask, List.of("The policy has no " + Texts.shown(form.subject.toString()) + "."));
        }
        Instant now = clock.instant();
        Outcome outcome = trials.decide(caller(endpoint, form), form.subject, form.scopes, now);
        return decided(ask, outcome, policy.get(), now);
    }

    private void read(Ask ask, Form form) {
        String ip = ask.field("ip");
        String endpoint = ask.field("endpoint");
        String link = ask.field("link");
        String identity = ask.field("identity");
        if (!ip.isEmpty()) {
            form.ip = Address.parse(ip);
            if (form.ip.isEmpty()) {
                form.troubles.add(
                        "Address: '" + Texts.shown(ip, 64) + "' is none; expected such as 203.0.113.7 or 2001:db8::7.");
            }
        }
        if (!link.isEmpty()) {
            form.link = LinkId.parse(link);
            if (form.link.isEmpty()) {
                form.troubles.add("Link: '" + Texts.shown(link, 64) + "' is none; expected " + LinkId.FORMS + ".");
            }
        }
        if (!endpoint.isEmpty() && !endpoints.contains(endpoint)) {
            form.troubles.add("Private endpoint: the settings have no '" + Texts.shown(endpoint, 64) + "'.");
        }
        if (endpoint.isEmpty() && !link.isEmpty()) {
            form.troubles.add("Link: a link is an endpoint's; choose the endpoint, too.");
        }
        if (ip.isEmpty() && link.isEmpty()) {
            form.troubles.add("Address: it is needed, or the link by which the caller comes.");
        }
        if (!identity.isEmpty()) {
            Optional<Subject> subject =
                    Subject.parse(identity).filter(parsed -> parsed.kind().isCallerOfPolicy());
            subject.ifPresent(known -> form.subject = known);
            if (subject.isEmpty()) {
                form.troubles.add(
                        "Identity: expected service-id:ACCOUNT/NAME, user:ACCOUNT/NAME, federated:ACCOUNT/NAME or"
                                + " anonymous.");
            }
        }
        for (String text : ask.field("scope").split("\\s+")) {
            if (text.isEmpty() || form.scopes.size() == MOST_SCOPES) {
                continue;
            }
            switch (Scope.parse(text)) {
                case Scope.Parsed parsed -> form.scopes.add(parsed.scope());
                case Scope.Malformed malformed ->
                    form.troubles.add("Scope '" + Texts.shown(text, 64) + "': " + Texts.shown(malformed.why()));
            }
        }
    }

    private static Caller caller(String endpoint, Form form) {
        if (endpoint.isEmpty()) {
            return new Caller.At(form.ip.orElseThrow());
        }
        Source.Arrival arrival = form.link.isPresent()
                ? new Source.Linked(form.link.get(), form.ip)
                : new Source.Translated(form.ip.orElseThrow());
        return new Caller.From(new Source.PrivateSource(endpoint, arrival, List.of()));
    }

    private TryView filled(Ask ask, List<String> troubles) {
        return view(ask, troubles, "", "plain", "", List.of(), List.of(), List.of());
    }

    private TryView decided(Ask ask, Outcome outcome, Policy policy, Instant now) {
        AuditEvent event = new AuditEvent(
                "none",
                now,
                "trial",
                outcome.request(),
                outcome.decision(),
                Optional.of(policy.version()),
                ClientClaims.NONE,
                Optional.empty());
        List<Link> chain = Chain.of(outcome.request().source(), outcome.decision());
        boolean isWell = outcome.decision() instanceof Decision.Granted granted
                && granted.wouldBe().isEmpty()
                && (granted.grants().isEmpty() || !outcome.granted().isEmpty());
        return view(
                ask,
                List.of(),
                outcome.verdict().word() + ": " + outcome.decision().reason().wireName(),
                chain.getLast().tone(),
                outcome.message().map(Texts::shown).orElse(""),
                outcome.request().scopes().stream()
                        .map(Scope::toString)
                        .distinct()
                        .map(scope -> new TryView.Granted(
                                Texts.shown(scope),
                                Texts.shown(
                                        String.join(", ", outcome.granted().getOrDefault(scope, List.of("nothing"))))))
                        .toList(),
                chain,
                isWell ? List.of() : List.of(Advice.of(event, "tried in the console")));
    }

    private TryView view(
            Ask ask,
            List<String> troubles,
            String verdict,
            String tone,
            String message,
            List<TryView.Granted> scopes,
            List<Link> chain,
            List<Advice> advice) {
        String chosen = ask.field("endpoint");
        List<RulesView.Choice> choices = new ArrayList<>();
        choices.add(new RulesView.Choice("", "none: by the public network", chosen.isEmpty()));
        endpoints.forEach(name -> choices.add(new RulesView.Choice(name, Texts.shown(name), name.equals(chosen))));
        return new TryView(
                Texts.shown(ask.field("ip"), 64),
                Texts.shown(ask.field("link"), 128),
                Texts.shown(ask.field("identity")),
                Texts.shown(ask.field("scope"), 1024),
                choices,
                troubles,
                verdict,
                tone,
                message,
                scopes,
                chain,
                advice);
    }
}
