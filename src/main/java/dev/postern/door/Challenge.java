package dev.postern.door;

import dev.postern.decision.Scope;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Values of {@code WWW-Authenticate}: how to be let in. */
final class Challenge {

    private Challenge() {}

    /**
     * By a registry token (Distribution token specification, "How to authenticate"; RFC 6750 section 3).
     *
     * @param error {@code invalid_token} or {@code insufficient_scope}, where one was shown
     */
    static String bearer(RegistrySettings settings, List<Scope> scopes, Optional<String> error) {
        StringBuilder challenge = new StringBuilder("Bearer realm=")
                .append(quoted(settings.realm().orElseThrow()))
                .append(",service=")
                .append(quoted(settings.service()));
        if (!scopes.isEmpty()) {
            challenge
                    .append(",scope=")
                    .append(quoted(scopes.stream().map(Scope::toString).collect(Collectors.joining(" "))));
        }
        error.ifPresent(code -> challenge.append(",error=").append(quoted(code)));
        return challenge.toString();
    }

    /** By user name and password (RFC 7617). */
    static String basic(RegistrySettings settings) {
        return "Basic realm=" + quoted(settings.service()) + ", charset=\"UTF-8\"";
    }

    /** A quoted-string (RFC 9110 section 5.6.4) of printable ASCII. */
    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\');
            }
            quoted.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return quoted.append('"').toString();
    }
}
