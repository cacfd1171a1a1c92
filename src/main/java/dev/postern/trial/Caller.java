package dev.postern.trial;

import dev.postern.address.Address;
import dev.postern.source.Connection;
import dev.postern.source.Source;

/** Where the caller of a trial is. */
public sealed interface Caller {

    /** Behind this connection: proxies and forwarding headers count as they do for the server. */
    record Behind(Connection connection) implements Caller {}

    /** At this address, whatever proxies there were: what stands between is left out of the trial. */
    record At(Address address) implements Caller {}

    /** Of this source, however it came to be known. */
    record From(Source source) implements Caller {}
}
