package dev.postern.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;

/**
 * Ports for servers that tests start. Integration tests run in two processes beside each other: each takes every second pair
 * of ports (Linux gives odd ones alone), so that none takes one that the other has just found free.
 */
public final class FreePort {

    private static final int FORK = Integer.getInteger("postern.fork", 0);

    private FreePort() {}

    /** A port that nobody listens on. */
    public static int next() {
        while (true) {
            try (ServerSocket socket = new ServerSocket(0)) {
                int port = socket.getLocalPort();
                if (FORK == 0 || port / 2 % 2 == FORK % 2) {
                    return port;
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
