package dev.postern.door;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator has said about the registry behind the doors, and about others that routes can name.
 *
 * @param mode what is asked of a request
 * @param realm the URL of the token service, for challenges; there is one wherever the mode is {@link Mode#TOKEN}
 * @param service the registry's name, as tokens have it
 * @param reasons the URL of Postern's own page on refusals, where callers are sent to it
 * @param others the names of the other registries, and the URL of the token service of each, where that is another
 */
public record RegistrySettings(
        Mode mode,
        Optional<String> realm,
        String service,
        Optional<String> reasons,
        Map<String, Optional<String>> others) {

    /** Keeps its own copy. */
    public RegistrySettings {
        others = Map.copyOf(others);
    }

    /** The same of the registry that a route names; empty where the settings do not know it. */
    Optional<RegistrySettings> of(Route route) {
        if (route.service().map(service::equals).orElse(true)) {
            return Optional.of(this);
        }
        String name = route.service().get();
        return Optional.ofNullable(others.get(name))
                .map(own -> new RegistrySettings(mode, own.or(() -> realm), name, reasons, others));
    }

    /** What is asked of a request. */
    public enum Mode {
        /** Where it comes from. */
        NETWORK,
        /** That, and a registry token that allows it. */
        TOKEN,
        /** That, and who it is, and what the policy's bindings give: for registries without a token service. */
        IDENTITY;

        /** The modes, for error texts. */
        public static final String FORMS = "one of network, token, identity";

        /** The mode of this name. */
        public static Optional<Mode> of(String text) {
            for (Mode mode : values()) {
                if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return Optional.of(mode);
                }
            }
            return Optional.empty();
        }
    }
}
