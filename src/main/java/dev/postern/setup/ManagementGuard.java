package dev.postern.setup;

import dev.postern.console.ConsoleToken;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What stands before everything at the management port: headers, and before metrics a token, where one is set. Health is open, for
 * what probes it shows nothing; the console has its own guard.
 */
@ApplicationScoped
public class ManagementGuard {

    private static final String SETTING = "postern.management.token-file";
    private static final String SCHEME = "bearer ";

    /** Before the routes of extensions. */
    private static final int FIRST = -100_000;

    /** For whoever opens such an answer in a browser: it is no page, runs nothing, and is not kept. The console says its own. */
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy",
                    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");

    private final PosternConfig config;
    private final Instance<InstantSource> clock;

    ManagementGuard(PosternConfig config, Instance<InstantSource> clock) {
        this.config = config;
        this.clock = clock;
    }

    void begin(@Observes ManagementInterface management) {
        Optional<ConsoleToken> token = token(config);
        management.router().route().order(FIRST).handler(context -> {
            HEADERS.forEach(context.response()::putHeader);
            context.next();
        });
        // Aside, for the file of the word is read there.
        token.ifPresent(word -> management
                .router()
                .route("/q/metrics*")
                .order(FIRST + 1)
                .blockingHandler(context -> guard(context, word), false));
    }

    /** The token of the settings; one that could be guessed stops the start. */
    static Optional<ConsoleToken> token(PosternConfig config) {
        Optional<ConsoleToken> token = config.management().tokenFile().map(ConsoleToken::new);
        token.flatMap(ConsoleToken::fault).ifPresent(why -> {
            throw new StartFault(SETTING + ": " + why);
        });
        return token;
    }

    private void guard(RoutingContext context, ConsoleToken word) {
        String shown = Optional.ofNullable(context.request().getHeader("Authorization"))
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(value -> value.substring(SCHEME.length()).strip())
                .orElse("");
        if (word.isShown(shown, clock.get().instant())) {
            context.next();
        } else {
            context.response()
                    .setStatusCode(401)
                    .putHeader("WWW-Authenticate", "Bearer realm=\"postern-management\"")
                    .putHeader("Content-Type", "text/plain;charset=UTF-8")
                    .end("the token of " + SETTING + " is missing, or another\n");
        }
    }
}
