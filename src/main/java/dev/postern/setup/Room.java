package dev.postern.setup;

/**
 * How much may be held of what has not come whole, so that all of it together fits into the heap. A connection holds 32 KiB of
 * header lines at most, and a request with a body 64 KiB more ({@code quarkus.http.limits}); a fifth of the heap is for the
 * one, a tenth for the other.
 */
final class Room {

    private static final long HEAP_OF_A_CONNECTION = 160 * 1024;
    private static final long HEAP_OF_A_BODY = 640 * 1024;
    private static final int LEAST = 64;
    private static final int MOST_CONNECTIONS = 20_000;

    private Room() {}

    /**
     * How many connections there may be, where the operator does not say.
     *
     * @param heap the most that the heap may be, in bytes
     */
    static int connections(long heap) {
        return (int) Math.clamp(heap / HEAP_OF_A_CONNECTION, LEAST, MOST_CONNECTIONS);
    }

    /**
     * Of how many requests the body may be on its way.
     *
     * @param heap the most that the heap may be, in bytes
     */
    static int bodies(long heap) {
        return (int) Math.clamp(heap / HEAP_OF_A_BODY, LEAST, MOST_CONNECTIONS);
    }
}
