package dev.postern.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * The refusals of late, by the block of their source: so many of each block, so many in all. One more of a block drops its oldest, one
 * more in all the oldest of the block that was quiet for longest.
 */
final class Refusals {

    static final int OF_A_BLOCK = 20;
    static final int IN_ALL = 1000;

    private final Map<String, Group> groups = new LinkedHashMap<>(64, 0.75f, true);
    private int kept;
    private long sequence;

    /** What is kept of a block. */
    private static final class Group {
        private final long number;
        private final Deque<Refusal> refusals = new ArrayDeque<>();
        private long count;

        Group(long number) {
            this.number = number;
        }
    }

    /**
     * A block, and what was refused to it.
     *
     * @param number its own, for as long as something of it is kept
     * @param block its name
     * @param count how many there were since the block was seen first
     * @param refusals the last of them, newest first
     */
    record Block(long number, String block, long count, List<Refusal> refusals) {
        long newest() {
            return refusals.getFirst().sequence();
        }
    }

    /** Takes a refusal, made with its number. */
    synchronized void add(String block, LongFunction<Refusal> refusal) {
        long number = ++sequence;
        Group group = groups.computeIfAbsent(block, name -> new Group(number));
        group.refusals.addFirst(refusal.apply(number));
        group.count++;
        kept++;
        if (group.refusals.size() > OF_A_BLOCK) {
            group.refusals.removeLast();
            kept--;
        }
        if (kept > IN_ALL) {
            dropOldest();
        }
    }

    private void dropOldest() {
        Map.Entry<String, Group> quietest = groups.entrySet().iterator().next();
        quietest.getValue().refusals.removeLast();
        kept--;
        if (quietest.getValue().refusals.isEmpty()) {
            groups.remove(quietest.getKey());
        }
    }

    /** All blocks, the one with the newest refusal first. */
    synchronized List<Block> blocks() {
        List<Block> blocks = new ArrayList<>(groups.size());
        groups.forEach(
                (name, group) -> blocks.add(new Block(group.number, name, group.count, List.copyOf(group.refusals))));
        blocks.sort(Comparator.comparingLong(Block::newest).reversed());
        return blocks;
    }

    /** The number of the newest; 0 where there was none. */
    synchronized long newest() {
        return sequence;
    }

    synchronized int kept() {
        return kept;
    }
}
