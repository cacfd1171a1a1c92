package dev.postern.policy.writing;

import dev.postern.address.AddressRange;
import java.util.List;

/**
 * A zone that is to be written.
 *
 * @param remarks where it comes from, and what was left out of it, one comment each
 */
public record ZoneText(String name, List<AddressRange> addresses, List<AddressRange> except, List<String> remarks) {
    /** Keeps its own copies. */
    public ZoneText {
        addresses = List.copyOf(addresses);
        except = List.copyOf(except);
        remarks = List.copyOf(remarks);
    }
}
