package dev.postern.setup;

/**
 * How much may be held of what has not come whole, so that all of it together fits into the heap: an eighth of it for bytes that
 * nothing has been answered to, a tenth for bodies of requests that are under way, and a fifth for the connections themselves.
 */
final class Room {

    private static final long HEAP_OF_A_CONNECTION = 32 * 1024;
    private static final long HEAP_OF_A_BODY = 640 * 1024;
    private static final int LEAST = 64;
    private static final int MOST_CONNECTIONS = 20_000;

    private Room() {}

    /**
     * How many connections there may be, where the operator does not say. One takes some 6 KiB, and 4 KiB of what it has sent.
     *
     * @param heap the most that the heap may be, in bytes
     */
    static int connections(long heap) {
        return (int) Math.clamp(heap / HEAP_OF_A_CONNECTION, LEAST, MOST_CONNECTIONS);
    }

    /**
     * Of how many requests the body may be on its way; each holds 96 KiB at most.
     *
     * @param heap the most that the heap may be, in bytes
     */
    static int bodies(long heap) {
        return (int) Math.clamp(heap / HEAP_OF_A_BODY, LEAST, MOST_CONNECTIONS);
    }

    /**
     * How many bytes may be held that nothing has been answered to, beyond the first of each connection.
     *
     * @param heap the most that the heap may be, in bytes
     */
    static long unanswered(long heap) {
        return heap / 8;
    }
}
