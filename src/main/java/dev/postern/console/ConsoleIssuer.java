package dev.postern.console;

import dev.postern.identity.oidc.CodeFlow;
import java.time.Duration;

/**
 * The issuer by which people sign in.
 *
 * @param flow how
 * @param name what people know it by: the host of its URL
 * @param root the URL of the console as browsers know it, with a slash at its end
 * @param sessions how long somebody stays signed in who came by it
 */
public record ConsoleIssuer(CodeFlow flow, String name, String root, Duration sessions) {

    /** What follows the root in the redirect URI. */
    public static final String CALLBACK = "callback";

    /** Whether browsers reach the console over TLS, whatever ends it. */
    boolean isSecure() {
        return root.startsWith("https:");
    }

    /** Where people sign out at the issuer, to come back to the form; empty where it has not said so. */
    String signOut() {
        return flow.signOut(root + "login").orElse("");
    }
}
