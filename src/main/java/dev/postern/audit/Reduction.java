package dev.postern.audit;

import dev.postern.address.Address;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.audit.AuditEvent.Form;
import dev.postern.audit.AuditEvent.Reduced;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation;
import dev.postern.decision.Purpose;
import dev.postern.decision.Warrant;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Subject;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import java.util.List;

/**
 * Makes less of the personal data in an event, before any form of it is written: of callers' addresses, wherever they stand, and of
 * people's names. Service ids and the entries of an account are nobody's names, and stay.
 */
public final class Reduction {

    /** Reduces nothing. */
    public static final Reduction NONE = new Reduction(Form.FULL, Form.FULL, new Pseudonyms(new byte[] {0}));

    /** What a caller wrote where an address was expected: there may be one in it that nobody can find for sure. */
    private static final String WITHHELD = "withheld";

    /** A longer word of a caller's is not looked through, for that would take long: it is withheld. */
    private static final int MOST_SAID = 256;

    private final Form addresses;
    private final Form subjects;
    private final Pseudonyms pseudonyms;
    private final AddressTexts texts;

    /**
     * A reduction.
     *
     * @param addresses what becomes of addresses
     * @param subjects what becomes of people's names: never truncated
     */
    public Reduction(Form addresses, Form subjects, Pseudonyms pseudonyms) {
        if (subjects == Form.TRUNCATED) {
            throw new IllegalArgumentException("a name is not truncated");
        }
        this.addresses = addresses;
        this.subjects = subjects;
        this.pseudonyms = pseudonyms;
        this.texts = new AddressTexts(this::reduce);
    }

    /** The event with less in it; the same where nothing is to be less. */
    public AuditEvent apply(AuditEvent event) {
        if (addresses == Form.FULL && subjects == Form.FULL) {
            return event;
        }
        AccessRequest request = event.request();
        Words words = words(request.authentication());
        return new AuditEvent(
                event.id(),
                event.time(),
                event.door(),
                new AccessRequest(
                        source(request.source()),
                        authentication(request.authentication()),
                        request.scopes(),
                        purpose(request.purpose())),
                decision(event.decision(), words),
                event.policyVersion(),
                client(event.client()),
                event.tokenId(),
                event.refreshTokenId(),
                new Reduced(addresses, subjects));
    }

    /** A text in which the subject's name is another's. */
    private record Words(String from, String to) {
        String in(String text) {
            return from.isEmpty() ? text : text.replace(from, to);
        }
    }

    private Words words(Authentication authentication) {
        if (authentication instanceof Authentication.Authenticated known) {
            Subject subject = known.identity().subject();
            return new Words(subject.toString(), reduce(subject).toString());
        }
        return new Words("", "");
    }

    private Address reduce(Address address) {
        return switch (addresses) {
            case FULL -> address;
            case TRUNCATED -> AddressTexts.truncate(address);
            case HASHED -> pseudonyms.of(address);
        };
    }

    private String reduce(String text) {
        return addresses == Form.FULL ? text : texts.reduce(text);
    }

    private Subject reduce(Subject subject) {
        if (subjects == Form.FULL) {
            return subject;
        }
        return switch (subject.kind()) {
            case USER -> new Subject(subject.kind(), subject.account(), pseudonyms.of(subject.name()));
            case OIDC -> {
                String issuer = subject.name().substring(0, subject.name().indexOf('/') + 1);
                yield new Subject(subject.kind(), subject.account(), issuer + pseudonyms.of(subject.name()));
            }
            case SERVICE_ID, GROUP, FEDERATED, OIDC_GROUP, ANONYMOUS -> subject;
        };
    }

    private Source source(Source source) {
        List<Hop> evidence = source.evidence().stream().map(this::hop).toList();
        return switch (source) {
            case Source.PublicSource known -> new Source.PublicSource(reduce(known.address()), evidence);
            case Source.PrivateSource known ->
                new Source.PrivateSource(
                        known.endpoint(),
                        switch (known.arrival()) {
                            case Source.Translated translated -> new Source.Translated(reduce(translated.observed()));
                            case Source.Linked linked ->
                                new Source.Linked(
                                        linked.linkId(), linked.originator().map(this::reduce));
                        },
                        evidence);
            case Source.UnknownSource unknown -> new Source.UnknownSource(unknown.why(), evidence);
        };
    }

    private Hop hop(Hop hop) {
        if (addresses == Form.FULL) {
            return hop;
        }
        String text = hop.finding() == Hop.Finding.NOT_AN_ADDRESS ? WITHHELD : texts.reduce(hop.address());
        return new Hop(text, hop.by(), hop.finding());
    }

    private Authentication authentication(Authentication authentication) {
        return switch (authentication) {
            case Authentication.Authenticated known -> new Authentication.Authenticated(identity(known.identity()));
            case Authentication.RejectedToken rejected ->
                new Authentication.RejectedToken(
                        rejected.issuer(), rejected.subject().map(this::name), rejected.why());
            case Authentication.Rejected rejected -> rejected;
            case Authentication.Missing missing -> missing;
            case Authentication.NotAttempted notAttempted -> notAttempted;
            case Authentication.Throttled throttled -> throttled;
            case Authentication.Unavailable unavailable -> unavailable;
        };
    }

    private Identity identity(Identity identity) {
        return switch (identity) {
            case Identity.Anonymous anonymous -> anonymous;
            case Identity.Known known -> new Identity.Known(reduce(known.subject()), known.credential());
            case Identity.Foreign foreign ->
                new Identity.Foreign(
                        foreign.issuer(), foreign.name().isEmpty() ? "" : name(foreign.name()), foreign.credential());
            case Identity.Federated federated ->
                new Identity.Federated(
                        reduce(federated.subject()),
                        federated.credential(),
                        federated.entries(),
                        federated.groups(),
                        federated.roles(),
                        federated.claims());
        };
    }

    /** What a binding says of its source, too. */
    private Purpose purpose(Purpose purpose) {
        return purpose instanceof Purpose.Passage passage && passage.warrant() instanceof Warrant.Token token
                ? new Purpose.Passage(
                        new Warrant.Token(token.access(), token.boundTo().map(this::reduce)), passage.account())
                : purpose;
    }

    private Decision decision(Decision decision, Words words) {
        return switch (decision) {
            case Decision.Refused refused ->
                new Decision.Refused(
                        refused.reason(), reduce(refused.message()), explanation(refused.explanation(), words));
            case Decision.Granted granted ->
                new Decision.Granted(
                        identity(granted.identity()),
                        granted.grants(),
                        explanation(granted.explanation(), words),
                        granted.wouldBe()
                                .map(wouldBe -> new Decision.WouldBe(wouldBe.reason(), reduce(wouldBe.message()))));
        };
    }

    private Explanation explanation(Explanation explanation, Words words) {
        return new Explanation(explanation.steps().stream()
                .map(step -> new Explanation.Step(
                        words.in(step.ruleset()), reduce(words.in(step.finding())), step.outcome(), step.position()))
                .toList());
    }

    /** The caller's own words: the account is the name that it signs in by. */
    private ClientClaims client(ClientClaims client) {
        return new ClientClaims(
                client.service().map(this::said),
                client.account().map(this::name).map(this::said),
                client.clientId().map(this::said));
    }

    private String said(String text) {
        return addresses != Form.FULL && text.length() > MOST_SAID ? WITHHELD : reduce(text);
    }

    private String name(String name) {
        return subjects == Form.FULL ? name : pseudonyms.of(name);
    }
}
