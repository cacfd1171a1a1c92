package dev.postern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Forms, posted to the token service. */
public final class Forms {

    /** The content type of a form. */
    public static final String TYPE = "application/x-www-form-urlencoded";

    private Forms() {}

    /** What came back. */
    public record Answer(int status, Map<String, String> headers, String body) {
        /** A header's value; {@code ""} where it does not stand. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** The fields of a {@code grant_type=password}; without a scope where it is empty. */
    public static Map<String, String> password(String service, String user, String password, String scope) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "password");
        form.put("service", service);
        form.put("client_id", "test");
        form.put("username", user);
        form.put("password", password);
        if (!scope.isEmpty()) {
            form.put("scope", scope);
        }
        return form;
    }

    /** The fields of a {@code grant_type=refresh_token}. */
    public static Map<String, String> refresh(String service, String token, String scope) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("service", service);
        form.put("client_id", "test");
        form.put("refresh_token", token);
        form.put("scope", scope);
        return form;
    }

    /** The form as a body. */
    public static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /**
     * Posts a body to {@code /token}, or to the path that the server has.
     *
     * @param type the content type; none where it is empty
     * @param headers further headers, name and value in turn
     */
    public static Answer post(URI server, String type, String body, String... headers) {
        URI target = server.getPath().length() > 1 ? server : server.resolve("/token");
        HttpRequest.Builder request = HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            Map<String, String> all = new LinkedHashMap<>();
            answer.headers().map().forEach((name, values) -> all.put(name, values.getFirst()));
            return new Answer(answer.statusCode(), all, answer.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
