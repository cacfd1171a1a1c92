package dev.postern.door;

import java.util.Locale;
import java.util.Optional;

/**
 * What the operator has said about the registry behind the doors.
 *
 * @param mode what is asked of a request
 * @param realm the URL of the token service, for challenges; there is one wherever the mode is {@link Mode#TOKEN}
 * @param service the registry's name, as tokens have it
 */
public record RegistrySettings(Mode mode, Optional<String> realm, String service) {

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
