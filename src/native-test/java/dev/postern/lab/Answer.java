package dev.postern.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An HTTP answer as curl's {@code --include} prints it. Header names are held in lower case. */
record Answer(int status, Map<String, String> headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Answer parse(String text) {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new AssertionError("not an HTTP answer: " + text);
        }
        String[] lines = text.substring(0, end).split("\r\n");
        Map<String, String> headers = new TreeMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.put(
                    lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                    lines[i].substring(colon + 1).strip());
        }
        return new Answer(Integer.parseInt(lines[0].split(" ")[1]), headers, text.substring(end + 4));
    }

    /** The id under which Postern recorded the decision. */
    String decision() {
        return headers.getOrDefault("x-postern-decision", "(no X-Postern-Decision)");
    }

    /** The whole body of a refusal for this client, with the id of this answer's decision. */
    String refusalOf(String client) {
        return "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"client with IP " + client
                + " is not allowed access. Refer https://wiki.lab.test/access to grant access.\",\"detail\":{\"decision\":\""
                + decision() + "\"}}]}";
    }

    String token() {
        return json(body).path("token").asText();
    }

    /** The {@code alg} of the token's header. */
    String algorithm() {
        return part(0).path("alg").asText();
    }

    boolean hasCertificateChain() {
        return part(0).path("x5c").size() > 0;
    }

    /** What the token grants, as {@code type:name:action}. */
    List<String> granted() {
        List<String> granted = new ArrayList<>();
        for (JsonNode entry : part(1).path("access")) {
            for (JsonNode action : entry.path("actions")) {
                granted.add(
                        entry.path("type").asText() + ":" + entry.path("name").asText() + ":" + action.asText());
            }
        }
        return granted;
    }

    JsonNode json() {
        return json(body);
    }

    private JsonNode part(int index) {
        return json(new String(Base64.getUrlDecoder().decode(token().split("\\.")[index]), UTF_8));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }
}
