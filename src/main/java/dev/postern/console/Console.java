package dev.postern.console;

import java.time.Instant;
import java.time.InstantSource;

/** Answers what browsers ask. Whoever has not signed in gets the form for it, its style and nothing else. */
final class Console {

    /** The name of the cookie. */
    static final String COOKIE = "postern-console";

    private final ConsoleSettings settings;
    private final Guard guard;
    private final Templates templates;
    private final Assets assets = new Assets();
    private final InstantSource clock;
    private final Pages pages;

    /** What is shown. */
    record Pages(NowPage now, RefusalsPage refusals, RulesPage rules, MapPage map, TryPage trial) {}

    Console(ConsoleSettings settings, Guard guard, Templates templates, InstantSource clock, Pages pages) {
        this.settings = settings;
        this.templates = templates;
        this.guard = guard;
        this.clock = clock;
        this.pages = pages;
    }

    Answer answer(Ask ask) {
        if (ask.page().startsWith("assets/")) {
            return ask.method().equals("GET")
                    ? assets.answer(ask.page().substring("assets/".length()))
                    : notThat("GET");
        }
        return switch (ask.page()) {
            case "login" ->
                switch (ask.method()) {
                    case "GET" -> form(200, "");
                    case "POST" -> login(ask);
                    default -> notThat("GET, POST");
                };
            case "logout" -> ask.method().equals("POST") ? logout(ask) : notThat("POST");
            default -> ask.method().equals("GET") ? page(ask) : notThat("GET");
        };
    }

    private static Answer notThat(String methods) {
        return Answer.text(405, "expected " + methods).with("Allow", methods);
    }

    private Answer form(int status, String trouble) {
        return Answer.html(status, templates.render("login", page("login", "Sign in", false), trouble));
    }

    private Answer login(Ask ask) {
        if (ask.isForeign()) {
            return Answer.text(403, "sign in from the console's own page");
        }
        Instant at = clock.instant();
        return switch (guard.show(ask.field("token"), ask, at)) {
            case Guard.Right right ->
                Answer.seeOther("./")
                        .with(
                                "Set-Cookie",
                                cookie(
                                        ask,
                                        guard.begin(right, at),
                                        settings.sessions().toSeconds()));
            case Guard.Wrong wrong -> form(401, "That is not the token.");
            case Guard.Later later -> {
                long seconds = later.after().toSeconds() + 1;
                yield form(429, "Too many were wrong. Try again in " + seconds + " s.")
                        .with("Retry-After", String.valueOf(seconds));
            }
        };
    }

    private Answer logout(Ask ask) {
        if (ask.isForeign()) {
            return Answer.text(403, "sign out from the console's own page");
        }
        guard.end(ask);
        return Answer.seeOther("login").with("Set-Cookie", cookie(ask, "", 0));
    }

    private static String cookie(Ask ask, String value, long seconds) {
        return COOKIE + "=" + value + "; Path=/console; Max-Age=" + seconds + "; HttpOnly; SameSite=Strict"
                + (ask.isSecure() ? "; Secure" : "");
    }

    private Answer page(Ask ask) {
        if (!guard.admits(ask, clock.instant())) {
            boolean isPage = ask.bearer().isEmpty() && !ask.page().contains(".");
            return isPage
                    ? Answer.seeOther("login")
                    : Answer.text(401, "sign in first").with("WWW-Authenticate", "Bearer realm=\"postern-console\"");
        }
        boolean hasSession = ask.bearer().isEmpty();
        return switch (ask.page()) {
            case "" -> html("now", "Now", hasSession, pages.now().view());
            case "now.json" -> Answer.json(pages.now().json());
            case "refusals" ->
                html("refusals", "Refusals", hasSession, pages.refusals().view(ask));
            case "refusals.json" -> Answer.json(pages.refusals().json());
            case "rules" -> html("rules", "Rules", hasSession, pages.rules().view(ask));
            case "map" -> html("map", "Map", hasSession, pages.map().view(ask));
            case "try" -> html("try", "Try", hasSession, pages.trial().view(ask));
            case "me" -> html("me", "Me", hasSession, MeView.of(ask));
            default -> Answer.html(404, templates.render("notFound", page("", "No such page", hasSession), ""));
        };
    }

    private Answer html(String name, String title, boolean hasSession, Object view) {
        return Answer.html(templates.render(name, page(name, title, hasSession), view));
    }

    private Page page(String name, String title, boolean isSignedIn) {
        return new Page(name, title, settings.version(), assets.digest(), isSignedIn);
    }
}
