package dev.postern.lab;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code GET /whoami} tells a caller of itself.
 *
 * @param source the fields but the evidence, as {@code name=value}, sorted
 * @param evidence the hops from Postern's peer to the caller, as {@code address by finding}
 */
record Seen(List<String> source, List<String> evidence) {
    /** {@link #source} where a forwarding header had to be read and could not be. */
    static final List<String> MALFORMED = List.of("side=unknown", "why=malformed-forwarding-header");

    static Seen in(Answer answer) {
        if (answer.status() != 200) {
            throw new AssertionError("not an answer of /whoami: " + answer);
        }
        JsonNode json = answer.json();
        List<String> source = new ArrayList<>();
        List<String> evidence = new ArrayList<>();
        json.properties().stream()
                .filter(field -> !field.getKey().equals("evidence"))
                .map(field -> field.getKey() + "=" + field.getValue().asText())
                .sorted()
                .forEach(source::add);
        for (JsonNode hop : json.path("evidence")) {
            evidence.add(hop.path("address").asText() + " " + hop.path("by").asText() + " "
                    + hop.path("finding").asText());
        }
        return new Seen(source, evidence);
    }
}
