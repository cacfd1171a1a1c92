package dev.postern.policy.suggesting;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The binary trie over blocks whose every address was seen, without the nodes that have one branch.
 *
 * <p>Its nodes are all that a cover needs to be made of: a block that covers some of the leaves can be shrunk to the smallest
 * that does, which is a node, and it covers fewer addresses that were not seen. So the best cover by {@code k} blocks below a node
 * is the node itself, for {@code k = 1}, or the best of one half by some {@code i} blocks and of the other by {@code k - i}.
 * Two such tables are merged in at most {@code k * k} steps and no more than one for each pair of leaves, which makes {@code leaves *
 * maxBlocks} steps for the whole trie.
 */
final class BlockTrie {

    private final Block block;
    private final @Nullable BlockTrie left;
    private final @Nullable BlockTrie right;
    private final int leaves;
    private final int seen;

    /** For each number of blocks, how many of them are for the left half; 0 for the node itself. */
    private int[] shares = {};

    private int fewest;

    private BlockTrie(Block leaf) {
        this.block = leaf;
        this.left = null;
        this.right = null;
        this.leaves = 1;
        // A leaf is seen whole: what matters is that none of it is not, so its size need not be known.
        this.seen = 0;
    }

    private BlockTrie(Block block, BlockTrie left, BlockTrie right, int seen) {
        this.block = block;
        this.left = left;
        this.right = right;
        this.leaves = left.leaves + right.leaves;
        this.seen = seen;
    }

    /**
     * The trie over these blocks.
     *
     * @param blocks disjoint, sorted, of one family, at least one
     * @param seenBefore for each place in the list, how many addresses the blocks before it have together; one place more
     */
    static BlockTrie of(List<Block> blocks, int[] seenBefore) {
        return of(blocks, seenBefore, 0, blocks.size());
    }

    private static BlockTrie of(List<Block> blocks, int[] seenBefore, int from, int to) {
        if (to - from == 1) {
            return new BlockTrie(blocks.get(from));
        }
        Block around = Block.around(blocks.get(from), blocks.get(to - 1));
        int low = from + 1;
        int high = to - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (around.isInSecondHalf(blocks.get(middle).first())) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return new BlockTrie(
                around,
                of(blocks, seenBefore, from, low),
                of(blocks, seenBefore, low, to),
                seenBefore[to] - seenBefore[from]);
    }

    /** The fewest blocks that are no wider, each shrunk to what it covers. */
    List<Block> fewest(int widest) {
        List<Block> cover = new ArrayList<>();
        addFewest(widest, cover);
        return cover;
    }

    private void addFewest(int widest, List<Block> cover) {
        if (left == null || right == null || block.prefix() >= widest) {
            cover.add(block);
        } else {
            left.addFewest(widest, cover);
            right.addFewest(widest, cover);
        }
    }

    /** The cover by so many blocks or fewer that leaves the least unseen; {@code maxBlocks} must be enough. */
    List<Block> tightest(int maxBlocks, int widest) {
        Counts counts = count(maxBlocks, widest);
        List<Block> cover = new ArrayList<>();
        collect(counts.best(), cover);
        return cover;
    }

    private Counts count(int maxBlocks, int widest) {
        if (left == null || right == null) {
            Counts counts = new Counts(1, 1);
            counts.offerBlock(1, 0, 1);
            fewest = 1;
            shares = new int[1];
            return counts;
        }
        Counts lefts = left.count(maxBlocks, widest);
        Counts rights = right.count(maxBlocks, widest);
        boolean alone = block.prefix() >= widest;
        fewest = alone ? 1 : lefts.fewest() + rights.fewest();
        Counts counts = new Counts(fewest, Math.min(leaves, maxBlocks));
        shares = new int[counts.most() - fewest + 1];
        if (alone) {
            counts.offerBlock(1, block.first().family().bits() - block.prefix(), seen);
        }
        for (int i = lefts.fewest(); i <= lefts.most(); i++) {
            int most = Math.min(rights.most(), counts.most() - i);
            for (int j = rights.fewest(); j <= most; j++) {
                if (counts.offerSum(i + j, lefts, i, rights)) {
                    shares[i + j - fewest] = i;
                }
            }
        }
        return counts;
    }

    private void collect(int blocks, List<Block> cover) {
        int share = shares[blocks - fewest];
        if (left == null || right == null || share == 0) {
            cover.add(block);
        } else {
            left.collect(share, cover);
            right.collect(blocks - share, cover);
        }
    }
}
