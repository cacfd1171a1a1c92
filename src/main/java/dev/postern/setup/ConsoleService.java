package dev.postern.setup;

import dev.postern.console.ConsoleSettings;
import dev.postern.console.ConsoleToken;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/** What the settings say of the console, checked. */
@ApplicationScoped
public class ConsoleService {

    private static final String PREFIX = "postern.console.";

    /** The settings; a console that anybody could look at stops the start. */
    @Produces
    @Singleton
    static ConsoleSettings settings(PosternConfig config) {
        PosternConfig.Console console = config.console();
        Bounds.check(PREFIX + "session", console.session(), Duration.ofMinutes(1), Duration.ofHours(24));
        return new ConsoleSettings(
                token(console),
                console.session(),
                config.privateEndpoints().keySet().stream().sorted().toList(),
                BuiltVersion.text());
    }

    private static Optional<ConsoleToken> token(PosternConfig.Console console) {
        if (!console.enabled()) {
            return Optional.empty();
        }
        ConsoleToken token = new ConsoleToken(console.tokenFile()
                .orElseThrow(
                        () -> new StartFault(PREFIX + "enabled is true, and anybody could look at it; set " + PREFIX
                                + "token-file to a file with the token by which people sign in, such"
                                + " as: openssl rand -hex 32")));
        token.fault().ifPresent(why -> {
            throw new StartFault(PREFIX + "token-file: " + why);
        });
        return Optional.of(token);
    }
}
