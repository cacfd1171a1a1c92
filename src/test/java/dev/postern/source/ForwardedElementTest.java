package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One element of a forwarding header: addresses, ports and brackets. */
class ForwardedElementTest {

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "203.0.113.7:1, 203.0.113.7",
        "203.0.113.7:443, 203.0.113.7",
        "203.0.113.7:51234, 203.0.113.7",
        "203.0.113.7:65535, 203.0.113.7",
        "203.0.113.7:00443, 203.0.113.7",
        "2001:db8::7, 2001:db8::7",
        "2001:db8:1:3:1319:8a2e:370:4444, 2001:db8:1:3:1319:8a2e:370:4444",
        "2001:db8::7:443, 2001:db8::7:443",
        "[2001:db8::7], 2001:db8::7",
        "[2001:db8::7]:51234, 2001:db8::7",
        "[2001:db8::7]:65535, 2001:db8::7",
        "[::1], '::1'",
        "'::', '::'",
        "'::1', '::1'",
        "'::ffff:203.0.113.7', 203.0.113.7",
        "[::ffff:203.0.113.7], 203.0.113.7",
        "[::ffff:203.0.113.7]:443, 203.0.113.7",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255:1, 255.255.255.255"
    })
    void anElementIsAnAddressWithAPortOrWithout(String element, String address) {
        assertThat(ForwardedElement.parse(element).map(Object::toString)).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::::",
                ":443",
                "[",
                "]",
                "[]",
                "[]:443",
                "[[::1]]",
                "[::1",
                "::1]",
                "[::1]x",
                "[::1] ",
                " [::1]",
                "[::1]:",
                "[::1]443",
                "[::1]::443",
                "[::1]:0",
                "[::1]:65536",
                "[::1]:-1",
                "[::1]:443x",
                "[::1]:443:443",
                "[::1][::2]",
                "[1.2.3.4]",
                "[1.2.3.4]:443",
                "[localhost]",
                "[fe80::1%eth0]",
                "[fe80::1%25eth0]:443",
                "[ ::1 ]",
                "1.2.3.4:",
                "1.2.3.4:0",
                "1.2.3.4:00000",
                "1.2.3.4:65536",
                "1.2.3.4:99999",
                "1.2.3.4:000443",
                "1.2.3.4:4294967739",
                "1.2.3.4:-1",
                "1.2.3.4:+443",
                "1.2.3.4: 443",
                "1.2.3.4 :443",
                "1.2.3.4:http",
                "1.2.3.4:_port",
                "1.2.3.4:0x1bb",
                "1.2.3.4:\u0664\u0664\u0663",
                "1.2.3.4:443:443",
                "1.2.3.4.5:443",
                "1.2.3:443",
                "010.0.5.9",
                "010.0.5.9:443",
                "0x7f000001:443",
                "3405803783:443",
                "2001:db8::00007",
                "2001:db8::7%eth0",
                "\"1.2.3.4\"",
                "\"[::1]:443\"",
                "'1.2.3.4'",
                "for=1.2.3.4",
                "for=\"[::1]\"",
                "1.2.3.4;proto=https",
                "unknown",
                "unknown:443",
                "_hidden",
                "_hidden:443",
                "localhost",
                "localhost:443",
                "allowed.example",
                "allowed.example:443",
                "http://1.2.3.4",
                "1.2.3.4/32",
                "1.2.3.4/",
                "1.2.3.4-1.2.3.5",
                "1.2.3.4\r\n",
                "1.2.3.4\u0000",
                "1.2.3.4 5.6.7.8",
                "<script>",
                "-"
            })
    void anythingElseIsNoAddress(String element) {
        assertThat(ForwardedElement.parse(element)).isEmpty();
    }

    @Property
    void aPortIsFrom1To65535(@ForAll @IntRange(max = 70_000) int port) {
        // Given
        boolean good = port >= 1 && port <= 65_535;
        // Then
        assertThat(ForwardedElement.parse("203.0.113.7:" + port).isPresent()).isEqualTo(good);
        assertThat(ForwardedElement.parse("[2001:db8::7]:" + port).isPresent()).isEqualTo(good);
    }

    @Property
    void randomTextIsAnAddressOrNothing(@ForAll("texts") String text) {
        assertThat(ForwardedElement.parse(text)).isNotNull();
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(80),
                Arbitraries.strings().withChars("0123456789abcdef:.[]").ofMaxLength(40),
                Arbitraries.strings().withChars("1:.[]").ofMaxLength(12));
    }
}
