package dev.postern.setup;

import dev.postern.door.RegistrySettings;
import dev.postern.door.RegistrySettings.Mode;
import dev.postern.door.reasons.ReasonsResource;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Reads and checks {@code postern.registry}. */
final class RegistrySettingsReader {

    private static final String REALM = "postern.registry.realm";
    private static final int MAX_LENGTH = 1024;

    private RegistrySettingsReader() {}

    static RegistrySettings read(PosternConfig config) {
        String text = config.registry().mode();
        Mode mode = Mode.of(text)
                .orElseThrow(() -> new StartFault("postern.registry.mode is '" + text + "'; expected " + Mode.FORMS));
        Optional<String> realm = config.registry().realm();
        realm.filter(url -> !isUrl(url)).ifPresent(url -> {
            throw new StartFault(REALM + " is '" + url
                    + "'; expected the URL of the token service, such as https://postern.example.com/token");
        });
        boolean isAsked = config.envoy().enabled() || config.forward().enabled();
        if (mode == Mode.TOKEN && realm.isEmpty() && isAsked) {
            throw new StartFault(REALM + " is not set: who comes without a token is to be told where there are some."
                    + " Expected the URL of the token service, as the registry's auth.token.realm has it;"
                    + " or another postern.registry.mode");
        }
        return new RegistrySettings(
                mode, realm, config.service(), reasons(config, realm), RegistryIssuerSettings.others(config));
    }

    /**
     * The page beside the token service; none where the operator has a page of their own, or where it is not known under which URL
     * callers reach this server.
     */
    private static Optional<String> reasons(PosternConfig config, Optional<String> realm) {
        return config.referUrl().isPresent()
                ? Optional.empty()
                : realm.map(url -> URI.create(url).resolve(ReasonsResource.NAME).toString());
    }

    static boolean isUrl(String text) {
        try {
            URI url = new URI(text);
            return text.length() <= MAX_LENGTH
                    && ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
                    && url.getHost() != null
                    && url.getRawFragment() == null
                    && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
