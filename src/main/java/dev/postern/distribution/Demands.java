package dev.postern.distribution;

import dev.postern.distribution.RegistryCall.Fault;
import dev.postern.distribution.RegistryCall.Target;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a method needs at a path: the actions that Distribution's own access controller asks for. */
final class Demands {

    /** What is needed, or why nothing helps. */
    sealed interface Outcome {}

    /**
     * The caller must be allowed these.
     *
     * @param mountedFrom and to pull from there
     */
    record Needs(Set<String> actions, Optional<String> mountedFrom) implements Outcome {}

    /** Nobody may. */
    record Refused(Fault fault, String why) implements Outcome {}

    private static final Set<String> PULL = Set.of("pull");
    /** Registries ask for both where something is written, and clients ask for tokens with both. */
    private static final Set<String> PUSH = Set.of("pull", "push");

    private static final Set<String> DELETE = Set.of("delete");

    private Demands() {}

    static Outcome of(String method, Target target, String query, List<String> contentTypes) {
        return switch (target) {
            case RegistryCall.Manifest manifest ->
                switch (method) {
                    case "GET", "HEAD" -> plain(PULL, query);
                    case "PUT" -> written(query, contentTypes, false);
                    case "DELETE" -> plain(DELETE, query);
                    default -> refused("GET, HEAD, PUT, DELETE");
                };
            case RegistryCall.Blob blob ->
                switch (method) {
                    case "GET", "HEAD" -> plain(PULL, query);
                    case "DELETE" -> plain(DELETE, query);
                    default -> refused("GET, HEAD, DELETE");
                };
            case RegistryCall.Uploads uploads ->
                method.equals("POST") ? written(query, contentTypes, true) : refused("POST");
            case RegistryCall.Upload upload ->
                switch (method) {
                    // Who looks at an upload, or gives it up, is the one who pushes.
                    case "GET", "DELETE" -> plain(PUSH, query);
                    case "PATCH", "PUT" -> written(query, contentTypes, false);
                    default -> refused("GET, PATCH, PUT, DELETE");
                };
            case RegistryCall.Tags tags -> method.equals("GET") ? plain(PULL, query) : refused("GET");
            case RegistryCall.Referrers referrers -> method.equals("GET") ? plain(PULL, query) : refused("GET");
        };
    }

    private static Outcome plain(Set<String> actions, String query) {
        return switch (RegistryQuery.read(query)) {
            case RegistryQuery.Malformed malformed -> new Refused(Fault.MALFORMED, malformed.why());
            case RegistryQuery.Read read -> needs(actions, read, false);
        };
    }

    private static Outcome written(String query, List<String> contentTypes, boolean mayMount) {
        // Registries in Go read parameters from the form of a body, too (net/http, Request.FormValue): a mount could
        // hide there.
        boolean form = contentTypes.stream()
                .map(type -> type.toLowerCase(Locale.ROOT))
                .anyMatch(type -> type.contains("form-urlencoded") || type.contains("multipart/"));
        if (form) {
            return new Refused(
                    Fault.MALFORMED, "a form is not taken: it could name a mount that does not stand in the query");
        }
        return switch (RegistryQuery.read(query)) {
            case RegistryQuery.Malformed malformed -> new Refused(Fault.MALFORMED, malformed.why());
            case RegistryQuery.Read read -> needs(PUSH, read, mayMount);
        };
    }

    private static Outcome needs(Set<String> actions, RegistryQuery.Read query, boolean mayMount) {
        if (query.digest().isPresent() && !Grammar.isDigest(query.digest().get())) {
            return malformed("the parameter 'digest' is none");
        }
        if (query.mount().isEmpty() && query.from().isEmpty()) {
            return new Needs(actions, Optional.empty());
        }
        if (!mayMount) {
            return malformed("the parameters 'mount' and 'from' are taken where an upload begins alone");
        }
        // Without 'from', some registries look for the blob in every repository, those of others among them.
        if (query.mount().isEmpty() || query.from().isEmpty()) {
            return malformed("the parameters 'mount' and 'from' are taken together alone");
        }
        if (query.digest().isPresent()) {
            return malformed("the parameters 'mount' and 'digest' exclude each other");
        }
        if (!Grammar.isDigest(query.mount().get())) {
            return malformed("the parameter 'mount' is no digest");
        }
        if (!Grammar.isName(query.from().get())) {
            return malformed("the parameter 'from' is no repository name");
        }
        return new Needs(actions, query.from());
    }

    private static Outcome malformed(String why) {
        return new Refused(Fault.MALFORMED, why);
    }

    private static Outcome refused(String taken) {
        return new Refused(Fault.METHOD, methods(taken));
    }

    static String methods(String taken) {
        return "the API of a registry takes " + taken + " at this path";
    }
}
