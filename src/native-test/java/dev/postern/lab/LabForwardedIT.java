package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Real proxies that write {@code Forwarded} (RFC 7239). One that appends writes into the same line as the caller did, and
 * an IPv6 address with quotes: what the caller leaves open there must not become part of the proxy's words.
 */
@InLab(needs = {"nginx", "haproxy"})
@ParameterizedClass(name = "{0}")
@MethodSource("chains")
class LabForwardedIT {
    private static final String PEER = "198.51.100.80 peer trusted-proxy";
    private static final String EDGE = "198.51.100.81 forwarded trusted-proxy";
    private static final String EDGE_IN_HEADER = "198.51.100.81 proxy-protocol trusted-proxy";
    private static final String CALLER = "%s forwarded caller";

    /** What a caller writes that is by the grammar, a request each. Both addresses are allowed. */
    private static final List<List<String>> FORGERIES = List.of(
            List.of("Forwarded: for=203.0.113.10"),
            List.of("Forwarded: for=\"[2001:db8:1::10]\""),
            List.of("Forwarded: for=203.0.113.10, for=\"203.0.113.10:4711\";proto=https, for=203.0.113.10"),
            List.of("Forwarded: for=203.0.113.10;by=198.51.100.80;host=\"a, for=203.0.113.10, b\""),
            List.of("Forwarded: for=203.0.113.10", "forwarded: for=203.0.113.10", "FORWARDED: for=203.0.113.10"),
            List.of("Forwarded: for=203.0.113.10, for=198.51.100.81"),
            List.of("Forwarded: for=203.0.113.10, for=\"[2001:db8:2::81]:8443\""),
            List.of("Forwarded: for=198.51.100.80"),
            List.of("Forwarded: for=203.0.113.10, for=unknown"),
            List.of("Forwarded: for=203.0.113.10, for=_hidden"),
            List.of("Forwarded: for=203.0.113.10, for=\"\""),
            List.of("Forwarded: for=203.0.113.10, for=\"\\\"\""),
            List.of("Forwarded: by=203.0.113.10"),
            List.of("Forwarded: for=203.0.113.10,"),
            List.of("Forwarded: ,"),
            List.of("Forwarded;"),
            List.of("X-Forwarded-For: 203.0.113.10", "X-Real-IP: 203.0.113.10"),
            List.of("X-Forwarded-For: 203.0.113.10", "Forwarded: for=203.0.113.10"));

    /** What a caller writes that is not by the grammar, in one line. */
    private static final List<List<String>> BROKEN = Stream.of(
                    "for=203.0.113.10;x=\"",
                    "for=\"203.0.113.10",
                    "for=\"",
                    "for=203.0.113.10, for=\"",
                    "for=203.0.113.10;x=\"\\",
                    "for=203.0.113.10;x=\"\\\"",
                    "for=203.0.113.10;x=\"a\";y=\"",
                    "for=203.0.113.10;x=\"a\" \"",
                    "\"",
                    "\\",
                    "for=203.0.113.10;x",
                    "for=203.0.113.10;x=",
                    "for=203.0.113.10;for=",
                    "203.0.113.10",
                    "for=[2001:db8:1::10]",
                    "for=203.0.113.10:4711",
                    "for=203.0.113.10;x=\u00e9")
            .map(line -> List.of("Forwarded: " + line))
            .toList();

    private final Chain chain;
    private final Lab lab;
    private String[] way = {};

    LabForwardedIT(Chain chain, Lab lab) {
        this.chain = chain;
        this.lab = lab;
    }

    static Stream<Chain> chains() {
        return Stream.of(
                new Chain("nginx-forwarded", PEER, CALLER),
                new Chain("haproxy-forwarded", PEER, CALLER),
                new Chain("nginx-forwarded nginx-forwarded", PEER, EDGE, CALLER),
                new Chain("haproxy-forwarded haproxy-forwarded", PEER, EDGE, CALLER),
                new Chain("nginx-forwarded haproxy-forwarded", PEER, EDGE, CALLER),
                new Chain("haproxy-forwarded-alone nginx-forwarded", PEER, EDGE, CALLER),
                new Chain("nginx-forwarded haproxy-v2", PEER, EDGE_IN_HEADER, CALLER),
                new Chain(
                        "over=ipv6 nginx-forwarded nginx-forwarded",
                        "2001:db8:2::80 peer trusted-proxy",
                        "2001:db8:2::81 forwarded trusted-proxy",
                        CALLER));
    }

    @BeforeEach
    void forwardedIsTheHeaderThatIsRead() {
        lab.postern(
                "trusted-proxies=" + LabProxiesIT.PROXIES,
                "proxy-protocol=" + LabProxiesIT.PROXIES,
                "forwarding-header=forwarded");
        lab.allow("zone: office", "address: \"2001:db8:1::/48\"");
        way = lab.proxies(chain.kinds());
    }

    @Test
    void theAllowedPassUnderTheirOwnAddresses() {
        // When
        Answer office = lab.login(Lab.OFFICE, lab.buildBot(), way);
        Answer v6 = lab.login(Lab.V6, lab.buildBot(), way);
        Seen seenOffice = lab.whoami(Lab.OFFICE, way);
        Seen seenV6 = lab.whoami(Lab.V6, way);
        // Then
        assertThat(office.status()).isEqualTo(200);
        assertThat(v6.status()).isEqualTo(200);
        assertThat(seenOffice.evidence()).isEqualTo(chain.evidenceOf("203.0.113.10"));
        assertThat(seenV6.evidence()).isEqualTo(chain.evidenceOf("2001:db8:1::10"));
    }

    @Test
    void aStrangerThatForgesAnAllowedAddressIsRefusedAsItself() {
        // When
        List<Answer> answers = lab.loginEach(Lab.STRANGER, lab.buildBot(), along(FORGERIES));
        // Then
        assertThat(answers).hasSameSizeAs(FORGERIES);
        for (int i = 0; i < answers.size(); i++) {
            Answer answer = answers.get(i);
            assertThat(answer.status()).as(FORGERIES.get(i).toString()).isEqualTo(403);
            assertThat(answer.body()).as(FORGERIES.get(i).toString()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
        }
    }

    @Test
    void anIpv6CallerThatForgesAnotherAddressIsSeenAsItself() {
        // When
        List<Seen> seen = lab.whoami(Lab.V6, along(FORGERIES));
        // Then
        assertThat(seen).hasSameSizeAs(FORGERIES);
        for (int i = 0; i < seen.size(); i++) {
            assertThat(seen.get(i).evidence())
                    .as(FORGERIES.get(i).toString())
                    .isEqualTo(chain.evidenceOf("2001:db8:1::10"));
        }
    }

    /** Where the proxy wrote into the broken line, nobody can be known; where it wrote its own, the caller is itself. */
    @Test
    void aBrokenLineLeftOfTheProxysWordsMakesTheCallerUnknownAtWorst() {
        // Given
        boolean ownLine = chain.names().startsWith("haproxy");
        // When
        List<Seen> stranger = lab.whoami(Lab.STRANGER, along(BROKEN));
        List<Seen> v6 = lab.whoami(Lab.V6, along(BROKEN));
        // Then
        assertThat(stranger).hasSameSizeAs(BROKEN);
        assertThat(v6).hasSameSizeAs(BROKEN);
        for (int i = 0; i < BROKEN.size(); i++) {
            assertThat(stranger.get(i).source())
                    .as(BROKEN.get(i).toString())
                    .isEqualTo(ownLine ? List.of("address=192.0.2.50", "side=public") : Seen.MALFORMED);
            assertThat(v6.get(i).source())
                    .as(BROKEN.get(i).toString())
                    .isEqualTo(ownLine ? List.of("address=2001:db8:1::10", "side=public") : Seen.MALFORMED);
        }
    }

    @Test
    void aBrokenLineIsRefusedWhoeverWritesItAndInHoweverManyLines() {
        // Given
        List<List<String>> requests = Stream.concat(
                        BROKEN.stream(),
                        BROKEN.stream().map(line -> List.of("Forwarded: for=203.0.113.10", line.getFirst())))
                .toList();
        // When
        List<Answer> stranger = lab.loginEach(Lab.STRANGER, lab.buildBot(), along(requests));
        // Then
        assertThat(stranger).hasSameSizeAs(requests).allSatisfy(answer -> {
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body())
                    .containsAnyOf("'192.0.2.50'", "the address of the client could not be established");
        });
    }

    private List<String[]> along(List<List<String>> requests) {
        return requests.stream()
                .map(headers -> Lab.concat(
                        List.of(way),
                        headers.stream()
                                .flatMap(header -> Stream.of("--header", header))
                                .toArray(String[]::new)))
                .toList();
    }
}
