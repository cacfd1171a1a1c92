package dev.postern.policy.suggesting;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SortedSet;

/** Covers addresses with CIDR blocks. */
public final class BlockCover {

    private BlockCover() {}

    /** What became of it. */
    public sealed interface Outcome {}

    /** The blocks: sorted, disjoint, each with an address that was seen. */
    public record Covered(List<AddressRange> blocks) implements Outcome {
        /** Keeps its own copy. */
        public Covered {
            blocks = List.copyOf(blocks);
        }
    }

    /** So few blocks that are no wider cannot cover it; this many can. */
    public record TooFew(Address.Family family, int needed) implements Outcome {}

    /**
     * The best cover within the limits.
     *
     * <ul>
     *   <li>Without limits: the fewest blocks that hold these addresses and no other.
     *   <li>With a widest block: the fewest blocks, and of these covers the one that admits the fewest others.
     *   <li>With a number of blocks: the cover by no more of them that admits the fewest others, and of these the one with the
     *       fewest blocks.
     * </ul>
     *
     * @param seen addresses of one family
     */
    public static Outcome of(SortedSet<Address> seen, CoverLimits limits) {
        if (seen.isEmpty()) {
            return new Covered(List.of());
        }
        Address.Family family = seen.first().family();
        if (seen.last().family() != family) {
            throw new IllegalArgumentException("addresses of two families");
        }
        OptionalInt widest = limits.widest(family);
        List<Block> whole = new ArrayList<>();
        List<Integer> before = new ArrayList<>();
        merge(seen, widest.orElse(0), whole, before);
        int maxBlocks = limits.maxBlocks().orElse(Integer.MAX_VALUE);
        if (limits.maxBlocks().isEmpty() && widest.isEmpty()
                || limits.maxBlocks().isPresent() && whole.size() <= maxBlocks) {
            return covered(whole);
        }
        before.add(seen.size());
        BlockTrie trie =
                BlockTrie.of(whole, before.stream().mapToInt(Integer::intValue).toArray());
        List<Block> fewest = trie.fewest(widest.orElse(0));
        if (limits.maxBlocks().isEmpty()) {
            return covered(fewest);
        }
        return fewest.size() > maxBlocks
                ? new TooFew(family, fewest.size())
                : covered(trie.tightest(maxBlocks, widest.orElse(0)));
    }

    /** The blocks whose every address was seen, as wide as they may be, and for each how many addresses stand before it. */
    private static void merge(SortedSet<Address> seen, int widest, List<Block> whole, List<Integer> before) {
        int number = 0;
        for (Address address : seen) {
            whole.add(Block.of(address));
            before.add(number++);
            while (whole.size() > 1
                    && whole.getLast().prefix() > widest
                    && whole.getLast().isOtherHalfOf(whole.get(whole.size() - 2))) {
                Block second = whole.removeLast();
                before.removeLast();
                whole.set(whole.size() - 1, Block.around(whole.getLast(), second));
            }
        }
    }

    private static Outcome covered(List<Block> blocks) {
        return new Covered(blocks.stream().map(Block::range).toList());
    }
}
