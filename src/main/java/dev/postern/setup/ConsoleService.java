package dev.postern.setup;

import dev.postern.console.ConsoleIssuer;
import dev.postern.console.ConsoleSettings;
import dev.postern.console.ConsoleToken;
import io.quarkus.tls.TlsConfigurationRegistry;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/** What the settings say of the console, checked. */
@ApplicationScoped
public class ConsoleService {

    private static final String PREFIX = "postern.console.";

    /** The settings; a console that anybody could look at stops the start. */
    @Produces
    @Singleton
    static ConsoleSettings settings(
            PosternConfig config, Vertx vertx, TlsConfigurationRegistry tls, InstantSource clock) {
        return settings(
                config,
                oidc -> oidc.issuer(
                        vertx,
                        FetchTrust.of(
                                ConsoleOidcSettings.PREFIX + "tls-configuration-name",
                                oidc.config().tlsConfigurationName(),
                                tls),
                        clock));
    }

    /** The same, where the issuer is made by somebody else. */
    static ConsoleSettings settings(PosternConfig config, Function<ConsoleOidcSettings, ConsoleIssuer> issuers) {
        PosternConfig.Console console = config.console();
        Bounds.check(PREFIX + "session", console.session(), Duration.ofMinutes(1), Duration.ofHours(24));
        Optional<ConsoleOidcSettings> oidc =
                console.enabled() ? ConsoleOidcSettings.read(console.oidc()) : Optional.empty();
        return new ConsoleSettings(
                token(console, oidc.isPresent()),
                oidc.map(issuers),
                console.session(),
                config.privateEndpoints().keySet().stream().sorted().toList(),
                BuiltVersion.text());
    }

    private static Optional<ConsoleToken> token(PosternConfig.Console console, boolean hasIssuer) {
        if (!console.enabled() || (hasIssuer && console.tokenFile().isEmpty())) {
            return Optional.empty();
        }
        ConsoleToken token = new ConsoleToken(console.tokenFile()
                .orElseThrow(
                        () -> new StartFault(PREFIX + "enabled is true, and anybody could look at it; set " + PREFIX
                                + "token-file to a file with the token by which people sign in, such"
                                + " as: openssl rand -hex 32; or " + ConsoleOidcSettings.PREFIX
                                + "issuer to the issuer by which they do")));
        token.fault().ifPresent(why -> {
            throw new StartFault(PREFIX + "token-file: " + why);
        });
        return Optional.of(token);
    }
}
