package dev.postern.source;

import dev.postern.address.LinkId;
import java.util.Map;
import java.util.Set;

/**
 * Where a proxy's metadata have fields of a PROXY protocol header, as the operator has named it there.
 *
 * @param namespace the part of the metadata that has them
 * @param clouds the keys of fields that carry a link, with the cloud whose field it is
 * @param others the keys of fields that carry none
 */
public record LinkKeys(String namespace, Map<String, LinkId.Cloud> clouds, Set<String> others) {

    /** No key is known. */
    public static final LinkKeys NONE = new LinkKeys("", Map.of(), Set.of());

    /** Keeps its own copies. */
    public LinkKeys {
        clouds = Map.copyOf(clouds);
        others = Set.copyOf(others);
    }
}
