/**
 * IP addresses as values: strict parsing, ranges, sets and the compiled lookup table.
 *
 * <p>An {@link dev.postern.address.Address} is always canonical: an IPv4-mapped IPv6 address cannot be represented, it
 * <em>is</em> the IPv4 address. Texts are read under the strictest rules there are; what two readers could read in two
 * ways is refused. Plain Java: no I/O, no name look-ups, no framework.
 */
@NullMarked
package dev.postern.address;

import org.jspecify.annotations.NullMarked;
