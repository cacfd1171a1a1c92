package dev.postern.feed;

import dev.postern.address.AddressSet;
import dev.postern.fetch.Validators;
import java.time.Duration;
import java.time.Instant;

/**
 * What a publisher said.
 *
 * @param addresses the addresses; never empty
 * @param prefixes as how many prefixes it wrote them
 * @param digest of the addresses, SHA-256 in hexadecimal: the same for the same addresses, however they are written
 * @param validators by what the publisher knows this answer
 * @param fetchedAt when it was first said
 * @param confirmedAt when it was last said
 */
public record FeedCopy(
        AddressSet addresses,
        int prefixes,
        String digest,
        Validators validators,
        Instant fetchedAt,
        Instant confirmedAt) {

    /** Refuses what no parser gives: an empty set. */
    public FeedCopy {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an empty feed is never taken");
        }
    }

    /** What was parsed of an answer of this instant. */
    public static FeedCopy of(FeedParser.Parsed parsed, Validators validators, Instant at) {
        return new FeedCopy(parsed.addresses(), parsed.prefixes(), digest(parsed.addresses()), validators, at, at);
    }

    /** A digest of a set: the same for the same addresses. */
    public static String digest(AddressSet addresses) {
        return Digests.of(addresses);
    }

    /** This copy, said again. */
    FeedCopy confirmed(Validators now, Instant at) {
        return new FeedCopy(addresses, prefixes, digest, now, fetchedAt, at.isAfter(confirmedAt) ? at : confirmedAt);
    }

    /** How long ago it was last said; nothing where the clock was set back since. */
    public Duration age(Instant now) {
        Duration age = Duration.between(confirmedAt, now);
        return age.isNegative() ? Duration.ZERO : age;
    }
}
