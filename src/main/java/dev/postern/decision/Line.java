package dev.postern.decision;

import dev.postern.address.Address;
import dev.postern.address.AddressSet;
import dev.postern.address.AddressSet.Run;
import java.util.List;

/** A condition on addresses that can tell, at each, how far its answer stays the same: what blocks are checked by. */
interface Line {

    /** The answer at the address, and up to which it is the same. */
    Run at(Address address);

    /** Holds everywhere. */
    static Line everywhere() {
        return address -> new Run(true, Address.lastOf(address.family()));
    }

    /** Holds at the addresses of the set. */
    static Line in(AddressSet set) {
        return set::run;
    }

    /** Holds where this one does not. */
    default Line not() {
        return address -> {
            Run run = at(address);
            return new Run(!run.inside(), run.last());
        };
    }

    /** Holds where one of them does. */
    static Line anyOf(List<Line> lines) {
        return address -> combined(lines, address, true);
    }

    /** Holds where all of them do. */
    static Line allOf(List<Line> lines) {
        return address -> combined(lines, address, false);
    }

    /** One line that answers {@code settling} settles it, as far as it says so; else the nearest change ends the run. */
    private static Run combined(List<Line> lines, Address address, boolean settling) {
        Address settledTo = address;
        boolean settled = false;
        Address nearest = Address.lastOf(address.family());
        for (Line line : lines) {
            Run run = line.at(address);
            if (run.inside() == settling) {
                settled = true;
                settledTo = run.last().compareTo(settledTo) > 0 ? run.last() : settledTo;
            } else if (run.last().compareTo(nearest) < 0) {
                nearest = run.last();
            }
        }
        return new Run(settled == settling, settled ? settledTo : nearest);
    }

    /** The last address up to which no line changes its answer. */
    static Address unchangedTo(List<Line> lines, Address address) {
        Address nearest = Address.lastOf(address.family());
        for (Line line : lines) {
            Address last = line.at(address).last();
            nearest = last.compareTo(nearest) < 0 ? last : nearest;
        }
        return nearest;
    }
}
