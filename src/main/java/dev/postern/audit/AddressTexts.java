package dev.postern.audit;

import dev.postern.address.Address;
import dev.postern.address.Address.Family;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses in texts: findings name the address or the block of a rule, and one that is narrower than what is kept of the caller
 * would tell more of it.
 */
final class AddressTexts {

    private static final int KEPT_OF_IPV4 = 24;
    private static final int KEPT_OF_IPV6 = 48;
    private static final long IPV4_MASK = 0xffff_ff00L;
    private static final long IPV6_MASK = 0xffff_ffff_ffff_0000L;

    /** An address is shorter, and what a caller wrote may be long: this bounds the work. */
    private static final int MOST_TEXT = 48;

    /** What could be an address, and the length of its prefix. */
    private static final Pattern CANDIDATE =
            Pattern.compile("([0-9a-fA-F:.]{2,})(?:/([0-9]{1,3})(?!\\.?[0-9a-fA-F:]))?");

    private final UnaryOperator<Address> reduce;

    /** Reduces so the addresses that it finds. */
    AddressTexts(UnaryOperator<Address> reduce) {
        this.reduce = reduce;
    }

    /** The network of the address: its first 24 bits, of IPv6 48. */
    static Address truncate(Address address) {
        return address.family() == Family.IPV4
                ? Address.ipv4((int) (address.low() & IPV4_MASK))
                : Address.ipv6(address.high() & IPV6_MASK, 0);
    }

    /** The text with each address, and each block that is narrower than what is kept, reduced. */
    String reduce(String text) {
        Matcher candidates = CANDIDATE.matcher(text);
        StringBuilder reduced = new StringBuilder(text.length());
        while (candidates.find()) {
            String run = candidates.group(1);
            Optional<Integer> prefix = Optional.ofNullable(candidates.group(2)).map(Integer::valueOf);
            candidates.appendReplacement(reduced, Matcher.quoteReplacement(reduce(run, prefix, candidates.group())));
        }
        return candidates.appendTail(reduced).toString();
    }

    private String reduce(String run, Optional<Integer> prefix, String whole) {
        StringBuilder reduced = new StringBuilder(whole.length());
        int at = 0;
        boolean found = false;
        while (at < run.length()) {
            int end = endOfAddress(run, at);
            if (end > at) {
                Address address = Address.parse(run.substring(at, end)).orElseThrow();
                if (end == run.length() && prefix.isPresent() && prefix.get() <= kept(address)) {
                    return whole;
                }
                reduced.append(reduce.apply(address));
                found = true;
            } else {
                // A word and a colon may stand before an address.
                int colon = run.indexOf(':', at);
                end = colon < 0 ? run.length() : colon + 1;
                reduced.append(run, at, end);
            }
            at = end;
        }
        return found ? reduced.toString() : whole;
    }

    private static int kept(Address address) {
        return address.family() == Family.IPV4 ? KEPT_OF_IPV4 : KEPT_OF_IPV6;
    }

    /** Where the longest address ends that begins there; there itself, where none does. A port, or a full stop, may follow. */
    private static int endOfAddress(String run, int start) {
        for (int end = Math.min(run.length(), start + MOST_TEXT); end > start + 1; end = before(run, end)) {
            if (Address.parse(run.substring(start, end)).isPresent()) {
                return end;
            }
        }
        return start;
    }

    private static int before(String run, int end) {
        return Math.max(run.lastIndexOf(':', end - 1), run.lastIndexOf('.', end - 1));
    }
}
