package dev.postern.identity.oidc;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.client.HttpsFetcher;
import java.nio.file.Path;
import java.util.Optional;

/** Where an issuer's keys are (a JWK set, RFC 7517, section 5). */
public sealed interface KeyPlace {

    /** More bytes than these are no issuer's keys. */
    long MOST_OF_KEYS = 256 * 1024;

    /** In a file. */
    record InFile(Path file) implements KeyPlace {}

    /** At a URL. */
    record AtUrl(HttpsUrl url, Asking asking) implements KeyPlace {}

    /** At the URL that the issuer's discovery names. */
    record ByDiscovery(HttpsUrl discovery, Asking asking) implements KeyPlace {}

    /**
     * How they are asked for.
     *
     * @param bearer the file of the credential for whoever has them
     */
    record Asking(HttpsFetcher fetcher, Optional<Path> bearer) {}
}
