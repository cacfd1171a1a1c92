package dev.postern.door.forward;

import dev.postern.source.Connection.Headers;
import java.util.List;
import java.util.Optional;

/** How a proxy names the request that it asks about. */
enum ForwardForm {
    /** {@code auth_request}: in headers that its configuration sets. Takes 2xx, 401 and 403 for an answer, and no body. */
    NGINX("nginx", "x-original-method", "x-original-uri"),
    /** {@code forward_auth} of Caddy, {@code forwardAuth} of Traefik. */
    FORWARDED("forwarded", "x-forwarded-method", "x-forwarded-uri"),
    /** {@code http_service} of Envoy's {@code ext_authz}: by its own method, and its target behind the {@code path_prefix}. */
    ENVOY("envoy", "", "");

    /** What became of reading one. */
    sealed interface Outcome {}

    /** The request that is asked about. */
    record Asked(String method, String target) implements Outcome {}

    /** It is not named as it should be. */
    record Malformed(String why) implements Outcome {}

    private final String path;
    private final String methodHeader;
    private final String targetHeader;

    ForwardForm(String path, String methodHeader, String targetHeader) {
        this.path = path;
        this.methodHeader = methodHeader;
        this.targetHeader = targetHeader;
    }

    /** The form of this name. */
    static Optional<ForwardForm> of(String name) {
        for (ForwardForm form : values()) {
            if (form.path.equals(name)) {
                return Optional.of(form);
            }
        }
        return Optional.empty();
    }

    /**
     * The request that a question is about.
     *
     * @param method the question's own method
     * @param rest what stands behind the form's name in the question's target
     */
    Outcome asked(String method, String rest, Headers headers) {
        if (this == ENVOY) {
            return new Asked(method, rest);
        }
        List<String> methods = headers.lines(methodHeader);
        List<String> targets = headers.lines(targetHeader);
        return methods.size() == 1 && targets.size() == 1
                ? new Asked(methods.getFirst(), targets.getFirst())
                : new Malformed("expected one line each of " + methodHeader + " and " + targetHeader);
    }
}
