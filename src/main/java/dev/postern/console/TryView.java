package dev.postern.console;

import java.util.List;

/**
 * What the page <em>try</em> shows: the form as it was filled, and what would be decided.
 *
 * @param endpoints the private endpoints that can be chosen
 * @param troubles what is wrong with the form
 * @param verdict what would be decided, in words; empty where nothing was asked
 * @param tone how it is drawn
 * @param message what the caller would read
 * @param scopes what would be granted of each scope
 * @param chain the evidence and the rulesets
 * @param advice what would have to change; empty where nothing must
 */
public record TryView(
        String ip,
        String link,
        String identity,
        String scope,
        List<RulesView.Choice> endpoints,
        List<String> troubles,
        String verdict,
        String tone,
        String message,
        List<Granted> scopes,
        List<Link> chain,
        List<Advice> advice) {

    /** A scope, and what would be granted of it. */
    public record Granted(String scope, String actions) {}
}
