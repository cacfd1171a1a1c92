package dev.postern.door.reasons;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code GET /reasons}, HTML: one section for each code of an error, without anything of this installation. */
@Path("/" + ReasonsResource.NAME)
public class ReasonsResource {

    /** Its name beside the token service. */
    public static final String NAME = "reasons";

    private static final String FILE = "/postern/reasons.html";

    private final String page = read();

    /** The page; the same until the next version. */
    @GET
    @NonBlocking
    @Produces("text/html;charset=UTF-8")
    public Response page() {
        return Response.ok(page)
                .header(HttpHeaders.CACHE_CONTROL, "public, max-age=3600")
                .header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'")
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    private static String read() {
        try (InputStream in = ReasonsResource.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException("the package has no " + FILE);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
