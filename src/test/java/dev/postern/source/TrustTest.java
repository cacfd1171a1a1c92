package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.Nat64;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.Trust;
import dev.postern.source.SourceSettings.TrustedHops;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose word is believed: a number of proxies, Unix sockets, proxies behind NAT64; and {@code Forwarded}. */
class TrustTest {

    private static final Trust PROXIES =
            new TrustedProxies(List.of(range("10.0.0.0/8"), range("2001:db8:aaaa::/48")), false);
    private static final Trust PROXIES_AND_UNIX = new TrustedProxies(List.of(range("10.0.0.0/8")), true);
    private static final Nat64 WELL_KNOWN = Nat64.of(List.of(range("64:ff9b::/96")));

    // A number of hops

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 203.0.113.7                        | 203.0.113.7",
                "1 | 198.51.100.1, 203.0.113.7          | 203.0.113.7",
                "1 | junk, 203.0.113.7                  | 203.0.113.7",
                "2 | 203.0.113.7, 192.0.2.1             | 203.0.113.7",
                "2 | 198.51.100.1, 203.0.113.7, 10.0.0.2 | 203.0.113.7",
                "3 | 203.0.113.7, 192.0.2.1, 192.0.2.2  | 203.0.113.7",
                "2 | ,203.0.113.7, 192.0.2.1            | 203.0.113.7"
            })
    void asManyElementsAreReadAsThereAreHops(int hops, String line, String caller) {
        assertPublic(resolver(new TrustedHops(hops)).resolve(from("192.0.2.99", line)), caller);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 203.0.113.7             | TOO_FEW_HOPS",
                "3 | 203.0.113.7, 192.0.2.1  | TOO_FEW_HOPS",
                "64 | 203.0.113.7            | TOO_FEW_HOPS",
                "1 | unknown                 | MALFORMED_FORWARDING_HEADER",
                "1 | 203.0.113.7,            | MALFORMED_FORWARDING_HEADER",
                "2 | 203.0.113.7, unknown    | MALFORMED_FORWARDING_HEADER",
                "2 | 203.0.113.7 , ,         | MALFORMED_FORWARDING_HEADER",
                "2 | unknown, 203.0.113.7    | MALFORMED_FORWARDING_HEADER"
            })
    void tooFewElementsOrOneThatNamesNobodyAreUnknown(int hops, String line, Why why) {
        assertUnknown(resolver(new TrustedHops(hops)).resolve(from("192.0.2.99", line)), why);
    }

    @Test
    void withoutAHeaderThereAreTooFewHops() {
        // When
        Source source = resolver(new TrustedHops(1)).resolve(from("192.0.2.99"));
        // Then
        assertUnknown(source, Why.TOO_FEW_HOPS);
    }

    @Test
    void hopsAreCountedOverSeveralLines() {
        // Given
        SourceResolver resolver = resolver(new TrustedHops(3));
        // Then
        assertPublic(resolver.resolve(from("192.0.2.99", "203.0.113.7", "192.0.2.1", "192.0.2.2")), "203.0.113.7");
        assertPublic(resolver.resolve(from("192.0.2.99", "x, 203.0.113.7, 192.0.2.1", "192.0.2.2")), "203.0.113.7");
        assertUnknown(resolver.resolve(from("192.0.2.99", "203.0.113.7", "192.0.2.1")), Why.TOO_FEW_HOPS);
    }

    @Test
    void everyHopBelievedIsInTheEvidence() {
        // When
        Source source = resolver(new TrustedHops(2)).resolve(from("192.0.2.99", "203.0.113.7, 192.0.2.1"));
        // Then
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("192.0.2.99", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("192.0.2.1", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.X_FORWARDED_FOR, Finding.CALLER));
    }

    @Test
    void hopsCountAfterTheAddressOfAProxyHeader() {
        // Given
        Connection connection = new Connection(
                peer("192.0.2.99"),
                Optional.of(Proxied.by("192.0.2.98")),
                xForwardedFor("203.0.113.7, 192.0.2.1"),
                Optional.empty(),
                Optional.empty());
        // Then
        assertPublic(resolver(new TrustedHops(1)).resolve(connection), "192.0.2.1");
        assertPublic(resolver(new TrustedHops(2)).resolve(connection), "203.0.113.7");
        assertUnknown(resolver(new TrustedHops(3)).resolve(connection), Why.TOO_FEW_HOPS);
    }

    @Test
    void anEmptyElementAtTheFrontOfALineIsAnElement() {
        // Given
        SourceResolver resolver = resolver(PROXIES);
        // Then
        assertUnknown(resolver.resolve(from("10.0.0.1", ",10.0.0.2")), Why.MALFORMED_FORWARDING_HEADER);
        assertUnknown(resolver.resolve(from("10.0.0.1", "203.0.113.7", ",10.0.0.2")), Why.MALFORMED_FORWARDING_HEADER);
    }

    @Test
    void noAddressIsATrustedProxyWhereHopsAreCounted() {
        assertThat(resolver(new TrustedHops(2)).isTrustedProxy(Address.ipv4(0x0a000001)))
                .isFalse();
        assertThat(resolver(PROXIES).isTrustedProxy(Address.ipv4(0x0a000001))).isTrue();
        assertThat(resolver(PROXIES).isTrustedProxy(Address.ipv4(0x0b000001))).isFalse();
    }

    @Test
    void withoutAForwardingHeaderHopsAreNotCounted() {
        // Given
        var resolver = new SourceResolver(
                new SourceSettings(new TrustedHops(2), ForwardingHeader.NONE, Nat64.NONE, List.of()));
        // Then
        assertPublic(resolver.resolve(from("203.0.113.9", "198.51.100.1, 198.51.100.2")), "203.0.113.9");
    }

    /** The element as many from the right as there are hops, or nobody. */
    @Property
    void theCallerStandsAsManyFromTheRightAsThereAreHops(
            @ForAll @IntRange(min = 1, max = 8) int hops, @ForAll("chains") List<String> chain) {
        // When
        Source source = resolver(new TrustedHops(hops)).resolve(from("192.0.2.99", String.join(", ", chain)));
        // Then
        if (chain.size() < hops) {
            assertUnknown(source, Why.TOO_FEW_HOPS);
        } else {
            assertPublic(source, chain.get(chain.size() - hops));
        }
    }

    // Unix sockets

    @Test
    void aUnixPeerThatIsNotNamedIsUnknownAndNotRead() {
        // Given
        Connection connection = unix(name -> {
            throw new AssertionError("the header " + name + " was read");
        });
        // When
        Source source = resolver(PROXIES).resolve(connection);
        // Then
        assertUnknown(source, Why.NO_PEER_ADDRESS);
        assertThat(source.evidence()).containsExactly(new Hop("unix", By.PEER, Finding.NOT_AN_ADDRESS));
    }

    @Test
    void aUnixPeerThatIsNamedIsAProxy() {
        // When
        Source source = resolver(PROXIES_AND_UNIX).resolve(unix(xForwardedFor("203.0.113.7, 10.0.0.2")));
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("unix", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("10.0.0.2", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.X_FORWARDED_FOR, Finding.CALLER));
    }

    @Test
    void aUnixPeerThatNamesNobodyIsUnknown() {
        assertUnknown(resolver(PROXIES_AND_UNIX).resolve(unix(name -> List.of())), Why.NO_PEER_ADDRESS);
        assertUnknown(resolver(PROXIES_AND_UNIX).resolve(unix(xForwardedFor(""))), Why.MALFORMED_FORWARDING_HEADER);
        assertUnknown(
                resolver(PROXIES_AND_UNIX).resolve(unix(xForwardedFor("203.0.113.7, unknown"))),
                Why.MALFORMED_FORWARDING_HEADER);
        var unread =
                new SourceResolver(new SourceSettings(PROXIES_AND_UNIX, ForwardingHeader.NONE, Nat64.NONE, List.of()));
        assertUnknown(unread.resolve(unix(xForwardedFor("203.0.113.7"))), Why.NO_PEER_ADDRESS);
    }

    @Test
    void aUnixPeerIsTheFirstOfTheHopsThatAreCounted() {
        // Given
        SourceResolver resolver = resolver(new TrustedHops(2));
        // Then
        assertPublic(resolver.resolve(unix(xForwardedFor("203.0.113.7, 192.0.2.1"))), "203.0.113.7");
        assertUnknown(resolver.resolve(unix(xForwardedFor("203.0.113.7"))), Why.TOO_FEW_HOPS);
        assertUnknown(resolver.resolve(unix(name -> List.of())), Why.TOO_FEW_HOPS);
    }

    @Test
    void aPeerOfWhichNothingIsKnownIsUnknownWhateverIsTrusted() {
        for (Trust trust : List.of(PROXIES, PROXIES_AND_UNIX, new TrustedHops(1))) {
            // Given
            Connection connection = new Connection(
                    new Peer.Unknown(),
                    Optional.of(Proxied.by("203.0.113.7")),
                    xForwardedFor("203.0.113.7"),
                    Optional.empty(),
                    Optional.empty());
            // Then
            assertUnknown(resolver(trust).resolve(connection), Why.NO_PEER_ADDRESS);
        }
    }

    // NAT64

    @Test
    void aPeerBehindNat64IsTrustedAsTheAddressThatItStandsFor() {
        // Given
        Connection connection = from("64:ff9b::10.0.0.1", "203.0.113.7");
        // Then
        assertPublic(nat64(PROXIES).resolve(connection), "203.0.113.7");
        assertPublic(resolver(PROXIES).resolve(connection), "64:ff9b::a00:1");
    }

    @Test
    void anElementBehindNat64IsTrustedAsTheAddressThatItStandsFor() {
        // Given
        Connection connection = from("10.0.0.1", "64:ff9b::203.0.113.7, 64:ff9b::a00:2");
        // When
        Source source = nat64(PROXIES).resolve(connection);
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("10.0.0.2", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.X_FORWARDED_FOR, Finding.CALLER));
        assertPublic(resolver(PROXIES).resolve(connection), "64:ff9b::a00:2");
    }

    @Test
    void theAddressOfAProxyHeaderIsTakenOutOfNat64Too() {
        // Given
        Connection connection = new Connection(
                peer("10.0.0.1"),
                Optional.of(Proxied.by("64:ff9b::10.0.0.2")),
                xForwardedFor("203.0.113.7"),
                Optional.empty(),
                Optional.empty());
        // Then
        assertPublic(nat64(PROXIES).resolve(connection), "203.0.113.7");
        assertPublic(resolver(PROXIES).resolve(connection), "64:ff9b::a00:2");
    }

    @Test
    void anotherNat64PrefixIsNotTakenOut() {
        assertPublic(nat64(PROXIES).resolve(from("64:ff9b:1::10.0.0.1", "203.0.113.7")), "64:ff9b:1::a00:1");
    }

    // Forwarded

    @Test
    void theWalkIsTheSameByForwarded() {
        // When
        Source source = forwarded(PROXIES)
                .resolve(from("10.0.0.1", "for=198.51.100.1, for=203.0.113.7;proto=https", "For=\"10.0.0.2:80\""));
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("10.0.0.2", By.FORWARDED, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.FORWARDED, Finding.CALLER));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "for=203.0.113.7, for=unknown",
                "for=203.0.113.7, for=_hidden",
                "for=203.0.113.7,",
                "for=203.0.113.7, proto=http",
                "for=203.0.113.7;for=192.0.2.50",
                "for=203.0.113.7;x=\", for=192.0.2.50",
                "for=203.0.113.7, for=unknown, for=10.0.0.2",
                "203.0.113.7",
                "``"
            })
    void anElementOfForwardedThatIsNeededAndNamesNobodyIsUnknown(String line) {
        // When
        Source source = forwarded(PROXIES).resolve(from("10.0.0.1", line == null ? "" : line));
        // Then
        assertUnknown(source, Why.MALFORMED_FORWARDING_HEADER);
        assertThat(source.evidence().getLast().by()).isEqualTo(By.FORWARDED);
        assertThat(source.evidence().getLast().finding()).isEqualTo(Finding.NOT_AN_ADDRESS);
    }

    /** A proxy that adds a line of its own is not touched by a quote that is open in the caller's. */
    @Test
    void anOpenQuoteEndsWithItsLine() {
        // Given
        SourceResolver resolver = forwarded(PROXIES);
        // Then
        assertPublic(resolver.resolve(from("10.0.0.1", "for=\"203.0.113.7", "for=192.0.2.50")), "192.0.2.50");
        assertPublic(
                resolver.resolve(from("10.0.0.1", "for=203.0.113.7;x=\"", "for=192.0.2.50;y=\"z\"")), "192.0.2.50");
        assertUnknown(
                resolver.resolve(from("10.0.0.1", "for=\"203.0.113.7", "for=10.0.0.2")),
                Why.MALFORMED_FORWARDING_HEADER);
    }

    @Test
    void hopsAreCountedInForwardedToo() {
        // Given
        var resolver = new SourceResolver(
                new SourceSettings(new TrustedHops(2), ForwardingHeader.FORWARDED, Nat64.NONE, List.of()));
        // Then
        assertPublic(resolver.resolve(from("192.0.2.9", "for=203.0.113.7, for=192.0.2.1")), "203.0.113.7");
        assertUnknown(resolver.resolve(from("192.0.2.9", "for=203.0.113.7")), Why.TOO_FEW_HOPS);
        assertUnknown(resolver.resolve(from("192.0.2.9")), Why.TOO_FEW_HOPS);
    }

    @ParameterizedTest
    @EnumSource(
            value = ForwardingHeader.class,
            names = {"X_FORWARDED_FOR", "FORWARDED"})
    void exactlyTheConfiguredHeaderIsRead(ForwardingHeader header) {
        // Given
        Map<String, List<String>> lines =
                Map.of("x-forwarded-for", List.of("203.0.113.7"), "forwarded", List.of("for=192.0.2.50"));
        var resolver = new SourceResolver(new SourceSettings(PROXIES, header, Nat64.NONE, List.of()));
        // When
        Source source = resolver.resolve(new Connection(
                Address.parse("10.0.0.1"),
                name -> {
                    assertThat(name)
                            .isEqualTo(header.name().toLowerCase(Locale.ROOT).replace('_', '-'));
                    return lines.get(name);
                },
                Optional.empty()));
        // Then
        assertPublic(source, header == ForwardingHeader.FORWARDED ? "192.0.2.50" : "203.0.113.7");
    }

    @Test
    void sixtyFourHopsOfForwardedAreBelievedAndOneMoreIsNot() {
        // Given
        String atTheLimit = "for=203.0.113.7" + ", for=10.0.0.2".repeat(SourceResolver.MAX_TRUSTED_HOPS - 1);
        // Then
        assertPublic(forwarded(PROXIES).resolve(from("10.0.0.1", atTheLimit)), "203.0.113.7");
        assertUnknown(forwarded(PROXIES).resolve(from("10.0.0.1", atTheLimit + ", for=10.0.0.2")), Why.TOO_MANY_HOPS);
    }

    @Property
    void anUntrustedPeersForwardedChangesNothing(@ForAll List<String> lines) {
        assertPublic(forwarded(PROXIES).resolve(from("192.0.2.50", lines.toArray(String[]::new))), "192.0.2.50");
    }

    private static SourceResolver resolver(Trust trust) {
        return new SourceResolver(new SourceSettings(trust, ForwardingHeader.X_FORWARDED_FOR, Nat64.NONE, List.of()));
    }

    private static SourceResolver nat64(Trust trust) {
        return new SourceResolver(new SourceSettings(trust, ForwardingHeader.X_FORWARDED_FOR, WELL_KNOWN, List.of()));
    }

    private static SourceResolver forwarded(Trust trust) {
        return new SourceResolver(new SourceSettings(trust, ForwardingHeader.FORWARDED, Nat64.NONE, List.of()));
    }

    private static Connection from(String peer, String... lines) {
        return new Connection(Address.parse(peer), xForwardedFor(lines), Optional.empty());
    }

    private static Connection unix(Connection.Headers headers) {
        return new Connection(new Peer.Unix(), Optional.empty(), headers, Optional.empty(), Optional.empty());
    }

    private static Connection.Headers xForwardedFor(String... lines) {
        return name -> Arrays.asList(lines);
    }

    private static Peer peer(String text) {
        return new Peer.Ip(Address.parse(text).orElseThrow());
    }

    private static void assertPublic(Source source, String address) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).hasToString(address));
    }

    private static void assertUnknown(Source source, Why why) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        UnknownSource.class, found -> assertThat(found.why()).isEqualTo(why));
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }

    @Provide
    Arbitrary<List<String>> chains() {
        return Arbitraries.of("203.0.113.7", "192.0.2.1", "10.0.0.2", "2001:db8::7")
                .list()
                .ofMinSize(1)
                .ofMaxSize(10);
    }
}
