package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextsTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "acme/app", "<script>alert(1)</script>", "Zürich", "日本語", "a b", "&amp;\"'"})
    void what_is_visible_stays(String text) {
        assertThat(Texts.shown(text)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "202E, right-to-left override",
        "2066, left-to-right isolate",
        "200B, zero width space",
        "FEFF, byte order mark",
        "0000, null",
        "001B, escape",
        "000A, line feed",
        "0085, next line",
        "2028, line separator",
        "00A0, no-break space",
        "0301, combining accent",
        "D800, half of a pair",
        "E000, private use"
    })
    void what_is_not_is_named_by_its_code_point(String point, String what) {
        // Given
        String text = "a" + (char) Integer.parseInt(point, 16) + "b";

        // Then
        assertThat(Texts.shown(text)).as(what).isEqualTo("a\\u" + point + "b");
    }

    @Test
    void a_long_text_is_cut() {
        assertThat(Texts.shown("x".repeat(5000))).hasSize(401).endsWith("…");
        assertThat(Texts.shown("\u202e".repeat(5000), 64))
                .hasSizeBetween(64, 80)
                .endsWith("…");
    }
}
