package dev.postern.door.whoami;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.SourceJson;
import dev.postern.listener.Connections;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.StringWriter;

/** {@code GET /whoami}, as JSON or as text. */
@Path("/whoami")
public class WhoamiResource {

    private static final JsonFactory JSON = new JsonFactory();

    private final Connections connections;
    private final SourceResolver sources;

    WhoamiResource(Connections connections, SourceResolver sources) {
        this.connections = connections;
        this.sources = sources;
    }

    /** As JSON, in the form that audit events have, too. */
    @GET
    @NonBlocking
    @Produces(MediaType.APPLICATION_JSON)
    public Response json(@Context HttpServerRequest request) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            SourceJson.write(out, source(request));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return answer(text.append('\n').toString());
    }

    /** As text, for a terminal. */
    @GET
    @NonBlocking
    @Produces("text/plain;charset=UTF-8")
    public Response text(@Context HttpServerRequest request) {
        return answer(source(request).text() + "\n");
    }

    private Source source(HttpServerRequest request) {
        return sources.resolve(connections.of(request));
    }

    private static Response answer(String body) {
        return Response.ok(body).header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }
}
