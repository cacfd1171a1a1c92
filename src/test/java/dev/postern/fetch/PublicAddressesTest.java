package dev.postern.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.feed.Samples;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses publishers are asked at. */
class PublicAddressesTest {

    private static final PublicAddresses PUBLIC =
            new PublicAddresses("postern.feeds.allowed-private-addresses", List.of());

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "140.82.112.3",
                "2000::",
                "2001:200::1",
                "2001:4860:4860::8888",
                "2600:1f18::1",
                "2a00:1450::1",
                "3ffe:ffff::1",
                "2002:102:304::1",
                "64:ff9b::102:304"
            })
    void publicAddressesAre(String text) {
        assertThat(PUBLIC.objection(address(text))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.0.0.1",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.0.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "239.255.255.255",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::127.0.0.1",
                "::ffff:127.0.0.1",
                "64:ff9b::7f00:1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b:1::102:304",
                "100::1",
                "1fff::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::1",
                "2002:a00:1::1",
                "2002:c0a8:101::1",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void allOthersAreNot(String text) {
        assertThat(PUBLIC.objection(address(text)))
                .hasValueSatisfying(why -> assertThat(why).contains("is not a public address"));
    }

    @Test
    void whatTheOperatorListsIsAPublishersToo() {
        // Given
        PublicAddresses allowed =
                new PublicAddresses("setting", List.of(Samples.range("10.1.0.0/16"), Samples.range("fd00:1::/64")));
        // Then
        assertThat(allowed.objection(address("10.1.2.3"))).isEmpty();
        assertThat(allowed.objection(address("fd00:1::7"))).isEmpty();
        assertThat(allowed.objection(address("10.2.0.0"))).isPresent();
        assertThat(allowed.objection(address("fd00:2::7"))).isPresent();
    }

    /** The JDK knows some of them, too; what it calls local is not public here. */
    @Property
    void noAddressThatTheJdkCallsLocalIsPublic(@ForAll int ipv4, @ForAll long high, @ForAll long low)
            throws UnknownHostException {
        for (Address address : List.of(Address.ipv4(ipv4), Address.ipv6(high, low))) {
            InetAddress known = InetAddress.getByName(address.toString());
            if (known.isLoopbackAddress()
                    || known.isAnyLocalAddress()
                    || known.isLinkLocalAddress()
                    || known.isSiteLocalAddress()
                    || known.isMulticastAddress()) {
                assertThat(PUBLIC.objection(address)).as(address.toString()).isPresent();
            }
        }
    }
}
