package dev.postern.setup;

import dev.postern.address.Address;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.AuditTrail;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Scope;
import dev.postern.door.Rehearsal;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import dev.postern.policy.load.PolicyStore;
import dev.postern.source.Connection;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.token.RegistryToken;
import dev.postern.token.RegistryTokenReader;
import dev.postern.token.TokenIssuer;
import io.quarkus.arc.All;
import io.quarkus.runtime.ImageMode;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * Decides and signs for nobody for a while after the start, so that the first callers find code that has run before. It goes
 * on aside, until it has done enough, its time is over, or somebody real has come; readiness waits for it. Nothing of it is
 * counted or audited, and no token leaves it.
 */
@ApplicationScoped
public class WarmUp {

    private static final Logger LOG = Logger.getLogger(WarmUp.class);
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final int ENOUGH = 400;

    /** An address for documentation (RFC 5737): nobody has it. */
    private static final Address NOBODYS = Address.parse("192.0.2.1").orElseThrow();

    private static final String NAME = "postern-warm-up";

    private final Duration longest;
    private final PolicyStore policies;
    private final Gate gate;
    private final SourceResolver sources;
    private final TokenIssuer issuer;
    private final RegistryTokenReader reader;
    private final List<Rehearsal> doors;
    private final String service;
    private final InstantSource clock;
    private volatile boolean over;

    WarmUp(
            PosternConfig config,
            PolicyStore policies,
            Gate gate,
            SourceResolver sources,
            TokenService tokens,
            @All List<Rehearsal> doors,
            InstantSource clock) {
        this.longest = config.warmUp();
        Bounds.check("postern.warm-up", longest, Duration.ZERO, LONGEST);
        this.policies = policies;
        this.gate = gate;
        this.sources = sources;
        // Its own, with the same keys: what it signs is not counted.
        this.issuer = new TokenIssuer(
                tokens.keys(),
                config.token().keyId(),
                config.issuer(),
                config.token().lifetime());
        this.service = config.service();
        this.reader = new RegistryTokenReader(tokens.keys(), config.issuer(), service);
        this.doors = List.copyOf(doors);
        this.clock = clock;
        // A native image has nothing to warm.
        this.over = longest.isZero() || ImageMode.current() == ImageMode.NATIVE_RUN;
    }

    void begin(@Observes StartupEvent event, AuditTrail trail) {
        if (!over) {
            trail.listen(somebody -> over = true);
            Thread.ofPlatform().daemon().name(NAME).start(this::run);
        }
    }

    /** Whether it is over: what can be ready is ready. */
    boolean isOver() {
        return over;
    }

    private void run() {
        long began = System.nanoTime();
        int done = 0;
        try {
            while (!over && done < ENOUGH && System.nanoTime() - began < longest.toNanos()) {
                once();
                done++;
            }
        } catch (RuntimeException mistake) {
            LOG.warnf(
                    "the warm-up has failed (%s); all else goes on",
                    mistake.getClass().getSimpleName());
        } finally {
            over = true;
        }
        LOG.debugf("%d decisions in %d ms to warm up", done, (System.nanoTime() - began) / 1_000_000);
    }

    /** One decision, and a signature whatever it was; package-private for its test. */
    RegistryToken once() {
        Instant now = clock.instant();
        Source source = sources.resolve(new Connection(Optional.of(NOBODYS), name -> List.of(), Optional.empty()));
        Optional<Policy> policy = policies.state().inForce();
        Optional<Account> account =
                policy.flatMap(known -> known.accounts().stream().findFirst());
        Identity identity = account.flatMap(WarmUp::anyOf).orElseGet(Identity.Anonymous::new);
        String repository = account.flatMap(known -> known.namespaces().stream().findFirst())
                        .map(Object::toString)
                        .orElse("nobody")
                + "/warm-up";
        Scope scope = Scope.of("repository", repository, Set.of("pull", "push"));
        AccessRequest request = new AccessRequest(source, new Authentication.Authenticated(identity), List.of(scope));
        Decision decision = policy.isPresent() ? gate.decide(policy.get(), request, now) : gate.withoutPolicy(request);
        RegistryToken token = issuer.issue(
                new RegistryToken.Claims(
                        identity.subject().toString(),
                        service,
                        List.of(new RegistryToken.Access("repository", repository, Set.of("pull")))),
                now);
        String line = AuditJson.write(new AuditEvent(
                NAME,
                now,
                NAME,
                request,
                decision,
                policy.map(Policy::version),
                AuditEvent.ClientClaims.NONE,
                Optional.of(token.id())));
        RegistryTokenReader.Reading read = reader.read(token.value(), now);
        doors.forEach(Rehearsal::rehearse);
        LOG.tracef(
                "a decision to warm up: %d characters, %s",
                line.length(), read.getClass().getSimpleName());
        return token;
    }

    private static Optional<Identity> anyOf(Account account) {
        return account.serviceIds().keySet().stream()
                .findFirst()
                .map(name -> new Identity.Known(
                        new Subject(Subject.Kind.SERVICE_ID, account.name(), name), "api-key:" + NAME));
    }
}
