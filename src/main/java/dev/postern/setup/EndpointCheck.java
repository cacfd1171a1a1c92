package dev.postern.setup;

import dev.postern.address.AddressRange;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the settings say of private endpoints, without serving anybody. */
public final class EndpointCheck {

    private EndpointCheck() {}

    /**
     * Every address under which a caller of a private endpoint is seen.
     *
     * @param named the endpoints that are to be among those of the settings
     * @return empty where the settings do not tell: they lack one of the names, or know an endpoint by its listener
     */
    public static Optional<List<AddressRange>> translatedAddresses(PosternConfig config, Set<String> named) {
        SourceSettings settings = SourceSettingsReader.read(config);
        List<PrivateEndpoint> endpoints = settings.privateEndpoints();
        Set<String> known = endpoints.stream().map(PrivateEndpoint::name).collect(Collectors.toSet());
        boolean byListener =
                endpoints.stream().anyMatch(endpoint -> !endpoint.listeners().isEmpty());
        return byListener || !known.containsAll(named)
                ? Optional.empty()
                : Optional.of(endpoints.stream()
                        .flatMap(endpoint -> endpoint.translatedAddresses().stream())
                        .toList());
    }
}
