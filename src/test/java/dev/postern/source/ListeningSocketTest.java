package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sockets at which connections arrive: their text, and which of them a connection arrived at. */
class ListeningSocketTest {

    @ParameterizedTest
    @CsvSource({
        "8081, , 8081",
        "1, , 1",
        "65535, , 65535",
        "10.0.0.5:8081, 10.0.0.5, 8081",
        "0.0.0.0:1, 0.0.0.0, 1",
        "[2001:db8::5]:65535, 2001:db8::5, 65535",
        "[::ffff:10.0.0.5]:443, 10.0.0.5, 443"
    })
    void aSocketIsAPortWithAnAddressOrWithout(String text, String address, int port) {
        assertThat(ListeningSocket.parse(text))
                .contains(new ListeningSocket(
                        Optional.ofNullable(address).map(a -> Address.parse(a).orElseThrow()), port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "0",
                "65536",
                "99999",
                "100000",
                "-1",
                "+1",
                "0x1f91",
                "8081 ",
                " 8081",
                "http",
                "\u0668\u0660",
                ":8081",
                "*:8081",
                "localhost:8081",
                "10.0.0.5",
                "10.0.0.5:",
                "10.0.0.5:0",
                "10.0.0.5:65536",
                "10.0.0.5:8081:8082",
                "10.0.5:8081",
                "010.0.0.5:8081",
                "2001:db8::5:8081",
                "[2001:db8::5]",
                "[2001:db8::5]:",
                "[2001:db8::5]:0",
                "2001:db8::5",
                "::1",
                "[]:8081",
                "[10.0.0.5]:8081",
                "[fe80::1%eth0]:8081",
                "[::1]:80:81",
                "/8081",
                "9/",
                "1:2"
            })
    void anythingElseIsNoSocket(String text) {
        assertThat(ListeningSocket.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "8081, 10.0.0.5:8081, true",
        "8081, 8081, true",
        "8081, 10.0.0.5:8082, false",
        "10.0.0.5:8081, 10.0.0.5:8081, true",
        "10.0.0.5:8081, [::ffff:10.0.0.5]:8081, true",
        "10.0.0.5:8081, 10.0.0.6:8081, false",
        "10.0.0.5:8081, 10.0.0.5:8082, false",
        "10.0.0.5:8081, 8081, false",
        "[2001:db8::5]:8081, [2001:db8:0::5]:8081, true",
        "[2001:db8::5]:8081, [2001:db8::6]:8081, false"
    })
    void aSocketCoversWhatArrivesAtItsAddressAndPort(String setting, String arrived, boolean covers) {
        assertThat(ListeningSocket.parse(setting)
                        .orElseThrow()
                        .covers(ListeningSocket.parse(arrived).orElseThrow()))
                .isEqualTo(covers);
    }
}
