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
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What holds for a forwarding header whatever stands in it. */
final class FuzzedConnections {

    private static final List<AddressRange> TRUSTED = List.of(range("10.0.0.0/8"), range("2001:db8:aaaa::/48"));
    private static final List<String> HOPS =
            List.of("10.0.0.2", "10.9.9.9", "2001:db8:aaaa::2", "203.0.113.7", "192.0.2.50", "2001:db8:1::7");

    private static final Pattern BRACKETED = Pattern.compile("\\[([0-9a-fA-F.]*:[0-9a-fA-F:.]*)](?::([0-9]{1,5}))?");
    private static final Pattern BARE = Pattern.compile("([^:\\[]*)(?::([0-9]{1,5}))?");

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

    /**
     * Any lines from a trusted and from an untrusted peer.
     *
     * @param elementsOf a line's elements, each the address that it names or empty, by other means than the reader's
     */
    void holdForAny(List<String> lines, Function<String, List<Optional<Address>>> elementsOf) {
        // Given
        List<Optional<Address>> fromTheRight = new ArrayList<>();
        lines.forEach(line -> fromTheRight.addAll(elementsOf.apply(line)));
        Collections.reverse(fromTheRight);
        // When
        Source trusted = byProxies.resolve(from("10.0.0.1", lines));
        Source counted = byHops.resolve(from("10.0.0.1", lines));
        Source untrusted = byProxies.resolve(from("192.0.2.50", lines));
        // Then
        assertThat(untrusted).isEqualTo(byProxies.resolve(from("192.0.2.50", List.of())));
        assertThat(answer(trusted)).isEqualTo(walk(fromTheRight));
        assertThat(answer(counted)).isEqualTo(count(fromTheRight));
        for (Source source : List.of(trusted, counted)) {
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
        boolean endsAtCaller = chain.stream().anyMatch(hop -> !isTrusted(address(hop)));
        if (endsAtCaller) {
            lines.add(0, data.consumeRemainingAsString());
        }
        // When
        Source source = byProxies.resolve(from("10.0.0.1", lines));
        // Then
        List<Optional<Address>> fromTheRight = new ArrayList<>(
                chain.stream().map(hop -> Optional.of(address(hop))).toList());
        Collections.reverse(fromTheRight);
        assertThat(source).isInstanceOf(PublicSource.class);
        assertThat(answer(source)).isEqualTo(walk(fromTheRight));
        assertThat(byProxies.resolve(from("192.0.2.50", lines)))
                .isEqualTo(byProxies.resolve(from("192.0.2.50", List.of())));
    }

    /** The address of a public source, or why it is unknown; there is nothing private here. */
    private static Object answer(Source source) {
        return switch (source) {
            case PublicSource found -> found.address();
            case UnknownSource unknown -> unknown.why();
            case Source.PrivateSource impossible -> throw new AssertionError(impossible);
        };
    }

    /** From a trusted peer over the trusted hops to the first that is not, or to the last there is. */
    private static Object walk(List<Optional<Address>> fromTheRight) {
        Address caller = address("10.0.0.1");
        for (int i = 0; i < fromTheRight.size() && isTrusted(caller); i++) {
            if (i == SourceResolver.MAX_TRUSTED_HOPS) {
                return Why.TOO_MANY_HOPS;
            }
            if (fromTheRight.get(i).isEmpty()) {
                return Why.MALFORMED_FORWARDING_HEADER;
            }
            caller = fromTheRight.get(i).get();
        }
        return caller;
    }

    /** Two hops to the left, whoever stands there. */
    private static Object count(List<Optional<Address>> fromTheRight) {
        List<Optional<Address>> needed = fromTheRight.stream().limit(2).toList();
        if (needed.stream().anyMatch(Optional::isEmpty)) {
            return Why.MALFORMED_FORWARDING_HEADER;
        }
        return needed.size() < 2 ? Why.TOO_FEW_HOPS : needed.getLast().orElseThrow();
    }

    private static boolean isTrusted(Address hop) {
        return TRUSTED.stream().anyMatch(range -> range.contains(hop));
    }

    /** A node with a port or without, once it is known where it begins and ends. */
    static Optional<Address> node(String text) {
        Matcher bracketed = BRACKETED.matcher(text);
        Matcher bare = BARE.matcher(text);
        if (bracketed.matches()) {
            return isPort(bracketed.group(2)) ? Address.parse(bracketed.group(1)) : Optional.empty();
        }
        if (bare.matches()) {
            return isPort(bare.group(2)) ? Address.parse(bare.group(1)) : Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean isPort(@Nullable String digits) {
        return digits == null || Integer.parseInt(digits) >= 1 && Integer.parseInt(digits) <= 65535;
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
