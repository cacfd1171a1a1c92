package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The value of a {@code Warning} header: one quoted string, whatever the text. */
class WarningHeaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "client with IP '192.0.2.50' would | 299 - \"client with IP '192.0.2.50' would\"",
                "a \"quoted\" word | 299 - \"a \\\"quoted\\\" word\"",
                "back\\slash | 299 - \"back\\\\slash\"",
                "Müller | 299 - \"M?ller\"",
                "`` | 299 - \"\""
            })
    void theTextIsQuoted(String text, String value) {
        assertThat(WarningHeader.value(text)).isEqualTo(value);
    }

    @Property
    void noTextEndsTheStringOrTheLine(@ForAll String text) {
        // When
        String value = WarningHeader.value(text);
        // Then
        assertThat(value.substring(7, value.length() - 1)).matches("(?:[ !#-\\[\\]-~]|\\\\[\"\\\\])*");
    }
}
