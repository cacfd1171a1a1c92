package dev.postern.door.registry;

import dev.postern.audit.AuditEvent.ClientClaims;
import java.util.List;
import java.util.Optional;

/** Reads the query of {@code GET /token} (Distribution token specification). */
final class TokenQuery {

    /** What became of reading it. */
    sealed interface Outcome {}

    /** It can be read. */
    record Read(TokenRequest request) implements Outcome {}

    /** It cannot: which parameter, and the form expected. */
    record Malformed(String message) implements Outcome {}

    private TokenQuery() {}

    static Outcome read(Parameters.Values values, String ownService) {
        Parameters query = new Parameters("parameter", values);
        Optional<String> wrong = query.secretInUrl()
                .or(() -> query.notOnceAndVisible(List.of("service", "account", "client_id", "offline_token")))
                .or(() -> query.foreignService(ownService));
        if (wrong.isPresent()) {
            return new Malformed(wrong.get());
        }
        return switch (query.scopes()) {
            case Parameters.ScopesMalformed malformed -> new Malformed(malformed.message());
            case Parameters.ScopesRead read ->
                new Read(new TokenRequest(
                        read.scopes(),
                        new ClientClaims(query.first("service"), query.first("account"), query.first("client_id")),
                        query.first("offline_token").filter("true"::equals).isPresent(),
                        TokenRequest.Method.GET));
        };
    }
}
