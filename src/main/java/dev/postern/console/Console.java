package dev.postern.console;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Answers what browsers ask. Whoever has not signed in gets the form for it, its style and nothing else. */
final class Console {

    /** The name of the cookie. */
    static final String COOKIE = "postern-console";

    private final ConsoleSettings settings;
    private final Guard guard;
    private final Optional<IssuerLogin> issuer;
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
        this.issuer = settings.issuer().map(IssuerLogin::new);
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
            case "sign-in", ConsoleIssuer.CALLBACK, "signed-out" ->
                settings.issuer()
                        .flatMap(known -> issuer.map(login -> byIssuer(ask, known, login)))
                        .orElseGet(() -> page(ask));
            default -> ask.method().equals("GET") ? page(ask) : notThat("GET");
        };
    }

    private static Answer notThat(String methods) {
        return Answer.text(405, "expected " + methods).with("Allow", methods);
    }

    private Answer form(int status, String trouble) {
        LoginView view = new LoginView(
                trouble,
                settings.token().isPresent(),
                settings.issuer().map(ConsoleIssuer::name).orElse(""));
        return Answer.html(status, templates.render("login", page("login", "Sign in", false), view));
    }

    private Answer byIssuer(Ask ask, ConsoleIssuer known, IssuerLogin login) {
        if (!ask.method().equals("GET")) {
            return notThat("GET");
        }
        if (ask.page().equals("signed-out")) {
            return signing(200, "Signed out", known, "", "");
        }
        Instant at = clock.instant();
        Duration delay = guard.delay(ask, at);
        if (delay.isPositive()) {
            return later(delay);
        }
        boolean isBack = ask.page().equals(ConsoleIssuer.CALLBACK);
        return switch (isBack ? login.finish(ask, at) : login.begin(at)) {
            case IssuerLogin.GoTo there ->
                Answer.seeOther(there.location())
                        .with(
                                "Set-Cookie",
                                cookie(
                                        IssuerLogin.COOKIE,
                                        there.ticket(),
                                        Tickets.LIFE.toSeconds(),
                                        "Lax",
                                        ask.isSecure() || known.isSecure()));
            case IssuerLogin.Welcome welcome ->
                // Lax, and not Strict: the browser comes from the issuer's site, and would leave a strict one at home.
                Answer.seeOther("./")
                        .with(
                                "Set-Cookie",
                                cookie(
                                        COOKIE,
                                        guard.beginByIssuer(known.sessions(), at),
                                        known.sessions().toSeconds(),
                                        "Lax",
                                        ask.isSecure() || known.isSecure()));
            case IssuerLogin.Sorry sorry -> {
                if (sorry.counts()) {
                    guard.failed(ask, at);
                }
                yield signing(sorry.status(), "Not signed in", known, sorry.trouble(), sorry.hint());
            }
        };
    }

    private Answer signing(int status, String title, ConsoleIssuer known, String trouble, String hint) {
        SigningView view = new SigningView(
                trouble, hint, known.name(), known.signOut(), trouble.isEmpty() ? "Sign in again" : "Try again");
        return Answer.html(status, templates.render("signing", page("login", title, false), view));
    }

    private Answer later(Duration delay) {
        long seconds = delay.toSeconds() + 1;
        return form(429, "Too many were wrong. Try again in " + seconds + " s.")
                .with("Retry-After", String.valueOf(seconds));
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
                                        COOKIE,
                                        guard.begin(right, at),
                                        settings.sessions().toSeconds(),
                                        "Strict",
                                        ask.isSecure()));
            case Guard.Wrong wrong -> form(401, "That is not the token.");
            case Guard.Later later -> later(later.after());
        };
    }

    private Answer logout(Ask ask) {
        if (ask.isForeign()) {
            return Answer.text(403, "sign out from the console's own page");
        }
        boolean byIssuer = guard.session(ask, clock.instant())
                .filter(Sessions.Issuer.class::isInstance)
                .isPresent();
        guard.end(ask);
        return Answer.seeOther(byIssuer ? "signed-out" : "login")
                .with("Set-Cookie", cookie(COOKIE, "", 0, "Strict", ask.isSecure()));
    }

    private static String cookie(String name, String value, long seconds, String sameSite, boolean isSecure) {
        return name + "=" + value + "; Path=/console; Max-Age=" + seconds + "; HttpOnly; SameSite=" + sameSite
                + (isSecure ? "; Secure" : "");
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
