package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressSet;
import dev.postern.address.AddressTable;

/** A named set of addresses, compiled once and shared by every rule that names it. */
public final class Zone {

    private final String name;
    private final AddressSet addresses;
    private final AddressTable table;

    Zone(String name, AddressSet addresses) {
        this.name = name;
        this.addresses = addresses;
        this.table = AddressTable.compile(addresses.ranges());
    }

    /** The name by which rules call it. */
    public String name() {
        return name;
    }

    /** Its addresses, exceptions taken out. */
    public AddressSet addresses() {
        return addresses;
    }

    /** Whether it holds the address. */
    public boolean contains(Address address) {
        return table.contains(address);
    }
}
