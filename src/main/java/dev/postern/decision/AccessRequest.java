package dev.postern.decision;

import dev.postern.identity.Authentication;
import dev.postern.source.Source;
import java.util.List;

/**
 * What every door asks the gate.
 *
 * @param source where the request comes from
 * @param authentication what became of the caller's credentials
 * @param scopes what is asked for; none is a login
 * @param purpose what becomes of what is granted
 */
public record AccessRequest(Source source, Authentication authentication, List<Scope> scopes, Purpose purpose) {
    /** A request for a token. */
    public AccessRequest(Source source, Authentication authentication, List<Scope> scopes) {
        this(source, authentication, scopes, new Purpose.Token());
    }

    /** Keeps its own copy. */
    public AccessRequest {
        scopes = List.copyOf(scopes);
    }
}
