package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.address.Nat64;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.source.SourceSettings.TrustedHops;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a PROXY header says, the links in it, and the listener by which a connection came. */
class LinkSourceTest {

    private static final String AWS = "aws:vpce-0a1b2c3d4e5f60718";

    private static final PrivateEndpoint US_SOUTH = endpoint(
            "us-south", "private.registry.example.com", "166.9.12.0/24", List.of(AWS, "gcp:81985529216486895"), "9443");
    private static final PrivateEndpoint EU_DE =
            endpoint("eu-de", "eu.internal", "166.9.40.1", List.of("azure:704708590"), "10.0.0.5:9444");
    private static final List<PrivateEndpoint> ENDPOINTS = List.of(US_SOUTH, EU_DE);

    private static final SourceResolver RESOLVER = resolver(Nat64.NONE);

    private static final LinkKeys KEYS = new LinkKeys(
            "envoy", Map.of("aws", LinkId.Cloud.AWS, "azure", LinkId.Cloud.AZURE, "gcp", LinkId.Cloud.GCP), Set.of());

    // Without a link

    @Test
    void theAddressOfAProxyHeaderIsThePeers() {
        // When
        Source source = RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("203.0.113.7")));
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.PROXY_PROTOCOL, Finding.CALLER));
    }

    @Test
    void anUntrustedAddressOfAProxyHeaderWritesNoForwardingHeader() {
        // Given
        Connection connection = new Connection(
                peer("10.0.0.1"),
                Optional.of(Proxied.by("192.0.2.50")),
                name -> {
                    throw new AssertionError("the header " + name + " was read");
                },
                Optional.empty(),
                Optional.empty());
        // Then
        assertPublic(RESOLVER.resolve(connection), "192.0.2.50");
    }

    @Test
    void whereTheAddressOfAProxyHeaderIsAProxyItsForwardingHeaderIsRead() {
        // When
        Source source =
                RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("2001:db8:aaaa::5"), "198.51.100.1, 203.0.113.7"));
        // Then
        assertPublic(source, "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("2001:db8:aaaa::5", By.PROXY_PROTOCOL, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.X_FORWARDED_FOR, Finding.CALLER));
    }

    @Test
    void anAddressOfAProxyHeaderThatIsTrustedAndNamesNobodyIsTheCaller() {
        // When
        Source source = RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("10.0.0.2")));
        // Then
        assertPublic(source, "10.0.0.2");
        assertThat(source.evidence().getLast())
                .isEqualTo(new Hop("10.0.0.2", By.PROXY_PROTOCOL, Finding.CALLER_ITSELF_TRUSTED));
    }

    @Test
    void aHeaderThatNamesNobodyLeavesTheSendersOwnAddress() {
        // Then
        assertPublic(RESOLVER.resolve(proxied("10.0.0.1", Proxied.local())), "10.0.0.1");
        assertPublic(RESOLVER.resolve(proxied("192.0.2.50", Proxied.local(), "203.0.113.7")), "192.0.2.50");
        assertThat(RESOLVER.resolve(proxied("10.0.0.1", Proxied.local())).evidence())
                .containsExactly(new Hop("10.0.0.1", By.PEER, Finding.CALLER_ITSELF_TRUSTED));
    }

    @Test
    void fieldsThatAreNoLinksChangeNothing() {
        // Given
        ProxyHeader header = Proxied.with(
                "203.0.113.7", List.of(Proxied.tlv("01::6832"), Proxied.tlv("04::00"), Proxied.tlv("20::0100000000")));
        // Then
        assertPublic(RESOLVER.resolve(proxied("10.0.0.1", header)), "203.0.113.7");
    }

    @Test
    void aTranslatedAddressInAProxyHeaderIsEvidenceOfItsEndpoint() {
        // When
        Source source = RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("166.9.12.7")));
        // Then
        assertTranslated(source, "us-south", "166.9.12.7");
        assertThat(source.evidence().getLast())
                .isEqualTo(new Hop("166.9.12.7", By.PROXY_PROTOCOL, Finding.PRIVATE_ENDPOINT));
    }

    // With a link

    @ParameterizedTest
    @CsvSource({AWS + ", us-south", "gcp:81985529216486895, us-south", "azure:704708590, eu-de"})
    void aLinkThatAnEndpointHasIsThatEndpoint(String link, String endpoint) {
        // When
        Source source = RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", link)));
        // Then
        assertLinked(source, endpoint, link, "192.168.7.9");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("192.168.7.9", By.PROXY_PROTOCOL, Finding.ORIGINATOR),
                        new Hop(link, By.LINK, Finding.PRIVATE_ENDPOINT));
    }

    /** Its address is of the consumer's own space: trusted there is not trusted here, translated not translated. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "10.0.5.23",
                "2001:db8:aaaa::5",
                "166.9.12.7",
                "166.9.40.1",
                "203.0.113.7",
                "127.0.0.1"
            })
    void theOriginatorIsHeldAgainstNoListOfOurs(String originator) {
        // Given
        Connection connection = new Connection(
                peer("10.0.0.1"),
                Optional.of(Proxied.by(originator, AWS)),
                name -> {
                    throw new AssertionError("the header " + name + " was read");
                },
                Optional.empty(),
                Optional.empty());
        // When
        Source source = RESOLVER.resolve(connection);
        // Then
        assertLinked(source, "us-south", AWS, originator);
        assertThat(((PrivateSource) source).observed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws:vpce-0a1b2c3d4e5f60719",
                "aws:vpce-0a1b2c3d4e5f6071",
                "azure:704708591",
                "azure:0",
                "gcp:704708590",
                "gcp:81985529216486896"
            })
    void aLinkThatNoEndpointHasIsUnknown(String link) {
        // When
        Source source = RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("166.9.12.7", link)));
        // Then
        assertUnknown(source, Why.UNKNOWN_LINK);
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("166.9.12.7", By.PROXY_PROTOCOL, Finding.ORIGINATOR),
                        new Hop(link, By.LINK, Finding.UNKNOWN_LINK));
    }

    @Test
    void oneUnknownLinkBesideAKnownOneIsUnknown() {
        assertUnknown(
                RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", AWS, "azure:1"))), Why.UNKNOWN_LINK);
        assertUnknown(
                RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", "azure:1", AWS))), Why.UNKNOWN_LINK);
    }

    @Test
    void aMalformedLinkIsUnknownAndNotAnOrdinaryPeer() {
        // Given
        ProxyHeader header = Proxied.with("203.0.113.7", List.of(Proxied.tlv("EE::0101")));
        // When
        Source source = RESOLVER.resolve(proxied("10.0.0.1", header));
        // Then
        assertUnknown(source, Why.MALFORMED_LINK);
        assertThat(source.evidence()).containsExactly(new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY));
    }

    @Test
    void theSameLinkTwiceIsUnknown() {
        assertUnknown(RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", AWS, AWS))), Why.DUPLICATE_LINK);
        assertUnknown(
                RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", AWS, "aws:vpce-0123456789"))),
                Why.DUPLICATE_LINK);
    }

    @Test
    void theLinksOfTwoCloudsAreOneTooManyThoughTheyAreOfOneEndpoint() {
        // When: a rule could deny the one and allow the other
        Source source = RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", AWS, "gcp:81985529216486895")));
        // Then
        assertUnknown(source, Why.DUPLICATE_LINK);
        assertThat(source.evidence()).hasSize(4);
    }

    @Test
    void anOriginatorIsOfTheConsumersSpaceAndIsNotTakenOutOfOurNat64() {
        // Given
        SourceResolver resolver = resolver(Nat64.of(List.of(range("64:ff9b::/96"))));
        // When
        Source source = resolver.resolve(proxied("10.0.0.1", Proxied.by("64:ff9b::c0a8:709", AWS)));
        // Then
        assertLinked(source, "us-south", AWS, "64:ff9b::c0a8:709");
    }

    @Test
    void theLinksOfTwoEndpointsContradictEachOther() {
        assertUnknown(
                RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", AWS, "azure:704708590"))),
                Why.PRIVATE_ENDPOINT_MISMATCH);
    }

    @Test
    void aLinkNeedsNoTrustedPeerBecauseItsHeaderHadATrustedSender() {
        assertLinked(
                RESOLVER.resolve(proxied("192.0.2.99", Proxied.by("192.168.7.9", AWS))),
                "us-south",
                AWS,
                "192.168.7.9");
    }

    @Test
    void aLinkIsNoHopWhereHopsAreCounted() {
        // Given
        var resolver = new SourceResolver(
                new SourceSettings(new TrustedHops(2), ForwardingHeader.X_FORWARDED_FOR, Nat64.NONE, ENDPOINTS));
        // Then
        assertLinked(
                resolver.resolve(proxied("10.0.0.1", Proxied.by("192.168.7.9", AWS))), "us-south", AWS, "192.168.7.9");
    }

    @Test
    void thePrivateNameOfALinksEndpointAgrees() {
        // Given
        ProxyHeader header = Proxied.by("192.168.7.9", AWS);
        // Then
        assertLinked(
                RESOLVER.resolve(arrived(header, "private.registry.example.com:443", null)),
                "us-south",
                AWS,
                "192.168.7.9");
        assertLinked(RESOLVER.resolve(arrived(header, "registry.example.com", null)), "us-south", AWS, "192.168.7.9");
        Source other = RESOLVER.resolve(arrived(header, "eu.internal", null));
        assertUnknown(other, Why.PRIVATE_ENDPOINT_MISMATCH);
        assertThat(other.evidence().getLast()).isEqualTo(new Hop("eu.internal", By.HOST, Finding.PRIVATE_HOSTNAME));
    }

    // With a link that a proxy hands on

    @ParameterizedTest
    @CsvSource({AWS + ", us-south", "gcp:81985529216486895, us-south", "azure:704708590, eu-de"})
    void aLinkHandedOnIsItsEndpointAndThePeerTheOriginator(String link, String endpoint) {
        // When
        Source source = handedOnResolver().resolve(handedOn(peer("192.168.7.9"), link, null));
        // Then
        assertLinked(source, endpoint, link, "192.168.7.9");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("192.168.7.9", By.PEER, Finding.ORIGINATOR),
                        new Hop(link, By.LINK, Finding.PRIVATE_ENDPOINT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.1", "2001:db8:aaaa::5", "166.9.12.7", "166.9.40.1", "64:ff9b::c0a8:709"})
    void thePeerBesideALinkIsHeldAgainstNoListOfOurs(String originator) {
        assertLinked(handedOnResolver().resolve(handedOn(peer(originator), AWS, null)), "us-south", AWS, originator);
    }

    @Test
    void aLinkHandedOnIsNoHopWhereHopsAreCounted() {
        // Given
        var resolver = new SourceResolver(
                new SourceSettings(new TrustedHops(2), ForwardingHeader.X_FORWARDED_FOR, Nat64.NONE, ENDPOINTS, KEYS));
        // Then
        assertLinked(resolver.resolve(handedOn(peer("192.168.7.9"), AWS, null)), "us-south", AWS, "192.168.7.9");
    }

    @Test
    void aLinkHandedOnThatNoEndpointHasIsUnknown() {
        // When
        Source source = handedOnResolver().resolve(handedOn(peer("166.9.12.7"), "azure:1", null));
        // Then
        assertUnknown(source, Why.UNKNOWN_LINK);
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("166.9.12.7", By.PEER, Finding.ORIGINATOR),
                        new Hop("azure:1", By.LINK, Finding.UNKNOWN_LINK));
    }

    @Test
    void aLinkHandedOnContradictsThePrivateNameOfAnotherEndpoint() {
        assertUnknown(
                handedOnResolver().resolve(handedOn(peer("192.168.7.9"), AWS, "eu.internal")),
                Why.PRIVATE_ENDPOINT_MISMATCH);
        assertLinked(
                handedOnResolver().resolve(handedOn(peer("192.168.7.9"), AWS, "private.registry.example.com")),
                "us-south",
                AWS,
                "192.168.7.9");
    }

    @Test
    void aLinkHandedOnOfAPeerWithoutAnAddressIsUnknown() {
        // Given: such peers are trusted
        SourceResolver resolver = handedOnResolver();
        // When
        Source unix = resolver.resolve(handedOn(new Peer.Unix(), AWS, null));
        Source nobody = resolver.resolve(handedOn(new Peer.Unknown(), AWS, null));
        // Then
        assertUnknown(unix, Why.NO_PEER_ADDRESS);
        assertThat(unix.evidence()).containsExactly(new Hop("unix", By.PEER, Finding.NOT_AN_ADDRESS));
        assertUnknown(nobody, Why.NO_PEER_ADDRESS);
        assertThat(nobody.evidence()).isEmpty();
    }

    @Test
    void metadataThatCannotBeReadDecideBeforeAnyPeer() {
        // Given
        LinkMetadata metadata = new LinkMetadata.Unreadable("metadata of another type");
        Hop unreadable = new Hop("metadata of another type", By.METADATA, Finding.NOT_A_LINK);
        // When
        List<Source> sources = Stream.of(peer("10.0.0.1"), new Peer.Unix(), new Peer.Unknown())
                .map(peer -> handedOnResolver().resolve(handedOn(peer, metadata, null)))
                .toList();
        // Then
        assertThat(sources).allSatisfy(source -> assertUnknown(source, Why.MALFORMED_LINK_METADATA));
        assertThat(sources)
                .extracting(Source::evidence)
                .containsExactly(
                        List.of(new Hop("10.0.0.1", By.PEER, Finding.UNDECIDED), unreadable),
                        List.of(new Hop("unix", By.PEER, Finding.UNDECIDED), unreadable),
                        List.of(unreadable));
    }

    @Test
    void metadataWithoutALinkLeaveAnOrdinaryPeer() {
        // Given
        LinkMetadata metadata = new LinkMetadata.Fields(Optional.of(Map.of()), Optional.of(Map.of()));
        Connection connection = new Connection(
                peer("10.0.0.1"),
                Optional.empty(),
                name -> List.of("203.0.113.7"),
                Optional.empty(),
                Optional.empty(),
                metadata);
        // Then
        assertPublic(handedOnResolver().resolve(connection), "203.0.113.7");
    }

    // Listeners

    @ParameterizedTest
    @CsvSource({"10.0.0.9:9443, us-south", "'[2001:db8::5]:9443', us-south", "9443, us-south", "10.0.0.5:9444, eu-de"})
    void whoeverArrivesAtAnEndpointsListenerCameByIt(String arrival, String endpoint) {
        assertTranslated(RESOLVER.resolve(arrivedFrom("192.0.2.50", arrival)), endpoint, "192.0.2.50");
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.9:8080", "10.0.0.6:9444", "[2001:db8::5]:9444", "9444", "10.0.0.5:944"})
    void whoeverArrivesElsewhereDidNot(String arrival) {
        assertPublic(RESOLVER.resolve(arrivedFrom("192.0.2.50", arrival)), "192.0.2.50");
    }

    @Test
    void theListenerCountsBehindAProxyToo() {
        // Given
        Connection connection = new Connection(
                peer("10.0.0.1"),
                Optional.empty(),
                name -> List.of("203.0.113.7"),
                Optional.of("private.registry.example.com"),
                ListeningSocket.parse("10.0.0.5:9443"));
        // When
        Source source = RESOLVER.resolve(connection);
        // Then
        assertTranslated(source, "us-south", "203.0.113.7");
        assertThat(source.evidence())
                .containsExactly(
                        new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY),
                        new Hop("203.0.113.7", By.X_FORWARDED_FOR, Finding.PRIVATE_ENDPOINT));
    }

    @Test
    void theListenerOfOneEndpointAndTheAddressOfAnotherContradictEachOther() {
        assertUnknown(RESOLVER.resolve(arrivedFrom("166.9.40.1", "10.0.0.5:9443")), Why.PRIVATE_ENDPOINT_MISMATCH);
        assertTranslated(RESOLVER.resolve(arrivedFrom("166.9.12.1", "10.0.0.5:9443")), "us-south", "166.9.12.1");
    }

    @Test
    void theListenerOfOneEndpointAndTheLinkOfAnotherContradictEachOther() {
        // Given
        ProxyHeader header = Proxied.by("192.168.7.9", AWS);
        // Then
        assertUnknown(RESOLVER.resolve(arrived(header, null, "10.0.0.5:9444")), Why.PRIVATE_ENDPOINT_MISMATCH);
        assertLinked(RESOLVER.resolve(arrived(header, null, "10.0.0.5:9443")), "us-south", AWS, "192.168.7.9");
        assertLinked(RESOLVER.resolve(arrived(header, null, "10.0.0.5:80")), "us-south", AWS, "192.168.7.9");
    }

    @Test
    void theListenerOfOneEndpointAndTheNameOfAnotherContradictEachOther() {
        // Given
        Connection connection = new Connection(
                peer("192.0.2.50"),
                Optional.empty(),
                name -> List.of(),
                Optional.of("eu.internal"),
                ListeningSocket.parse("10.0.0.5:9443"));
        // Then
        assertUnknown(RESOLVER.resolve(connection), Why.PRIVATE_ENDPOINT_MISMATCH);
    }

    @Test
    void aListenerOfTwoEndpointsIsNobodys() {
        // Given
        var resolver = new SourceResolver(new SourceSettings(
                new TrustedProxies(List.of(), false),
                ForwardingHeader.NONE,
                Nat64.NONE,
                List.of(
                        endpoint("a", "a.internal", "166.9.1.1", List.of(), "9443"),
                        endpoint("b", "b.internal", "166.9.2.1", List.of(), "10.0.0.5:9443"))));
        // Then
        assertUnknown(resolver.resolve(arrivedFrom("192.0.2.50", "10.0.0.5:9443")), Why.PRIVATE_ENDPOINT_MISMATCH);
        assertTranslated(resolver.resolve(arrivedFrom("192.0.2.50", "10.0.0.6:9443")), "a", "192.0.2.50");
    }

    @Test
    void aPrivateNameWithoutEvidenceIsUnknownHoweverTheCallerCame() {
        // Given
        Connection connection = new Connection(
                peer("10.0.0.1"),
                Optional.of(Proxied.by("203.0.113.7")),
                name -> List.of(),
                Optional.of("eu.internal"),
                Optional.empty());
        // Then
        assertUnknown(resolver(Nat64.NONE).resolve(connection), Why.PRIVATE_ENDPOINT_MISMATCH);
    }

    @Test
    void settingsKeepCopiesOfTheirOwn() {
        // Given
        List<AddressRange> blocks = new ArrayList<>(List.of(range("10.0.0.0/8")));
        var trust = new TrustedProxies(blocks, true);
        // When
        blocks.clear();
        // Then
        assertThat(trust.blocks()).containsExactly(range("10.0.0.0/8"));
    }

    // NAT64

    @Test
    void aTranslatedAddressBehindNat64IsKnown() {
        // Given
        SourceResolver resolver = resolver(Nat64.of(List.of(range("64:ff9b::/96"))));
        // Then
        assertTranslated(
                resolver.resolve(proxied("10.0.0.1", Proxied.by("64:ff9b::166.9.12.7"))), "us-south", "166.9.12.7");
        assertPublic(RESOLVER.resolve(proxied("10.0.0.1", Proxied.by("64:ff9b::166.9.12.7"))), "64:ff9b::a609:c07");
    }

    private static SourceResolver handedOnResolver() {
        return new SourceResolver(new SourceSettings(
                new TrustedProxies(List.of(range("10.0.0.0/8"), range("2001:db8:aaaa::/48")), true),
                ForwardingHeader.X_FORWARDED_FOR,
                Nat64.of(List.of(range("64:ff9b::/96"))),
                ENDPOINTS,
                KEYS));
    }

    private static Connection handedOn(Peer peer, String link, String host) {
        LinkId id = Proxied.link(link);
        String key = id.cloud().name().toLowerCase(Locale.ROOT);
        Map<String, byte[]> bytes = Map.of(key, Proxied.tlv(id).value());
        return handedOn(peer, new LinkMetadata.Fields(Optional.of(bytes), Optional.empty()), host);
    }

    private static Connection handedOn(Peer peer, LinkMetadata metadata, String host) {
        return new Connection(
                peer,
                Optional.empty(),
                name -> {
                    throw new AssertionError("the header " + name + " was read");
                },
                Optional.ofNullable(host),
                Optional.empty(),
                metadata);
    }

    private static SourceResolver resolver(Nat64 nat64) {
        return new SourceResolver(new SourceSettings(
                new TrustedProxies(List.of(range("10.0.0.0/8"), range("2001:db8:aaaa::/48")), false),
                ForwardingHeader.X_FORWARDED_FOR,
                nat64,
                ENDPOINTS));
    }

    private static PrivateEndpoint endpoint(
            String name, String host, String translated, List<String> links, String listener) {
        return new PrivateEndpoint(
                name,
                Set.of(host),
                List.of(range(translated)),
                links.stream().map(Proxied::link).collect(Collectors.toSet()),
                List.of(ListeningSocket.parse(listener).orElseThrow()));
    }

    private static Connection proxied(String peer, ProxyHeader header, String... xForwardedFor) {
        return new Connection(
                peer(peer),
                Optional.of(header),
                name -> Arrays.asList(xForwardedFor),
                Optional.empty(),
                Optional.empty());
    }

    private static Connection arrived(ProxyHeader header, String host, String arrival) {
        return new Connection(
                peer("10.0.0.1"),
                Optional.of(header),
                name -> List.of(),
                Optional.ofNullable(host),
                Optional.ofNullable(arrival).flatMap(ListeningSocket::parse));
    }

    private static Connection arrivedFrom(String peer, String arrival) {
        return new Connection(
                peer(peer), Optional.empty(), name -> List.of(), Optional.empty(), ListeningSocket.parse(arrival));
    }

    private static Peer peer(String text) {
        return new Peer.Ip(Address.parse(text).orElseThrow());
    }

    private static void assertPublic(Source source, String address) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).hasToString(address));
    }

    private static void assertTranslated(Source source, String endpoint, String observed) {
        assertThat(source).isInstanceOfSatisfying(PrivateSource.class, found -> {
            assertThat(found.endpoint()).isEqualTo(endpoint);
            assertThat(found.observed().map(Address::toString)).contains(observed);
            assertThat(found.linkId()).isEmpty();
            assertThat(found.originator()).isEmpty();
        });
    }

    private static void assertLinked(Source source, String endpoint, String link, String originator) {
        assertThat(source).isInstanceOfSatisfying(PrivateSource.class, found -> {
            assertThat(found.endpoint()).isEqualTo(endpoint);
            assertThat(found.linkId()).contains(Proxied.link(link));
            assertThat(found.originator().map(Address::toString)).contains(originator);
            assertThat(found.observed()).isEmpty();
        });
    }

    private static void assertUnknown(Source source, Why why) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        UnknownSource.class, found -> assertThat(found.why()).isEqualTo(why));
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
