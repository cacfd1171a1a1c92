package dev.postern.token;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Published keys as a JWK set (RFC 7517). */
public final class Jwks {

    private Jwks() {}

    /**
     * The set, each key twice where its ids differ: registries of version 2.8 look a key up by libtrust's id, later ones
     * by the thumbprint.
     */
    public static Map<String, Object> of(List<PublishedKey> keys) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (PublishedKey key : keys) {
            out.add(jwk(key, key.thumbprint()));
            out.add(jwk(key, key.libtrustId()));
        }
        return Map.of("keys", out);
    }

    private static Map<String, Object> jwk(PublishedKey key, String id) {
        Map<String, Object> jwk = new LinkedHashMap<>(key.publicMembers());
        jwk.put("kid", id);
        jwk.put("use", "sig");
        jwk.put("alg", key.algorithm().name());
        jwk.put("x5c", key.x5c());
        return jwk;
    }
}
