package dev.postern.door.registry;

import dev.postern.distribution.OciError;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** What goes wrong outside a decision, in the form of the specification; and nothing of the inside in it. */
public class ErrorMappers {

    private static final Logger LOG = Logger.getLogger(ErrorMappers.class);

    /** A method that the resource does not have. */
    @ServerExceptionMapper
    public Response notAllowed(NotAllowedException e) {
        Response answer = response(new OciError(405, "UNSUPPORTED", "this method is not taken here"));
        String allow = e.getResponse().getHeaderString(HttpHeaders.ALLOW);
        return Response.fromResponse(answer)
                .header(HttpHeaders.ALLOW, allow == null ? "GET, POST" : allow)
                .build();
    }

    /** A path that nobody has. */
    @ServerExceptionMapper
    public Response notFound(NotFoundException e) {
        return response(new OciError(404, "UNSUPPORTED", "there is nothing at this path; tokens are at /token"));
    }

    /** Any other refusal of the HTTP layer. */
    @ServerExceptionMapper
    public Response other(WebApplicationException e) {
        int status = e.getResponse().getStatus();
        return response(
                new OciError(status, status < 500 ? "UNSUPPORTED" : "UNAVAILABLE", "the request cannot be answered"));
    }

    /** A mistake of our own. */
    @ServerExceptionMapper
    public Response unexpected(RuntimeException e) {
        LOG.error("a request failed", e);
        return response(new OciError(500, "UNKNOWN", "the request could not be answered"));
    }

    private static Response response(OciError error) {
        Reply reply = Refusals.of(error);
        Response.ResponseBuilder response = Response.status(reply.status())
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .entity(reply.body());
        reply.headers().forEach(header -> response.header(header.name().toString(), header.value()));
        return response.build();
    }
}
