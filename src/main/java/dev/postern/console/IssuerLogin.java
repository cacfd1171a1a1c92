package dev.postern.console;

import dev.postern.identity.oidc.CodeFlow;
import dev.postern.identity.oidc.CodeFlow.Callback;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/** The way to the issuer and back. What the log has of it is why, and nothing of who, of codes or of tokens. */
final class IssuerLogin {

    /** The name of the ticket's cookie. */
    static final String COOKIE = "postern-console-login";

    private static final Logger LOG = Logger.getLogger(IssuerLogin.class);

    /** RFC 6749, section 4.1.2.1, and OpenID Connect Core 1.0, section 3.1.2.6: what may be shown as it came. */
    private static final Set<String> ERRORS = Set.of(
            "access_denied",
            "invalid_request",
            "invalid_scope",
            "unauthorized_client",
            "unsupported_response_type",
            "server_error",
            "temporarily_unavailable",
            "interaction_required",
            "login_required",
            "account_selection_required",
            "consent_required");

    private final ConsoleIssuer issuer;
    private final Tickets tickets = new Tickets();
    private volatile String told = "";

    IssuerLogin(ConsoleIssuer issuer) {
        this.issuer = issuer;
    }

    /** What became of it. */
    sealed interface Outcome {}

    /** The browser is to go there, with this ticket. */
    record GoTo(String location, String ticket) implements Outcome {}

    /** Somebody who is allowed to look. */
    record Welcome() implements Outcome {}

    /**
     * It did not work.
     *
     * @param counts whether it counts as being wrong: not where another site may have sent the browser here
     */
    record Sorry(int status, boolean counts, String trouble, String hint) implements Outcome {}

    Outcome begin(Instant now) {
        Tickets.Ticket ticket = tickets.issue(now);
        return switch (issuer.flow().begin(ticket.attempt(), now)) {
            case CodeFlow.GoTo there -> new GoTo(there.location(), ticket.text());
            case CodeFlow.Unavailable down -> down(down);
        };
    }

    Outcome finish(Ask ask, Instant now) {
        switch (tickets.takeBack(ask.ticket(), ask.field("state"), now)) {
            case Tickets.Stale stale -> {
                LOG.infof("console: an answer of the issuer was not taken: %s", stale.why());
                return new Sorry(401, false, "This answer of the issuer was not taken: " + stale.why() + ".", "");
            }
            case Tickets.Back back -> {
                String error = ask.field("error");
                return error.isEmpty() ? finish(ask, back, now) : refused(error);
            }
        }
    }

    private Outcome finish(Ask ask, Tickets.Back back, Instant now) {
        Optional<String> named = ask.fields().containsKey("iss") ? Optional.of(ask.field("iss")) : Optional.empty();
        Callback callback = new Callback(ask.field("code", CodeFlow.MOST_OF_A_CODE), named);
        return switch (issuer.flow().finish(callback, back.attempt(), now)) {
            case CodeFlow.Admitted admitted -> {
                told = "";
                yield new Welcome();
            }
            case CodeFlow.NotAllowed not -> {
                LOG.info("console: somebody was refused whom the issuer knows, and who has none of the values of"
                        + " postern.console.oidc.allowed");
                yield new Sorry(
                        403,
                        true,
                        "You are known to " + issuer.name() + ", and you may not look at this console.",
                        "Whoever runs it says who may: by postern.console.oidc.allowed, and the claim there.");
            }
            case CodeFlow.NotTaken not -> {
                LOG.warnf("console: an answer of the issuer was not taken: %s", not.why());
                yield new Sorry(401, true, "What " + issuer.name() + " answered was not taken. The log says why.", "");
            }
            case CodeFlow.Unavailable down -> down(down);
        };
    }

    private Sorry refused(String error) {
        String shown = ERRORS.contains(error) ? error : "an error of its own";
        return new Sorry(401, true, issuer.name() + " did not sign you in: " + shown + ".", "");
    }

    /** Told to the log once, and not at every visit. */
    private Sorry down(CodeFlow.Unavailable down) {
        if (!down.why().equals(told)) {
            told = down.why();
            LOG.warnf("console: nobody can sign in by the issuer just now: %s", down.why());
        }
        return new Sorry(
                503,
                false,
                issuer.name() + " cannot be asked just now, and nobody can sign in by it.",
                "Whoever is signed in stays so. The log says why; try again in a while.");
    }
}
