package dev.postern.door.envoy;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.postern.door.Route;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What Envoy's configuration says of a route: {@code context_extensions} of its {@code ext_authz} settings, and the metadata
 * of the route in the namespace {@value #NAMESPACE}, where {@code route_metadata_context_namespaces} names it.
 */
final class EnvoyRoutes {

    static final String NAMESPACE = "postern";

    private EnvoyRoutes() {}

    static Route.Outcome of(AttributeContext attributes) {
        Map<String, String> extensions = attributes.getContextExtensionsMap();
        Optional<Struct> metadata = Optional.ofNullable(
                attributes.getRouteMetadataContext().getFilterMetadataMap().get(NAMESPACE));
        if (metadata.isEmpty()) {
            return Route.of(extensions);
        }
        Map<String, String> said = new HashMap<>(extensions);
        for (Map.Entry<String, Value> entry : metadata.get().getFieldsMap().entrySet()) {
            String key = Route.PREFIX + entry.getKey();
            String value = entry.getValue().hasStringValue() ? entry.getValue().getStringValue() : "";
            String other = said.put(key, value);
            if (other != null && !other.equals(value)) {
                return new Route.Malformed("the route's metadata and its context extensions are not the same");
            }
        }
        return Route.of(said);
    }
}
