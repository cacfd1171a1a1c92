package dev.postern.audit;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Gate;
import dev.postern.decision.Purpose;
import dev.postern.decision.Scope;
import dev.postern.decision.Warrant;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Subject;
import dev.postern.source.Hop;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Events of every kind, decided by a real gate. */
public final class Events {

    public static final Instant NOW = Instant.parse("2026-06-01T12:00:00.123Z");
    public static final Gate GATE = new Gate("us-south", Optional.of("https://wiki.example.com/access"));

    public static final String POLICY_TEXT = """
            accounts:
              acme:
                namespaces: [acme]
                network:
                  allow:
                    - {address: 203.0.113.0/24}
                    - {private-endpoint: us-south}
                  deny:
                    - {address: 203.0.113.66}
                service-ids: {bot: {}}
                users: {alice: {password: "$2y$10$JP4mzq8XTO2Iu7tCUjJGNu5jYXJ4PYs/KT1cICa.3evPbVMpNBsrq"}}
                bindings:
                  - {subjects: [service-id:bot], roles: [Writer]}
                  - {subjects: [user:alice], roles: [Reader]}
              open:
                namespaces: [open]
                network: {enforcement: report, allow: [{address: 198.51.100.0/24}]}
                bindings: [{subjects: [anonymous], roles: [Reader]}]
            """;

    public static final Policy POLICY = policy(POLICY_TEXT);

    private static final Authentication BOT = known(Subject.Kind.SERVICE_ID, "bot", "api-key:k1");
    private static final Authentication ALICE = known(Subject.Kind.USER, "alice", "password");
    private static final Authentication ANYBODY = new Authentication.Authenticated(new Identity.Anonymous());

    private Events() {}

    /** Each kind of event, by what it shows. */
    public static Map<String, AuditEvent> all() {
        Map<String, AuditEvent> events = new LinkedHashMap<>();
        events.put("a grant", event(at("203.0.113.10"), BOT, "repository:acme/app:pull,push"));
        events.put("a login", event(at("203.0.113.10"), ALICE));
        events.put("a grant of nothing", event(at("203.0.113.10"), ALICE, "repository:nobody/app:pull"));
        events.put("a refusal for want of a rule", event(at("192.0.2.50"), ALICE, "repository:acme/app:pull"));
        events.put("a refusal by a rule", event(at("203.0.113.66"), BOT, "repository:acme/app:pull"));
        events.put("IPv6", event(at("2001:db8:1:2::7"), BOT, "repository:acme/app:pull"));
        events.put("what would be refused", event(at("192.0.2.50"), ANYBODY, "repository:open/app:pull"));
        events.put(
                "by a private endpoint",
                event(new PrivateSource("us-south", address("166.9.20.31"), List.of()), BOT, "repository:acme/a:pull"));
        events.put(
                "by a link",
                event(
                        new PrivateSource(
                                "us-south",
                                new Source.Linked(
                                        LinkId.parse("aws:vpce-0a1b2c3d4e5f60718")
                                                .orElseThrow(),
                                        Optional.of(address("10.8.0.7"))),
                                List.of(new Hop("10.8.0.7", Hop.By.PROXY_PROTOCOL, Hop.Finding.ORIGINATOR))),
                        BOT,
                        "repository:acme/a:pull"));
        events.put(
                "from an unknown source",
                event(
                        new UnknownSource(
                                Source.Why.MALFORMED_FORWARDING_HEADER,
                                List.of(
                                        new Hop("10.0.0.1", Hop.By.PEER, Hop.Finding.TRUSTED_PROXY),
                                        new Hop(
                                                "203.0.113.9:80x",
                                                Hop.By.X_FORWARDED_FOR,
                                                Hop.Finding.NOT_AN_ADDRESS))),
                        new Authentication.NotAttempted()));
        events.put("wrong credentials", event(at("203.0.113.10"), new Authentication.Rejected()));
        events.put(
                "a wrong token",
                event(
                        at("203.0.113.10"),
                        new Authentication.RejectedToken(
                                Optional.of("github"), Optional.of("repo:acme/app"), "it has expired")));
        events.put("no credentials", event(at("203.0.113.10"), new Authentication.Missing()));
        events.put(
                "too many wrong ones", event(at("203.0.113.10"), new Authentication.Throttled(Duration.ofSeconds(3))));
        events.put("an issuer that is gone", event(at("203.0.113.10"), new Authentication.Unavailable("no keys")));
        events.put(
                "a passage by a token",
                passage(
                        at("203.0.113.10"),
                        BOT,
                        new Warrant.Token(
                                List.of(scope("repository:acme/app:pull")), Optional.of("address:203.0.113.10"))));
        events.put(
                "a passage by another's token",
                passage(
                        at("203.0.113.10"),
                        new Authentication.Authenticated(
                                new Identity.Foreign("hub", "service-id:acme/bot", "registry-token:1")),
                        new Warrant.Token(List.of(scope("repository:acme/app:pull")), Optional.empty())));
        events.put("a passage by the source", passage(at("192.0.2.50"), ANYBODY, new Warrant.Source()));
        events.put("a passage by bindings", passage(at("203.0.113.10"), ALICE, new Warrant.Bindings()));
        events.put("without a policy", withoutPolicy());
        return events;
    }

    /** An event of the registry's door. */
    public static AuditEvent event(Source source, Authentication caller, String... scopes) {
        List<Scope> asked = new ArrayList<>();
        for (String scope : scopes) {
            asked.add(scope(scope));
        }
        AccessRequest request = new AccessRequest(source, caller, asked);
        return new AuditEvent(
                "0123456789abcdef",
                NOW,
                "registry",
                request,
                GATE.decide(POLICY, request, NOW),
                Optional.of(POLICY.version()),
                new ClientClaims(Optional.of("registry.example.com"), Optional.of("alice"), Optional.of("docker")),
                Optional.of("jti1"),
                Optional.of("jti2"));
    }

    private static AuditEvent passage(Source source, Authentication caller, Warrant warrant) {
        AccessRequest request = new AccessRequest(
                source,
                caller,
                List.of(scope("repository:acme/app:pull")),
                new Purpose.Passage(warrant, Optional.of("acme")));
        return new AuditEvent(
                "0123456789abcdef",
                NOW,
                "envoy",
                request,
                GATE.decide(POLICY, request, NOW),
                Optional.of(POLICY.version()),
                ClientClaims.NONE,
                Optional.empty());
    }

    private static AuditEvent withoutPolicy() {
        AccessRequest request = new AccessRequest(at("192.0.2.50"), new Authentication.NotAttempted(), List.of());
        return new AuditEvent(
                "0123456789abcdef",
                NOW,
                "registry",
                request,
                GATE.withoutPolicy(request),
                Optional.empty(),
                ClientClaims.NONE,
                Optional.empty());
    }

    private static Authentication known(Subject.Kind kind, String name, String credential) {
        return new Authentication.Authenticated(new Identity.Known(new Subject(kind, "acme", name), credential));
    }

    /** The public source at this address, by way of a proxy. */
    public static Source at(String address) {
        return new PublicSource(
                address(address),
                List.of(
                        new Hop("10.0.0.1", Hop.By.PEER, Hop.Finding.TRUSTED_PROXY),
                        new Hop(address, Hop.By.X_FORWARDED_FOR, Hop.Finding.CALLER)));
    }

    private static Scope scope(String text) {
        return ((Scope.Parsed) Scope.parse(text)).scope();
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Policy policy(String text) {
        return switch (new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("policy.yaml", text)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }
}
