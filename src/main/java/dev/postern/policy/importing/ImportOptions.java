package dev.postern.policy.importing;

import dev.postern.address.AddressRange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the input does not say.
 *
 * @param account the name of the account that is written
 * @param namespaces its namespaces, besides those that the input names
 * @param privateEndpoints the private endpoints by which "over the private network" is said here
 * @param vpcEndpoints the private endpoints by which the machines of a VPC come, by the VPC's CRN or id
 * @param translatedAddresses every address under which a caller of a private endpoint may be seen, where the operator's
 *     settings tell; empty where that is not known
 * @param pushAsWriter whether who may pull and push is made a Writer, who may also delete
 */
public record ImportOptions(
        String account,
        List<String> namespaces,
        List<String> privateEndpoints,
        Map<String, String> vpcEndpoints,
        Optional<List<AddressRange>> translatedAddresses,
        boolean pushAsWriter) {

    /** Keeps its own copies. */
    public ImportOptions {
        namespaces = List.copyOf(namespaces);
        privateEndpoints = List.copyOf(privateEndpoints);
        vpcEndpoints = Map.copyOf(vpcEndpoints);
        translatedAddresses = translatedAddresses.map(List::copyOf);
    }
}
