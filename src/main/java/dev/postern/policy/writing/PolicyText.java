package dev.postern.policy.writing;

import java.util.List;

/**
 * A policy that is to be written.
 *
 * @param remarks what stands at its head, one comment each
 */
public record PolicyText(List<String> remarks, List<ZoneText> zones, AccountText account) {
    /** Keeps its own copies. */
    public PolicyText {
        remarks = List.copyOf(remarks);
        zones = List.copyOf(zones);
    }
}
