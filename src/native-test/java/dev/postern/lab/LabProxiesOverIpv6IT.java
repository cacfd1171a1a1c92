package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Real proxies that are reached over IPv6 and send on over IPv6, known by an IPv6 block. */
@InLab(needs = {"nginx", "haproxy", "envoy", "send-proxy"})
@ParameterizedClass(name = "{0}")
@MethodSource("chains")
class LabProxiesOverIpv6IT {
    private static final String PEER = "2001:db8:2::80 peer trusted-proxy";
    private static final String EDGE_IN_LIST = "2001:db8:2::81 x-forwarded-for trusted-proxy";
    private static final String EDGE_IN_HEADER = "2001:db8:2::81 proxy-protocol trusted-proxy";
    private static final String CALLER_IN_LIST = "%s x-forwarded-for caller";
    private static final String CALLER_IN_HEADER = "%s proxy-protocol caller";

    private static final List<String> HEADERS =
            List.of("X-Forwarded-For: %s", "X-Forwarded-For: %s, %1$s", "Forwarded: for=\"[%s]\"", "X-Real-IP: %s");

    private final Chain chain;
    private final Lab lab;
    private String[] way = {};

    LabProxiesOverIpv6IT(Chain chain, Lab lab) {
        this.chain = chain;
        this.lab = lab;
    }

    static Stream<Chain> chains() {
        return Stream.of(
                new Chain("over=ipv6 nginx", PEER, CALLER_IN_LIST),
                new Chain("over=ipv6 haproxy", PEER, CALLER_IN_LIST),
                new Chain("over=ipv6 envoy", PEER, CALLER_IN_LIST),
                new Chain("over=ipv6 haproxy-v1", PEER, CALLER_IN_HEADER),
                new Chain("over=ipv6 haproxy-v2", PEER, CALLER_IN_HEADER),
                new Chain("over=ipv6 envoy-v2", PEER, CALLER_IN_HEADER),
                new Chain("over=ipv6 haproxy-plain-v2", PEER, CALLER_IN_HEADER),
                new Chain("over=ipv6 nginx nginx", PEER, EDGE_IN_LIST, CALLER_IN_LIST),
                new Chain("over=ipv6 nginx nginx-realip", PEER, CALLER_IN_LIST),
                new Chain("over=ipv6 haproxy-v2 haproxy-v2", PEER, CALLER_IN_HEADER),
                new Chain("over=ipv6 nginx haproxy-v1", PEER, EDGE_IN_HEADER, CALLER_IN_LIST));
    }

    @BeforeEach
    void onlyTheIpv6HostIsAllowed() {
        lab.postern(LabProxiesIT.SETTINGS);
        lab.allow("address: \"2001:db8:1::/48\"");
        way = lab.proxies(chain.kinds());
    }

    @Test
    void theAllowedHostPassesAndAnotherThatForgesItsAddressDoesNot() {
        // When
        Answer allowed = lab.login(Lab.V6, lab.buildBot(), way);
        Answer refused = lab.login(Lab.STRANGER, lab.buildBot(), along("2001:db8:1::10"));
        // Then
        assertThat(allowed.status()).isEqualTo(200);
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo(refused.refusalOf("'192.0.2.50'"));
    }

    @Test
    void theHopsThatAreBelievedAreTheRealOnes() {
        // When
        List<Seen> seen = lab.whoami(Lab.V6, List.of(way, along("2001:db8:9::9"), along("2001:db8:2::81")));
        // Then
        assertThat(seen).hasSize(3).allSatisfy(each -> {
            assertThat(each.source()).containsExactly("address=2001:db8:1::10", "side=public");
            assertThat(each.evidence()).isEqualTo(chain.evidenceOf("2001:db8:1::10"));
        });
    }

    /** By IPv4 to the first proxy, by IPv6 from there. */
    @Test
    void anIpv4CallerIsSeenUnderItsOwnAddress() {
        // When
        Seen seen = lab.whoami(Lab.OFFICE, along("2001:db8:1::10"));
        // Then
        assertThat(seen.source()).containsExactly("address=203.0.113.10", "side=public");
        assertThat(seen.evidence()).isEqualTo(chain.evidenceOf("203.0.113.10"));
    }

    @Test
    void aProxyHeaderOfTheCallersOwnIsTakenByNobody() {
        // Given
        String front = Lab.front(chain.kinds()) + ".lab.test:8443";
        // When
        Lab.Result result = lab.startSendProxy(Lab.V6, front, "/whoami", "--source", "2001:db8:9::9")
                .await();
        // Then
        assertThat(result.code()).as(result.toString()).isEqualTo(3);
    }

    private String[] along(String forged) {
        return Lab.concat(List.of(way), LabForwardingHeaderIT.with(HEADERS, forged));
    }
}
