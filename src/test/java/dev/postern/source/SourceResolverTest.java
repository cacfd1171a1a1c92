package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.source.Connection.Headers;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the caller is, by the peer, the trusted proxies before it, and the private endpoints. */
class SourceResolverTest {

    private static final List<AddressRange> TRUSTED = List.of(range("10.0.0.0/8"), range("2001:db8:aaaa::/48"));

    private static final PrivateEndpoint US_SOUTH = new PrivateEndpoint(
            "us-south", Set.of("private.registry.example.com"), List.of(range("166.9.20.31"), range("166.9.12.0/24")));
    private static final PrivateEndpoint EU_DE = new PrivateEndpoint(
            "eu-de", Set.of("private.de.registry.example.com", "eu.internal"), List.of(range("166.9.40.1")));

    private static final SourceResolver RESOLVER =
            new SourceResolver(new SourceSettings(TRUSTED, ForwardingHeader.X_FORWARDED_FOR, List.of(US_SOUTH, EU_DE)));

    /** Whoever reads a header fails the test. */
    private static final Headers UNREADABLE = name -> {
        throw new AssertionError("the header " + name + " was read");
    };

    // The walk

    @Test
    void anUntrustedPeerIsTheCallerAndNoHeaderIsRead() {
        // When
        Source source = RESOLVER.resolve(new Connection(peer("203.0.113.9"), UNREADABLE, Optional.empty()));
        // Then
        assertPublic(source, "203.0.113.9");
        assertThat(source.evidence()).containsExactly(hop("203.0.113.9", By.PEER, Finding.CALLER));
    }

    @Test
    void withoutAForwardingHeaderNoneIsReadFromATrustedPeerEither() {
        // Given
        var resolver = new SourceResolver(new SourceSettings(TRUSTED, ForwardingHeader.NONE, List.of()));
        // When
        Source source = resolver.resolve(new Connection(peer("10.0.0.1"), UNREADABLE, Optional.empty()));
        // Then
        assertPublic(source, "10.0.0.1");
        assertThat(source.evidence()).containsExactly(hop("10.0.0.1", By.PEER, Finding.CALLER_ITSELF_TRUSTED));
    }

    @Test
    void withoutTrustedProxiesNoHeaderIsRead() {
        // Given
        var resolver = new SourceResolver(new SourceSettings(List.of(), ForwardingHeader.X_FORWARDED_FOR, List.of()));
        // When
        Source source = resolver.resolve(new Connection(peer("127.0.0.1"), UNREADABLE, Optional.empty()));
        // Then
        assertPublic(source, "127.0.0.1");
    }

    @Test
    void onlyTheConfiguredHeaderIsRead() {
        // Given
        List<String> asked = new ArrayList<>();
        Headers headers = name -> {
            asked.add(name);
            return List.of("203.0.113.7");
        };
        // When
        Source source = RESOLVER.resolve(new Connection(peer("10.0.0.1"), headers, Optional.empty()));
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(asked).containsExactly("x-forwarded-for");
    }

    @Test
    void theWalkStopsAtTheFirstUntrustedAddressFromTheRight() {
        // When
        Source source = resolve("10.0.0.1", "198.51.100.1, 203.0.113.7, 2001:db8:aaaa::2, 10.0.0.2");
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        hop("10.0.0.2", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        hop("2001:db8:aaaa::2", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        hop("203.0.113.7", By.X_FORWARDED_FOR, Finding.CALLER));
    }

    @Test
    void whereEveryHopIsTrustedTheLeftmostIsTheCaller() {
        // When
        Source source = resolve("10.0.0.1", "10.0.5.9, 10.0.0.2");
        // Then
        assertPublic(source, "10.0.5.9");
        assertThat(source.evidence())
                .containsExactly(
                        hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        hop("10.0.0.2", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        hop("10.0.5.9", By.X_FORWARDED_FOR, Finding.CALLER_ITSELF_TRUSTED));
    }

    @Test
    void aTrustedPeerThatNamesNobodyIsTheCaller() {
        // When
        Source source = resolve("10.0.0.1");
        // Then
        assertPublic(source, "10.0.0.1");
        assertThat(source.evidence()).containsExactly(hop("10.0.0.1", By.PEER, Finding.CALLER_ITSELF_TRUSTED));
    }

    @Test
    void allLinesAreJoinedInOrder() {
        assertPublic(resolve("10.0.0.1", "203.0.113.7", "192.0.2.50"), "192.0.2.50");
        assertPublic(resolve("10.0.0.1", "192.0.2.50", "203.0.113.7, 10.0.0.3", "10.0.0.2"), "203.0.113.7");
        assertPublic(resolve("10.0.0.1", "203.0.113.7", "10.0.0.3", "10.0.0.2"), "203.0.113.7");
        assertPublic(resolve("10.0.0.1", "10.0.0.9, 10.0.0.8", "10.0.0.3, 10.0.0.2"), "10.0.0.9");
    }

    @Test
    void noLineIsReadBeyondTheCaller() {
        // Given
        List<String> lines = new ArrayList<>(List.of("junk", "junk, 203.0.113.7, 10.0.0.2"));
        lines.set(0, null);
        // When
        Source source =
                RESOLVER.resolve(new Connection(peer("10.0.0.1"), name -> lines, Optional.of("registry.example.com")));
        // Then
        assertPublic(source, "203.0.113.7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "203.0.113.7,",
                "203.0.113.7, ",
                "203.0.113.7,,10.0.0.2",
                "203.0.113.7, unknown",
                "203.0.113.7, unknown, 10.0.0.2",
                "203.0.113.7, _hidden",
                "203.0.113.7, 010.0.5.9",
                "203.0.113.7, 0x0a000002",
                "203.0.113.7, 10.1",
                "203.0.113.7, fe80::1%eth0",
                "203.0.113.7, 192.0.2.50:0",
                "203.0.113.7, 192.0.2.50:65536",
                "203.0.113.7, localhost",
                "203.0.113.7, \"192.0.2.50\"",
                "203.0.113.7; 192.0.2.50",
                "203.0.113.7 192.0.2.50",
                "203.0.113.7\u00a0",
                "203.0.113.7\u000b",
                "unknown, 10.0.0.2",
                "10.0.0.3, , 10.0.0.2"
            })
    void anElementThatIsNeededAndIsNoAddressMakesTheSourceUnknown(String line) {
        // When
        Source source = resolve("10.0.0.1", line);
        // Then
        assertUnknown(source, Why.MALFORMED_FORWARDING_HEADER);
        assertThat(source.evidence().getFirst()).isEqualTo(hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY));
        assertThat(source.evidence().getLast().finding()).isEqualTo(Finding.NOT_AN_ADDRESS);
        assertThat(source.evidence().getLast().by()).isEqualTo(By.X_FORWARDED_FOR);
    }

    @Test
    void anEmptyLineIsAnElementToo() {
        assertUnknown(resolve("10.0.0.1", "203.0.113.7", ""), Why.MALFORMED_FORWARDING_HEADER);
        assertUnknown(resolve("10.0.0.1", "", "10.0.0.2"), Why.MALFORMED_FORWARDING_HEADER);
        assertPublic(resolve("10.0.0.1", "", "203.0.113.7"), "203.0.113.7");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>, 203.0.113.7, 10.0.0.2",
                ",,,203.0.113.7",
                "unknown,203.0.113.7",
                "192.0.2.50,\t 203.0.113.7 ,10.0.0.2",
                "\t203.0.113.7\t",
                "   203.0.113.7   ,\t\t10.0.0.2 ",
                "junk, 203.0.113.7:51234, [2001:db8:aaaa::5]:443",
                "192.0.2.50, ::ffff:203.0.113.7, ::ffff:10.0.0.2"
            })
    void whatStandsLeftOfTheCallerChangesNothing(String line) {
        assertPublic(resolve("10.0.0.1", line), "203.0.113.7");
    }

    @Test
    void aMappedPeerIsTheIpv4Proxy() {
        // Given
        Address mapped = Address.ipv6(0, 0xffff_0a00_0001L);
        // When
        Source source =
                RESOLVER.resolve(new Connection(Optional.of(mapped), name -> List.of("203.0.113.7"), Optional.empty()));
        // Then
        assertPublic(source, "203.0.113.7");
    }

    @Test
    void sixtyFourTrustedHopsAreBelievedAndOneMoreIsNot() {
        // Given
        String atTheLimit = "203.0.113.7" + ", 10.0.0.2".repeat(SourceResolver.MAX_TRUSTED_HOPS - 1);
        String overTheLimit = "203.0.113.7" + ", 10.0.0.2".repeat(SourceResolver.MAX_TRUSTED_HOPS);
        // When
        Source believed = resolve("10.0.0.1", atTheLimit);
        Source refused = resolve("10.0.0.1", overTheLimit);
        // Then
        assertPublic(believed, "203.0.113.7");
        assertThat(believed.evidence()).hasSize(SourceResolver.MAX_TRUSTED_HOPS + 1);
        assertUnknown(refused, Why.TOO_MANY_HOPS);
        assertThat(refused.evidence()).allMatch(hop -> hop.finding() == Finding.TRUSTED_PROXY);
    }

    @Test
    void aLongHeaderIsReadOnlyAsFarAsNeeded() {
        // Given
        String line = "1.1.1.1, ".repeat(10_000) + "203.0.113.7";
        String trusted = "10.0.0.2, ".repeat(10_000) + "10.0.0.3";
        // When
        Source source = resolve("10.0.0.1", line);
        Source loop = resolve("10.0.0.1", trusted);
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence()).hasSize(2);
        assertUnknown(loop, Why.TOO_MANY_HOPS);
        assertThat(loop.evidence()).hasSizeLessThanOrEqualTo(SourceResolver.MAX_TRUSTED_HOPS + 1);
    }

    @Test
    void aConnectionWithoutAnAddressIsUnknown() {
        // When
        Source source = RESOLVER.resolve(new Connection(Optional.empty(), UNREADABLE, Optional.of("eu.internal")));
        // Then
        assertUnknown(source, Why.NO_PEER_ADDRESS);
        assertThat(source.evidence()).isEmpty();
    }

    @Test
    void twoRequestsOfOneConnectionAreJudgedEachByItsOwnHeader() {
        assertPublic(resolve("10.0.0.1", "203.0.113.7"), "203.0.113.7");
        assertPublic(resolve("10.0.0.1", "192.0.2.50"), "192.0.2.50");
    }

    @Property
    void whatAnUntrustedPeerWritesChangesNothing(@ForAll("headers") List<String> lines) {
        // When
        Source source = resolve("192.0.2.50", lines.toArray(String[]::new));
        // Then
        assertThat(source).isEqualTo(resolve("192.0.2.50"));
    }

    @Property
    void whatACallerPutsBeforeItsOwnAddressChangesNothing(@ForAll("headers") List<String> forged) {
        // Given
        List<String> lines = new ArrayList<>(forged);
        lines.add("192.0.2.50, 10.0.0.2");
        // When
        Source source = resolve("10.0.0.1", lines.toArray(String[]::new));
        // Then
        assertThat(source).isEqualTo(resolve("10.0.0.1", "192.0.2.50, 10.0.0.2"));
    }

    @Property
    void linesAreTheSameAsOneLineJoinedByCommas(@ForAll("headers") List<String> lines) {
        // Given
        String joined = String.join(",", lines);
        // When
        Source separate = resolve("10.0.0.1", lines.toArray(String[]::new));
        Source together = lines.isEmpty() ? resolve("10.0.0.1") : resolve("10.0.0.1", joined);
        // Then
        assertThat(separate).isEqualTo(together);
    }

    @Property
    void theAnswerIsThatOfAWalkOverAPlainList(@ForAll("chains") List<String> chain) {
        // When
        Source source = resolve("10.0.0.1", String.join(", ", chain));
        // Then
        assertThat(source).isInstanceOf(PublicSource.class);
        assertPublic(source, walk("10.0.0.1", chain));
    }

    private static String walk(String peer, List<String> chain) {
        List<String> fromTheRight = new ArrayList<>(chain);
        Collections.reverse(fromTheRight);
        String caller = peer;
        for (String hop : fromTheRight) {
            if (!caller.startsWith("10.") && !caller.startsWith("2001:db8:aaaa:")) {
                return caller;
            }
            caller = hop;
        }
        return caller;
    }

    // Private endpoints

    @Test
    void aCallerAtATranslatedAddressCameByTheEndpoint() {
        // When
        Source source = RESOLVER.resolve(new Connection(peer("166.9.20.31"), UNREADABLE, Optional.empty()));
        // Then
        assertPrivate(source, "us-south", "166.9.20.31");
        assertThat(source.evidence()).containsExactly(hop("166.9.20.31", By.PEER, Finding.PRIVATE_ENDPOINT));
    }

    @Test
    void aTranslatedAddressCountsBehindATrustedProxyToo() {
        // When
        Source source = resolve("10.0.0.1", "203.0.113.7, 166.9.12.77, 10.0.0.2");
        // Then
        assertPrivate(source, "us-south", "166.9.12.77");
        assertThat(source.evidence())
                .containsExactly(
                        hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        hop("10.0.0.2", By.X_FORWARDED_FOR, Finding.TRUSTED_PROXY),
                        hop("166.9.12.77", By.X_FORWARDED_FOR, Finding.PRIVATE_ENDPOINT));
    }

    @Test
    void whatACallerByTheEndpointWritesIsNotRead() {
        // When
        Source source = RESOLVER.resolve(
                new Connection(peer("166.9.20.31"), UNREADABLE, Optional.of("private.registry.example.com")));
        // Then
        assertPrivate(source, "us-south", "166.9.20.31");
    }

    @Test
    void aTranslatedAddressLeftOfTheCallerIsAForgery() {
        assertPublic(resolve("10.0.0.1", "166.9.20.31, 192.0.2.50"), "192.0.2.50");
        assertPublic(resolve("192.0.2.50", "166.9.20.31"), "192.0.2.50");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "private.registry.example.com",
                "private.registry.example.com:443",
                "private.registry.example.com:",
                "PRIVATE.Registry.EXAMPLE.com",
                "private.registry.example.com.",
                "private.registry.example.com.:8443",
                "Private.Registry.Example.Com.:443"
            })
    void aPrivateNameIsTheSameHoweverItIsWritten(String host) {
        // Given
        Source byEndpoint = resolve("166.9.20.31", Optional.of(host));
        // When
        Source withoutEvidence = resolve("203.0.113.9", Optional.of(host));
        // Then
        assertPrivate(byEndpoint, "us-south", "166.9.20.31");
        assertUnknown(withoutEvidence, Why.PRIVATE_ENDPOINT_MISMATCH);
        assertThat(withoutEvidence.evidence())
                .containsExactly(
                        hop("203.0.113.9", By.PEER, Finding.CALLER), hop(host, By.HOST, Finding.PRIVATE_HOSTNAME));
    }

    @Test
    void aPrivateNameBehindAProxyNeedsEvidenceToo() {
        // Given
        Optional<String> host = Optional.of("private.registry.example.com");
        // Then
        assertUnknown(resolve("10.0.0.1", host, "203.0.113.7"), Why.PRIVATE_ENDPOINT_MISMATCH);
        assertUnknown(resolve("10.0.0.1", host), Why.PRIVATE_ENDPOINT_MISMATCH);
        assertPrivate(resolve("10.0.0.1", host, "166.9.20.31"), "us-south", "166.9.20.31");
    }

    @Test
    void theNameOfOneEndpointByAnotherIsUnknown() {
        // When
        Source source = resolve("166.9.20.31", Optional.of("eu.internal"));
        // Then
        assertUnknown(source, Why.PRIVATE_ENDPOINT_MISMATCH);
        assertThat(source.evidence())
                .containsExactly(
                        hop("166.9.20.31", By.PEER, Finding.PRIVATE_ENDPOINT),
                        hop("eu.internal", By.HOST, Finding.PRIVATE_HOSTNAME));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "registry.example.com",
                "xprivate.registry.example.com",
                "private.registry.example.com.evil.example",
                "private.registry.example.comx",
                "",
                ":443",
                "[::1]:443",
                "[::1]",
                "203.0.113.9"
            })
    void anotherNameSaysNothing(String host) {
        assertPublic(resolve("203.0.113.9", Optional.of(host)), "203.0.113.9");
        assertPrivate(resolve("166.9.20.31", Optional.of(host)), "us-south", "166.9.20.31");
    }

    @Test
    void withoutEndpointsNoNameIsPrivate() {
        // Given
        var resolver = new SourceResolver(new SourceSettings(TRUSTED, ForwardingHeader.X_FORWARDED_FOR, List.of()));
        // When
        Source source = resolver.resolve(
                new Connection(peer("166.9.20.31"), UNREADABLE, Optional.of("private.registry.example.com")));
        // Then
        assertPublic(source, "166.9.20.31");
    }

    // Evidence

    @Test
    void hostileTextIsCutShort() {
        // When
        Source source = resolve("10.0.0.1", "203.0.113.7, " + "x".repeat(60_000));
        // Then
        assertThat(source.evidence().getLast().address()).isEqualTo("x".repeat(64) + "…");
    }

    @ParameterizedTest
    @CsvSource({"0x0a, '?'", "0x0d, '?'", "0x1b, '?'", "0x00, '?'", "0x7f, '?'", "0x85, '?'", "0x9b, '?'", "0x20, ' '"})
    void hostileTextIsCleanedOfControlCharacters(String code, String shown) {
        // Given
        char c = (char) Integer.decode(code).intValue();
        // When
        Source source = resolve("10.0.0.1", "a" + c + "b");
        // Then
        assertThat(source.evidence().getLast().address()).isEqualTo("a" + shown + "b");
    }

    @Property
    void evidenceNeverHoldsControlCharactersOrLongTexts(@ForAll("texts") String text) {
        // When
        Source source = resolve("10.0.0.1", Optional.of(text), text);
        // Then
        assertThat(source.evidence()).isNotEmpty().allSatisfy(hop -> {
            assertThat(hop.address().chars().noneMatch(Character::isISOControl)).isTrue();
            assertThat(hop.address()).hasSizeLessThanOrEqualTo(65);
        });
    }

    private static Source resolve(String peer, String... lines) {
        return resolve(peer, Optional.empty(), lines);
    }

    private static Source resolve(String peer, Optional<String> host, String... lines) {
        return RESOLVER.resolve(new Connection(peer(peer), name -> List.of(lines), host));
    }

    private static void assertPublic(Source source, String address) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).hasToString(address));
    }

    private static void assertPrivate(Source source, String endpoint, String observed) {
        assertThat(source).isInstanceOfSatisfying(PrivateSource.class, found -> {
            assertThat(found.endpoint()).isEqualTo(endpoint);
            assertThat(found.observed().orElseThrow()).hasToString(observed);
        });
    }

    private static void assertUnknown(Source source, Why why) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        UnknownSource.class, found -> assertThat(found.why()).isEqualTo(why));
    }

    private static Hop hop(String address, By by, Finding finding) {
        return new Hop(address, by, finding);
    }

    private static Optional<Address> peer(String text) {
        return Optional.of(Address.parse(text).orElseThrow());
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }

    @Provide
    Arbitrary<List<String>> headers() {
        Arbitrary<String> element = Arbitraries.oneOf(
                Arbitraries.of(
                        "203.0.113.7",
                        "192.0.2.9",
                        "10.0.0.2",
                        "10.0.5.9",
                        "unknown",
                        "",
                        "166.9.20.31",
                        "::ffff:10.0.0.2"),
                Arbitraries.strings().ascii().ofMaxLength(12));
        return element.list()
                .ofMaxSize(5)
                .map(parts -> String.join(", ", parts))
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<String>> chains() {
        return Arbitraries.of("10.0.0.2", "10.9.9.9", "2001:db8:aaaa::2", "203.0.113.7", "192.0.2.50", "2001:db8:1::7")
                .list()
                .ofMinSize(1)
                .ofMaxSize(20);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(90);
    }
}
