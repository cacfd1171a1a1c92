package dev.postern.console;

import java.util.List;

/**
 * What the page <em>refusals</em> shows.
 *
 * @param newest the number of the newest refusal
 * @param blocks by the block of their source
 * @param kept how many are kept
 * @param lost how many were counted, and are not kept, for there were too many of a block at once
 * @param more how many blocks there are besides
 * @param id the decision that was looked for; empty where none was
 * @param trouble why it is not shown
 * @param one whether one block alone was asked for
 */
public record RefusalsView(
        long newest, List<Block> blocks, String kept, long lost, int more, String id, String trouble, boolean one) {

    /**
     * A block, and what was refused to it.
     *
     * @param number its own, for as long as it is kept
     * @param name the block
     * @param count how many refusals there were
     * @param newest the number of the newest
     * @param refusals the newest
     * @param older how many older ones are kept
     */
    public record Block(long number, String name, String count, long newest, List<Refusal> refusals, int older) {}
}
