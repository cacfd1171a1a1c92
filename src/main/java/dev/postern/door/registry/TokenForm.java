package dev.postern.door.registry;

import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.identity.Credentials;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the form of {@code POST /token} (Distribution OAuth2 token specification; RFC 6749 sections 4.3.2 and 6). */
final class TokenForm {

    /** What became of reading it. */
    sealed interface Outcome {}

    /** It can be read. */
    record Read(Credentials credentials, TokenRequest request) implements Outcome {}

    /** It cannot: which field, and the form expected. */
    record Malformed(String message) implements Outcome {}

    /** More fields than any client sends. */
    private static final int MAX_FIELDS = 32;

    private static final String GRANT_TYPES = "expected 'password' or 'refresh_token'";

    private TokenForm() {}

    /** Reads the body of a request. */
    static Outcome read(String body, String ownService) {
        // Of these the decoder makes something of its own: nothing of the first, a name of the value, and an end of the
        // form.
        if (body.startsWith("?")) {
            return new Malformed("the form begins with a question mark; expected NAME=VALUE");
        }
        if (body.startsWith("=") || body.contains("&=")) {
            return new Malformed("the form has a field without a name; expected NAME=VALUE");
        }
        if (body.indexOf('#') >= 0) {
            return new Malformed(
                    "the form has a '#'; expected application/x-www-form-urlencoded, which has %23 for it");
        }
        Map<String, List<String>> fields;
        try {
            // One more than is taken, so that nothing is cut off unseen.
            fields = new QueryStringDecoder(body, StandardCharsets.UTF_8, false, MAX_FIELDS + 1, true).parameters();
        } catch (IllegalArgumentException notEncoded) {
            return new Malformed("the body is not a form; expected application/x-www-form-urlencoded");
        }
        Parameters form = new Parameters("field", fields);
        return form.areMoreThan(MAX_FIELDS)
                ? new Malformed("the form has too many fields; expected at most " + MAX_FIELDS)
                : read(form, ownService);
    }

    private static Outcome read(Parameters form, String ownService) {
        Optional<String> wrong = form.notOnceAndVisible(List.of("grant_type", "service", "client_id", "access_type"))
                .or(() -> twice(form, "username", "password", "refresh_token", "scope"))
                .or(() -> missing(form, "grant_type", GRANT_TYPES))
                .or(() -> missing(form, "service", "expected '" + ownService + "'"))
                .or(() -> missing(form, "client_id", "expected the name of the client"))
                .or(() -> form.foreignService(ownService))
                .or(() -> accessType(form));
        if (wrong.isPresent()) {
            return new Malformed(wrong.get());
        }
        return switch (form.first("grant_type").orElse("")) {
            case "password" ->
                missing(form, "username", "expected the name of a user")
                        .or(() -> missing(form, "password", "expected a password or an API key"))
                        .<Outcome>map(Malformed::new)
                        .orElseGet(() -> read(
                                form,
                                Credentials.ofForm(
                                        form.first("username").orElse(""),
                                        form.first("password").orElse(""))));
            case "refresh_token" ->
                missing(form, "refresh_token", "expected a refresh token")
                        .<Outcome>map(Malformed::new)
                        .orElseGet(() -> read(
                                form,
                                new Credentials.RefreshToken(
                                        form.first("refresh_token").orElse(""))));
            default -> new Malformed(form.malformed("grant_type", "is not one that is taken; " + GRANT_TYPES));
        };
    }

    private static Outcome read(Parameters form, Credentials credentials) {
        if (credentials instanceof Credentials.Malformed malformed) {
            return new Malformed(malformed.why());
        }
        return switch (form.scopes()) {
            case Parameters.ScopesMalformed malformed -> new Malformed(malformed.message());
            case Parameters.ScopesRead read ->
                new Read(
                        credentials,
                        new TokenRequest(
                                read.scopes(),
                                new ClientClaims(form.first("service"), Optional.empty(), form.first("client_id")),
                                form.first("access_type")
                                        .filter("offline"::equals)
                                        .isPresent(),
                                TokenRequest.Method.POST));
        };
    }

    private static Optional<String> twice(Parameters form, String... names) {
        for (String name : names) {
            if (form.all(name).size() > 1) {
                return Optional.of(form.malformed(name, "stands more than once; expected one"));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> missing(Parameters form, String name, String expected) {
        return form.first(name).filter(value -> !value.isEmpty()).isPresent()
                ? Optional.empty()
                : Optional.of(form.malformed(name, "is missing; " + expected));
    }

    private static Optional<String> accessType(Parameters form) {
        return form.first("access_type")
                .filter(type -> !type.equals("offline") && !type.equals("online"))
                .map(type -> form.malformed("access_type", "is not one that is taken; expected 'offline' or 'online'"));
    }
}
