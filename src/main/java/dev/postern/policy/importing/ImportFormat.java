package dev.postern.policy.importing;

import java.util.Arrays;
import java.util.Optional;

/** The formats that can be imported. */
public enum ImportFormat {
    /** The network rule set of an Azure Container Registry, or the registry as a resource (JSON). */
    ACR_NETWORK_RULE_SET("acr-network-rule-set"),
    /** Zones and rules of IBM Cloud's context-based restrictions (JSON). */
    IBM_CBR("ibm-cbr"),
    /** The access control list of docker_auth, or its whole configuration (YAML). */
    DOCKER_AUTH_ACL("docker-auth-acl"),
    /** The IP allow list of a GitHub organization or enterprise, as GraphQL answers it (JSON). */
    GITHUB_ALLOW_LIST("github-allow-list");

    private final String wireName;

    ImportFormat(String wireName) {
        this.wireName = wireName;
    }

    /** The name on the command line. */
    public String wireName() {
        return wireName;
    }

    /** The format of this name. */
    public static Optional<ImportFormat> of(String wireName) {
        return Arrays.stream(values())
                .filter(format -> format.wireName.equals(wireName))
                .findFirst();
    }
}
