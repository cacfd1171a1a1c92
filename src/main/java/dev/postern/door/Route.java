package dev.postern.door;

import dev.postern.door.RegistrySettings.Mode;
import java.util.Map;
import java.util.Optional;

/**
 * What a proxy is configured to say of the route that a request takes.
 *
 * @param mode the mode, instead of the settings'
 * @param account an account whose rules count there whatever is asked for
 * @param service the registry that stands there, by the service name that tokens for it have, instead of the settings'
 */
public record Route(Optional<Mode> mode, Optional<String> account, Optional<String> service) {

    /** Nothing is said. */
    public static final Route UNNAMED = new Route(Optional.empty(), Optional.empty(), Optional.empty());

    /** What the keys begin with; others are somebody else's. */
    public static final String PREFIX = "postern.";

    private static final String MODE = PREFIX + "mode";
    private static final String ACCOUNT = PREFIX + "account";
    private static final String SERVICE = PREFIX + "service";

    /** What became of reading one. */
    public sealed interface Outcome {}

    /** It can be read. */
    public record Read(Route route) implements Outcome {}

    /** It cannot: for the operator. */
    public record Malformed(String why) implements Outcome {}

    /** Reads what is said: {@code postern.mode}, {@code postern.account} and {@code postern.service}. */
    public static Outcome of(Map<String, String> said) {
        Route route = UNNAMED;
        for (Map.Entry<String, String> entry : said.entrySet()) {
            if (!entry.getKey().startsWith(PREFIX)) {
                continue;
            }
            switch (entry.getKey()) {
                case MODE -> {
                    Optional<Mode> mode = Mode.of(entry.getValue());
                    if (mode.isEmpty()) {
                        return new Malformed("the route's " + MODE + " is not " + Mode.FORMS);
                    }
                    route = new Route(mode, route.account(), route.service());
                }
                case ACCOUNT -> route = new Route(route.mode(), Optional.of(entry.getValue()), route.service());
                case SERVICE -> route = new Route(route.mode(), route.account(), Optional.of(entry.getValue()));
                default -> {
                    return new Malformed(
                            "the route says what is not known; expected " + MODE + ", " + ACCOUNT + " or " + SERVICE);
                }
            }
        }
        return new Read(route);
    }
}
