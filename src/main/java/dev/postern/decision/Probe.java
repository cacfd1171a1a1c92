package dev.postern.decision;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import java.util.List;
import java.util.Optional;

/** The sources that differ in one address alone: from the first to the last of a range. */
sealed interface Probe {

    /** Where a probe begins and ends that has no address at all. */
    AddressRange NO_ADDRESS = AddressRange.of(Address.ipv4(0));

    /** Stands for that there are no sources. */
    Probe NOBODY = new Public(NO_ADDRESS);

    /** The addresses. */
    AddressRange range();

    /** The source with this address. */
    Source source(Address address);

    /** The source in words. */
    String text(Address address);

    /** Callers over the public network. */
    record Public(AddressRange range) implements Probe {
        @Override
        public Source source(Address address) {
            return new PublicSource(address, List.of());
        }

        @Override
        public String text(Address address) {
            return address.toString();
        }
    }

    /** Callers by an endpoint, known by the translated address or by the listener. */
    record Translated(String endpoint, AddressRange range) implements Probe {
        @Override
        public Source source(Address address) {
            return new PrivateSource(endpoint, address, List.of());
        }

        @Override
        public String text(Address address) {
            return address + " by private-endpoint " + endpoint;
        }
    }

    /** Callers by a link, from these addresses of its other side. */
    record Originators(String endpoint, LinkId link, AddressRange range) implements Probe {
        @Override
        public Source source(Address address) {
            return new PrivateSource(endpoint, new Linked(link, Optional.of(address)), List.of());
        }

        @Override
        public String text(Address address) {
            return "originator " + address + " by link " + link;
        }
    }

    /** The caller by a link whose own address is not told. */
    record WithoutOriginator(String endpoint, LinkId link) implements Probe {
        @Override
        public AddressRange range() {
            return NO_ADDRESS;
        }

        @Override
        public Source source(Address address) {
            return new PrivateSource(endpoint, new Linked(link, Optional.empty()), List.of());
        }

        @Override
        public String text(Address address) {
            return "a caller by link " + link + " without an originator";
        }
    }
}
