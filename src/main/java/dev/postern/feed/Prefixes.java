package dev.postern.feed;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The prefixes of a file while it is read: each strict, and not too many. */
final class Prefixes {

    private final int most;
    private final List<AddressRange> ranges = new ArrayList<>();

    Prefixes(int most) {
        this.most = most;
    }

    /** Takes an address or a block, as the clouds publish them. */
    void addBlock(Place text, Optional<Address.Family> expected) throws Refusal {
        if (text.value().indexOf('-') >= 0) {
            throw new Refusal(Words.quoted(text.value()) + " is not an address or a CIDR block, at " + text.where());
        }
        AddressRange range = range(text);
        if (expected.isPresent() && range.family() != expected.get()) {
            throw new Refusal(Words.quoted(text.value()) + " is of the other address family, at " + text.where());
        }
        add(range);
    }

    /** Takes an address, a block or a range. */
    void addRange(Place text) throws Refusal {
        add(range(text));
    }

    private static AddressRange range(Place text) throws Refusal {
        return switch (AddressRange.parse(text.value())) {
            case AddressRange.Parsed parsed -> parsed.range();
            case AddressRange.Malformed malformed -> throw new Refusal(malformed.why() + ", at " + text.where());
        };
    }

    private void add(AddressRange range) throws Refusal {
        requireRoom(ranges.size() + 1);
        ranges.add(range);
    }

    /** Refuses a file with more prefixes than this, also while they wait to be taken. */
    void requireRoom(int count) throws Refusal {
        if (count > most) {
            throw new Refusal("has more than " + most + " prefixes");
        }
    }

    int count() {
        return ranges.size();
    }

    AddressSet addresses() {
        return AddressSet.of(ranges);
    }
}
