package dev.postern.cases;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.cases.CaseFile.GoldenCase;
import dev.postern.cases.CaseFile.Row;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Invariants;
import dev.postern.decision.Scope;
import dev.postern.identity.Authentication;
import dev.postern.identity.Authenticator;
import dev.postern.identity.BcryptWorkers;
import dev.postern.identity.Credentials;
import dev.postern.identity.Identity;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import dev.postern.policy.Problem;
import dev.postern.policy.load.Review;
import dev.postern.source.Connection;
import dev.postern.source.Peer;
import dev.postern.source.ProxyHeader;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.testing.Authenticators;
import dev.postern.trial.Caller;
import dev.postern.trial.Outcome;
import dev.postern.trial.Trials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Runs cases through the engine, without a server: policy, source, identity, gate. */
final class Engine {

    private static final BcryptWorkers BCRYPT = new BcryptWorkers(Duration.ofMinutes(1));
    private static final Map<String, Engine> ENGINES = new ConcurrentHashMap<>();

    private final CaseFile file;
    private final Policy policy;
    private final SourceResolver sources;
    private final Gate gate;
    private final Authenticator authenticator;

    /** An engine for the cases of this file, by its policy. */
    Engine(CaseFile file) {
        this(file, compile(file));
        // As a server does: a policy that breaks its invariants is none.
        List<Problem> problems = review(file).of(policy, CaseFile.USUAL_TIME);
        if (problems.stream().anyMatch(problem -> problem.severity() == Problem.Severity.ERROR)) {
            throw new AssertionError(problems.toString());
        }
    }

    /** An engine for the cases of this file, by a policy that came to be in some other way. */
    Engine(CaseFile file, Policy policy) {
        this.file = file;
        this.policy = policy;
        this.sources = new SourceResolver(sourceSettings(file.settings()));
        this.gate = gate(file);
        this.authenticator = Authenticators.patient(BCRYPT, new KnownIssuers(file.settings()));
    }

    private static Gate gate(CaseFile file) {
        return new Gate(file.settings().region(), file.settings().referUrl());
    }

    /** What the file's policy is held to before it is taken. */
    static Review review(CaseFile file) {
        return new Invariants(gate(file), sourceSettings(file.settings()).privateEndpoints())::check;
    }

    /** What the engine makes of the case. */
    static Observation run(Row row) {
        return ENGINES.computeIfAbsent(row.file().name(), name -> new Engine(row.file()))
                .run(row.golden());
    }

    /**
     * What a trial of the case comes to; empty where the caller's credentials are wrong or claim something, for a trial has
     * none.
     */
    static Optional<Observation> tryOut(Row row) {
        return ENGINES.computeIfAbsent(row.file().name(), name -> new Engine(row.file()))
                .tryOut(row.golden());
    }

    private Optional<Observation> tryOut(GoldenCase golden) {
        if (!(authenticate(golden) instanceof Authentication.Authenticated known)
                || known.identity() instanceof Identity.Federated) {
            return Optional.empty();
        }
        Outcome outcome = new Trials(policy, sourceSettings(file.settings()), gate)
                .decide(new Caller.Behind(connection(golden)), known.identity().subject(), scopes(golden), golden.at());
        return Optional.of(Observation.of(outcome.decision(), outcome.request().source(), file.policy()));
    }

    /** The same, in the words of the case files. */
    Observation run(GoldenCase golden) {
        return Observation.of(decide(golden), request(golden).source(), file.policy());
    }

    /** What the engine makes of the case, were it to ask for this. */
    static Decision decide(Row row, List<Scope> scopes) {
        Engine engine = ENGINES.computeIfAbsent(row.file().name(), name -> new Engine(row.file()));
        AccessRequest asked = engine.request(row.golden());
        return engine.gate.decide(
                engine.policy,
                new AccessRequest(asked.source(), asked.authentication(), scopes),
                row.golden().at());
    }

    /** The whole decision, with its explanation. */
    Decision decide(GoldenCase golden) {
        return gate.decide(policy, request(golden), golden.at());
    }

    private AccessRequest request(GoldenCase golden) {
        Source source = sources.resolve(connection(golden));
        Authentication authentication =
                source instanceof Source.UnknownSource ? new Authentication.NotAttempted() : authenticate(golden);
        return new AccessRequest(source, authentication, scopes(golden));
    }

    private Authentication authenticate(GoldenCase golden) {
        return authenticator
                .authenticate(
                        policy,
                        Credentials.of(golden.credential().map(CaseFile.Credential::authorization)),
                        Authenticators.ANYBODY)
                .join();
    }

    private static Connection connection(GoldenCase golden) {
        return new Connection(
                new Peer.Ip(address(golden.peer())),
                golden.proxy().map(proxy -> ProxyHeader.of(address(proxy.address()), links(proxy.links()))),
                name -> golden.headers().stream()
                        .filter(header -> header.name().equalsIgnoreCase(name))
                        .map(CaseFile.Header::value)
                        .toList(),
                Optional.of(golden.host()),
                Optional.empty());
    }

    private static Policy compile(CaseFile file) {
        return switch (compiler(file).compile(List.of(new Document(file.name(), file.policy())))) {
            case Compiled compiled -> compiled.policy();
            case Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    /** A compiler that knows the private endpoints of the file's settings. */
    static PolicyCompiler compiler(CaseFile file) {
        Map<String, CaseFile.PrivateEndpoint> endpoints = file.settings().privateEndpoints();
        Set<LinkId> links = new LinkedHashSet<>();
        endpoints.values().forEach(endpoint -> links.addAll(links(endpoint.linkIds())));
        return new PolicyCompiler(new KnownEndpoints(
                endpoints.keySet(), links, file.settings().issuers().keySet()));
    }

    private static SourceSettings sourceSettings(CaseFile.Settings settings) {
        List<PrivateEndpoint> endpoints = new ArrayList<>();
        settings.privateEndpoints()
                .forEach((name, endpoint) -> endpoints.add(new PrivateEndpoint(
                        name,
                        Set.copyOf(endpoint.hostnames()),
                        ranges(endpoint.translatedAddresses()),
                        Set.copyOf(links(endpoint.linkIds())),
                        List.of())));
        return new SourceSettings(ranges(settings.trustedProxies()), ForwardingHeader.X_FORWARDED_FOR, endpoints);
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no address"));
    }

    private static List<LinkId> links(List<String> texts) {
        return texts.stream()
                .map(text -> LinkId.parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no link")))
                .toList();
    }

    private static List<AddressRange> ranges(List<String> texts) {
        return texts.stream()
                .map(text -> switch (AddressRange.parse(text)) {
                    case AddressRange.Parsed parsed -> parsed.range();
                    case AddressRange.Malformed malformed -> throw new IllegalArgumentException(malformed.why());
                })
                .toList();
    }

    /** Each scope once, as a door reads them. */
    private static List<Scope> scopes(GoldenCase golden) {
        Set<Scope> scopes = new LinkedHashSet<>();
        for (String text : golden.scopes()) {
            switch (Scope.parse(text)) {
                case Scope.Parsed parsed -> scopes.add(parsed.scope());
                case Scope.Malformed malformed -> throw new IllegalArgumentException(malformed.why());
            }
        }
        return List.copyOf(scopes);
    }
}
