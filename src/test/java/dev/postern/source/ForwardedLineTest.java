package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.source.ForwardingElements.Element;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of {@code Forwarded}: RFC 7239's own examples, and what somebody may write to make a line say something else. */
class ForwardedLineTest {

    /** Lines, and the addresses of their elements; {@code -} is an element that names none. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // RFC 7239 sections 4, 6.3 and 7
                "for=\"_gazonk\" | -",
                "For=\"[2001:db8:cafe::17]:4711\" | 2001:db8:cafe::17",
                "for=192.0.2.60;proto=http;by=203.0.113.43 | 192.0.2.60",
                "for=192.0.2.43, for=198.51.100.17 | 192.0.2.43 198.51.100.17",
                "for=192.0.2.43, for=\"[2001:db8:cafe::17]\" | 192.0.2.43 2001:db8:cafe::17",
                "for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown | 192.0.2.43 2001:db8:cafe::17 -",
                "for=_hidden, for=_SEVKISEK | - -",
                "for=192.0.2.43, for=198.51.100.17;by=203.0.113.60;proto=http;host=example.com | 192.0.2.43 198.51.100.17",
                // Names, blanks, order
                "FOR=192.0.2.1 | 192.0.2.1",
                "fOr=192.0.2.1;PROTO=https | 192.0.2.1",
                "proto=https;for=192.0.2.1 | 192.0.2.1",
                "by=203.0.113.43;host=example.com;for=192.0.2.1;proto=http | 192.0.2.1",
                "`  for=192.0.2.1  ` | 192.0.2.1",
                "`\tfor=192.0.2.1\t,\tfor=192.0.2.2\t` | 192.0.2.1 192.0.2.2",
                "for=192.0.2.1 ; proto=http | 192.0.2.1",
                "for=192.0.2.1; proto=http | 192.0.2.1",
                "for=192.0.2.1,for=192.0.2.2,for=192.0.2.3 | 192.0.2.1 192.0.2.2 192.0.2.3",
                "secret=x;for=192.0.2.1;x-1=\"a, b; for=203.0.113.7\" | 192.0.2.1",
                // Quoted strings
                "for=\"192.0.2.1\" | 192.0.2.1",
                "for=\"192.0.2.1:443\" | 192.0.2.1",
                "for=\"192.0.2.1:65535\" | 192.0.2.1",
                "for=\"\\1\\92.0.2.1\" | 192.0.2.1",
                "for=\"[2001:db8::7]\" | 2001:db8::7",
                "for=\"[2001:DB8::7]:1\" | 2001:db8::7",
                "for=\"[::ffff:192.0.2.1]\" | 192.0.2.1",
                "for=192.0.2.1;host=\"a\\\"b\" | 192.0.2.1",
                "for=192.0.2.1;host=\"\" | 192.0.2.1",
                "for=192.0.2.1;host=\"\\\\\" | 192.0.2.1",
                "for=192.0.2.1;host=\",\", for=192.0.2.2 | 192.0.2.1 192.0.2.2",
                "for=192.0.2.1;host=\"a\tb \u00e9\u0100~\", for=192.0.2.2 | 192.0.2.1 192.0.2.2",
                "for=192.0.2.1;ext=!#$%&'*+-.^_~09azAZ | 192.0.2.1",
                // A semicolon at the end
                "for=192.0.2.1; | 192.0.2.1",
                "for=192.0.2.1;, for=192.0.2.2; | 192.0.2.1 192.0.2.2",
                // Elements that name nobody, or nobody that can be read
                "`` | -",
                "` ` | -",
                ", | - -",
                "for=192.0.2.1, | 192.0.2.1 -",
                "for=192.0.2.1, ,for=192.0.2.2 | 192.0.2.1 - 192.0.2.2",
                ",for=192.0.2.1 | - 192.0.2.1",
                "proto=http | -",
                "by=192.0.2.1 | -",
                "fors=192.0.2.1 | -",
                "xfor=192.0.2.1 | -",
                "for=unknown | -",
                "for=UNKNOWN | -",
                "for=\"unknown:443\" | -",
                "for=_hidden | -",
                "for=\"_hidden:_port\" | -",
                "for=localhost | -",
                "for=allowed.example | -",
                "for=\"\" | -",
                "for=\"192.0.2.1:_gazonk\" | -",
                "for=\"192.0.2.1:0\" | -",
                "for=\"192.0.2.1:65536\" | -",
                "for=\"192.0.2.1:\" | -",
                "for=\"192.0.2.1 \" | -",
                "for=\" 192.0.2.1\" | -",
                "for=\"192.0.2.1, 192.0.2.2\" | -",
                "for=\"for=192.0.2.1\" | -",
                "for=\"2001:db8::7\" | -",
                "for=\"::\" | -",
                "for=\"::1\" | -",
                "for=\"::ffff:192.0.2.1\" | -",
                "for=\"[192.0.2.1]\" | -",
                "for=\"[2001:db8::7\" | -",
                "for=\"2001:db8::7]\" | -",
                "for=\"[fe80::1%eth0]\" | -",
                "for=\"[2001:db8::7]:0\" | -",
                "for=\"[2001:db8::7]443\" | -",
                "for=010.0.5.9 | -",
                "for=0x0a000001 | -",
                "for=3405803783 | -",
                "for=10.1 | -",
                "for=\"\\\"192.0.2.1\\\"\" | -",
            })
    void aLineIsItsElements(String line, String addresses) {
        assertThat(addresses(line == null ? "" : line)).isEqualTo(addresses);
    }

    /** A line that is not by the grammar names nobody at all: not even where an element of it would look well. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "192.0.2.1",
                "for",
                "for=",
                "for=;",
                "for=,for=192.0.2.1",
                "=192.0.2.1",
                "for =192.0.2.1",
                "for= 192.0.2.1",
                "for:192.0.2.1",
                "for==192.0.2.1",
                "for=[2001:db8::7]",
                "for=2001:db8::7",
                "for=192.0.2.1:443",
                "for='192.0.2.1:443'",
                "for=192.0.2.1 192.0.2.2",
                "for=192.0.2.1 for=192.0.2.2",
                "for=192.0.2.1/32",
                "for=<script>",
                "for=192.0.2.1;for=192.0.2.2",
                "for=192.0.2.1;FOR=192.0.2.1",
                "for=192.0.2.1;proto=http;proto=https",
                "for=192.0.2.1;Host=a;hOST=b",
                "for=192.0.2.1;;proto=http",
                ";for=192.0.2.1",
                ";",
                "for=192.0.2.1;proto",
                "for=192.0.2.1;proto=",
                "for=192.0.2.1;=http",
                "for=\"192.0.2.1",
                "for=\"192.0.2.1\\\"",
                "for=\"192.0.2.1\\",
                "for=\"192.0.2.1\"x",
                "for=\"192.0.2.1\"\"192.0.2.2\"",
                "for=x\"192.0.2.1\"",
                "for=\"192.0.2.1\n\"",
                "for=\"192.0.2.1\r\"",
                "for=\"192.0.2.1\u0000\"",
                "for=\"192.0.2.1\u001f\"",
                "for=\"192.0.2.1\u007f\"",
                "for=\"192.0.2.1\\\n\"",
                "for=\"192.0.2.1\\\u007f\"",
                "for=192.0.2.1\u00a0",
                "for=192.0.2.1\u000b",
                "for=192.0.2.1\u0000",
                "f\u00f6r=192.0.2.1",
                "f\u0000r=192.0.2.1",
                "{for}=192.0.2.1",
                "for=192.0.2.1(x)",
                "for=192.0.2.1\\",
                "for=192.0.2.1@",
                "for=192.0.2.1[",
                "for=192.0.2.1`{"
            })
    void aLineThatIsNotByTheGrammarNamesNobody(String line) {
        assertThat(ForwardedLine.parse(line)).containsExactly(new Element(line, Optional.empty()));
        assertThat(ForwardedLine.parse("for=192.0.2.9, " + line + ", for=192.0.2.8"))
                .containsExactly(new Element("for=192.0.2.9, " + line + ", for=192.0.2.8", Optional.empty()));
    }

    /** What a caller writes so that the words its proxy appends become part of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "for=203.0.113.7;x=\"",
                "for=\"203.0.113.7",
                "for=\"",
                "for=203.0.113.7;x=\"\\",
                "for=203.0.113.7;x=\"\\\"",
                "for=203.0.113.7, for=\"",
                "for=203.0.113.7;x=\"a\";y=\"",
                "for=203.0.113.7;x",
                "for=203.0.113.7;x=",
                "for=203.0.113.7;x=\\",
                "for=203.0.113.7;for=",
                "\"",
                "\\"
            })
    void anOpenQuoteSwallowsNothingOfWhatAProxyAppends(String forged) {
        for (String appended : List.of(
                "for=192.0.2.50",
                "for=\"192.0.2.50:4711\"",
                "for=\"[2001:db8::50]\";proto=https",
                "for=192.0.2.50;host=\"registry.example.com\"",
                "for=192.0.2.50;host=\"\"",
                "for=192.0.2.50;host=\";y=\"",
                "for=192.0.2.50;host=\";y=\";by=\"_p\"",
                "for=192.0.2.50;host=\",for=203.0.113.7\"",
                "for=192.0.2.50;host=\"\\\"\"")) {
            // When
            List<Element> elements = ForwardedLine.parse(forged + ", " + appended);
            // Then
            assertThat(elements).extracting(Element::address).containsExactly(Optional.empty());
        }
    }

    @Test
    void anElementKeepsItsTextWithoutTheBlanksAroundIt() {
        assertThat(ForwardedLine.parse(" for=192.0.2.1;proto=http ,\tfor=unknown"))
                .extracting(Element::text)
                .containsExactly("for=192.0.2.1;proto=http", "for=unknown");
    }

    @Test
    void aLineOfMoreElementsThanAnybodySendsNamesNobody() {
        // Given
        String most = "for=192.0.2.1" + ",for=192.0.2.1".repeat(4095);
        // Then
        assertThat(ForwardedLine.parse(most))
                .hasSize(4096)
                .allMatch(element -> element.address().isPresent());
        assertThat(ForwardedLine.parse(most + ",for=192.0.2.2"))
                .singleElement()
                .satisfies(element -> assertThat(element.address()).isEmpty());
        assertThat(ForwardedLine.parse(",".repeat(65_536))).hasSize(1);
    }

    @Test
    void longLinesAreReadToTheirEnd() {
        // Given
        String quoted = "for=192.0.2.1;x=\"" + "a,".repeat(32_000) + "\"";
        String open = "for=192.0.2.1;x=\"" + "a,".repeat(32_000);
        String escapes = "for=\"" + "\\1".repeat(32_000) + "\"";
        String blanks = " ".repeat(32_000) + "for=192.0.2.1" + " ".repeat(32_000);
        StringBuilder parameters = new StringBuilder("for=192.0.2.1");
        for (int i = 0; i < 5_000; i++) {
            parameters.append(";p").append(i).append("=v");
        }
        // Then
        assertThat(addresses(quoted)).isEqualTo("192.0.2.1");
        assertThat(addresses(open)).isEqualTo("-");
        assertThat(addresses(escapes)).isEqualTo("-");
        assertThat(addresses(blanks)).isEqualTo("192.0.2.1");
        assertThat(addresses(parameters.toString())).isEqualTo("192.0.2.1");
        assertThat(addresses(parameters + ";p0=v")).isEqualTo("-");
    }

    @Property
    void aValueIsReadHoweverItIsQuoted(@ForAll("values") String value) {
        // Given
        StringBuilder quoted = new StringBuilder();
        StringBuilder everyCharacterEscaped = new StringBuilder();
        for (char c : value.toCharArray()) {
            quoted.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            everyCharacterEscaped.append('\\').append(c);
        }
        // When
        List<Element> one = ForwardedLine.parse("x=\"" + quoted + "\";for=192.0.2.1, for=192.0.2.2");
        List<Element> other = ForwardedLine.parse("x=\"" + everyCharacterEscaped + "\";for=192.0.2.1, for=192.0.2.2");
        // Then
        assertThat(text(one)).isEqualTo("192.0.2.1 192.0.2.2");
        assertThat(text(other)).isEqualTo("192.0.2.1 192.0.2.2");
    }

    @Property
    void whatIsAppendedToAnyWordsIsReadOrNothingIs(@ForAll("lines") String forged) {
        // When
        List<Element> elements = ForwardedLine.parse(forged + ", for=192.0.2.50;proto=https");
        // Then
        assertThat(elements.getLast().address().map(Object::toString))
                .isIn(Optional.empty(), Optional.of("192.0.2.50"));
        assertThat(elements.getLast().address().isPresent() || elements.size() == 1)
                .isTrue();
    }

    @Property
    void aLineIsAsManyElementsAsItHasOrOne(@ForAll("severalLines") List<String> lines) {
        // Given
        List<Optional<?>> apart = new ArrayList<>();
        lines.forEach(line -> ForwardedLine.parse(line).forEach(element -> apart.add(element.address())));
        // When
        List<Element> together = ForwardedLine.parse(String.join(",", lines));
        // Then
        assertThat(together).isNotEmpty();
        if (together.stream().allMatch(element -> element.address().isPresent())) {
            assertThat(together).extracting(Element::address).isEqualTo(apart);
        }
    }

    private static String addresses(String line) {
        return text(ForwardedLine.parse(line));
    }

    private static String text(List<Element> elements) {
        return String.join(
                " ",
                elements.stream()
                        .map(element -> element.address().map(Object::toString).orElse("-"))
                        .toList());
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.strings()
                .withCharRange(' ', '~')
                .withChars('\t', '\u00e9')
                .ofMaxLength(30);
    }

    @Provide
    Arbitrary<List<String>> severalLines() {
        return lines().list().ofMinSize(1).ofMaxSize(4);
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> pieces = Arbitraries.of(
                "for=",
                "by=",
                "x",
                "=",
                ";",
                ",",
                " ",
                "\"",
                "\"",
                "\\",
                "192.0.2.1",
                "10.0.0.2",
                "[::1]",
                "unknown",
                "_h");
        return Arbitraries.oneOf(
                pieces.list().ofMaxSize(12).map(parts -> String.join("", parts)),
                Arbitraries.of("for=192.0.2.1", "for=\"[2001:db8::7]:1\"", "for=10.0.0.2;proto=http", "for=unknown"),
                Arbitraries.strings().ascii().ofMaxLength(20));
    }
}
