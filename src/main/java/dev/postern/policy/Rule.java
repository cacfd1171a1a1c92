package dev.postern.policy;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import java.time.Instant;
import java.util.Optional;

/**
 * One entry of an {@code allow} or {@code deny} list.
 *
 * @param matcher what it matches
 * @param from the instant from which it counts, included
 * @param until the instant at which it ends, excluded
 * @param note the owner's remark
 * @param enforcement whether it decides anything
 * @param position where it stands
 */
public record Rule(
        Matcher matcher,
        Optional<Instant> from,
        Optional<Instant> until,
        Optional<String> note,
        Enforcement enforcement,
        Position position) {

    /** Whether a rule decides anything. */
    public enum Enforcement {
        /** It does. */
        ENFORCE,
        /** It is on trial: it admits and refuses nobody, and whom it would is noted. */
        REPORT
    }

    /** What a rule matches. */
    public sealed interface Matcher {}

    /** The addresses of a single address, block or range. */
    public record AddressMatcher(AddressRange range) implements Matcher {
        @Override
        public String toString() {
            return "address " + range;
        }
    }

    /** The addresses of a set, by its name: which addresses those are, another document may say. */
    public record ZoneMatcher(String zone) implements Matcher {
        @Override
        public String toString() {
            return "zone " + zone;
        }
    }

    /** Whoever comes by a private endpoint. */
    public record EndpointMatcher(String endpoint) implements Matcher {
        @Override
        public String toString() {
            return "private-endpoint " + endpoint;
        }
    }

    /** Whoever comes by a private link. */
    public record LinkMatcher(LinkId link) implements Matcher {
        @Override
        public String toString() {
            return "link " + link;
        }
    }

    /**
     * Whoever comes by an endpoint or link from these addresses of its other side: the only way in which an originator's
     * own address counts, because the address spaces behind two links overlap.
     */
    public record OriginatorMatcher(AddressRange range, Via via) implements Matcher {
        @Override
        public String toString() {
            return "originator " + range + " via " + via;
        }
    }

    /** By what an originator comes. */
    public sealed interface Via {}

    /** By a private endpoint, whichever of its links. */
    public record ViaEndpoint(String endpoint) implements Via {
        @Override
        public String toString() {
            return endpoint;
        }
    }

    /** By one link. */
    public record ViaLink(LinkId link) implements Via {
        @Override
        public String toString() {
            return link.toString();
        }
    }

    /** Whether the rule counts at this instant. */
    public boolean isInForce(Instant now) {
        return from.map(start -> !now.isBefore(start)).orElse(true)
                && until.map(end -> now.isBefore(end)).orElse(true);
    }

    /** Whether the rule counts at every instant. */
    boolean isPermanent() {
        return from.isEmpty() && until.isEmpty();
    }

    boolean matchesPrivate(String endpoint, Optional<LinkId> link, Optional<Address> originator) {
        return switch (matcher) {
            case AddressMatcher m -> false;
            case ZoneMatcher m -> false;
            case EndpointMatcher m -> m.endpoint().equals(endpoint);
            case LinkMatcher m -> link.equals(Optional.of(m.link()));
            case OriginatorMatcher m ->
                originator.map(m.range()::contains).orElse(false)
                        && switch (m.via()) {
                            case ViaEndpoint via -> via.endpoint().equals(endpoint);
                            case ViaLink via -> link.equals(Optional.of(via.link()));
                        };
        };
    }

    /** What the rule matches, as words: {@code address 203.0.113.0/24}, {@code zone office}. */
    public String text() {
        return matcher.toString();
    }
}
