package dev.postern.policy.importing;

import dev.postern.address.AddressSet;
import dev.postern.policy.Position;
import java.util.Optional;

/**
 * An entry of docker_auth's list. A condition that is missing is always met.
 *
 * @param number counted from 1
 * @param account a pattern of accounts; the anonymous one is ""
 * @param type a pattern of resource types
 * @param name a pattern of resource names
 * @param from the addresses from which it matches
 * @param unsayable a condition that cannot be said, where it has one
 * @param comment its owner's words
 */
record AclEntry(
        int number,
        Position at,
        Optional<String> account,
        Optional<String> type,
        Optional<String> name,
        AddressSet from,
        Optional<String> unsayable,
        AclActions actions,
        Optional<String> comment) {

    /** For messages. */
    String shown() {
        return "entry " + number;
    }

    /** For the comment behind a binding. */
    String origin() {
        return "acl " + number + ", " + at + comment.map(text -> ": " + text).orElse("");
    }
}
