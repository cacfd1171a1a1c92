package dev.postern.door.registry;

import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.decision.Scope;
import java.util.List;

/**
 * What a token request asks for, however it came.
 *
 * @param scopes what is asked for, each once, in the order asked
 * @param client what the caller says of itself
 * @param wantsRefreshToken whether it asks for a refresh token, too
 * @param method by which it came, and hence the form of the answer
 */
record TokenRequest(List<Scope> scopes, ClientClaims client, boolean wantsRefreshToken, Method method) {

    /** Keeps its own copy. */
    TokenRequest {
        scopes = List.copyOf(scopes);
    }

    /** The two ways of asking. */
    enum Method {
        GET,
        POST
    }
}
