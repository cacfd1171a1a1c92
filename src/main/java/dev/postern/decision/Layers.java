package dev.postern.decision;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The addresses of many rules, laid out for questions about blocks: those of the rules that always count as one set, those
 * of the rules with a time so that the few that touch a block are found without looking at all.
 */
final class Layers {

    /** A rule with a time, and addresses of it. */
    record Timed(AddressRange range, Rule rule) {}

    private final AddressSet permanent;
    private final List<Timed> timed;
    /** At each place, the highest end of all that begin up to there. */
    private final Address[] reach;

    private Layers(List<AddressRange> permanent, List<Timed> timed) {
        this.permanent = AddressSet.of(permanent);
        this.timed = List.copyOf(timed);
        this.reach = new Address[timed.size()];
        for (int i = 0; i < reach.length; i++) {
            Address last = timed.get(i).range().last();
            reach[i] = i == 0 || last.compareTo(reach[i - 1]) > 0 ? last : reach[i - 1];
        }
    }

    /** The addresses of the rules that always count. */
    AddressSet permanent() {
        return permanent;
    }

    /** What touches the block of the rules with a time. */
    List<Timed> touching(AddressRange block, Work work) {
        int from = 0;
        int to = reach.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (timed.get(middle).range().first().compareTo(block.last()) <= 0) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        List<Timed> found = new ArrayList<>();
        for (int i = from - 1; i >= 0 && reach[i].compareTo(block.first()) >= 0 && !work.isExhausted(); i--) {
            work.spend(1);
            if (timed.get(i).range().overlaps(block)) {
                found.add(timed.get(i));
            }
        }
        return found;
    }

    /** Takes rules one by one. */
    static final class Builder {
        private final List<AddressRange> permanent = new ArrayList<>();
        private final List<Timed> timed = new ArrayList<>();

        void add(AddressRange range, Rule rule) {
            if (rule.from().isEmpty() && rule.until().isEmpty()) {
                permanent.add(range);
            } else {
                timed.add(new Timed(range, rule));
            }
        }

        Layers build() {
            timed.sort(Comparator.comparing((Timed entry) -> entry.range().first()));
            return new Layers(permanent, timed);
        }
    }
}
