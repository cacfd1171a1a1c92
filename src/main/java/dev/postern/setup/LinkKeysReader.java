package dev.postern.setup;

import dev.postern.address.LinkId;
import dev.postern.source.LinkKeys;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads and checks {@code postern.envoy.link-metadata}. */
final class LinkKeysReader {

    private static final String PREFIX = "postern.envoy.link-metadata.";

    private static final int MAX_LENGTH = 256;

    /** Which setting has which key, so that none stands in two. */
    private final Map<String, String> owners = new HashMap<>();

    private LinkKeysReader() {}

    static LinkKeys read(PosternConfig.LinkMetadata config) {
        return new LinkKeysReader().keys(config);
    }

    private LinkKeys keys(PosternConfig.LinkMetadata config) {
        String namespace = named("namespace", config.namespace());
        Map<String, LinkId.Cloud> clouds = new HashMap<>();
        for (LinkId.Cloud cloud : LinkId.Cloud.values()) {
            Optional<List<String>> listed = switch (cloud) {
                case AWS -> config.aws();
                case AZURE -> config.azure();
                case GCP -> config.gcp();
            };
            own(cloud.name().toLowerCase(Locale.ROOT), listed).forEach(key -> clouds.put(key, cloud));
        }
        return new LinkKeys(namespace, clouds, own("other", config.other()));
    }

    private Set<String> own(String setting, Optional<List<String>> listed) {
        Set<String> keys = new HashSet<>();
        for (String text : listed.orElse(List.of())) {
            String key = named(setting, text);
            String owner = owners.putIfAbsent(key, setting);
            if (owner != null) {
                throw new StartFault(PREFIX + setting + " has '" + key + "', which "
                        + (owner.equals(setting) ? "it has already" : PREFIX + owner + " has too")
                        + "; a key is of one field");
            }
            keys.add(key);
        }
        return keys;
    }

    private static String named(String setting, String text) {
        String name = text.strip();
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            throw new StartFault(PREFIX + setting + " has '" + name + "'; expected a name of 1 to " + MAX_LENGTH
                    + " characters, as the proxy_protocol filter of Envoy has it");
        }
        return name;
    }
}
