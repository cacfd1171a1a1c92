package dev.postern.door.registry;

import dev.postern.audit.AuditEvent.ClientClaims;
import dev.postern.decision.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a token request asks for, read from its parameters.
 *
 * @param scopes what is asked for, each once, in the order asked
 * @param client what the caller says of itself
 */
record TokenQuery(List<Scope> scopes, ClientClaims client) {

    /** What became of reading the parameters. */
    sealed interface Outcome {}

    /** They can be read. */
    record Read(TokenQuery query) implements Outcome {}

    /** They cannot: which parameter, and the form expected. */
    record Malformed(String message) implements Outcome {}

    /** More scopes than any client asks for. */
    private static final int MAX_SCOPES = 100;

    private static final int MAX_SCOPE_CHARACTERS = 16 * 1024;
    private static final int MAX_CLAIM = 255;

    /** Parameters that would put a secret where it is logged by every proxy on the way. */
    private static final Set<String> SECRETS =
            Set.of("password", "username", "token", "access_token", "refresh_token", "api_key", "apikey");

    /** Access to parameters by name. */
    interface Parameters {
        /** All values of that name, in order. */
        List<String> all(String name);

        /** All names. */
        Set<String> names();
    }

    /** Reads the query of a GET. */
    static Outcome read(Parameters parameters, String ownService) {
        for (String name : parameters.names()) {
            if (SECRETS.contains(name)) {
                return new Malformed("the parameter '" + name + "' is not taken: a secret in a URL ends in logs."
                        + " Send credentials in the Authorization header, as 'Basic'.");
            }
        }
        for (String name : List.of("service", "account", "client_id", "offline_token")) {
            List<String> values = parameters.all(name);
            if (values.size() > 1) {
                return new Malformed("the parameter '" + name + "' stands more than once; expected one");
            }
            if (values.size() == 1 && !isVisible(values.getFirst())) {
                return new Malformed("the parameter '" + name + "' is not in the expected form: at most " + MAX_CLAIM
                        + " printable ASCII characters");
            }
        }
        Optional<String> service = first(parameters, "service");
        if (service.isPresent() && !service.get().isEmpty() && !service.get().equals(ownService)) {
            return new Malformed("the parameter 'service' is not a service of this token service; expected '"
                    + ownService + "', as the registry's auth.token.service must say, too");
        }
        return scopes(parameters.all("scope"), service, parameters);
    }

    private static Outcome scopes(List<String> lines, Optional<String> service, Parameters parameters) {
        Set<Scope> scopes = new LinkedHashSet<>();
        int characters = 0;
        int count = 0;
        for (String line : lines) {
            characters += line.length();
            if (characters > MAX_SCOPE_CHARACTERS) {
                return new Malformed(
                        "the parameter 'scope' is too long: at most " + MAX_SCOPE_CHARACTERS + " characters in all");
            }
            for (String text : line.split(" ", -1)) {
                if (text.isEmpty()) {
                    continue;
                }
                if (++count > MAX_SCOPES) {
                    return new Malformed("the parameter 'scope' names too many scopes: at most " + MAX_SCOPES);
                }
                switch (Scope.parse(text)) {
                    case Scope.Parsed parsed -> scopes.add(parsed.scope());
                    case Scope.Malformed malformed -> {
                        return new Malformed("the scope '" + shown(text) + "' cannot be read: " + malformed.why());
                    }
                }
            }
        }
        ClientClaims client = new ClientClaims(service, first(parameters, "account"), first(parameters, "client_id"));
        return new Read(new TokenQuery(new ArrayList<>(scopes), client));
    }

    private static Optional<String> first(Parameters parameters, String name) {
        return parameters.all(name).stream().findFirst();
    }

    /** VSCHAR of RFC 6749, appendix A. */
    private static boolean isVisible(String text) {
        return text.length() <= MAX_CLAIM && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
    }

    private static String shown(String text) {
        String cut = text.length() > 120 ? text.substring(0, 120) + "…" : text;
        return cut.chars()
                .map(c -> c < 0x20 || c == 0x7f ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
