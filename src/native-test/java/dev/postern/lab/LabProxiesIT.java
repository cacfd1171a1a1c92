package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Real proxies between the caller and Postern, one or two: whoever calls is who it is, whatever it writes. */
@InLab(needs = {"nginx", "haproxy", "envoy", "send-proxy"})
@ParameterizedClass(name = "{0}")
@MethodSource("chains")
class LabProxiesIT {
    /** Both hosts of proxies, over IPv4 and over IPv6. */
    static final String PROXIES = "198.51.100.80,198.51.100.81,2001:db8:2::/64";

    /** Postern's settings: both hosts may be a proxy, and both may send a PROXY header, before TLS or plain HTTP. */
    static final String[] SETTINGS = {
        "trusted-proxies=" + PROXIES, "proxy-protocol=" + PROXIES, "insecure-requests=enabled"
    };

    private static final String PEER = "198.51.100.80 peer trusted-proxy";
    private static final String EDGE_IN_LIST = "198.51.100.81 x-forwarded-for trusted-proxy";
    private static final String EDGE_IN_HEADER = "198.51.100.81 proxy-protocol trusted-proxy";
    private static final String CALLER_IN_LIST = "%s x-forwarded-for caller";
    private static final String CALLER_IN_HEADER = "%s proxy-protocol caller";

    private final Chain chain;
    private final Lab lab;
    private String[] way = {};

    LabProxiesIT(Chain chain, Lab lab) {
        this.chain = chain;
        this.lab = lab;
    }

    static Stream<Chain> chains() {
        return Stream.of(
                new Chain("nginx", PEER, CALLER_IN_LIST),
                new Chain("nginx-realip", PEER, CALLER_IN_LIST),
                new Chain("haproxy", PEER, CALLER_IN_LIST),
                new Chain("envoy", PEER, CALLER_IN_LIST),
                new Chain("haproxy-v1", PEER, CALLER_IN_HEADER),
                new Chain("haproxy-v2", PEER, CALLER_IN_HEADER),
                new Chain("envoy-v2", PEER, CALLER_IN_HEADER),
                new Chain("haproxy-plain-v1", PEER, CALLER_IN_HEADER),
                new Chain("haproxy-plain-v2", PEER, CALLER_IN_HEADER),
                new Chain("nginx nginx", PEER, EDGE_IN_LIST, CALLER_IN_LIST),
                new Chain("nginx nginx-realip", PEER, CALLER_IN_LIST),
                new Chain("haproxy haproxy", PEER, EDGE_IN_LIST, CALLER_IN_LIST),
                new Chain("haproxy nginx", PEER, EDGE_IN_LIST, CALLER_IN_LIST),
                new Chain("envoy envoy", PEER, EDGE_IN_LIST, CALLER_IN_LIST),
                new Chain("haproxy-v1 haproxy", PEER, CALLER_IN_LIST),
                new Chain("haproxy-v2 haproxy-v2", PEER, CALLER_IN_HEADER),
                new Chain("nginx haproxy-v2", PEER, EDGE_IN_HEADER, CALLER_IN_LIST),
                new Chain("envoy haproxy-v1", PEER, EDGE_IN_HEADER, CALLER_IN_LIST),
                new Chain("nginx haproxy-plain-v2", PEER, EDGE_IN_HEADER, CALLER_IN_LIST));
    }

    @BeforeEach
    void setUp() {
        lab.postern(SETTINGS);
        lab.allow("zone: office");
        way = lab.proxies(chain.kinds());
    }

    @Test
    void theOfficePasses() {
        // When
        Answer answer = lab.login(Lab.OFFICE, lab.buildBot(), way);
        // Then
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("dev.postern.lab.LabForwardingHeaderIT#headers")
    void aStrangerThatForgesAnAllowedAddressIsRefusedAsItself(List<String> headers) {
        // When
        Answer answer = lab.login(Lab.STRANGER, lab.buildBot(), along(headers, "203.0.113.10"));
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.80", "198.51.100.81", "unknown", "203.0.113.10, ,"})
    void neitherAProxysAddressNorNonsenseInTheListMakesTheStrangerAnother(String forged) {
        // When
        Seen seen = lab.whoami(Lab.STRANGER, along(List.of("X-Forwarded-For: 203.0.113.10, %s"), forged));
        // Then
        assertThat(seen.source()).containsExactly("address=192.0.2.50", "side=public");
    }

    @Test
    void theHopsThatAreBelievedAreTheRealOnes() {
        // Given
        List<String> forgery = List.of("X-Forwarded-For: %s", "Forwarded: for=%s", "X-Real-IP: %s");
        // When
        Seen seen = lab.whoami(Lab.OFFICE, way);
        Seen forged = lab.whoami(Lab.OFFICE, along(forgery, "192.0.2.50"));
        // Then
        assertThat(seen.source()).containsExactly("address=203.0.113.10", "side=public");
        assertThat(seen.evidence()).isEqualTo(chain.evidenceOf("203.0.113.10"));
        assertThat(forged).isEqualTo(seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void aProxyHeaderOfTheCallersOwnIsTakenByNobody(String version) {
        for (String host : List.of(Lab.front(chain.kinds()), Lab.PROXY)) {
            // When
            Lab.Result result = lab.startSendProxy(
                            Lab.STRANGER, host + ".lab.test:8443", "/whoami", "--protocol", version)
                    .await();
            // Then
            assertThat(result.code()).as(host + ": " + result).isEqualTo(3);
        }
    }

    private String[] along(List<String> headers, String address) {
        return Lab.concat(List.of(way), LabForwardingHeaderIT.with(headers, address));
    }
}
