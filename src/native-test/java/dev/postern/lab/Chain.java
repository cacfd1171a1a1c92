package dev.postern.lab;

import java.util.List;
import java.util.stream.Stream;

/**
 * Proxies, the one that callers meet first, and what Postern must say of a call through them.
 *
 * @param names as {@code lab proxy start} takes them
 * @param evidence the hops, as {@link Seen#evidence}; {@code %s} stands for the caller's address
 */
record Chain(String names, String... evidence) {
    String[] kinds() {
        return names.split(" ");
    }

    List<String> evidenceOf(String caller) {
        return Stream.of(evidence).map(hop -> hop.formatted(caller)).toList();
    }

    @Override
    public String toString() {
        return names;
    }
}
