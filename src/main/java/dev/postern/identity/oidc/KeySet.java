package dev.postern.identity.oidc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.identity.federation.SaidClaims.Texts;
import dev.postern.identity.federation.SaidClaims.Value;
import io.quarkus.oidc.runtime.JsonWebKeySet;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The public keys of an issuer (RFC 7517): those that verify signatures, are named, and are neither too weak to believe nor too
 * large to work with. What else a set holds is passed over, as section 5 has it.
 */
final class KeySet {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST = 100;
    private static final int MOST_OF_A_NAME = 1024;

    /** Of RSA, in bits: what NIST SP 800-131A still takes, and what is verified in a moment. */
    private static final int LEAST_OF_RSA = 2048;

    private static final int MOST_OF_RSA = 8192;
    private static final int MOST_OF_AN_EXPONENT = 4;
    private static final Map<String, Integer> CURVES = Map.of("P-256", 32, "P-384", 48, "P-521", 66);

    private final JsonWebKeySet keys;
    private final Set<String> ids;

    private KeySet(JsonWebKeySet keys, Set<String> ids) {
        this.keys = keys;
        this.ids = Set.copyOf(ids);
    }

    /** What became of reading a set. */
    sealed interface Outcome {}

    /** It is one, and has a key at least. */
    record Read(KeySet keys) implements Outcome {}

    /** It is none; {@code why} is a predicate. */
    record Unreadable(String why) implements Outcome {}

    static Outcome read(byte[] bytes) {
        List<Map<String, Value>> objects;
        try {
            objects = Json.objects(bytes, "keys", MOST);
        } catch (IOException e) {
            return new Unreadable("is no set of keys: JSON with a list 'keys' of at most " + MOST + " objects");
        }
        Map<String, Map<String, String>> usable = new LinkedHashMap<>();
        for (Map<String, Value> object : objects) {
            Optional<String> id = text(object, "kid").filter(text -> text.length() <= MOST_OF_A_NAME);
            if (id.isPresent() && verifies(object)) {
                members(object).ifPresent(key -> usable.putIfAbsent(id.get(), key));
            }
        }
        if (usable.isEmpty()) {
            return new Unreadable("has no key that is named (kid), verifies signatures, and is RSA of " + LEAST_OF_RSA
                    + " to " + MOST_OF_RSA + " bits, EC on P-256, P-384 or P-521, or Ed25519");
        }
        try {
            return new Read(new KeySet(new JsonWebKeySet(json(usable)), usable.keySet()));
        } catch (RuntimeException e) {
            return new Unreadable("has a key that cannot be used");
        }
    }

    private static boolean verifies(Map<String, Value> object) {
        boolean forSignatures = !object.containsKey("use")
                || text(object, "use").filter("sig"::equals).isPresent();
        boolean toVerify = !(object.get("key_ops") instanceof Texts operations)
                || operations.texts().contains("verify");
        return forSignatures && toVerify;
    }

    /** What a public key of its kind is made of; empty where something of it is missing or not as it must be. */
    private static Optional<Map<String, String>> members(Map<String, Value> object) {
        String kind = text(object, "kty").orElse("");
        String curve = text(object, "crv").orElse("");
        Map<String, String> members = new LinkedHashMap<>();
        members.put("kty", kind);
        boolean whole = switch (kind) {
            case "RSA" -> {
                int bits = 8 * take(object, "n", members);
                int exponent = take(object, "e", members);
                yield bits >= LEAST_OF_RSA && bits <= MOST_OF_RSA && exponent > 0 && exponent <= MOST_OF_AN_EXPONENT;
            }
            case "EC" -> {
                members.put("crv", curve);
                int size = CURVES.getOrDefault(curve, -1);
                yield take(object, "x", members) == size && take(object, "y", members) == size;
            }
            case "OKP" -> {
                members.put("crv", curve);
                yield curve.equals("Ed25519") && take(object, "x", members) == 32;
            }
            default -> false;
        };
        return whole ? Optional.of(members) : Optional.empty();
    }

    /** The length of a number's bytes without leading zeros that no canonical form has; 0 where it is none. */
    private static int take(Map<String, Value> object, String name, Map<String, String> members) {
        Optional<String> encoded = text(object, name);
        if (encoded.isEmpty()) {
            return 0;
        }
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(encoded.get());
            members.put(name, encoded.get());
            return name.equals("n") && bytes.length > 0 && bytes[0] == 0 ? bytes.length - 1 : bytes.length;
        } catch (IllegalArgumentException notBase64) {
            return 0;
        }
    }

    private static Optional<String> text(Map<String, Value> object, String name) {
        return object.get(name) instanceof Text text && !text.text().isEmpty()
                ? Optional.of(text.text())
                : Optional.empty();
    }

    private static String json(Map<String, Map<String, String>> keys) {
        StringWriter text = new StringWriter(4096);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeArrayFieldStart("keys");
            for (Map.Entry<String, Map<String, String>> key : keys.entrySet()) {
                out.writeStartObject();
                out.writeStringField("kid", key.getKey());
                for (Map.Entry<String, String> member : key.getValue().entrySet()) {
                    out.writeStringField(member.getKey(), member.getValue());
                }
                out.writeEndObject();
            }
            out.writeEndArray();
            out.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return text.toString();
    }

    /** Whether one of them is called so. */
    boolean has(String id) {
        return ids.contains(id);
    }

    /** The keys as Quarkus knows them. */
    JsonWebKeySet keys() {
        return keys;
    }
}
