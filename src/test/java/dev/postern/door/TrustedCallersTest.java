package dev.postern.door;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.source.Peer;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may ask what would be decided of others. */
class TrustedCallersTest {

    private static final TrustedCallers CALLERS = new TrustedCallers(new SourceResolver(new SourceSettings(
            List.of(((AddressRange.Parsed) AddressRange.parse("10.0.0.0/8")).range()),
            ForwardingHeader.X_FORWARDED_FOR,
            List.of())));

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, true",
        "127.255.255.254, true",
        "::1, true",
        "::ffff:127.0.0.1, true",
        "10.0.0.1, true",
        "10.255.255.255, true",
        "128.0.0.1, false",
        "126.255.255.255, false",
        "::2, false",
        "11.0.0.0, false",
        "9.255.255.255, false",
        "0.0.0.0, false",
        "::, false",
        "203.0.113.10, false",
        "2001:db8::1, false"
    })
    void callersOnLoopbackAndTrustedProxiesAre(String address, boolean included) {
        assertThat(CALLERS.include(new Peer.Ip(Address.parse(address).orElseThrow()), false))
                .isEqualTo(included);
    }

    @Test
    void whoHasACertificateIsOneWhereverItIs() {
        assertThat(CALLERS.include(new Peer.Ip(Address.parse("203.0.113.10").orElseThrow()), true))
                .isTrue();
    }

    @Test
    void whoseAddressIsUnknownIsNone() {
        assertThat(CALLERS.include(new Peer.Unknown(), false)).isFalse();
        assertThat(CALLERS.include(new Peer.Unix(), false)).isFalse();
    }
}
