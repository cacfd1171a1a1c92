package dev.postern.door.registry;

import dev.postern.audit.AuditEvent.ClientClaims;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
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

    static final String UNREADABLE =
            "the query cannot be read; expected NAME=VALUE, with %XX for what is neither letter nor digit";

    /** As many scopes as are taken, each a parameter of its own, and what else clients send. */
    private static final int MAX_PARAMETERS = 128;

    private TokenQuery() {}

    /** The parameters of a request's target; empty where its query is none. */
    static Optional<Parameters> parameters(String target) {
        try {
            // One more than is taken, so that nothing is cut off unseen.
            return Optional.of(new Parameters(
                    "parameter",
                    new QueryStringDecoder(target, StandardCharsets.UTF_8, true, MAX_PARAMETERS + 1, true)
                            .parameters()));
        } catch (IllegalArgumentException notEncoded) {
            return Optional.empty();
        }
    }

    static Outcome read(String target, String ownService) {
        Optional<Parameters> parameters = parameters(target);
        if (parameters.isEmpty()) {
            return new Malformed(UNREADABLE);
        }
        Parameters query = parameters.get();
        if (query.areMoreThan(MAX_PARAMETERS)) {
            return new Malformed("the query has too many parameters; expected at most " + MAX_PARAMETERS);
        }
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
