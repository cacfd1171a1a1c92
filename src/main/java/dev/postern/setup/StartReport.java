package dev.postern.setup;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What a person needs to know after the start.
 *
 * @param config the settings
 * @param keys the signing keys
 * @param policy where the policy is, for people
 * @param newApiKey the API key of the example policy, where it was made just now
 */
public record StartReport(PosternConfig config, SigningKeys keys, String policy, Optional<String> newApiKey) {

    /**
     * The text, ready to paste from.
     *
     * @param baseUrl where the token service answers, by a name and not by an address: some clients refuse a realm
     *     with a loopback address
     */
    public String text(String baseUrl) {
        StringBuilder text = new StringBuilder();
        text.append("\nPostern answers at ").append(baseUrl).append("/token\n");
        text.append("by the policy ").append(policy).append('\n');
        if (config.policy().isEmpty()) {
            text.append("\nA token:\n\n  curl -u 'iamapikey:")
                    .append(newApiKey.orElse("API_KEY"))
                    .append("' \\\n    '");
            text.append(baseUrl)
                    .append("/token?service=")
                    .append(config.service())
                    .append("&scope=repository:example/hello:pull,push'\n");
        }
        text.append("\nIn the registry's configuration:\n\n");
        text.append("  auth:\n    token:\n");
        text.append("      realm: ").append(baseUrl).append("/token\n");
        text.append("      service: ").append(config.service()).append('\n');
        text.append("      issuer: ").append(config.issuer()).append('\n');
        text.append("      rootcertbundle: ")
                .append(keys.bundle().map(Path::toString).orElse("the certificate that signed the key's, as a file"))
                .append('\n');
        return text.toString();
    }
}
