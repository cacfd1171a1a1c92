package dev.postern.identity.oidc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.postern.token.RegistryToken;
import dev.postern.token.RegistryToken.Access;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a registry token of another token service says (Distribution specification, "Token Authentication Implementation",
 * Claim Set): {@code sub}, {@code jti}, {@code access}; and to which source it is bound, where that service is a Postern.
 *
 * <p>Claims that nobody asks for here are passed over, as registries do. Those that are asked for are of their form, or nothing is.
 *
 * @param subject "" for nobody in particular
 * @param access what it allows; a {@code class} of an entry is passed over
 */
record RegistryClaims(String subject, String id, List<Access> access, Optional<String> boundTo) {

    private static final String ACCESS = "access";
    private static final Set<String> TEXTS = Set.of("sub", "jti", RegistryToken.BOUND_TO);
    private static final int MOST_ENTRIES = 500;
    private static final int MOST_ACTIONS = 32;

    /** The claims; empty where they are not those of a registry token. */
    static Optional<RegistryClaims> read(byte[] payload) {
        Map<String, String> texts = new HashMap<>();
        List<Access> access = new ArrayList<>();
        try (JsonParser in = Json.reading(payload)) {
            require(in.nextToken() == JsonToken.START_OBJECT);
            for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
                JsonToken value = in.nextToken();
                if (TEXTS.contains(name)) {
                    texts.put(name, text(in));
                } else if (name.equals(ACCESS) && value != JsonToken.VALUE_NULL) {
                    entries(in, access);
                } else {
                    in.skipChildren();
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        String subject = texts.get("sub");
        String id = texts.get("jti");
        return subject == null || id == null
                ? Optional.empty()
                : Optional.of(new RegistryClaims(
                        subject, id, access, Optional.ofNullable(texts.get(RegistryToken.BOUND_TO))));
    }

    private static void entries(JsonParser in, List<Access> access) throws IOException {
        require(in.currentToken() == JsonToken.START_ARRAY);
        while (in.nextToken() != JsonToken.END_ARRAY) {
            require(access.size() < MOST_ENTRIES);
            access.add(entry(in));
        }
    }

    private static Access entry(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.START_OBJECT);
        String type = "";
        String resource = "";
        Set<String> actions = Set.of();
        for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
            JsonToken value = in.nextToken();
            switch (name) {
                case "type" -> type = text(in);
                case "name" -> resource = text(in);
                case "actions" -> actions = value == JsonToken.VALUE_NULL ? Set.of() : actions(in);
                default -> in.skipChildren();
            }
        }
        require(!type.isEmpty() && !resource.isEmpty());
        return new Access(type, resource, actions);
    }

    private static Set<String> actions(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.START_ARRAY);
        Set<String> actions = new TreeSet<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            require(actions.size() < MOST_ACTIONS);
            actions.add(text(in));
        }
        return actions;
    }

    private static String text(JsonParser in) throws IOException {
        require(in.currentToken() == JsonToken.VALUE_STRING);
        return in.getText();
    }

    private static void require(boolean met) throws IOException {
        if (!met) {
            throw new IOException("not the claims of a registry token");
        }
    }
}
