package dev.postern.door.registry;

import dev.postern.decision.Scope;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The named values of a token request, those of a query or of a form, and the checks that both have in common.
 *
 * @param word what people call one of them: {@code parameter} or {@code field}
 * @param values the values of each name, in order
 */
record Parameters(String word, Map<String, List<String>> values) {

    /** What became of reading scopes. */
    sealed interface Scopes {}

    /** They can be read: each stands once, in the order asked. */
    record ScopesRead(List<Scope> scopes) implements Scopes {}

    /** They cannot: which, and the form expected. */
    record ScopesMalformed(String message) implements Scopes {}

    /** More scopes than any client asks for. */
    private static final int MAX_SCOPES = 100;

    private static final int MAX_SCOPE_CHARACTERS = 16 * 1024;
    private static final int MAX_CLAIM = 255;

    /** Parameters that would put a secret where it is logged by every proxy on the way. */
    private static final Set<String> SECRETS =
            Set.of("password", "username", "token", "access_token", "refresh_token", "api_key", "apikey");

    /** What is wrong with a URL that has a secret in it. */
    Optional<String> secretInUrl() {
        for (String name : values.keySet()) {
            if (SECRETS.contains(name)) {
                return Optional.of("the parameter '" + name + "' is not taken: a secret in a URL ends in logs."
                        + " Send credentials in the Authorization header, as 'Basic', or in the form of a POST.");
            }
        }
        return Optional.empty();
    }

    /** What is wrong with these values, which may stand once, as short visible texts. */
    Optional<String> notOnceAndVisible(List<String> names) {
        for (String name : names) {
            List<String> all = all(name);
            if (all.size() > 1) {
                return Optional.of(malformed(name, "stands more than once; expected one"));
            }
            if (all.size() == 1 && !isVisible(all.getFirst())) {
                return Optional.of(malformed(
                        name, "is not in the expected form: at most " + MAX_CLAIM + " printable ASCII characters"));
            }
        }
        return Optional.empty();
    }

    /** What is wrong with the service that is named. */
    Optional<String> foreignService(String ownService) {
        return first("service")
                .filter(service -> !service.isEmpty() && !service.equals(ownService))
                .map(service -> malformed(
                        "service",
                        "is not a service of this token service; expected '" + ownService
                                + "', as the registry's auth.token.service must say, too"));
    }

    String malformed(String name, String why) {
        return "the " + word + " '" + name + "' " + why;
    }

    /** All values of that name, in order. */
    List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** Whether there are more values than so many. */
    boolean areMoreThan(int most) {
        int count = 0;
        for (List<String> each : values.values()) {
            count += each.size();
        }
        return count > most;
    }

    Optional<String> first(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
    }

    /** The scopes of all values of that name, which may have several each. */
    Scopes scopes() {
        Set<Scope> scopes = new LinkedHashSet<>();
        int characters = 0;
        int count = 0;
        for (String line : all("scope")) {
            characters += line.length();
            if (characters > MAX_SCOPE_CHARACTERS) {
                return new ScopesMalformed(
                        malformed("scope", "is too long: at most " + MAX_SCOPE_CHARACTERS + " characters in all"));
            }
            for (int from = 0, end; from <= line.length(); from = end + 1) {
                int blank = line.indexOf(' ', from);
                end = blank < 0 ? line.length() : blank;
                if (end == from) {
                    continue;
                }
                String text = line.substring(from, end);
                if (++count > MAX_SCOPES) {
                    return new ScopesMalformed(malformed("scope", "names too many scopes: at most " + MAX_SCOPES));
                }
                switch (Scope.parse(text)) {
                    case Scope.Parsed parsed -> scopes.add(parsed.scope());
                    case Scope.Malformed malformed -> {
                        return new ScopesMalformed(
                                "the scope '" + shown(text) + "' cannot be read: " + malformed.why());
                    }
                }
            }
        }
        return new ScopesRead(new ArrayList<>(scopes));
    }

    /** VSCHAR of RFC 6749, appendix A. */
    private static boolean isVisible(String text) {
        if (text.length() > MAX_CLAIM) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
                return false;
            }
        }
        return true;
    }

    private static String shown(String text) {
        String cut = text.length() > 120 ? text.substring(0, 120) + "…" : text;
        return cut.chars()
                .map(c -> c < 0x20 || c == 0x7f ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
