package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.Nat64;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.TrustedHops;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What holds for a forwarding header whatever stands in it. */
final class FuzzedConnections {

    private static final List<AddressRange> TRUSTED = List.of(range("10.0.0.0/8"), range("2001:db8:aaaa::/48"));
    private static final List<String> HOPS =
            List.of("10.0.0.2", "10.9.9.9", "2001:db8:aaaa::2", "203.0.113.7", "192.0.2.50", "2001:db8:1::7");

    /** All that a forwarding header may do to a source. */
    private static final Set<Why> DOCUMENTED =
            EnumSet.of(Why.MALFORMED_FORWARDING_HEADER, Why.TOO_MANY_HOPS, Why.TOO_FEW_HOPS);

    private final ForwardingHeader header;
    private final SourceResolver byProxies;
    private final SourceResolver byHops;

    FuzzedConnections(ForwardingHeader header) {
        this.header = header;
        this.byProxies = new SourceResolver(
                new SourceSettings(new TrustedProxies(TRUSTED, false), header, Nat64.NONE, List.of()));
        this.byHops = new SourceResolver(new SourceSettings(new TrustedHops(2), header, Nat64.NONE, List.of()));
    }

    /** Lines out of bytes, cut at line feeds. */
    static List<String> lines(byte[] data) {
        return Arrays.asList(new String(data, StandardCharsets.ISO_8859_1).split("\n", -1));
    }

    /** Any lines from a trusted and from an untrusted peer. */
    void holdForAny(List<String> lines, Function<String, Set<Address>> addressesIn) {
        // Given
        Set<Address> named = new HashSet<>();
        lines.forEach(line -> named.addAll(addressesIn.apply(line)));
        named.add(address("10.0.0.1"));
        // When
        Source trusted = byProxies.resolve(from("10.0.0.1", lines));
        Source counted = byHops.resolve(from("10.0.0.1", lines));
        Source untrusted = byProxies.resolve(from("192.0.2.50", lines));
        // Then
        assertThat(untrusted).isEqualTo(byProxies.resolve(from("192.0.2.50", List.of())));
        for (Source source : List.of(trusted, counted)) {
            switch (source) {
                case PublicSource found -> assertThat(named).contains(found.address());
                case UnknownSource unknown -> assertThat(unknown.why()).isIn(DOCUMENTED);
                case Source.PrivateSource impossible -> throw new AssertionError(impossible);
            }
            assertThat(source.evidence())
                    .isNotEmpty()
                    .hasSizeLessThanOrEqualTo(SourceResolver.MAX_TRUSTED_HOPS + 1)
                    .allMatch(hop -> hop.address().length() <= 65
                            && hop.address().chars().noneMatch(Character::isISOControl));
        }
        // And: what a caller sends changes nothing of what its proxy adds in a line of its own
        List<String> withOwn = new ArrayList<>(lines);
        withOwn.add(header == ForwardingHeader.FORWARDED ? "for=192.0.2.50" : "192.0.2.50");
        assertThat(byProxies.resolve(from("10.0.0.1", withOwn)))
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).hasToString("192.0.2.50"));
    }

    /** A chain as proxies write it, by {@code form}, with whatever a caller has sent before it: the caller is found. */
    void holdForAChain(FuzzedDataProvider data, Function<String, String> form) {
        // Given
        List<String> chain = new ArrayList<>();
        for (int i = data.consumeInt(1, 12); i > 0; i--) {
            chain.add(data.pickValue(HOPS));
        }
        StringBuilder text = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < chain.size(); i++) {
            String padded = data.pickValue(List.of("", " ", "\t", "  "))
                    + form.apply(chain.get(i))
                    + data.pickValue(List.of("", " ", "\t "));
            if (i > 0 && data.consumeBoolean()) {
                lines.add(text.toString());
                text.setLength(0);
                text.append(padded);
            } else {
                text.append(i == 0 ? "" : ",").append(padded);
            }
        }
        lines.add(text.toString());
        boolean endsAtCaller = chain.stream().anyMatch(hop -> !isTrusted(hop));
        if (endsAtCaller) {
            lines.add(0, data.consumeRemainingAsString());
        }
        // When
        Source source = byProxies.resolve(from("10.0.0.1", lines));
        // Then
        assertThat(source)
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).isEqualTo(walk(chain)));
        assertThat(byProxies.resolve(from("192.0.2.50", lines)))
                .isEqualTo(byProxies.resolve(from("192.0.2.50", List.of())));
    }

    private static Address walk(List<String> chain) {
        List<String> fromTheRight = new ArrayList<>(chain);
        Collections.reverse(fromTheRight);
        return address(
                fromTheRight.stream().filter(hop -> !isTrusted(hop)).findFirst().orElse(fromTheRight.getLast()));
    }

    private static boolean isTrusted(String hop) {
        return TRUSTED.stream().anyMatch(range -> range.contains(address(hop)));
    }

    private static Connection from(String peer, List<String> lines) {
        return new Connection(Address.parse(peer), name -> lines, Optional.empty());
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
