package dev.postern.policy.writing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Whatever a text holds, YAML reads it back as that text, and nothing of it as anything else. */
class YamlTextTest {

    @Property
    void aScalarIsReadBack(@ForAll String text) {
        assertThat(read("{ a: " + YamlText.scalar(text) + ", b: end }"))
                .isEqualTo(Map.of("a", wellFormed(text), "b", "end"));
        assertThat(read("- " + YamlText.scalar(text) + "\n- end")).isEqualTo(List.of(wellFormed(text), "end"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "a b",
                "null",
                "~",
                "yes",
                "NO",
                "Off",
                "true",
                "1",
                "1e3",
                "0x1",
                "1.5",
                "2026-06-01",
                "2026-06-01T00:00:00Z",
                "a: b",
                "a #b",
                "#a",
                "- a",
                "[a]",
                "{a}",
                "a,b",
                "*a",
                "&a",
                "!a",
                "|",
                ">",
                "%a",
                "@a",
                "`a",
                "\"a\"",
                "'a'",
                "a\\n",
                "a\nb",
                "\ta",
                "\u0085",
                "\u2028",
                "\ufeff",
                "\u0000",
                "\ud83d\ude00",
                "=",
                "<<",
                "?",
                "a:",
                ":a",
                ".inf",
                "_"
            })
    void aTextThatLooksLikeSomethingElseIsText(String text) {
        assertThat(read("{ a: " + YamlText.scalar(text) + " }")).isEqualTo(Map.of("a", text));
    }

    @ParameterizedTest
    @CsvSource({"acme, acme", "app/**, '\"app/**\"'", "a-b_c.d@e, a-b_c.d@e", "on, '\"on\"'", "user:a, '\"user:a\"'"})
    void whatNeedsNoQuotesHasNone(String text, String yaml) {
        assertThat(YamlText.scalar(text)).isEqualTo(yaml);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "203.0.113.0/24, 203.0.113.0/24",
        "203.0.113.7-203.0.113.30, 203.0.113.7-203.0.113.30",
        "2001:db8::/32, '\"2001:db8::/32\"'",
        "::/64, '\"::/64\"'"
    })
    void aRangeIsReadBack(String text, String yaml) {
        // Given
        AddressRange range = ((AddressRange.Parsed) AddressRange.parse(text)).range();
        // Then
        assertThat(YamlText.scalar(range)).isEqualTo(yaml);
        assertThat(read("{ a: " + YamlText.scalar(range) + " }")).isEqualTo(Map.of("a", text));
    }

    @Property
    void aCommentIsOneLineOfPrintableCharacters(@ForAll String text) {
        // When
        String comment = YamlText.comment(text);
        // Then
        assertThat(comment.chars()).allMatch(c -> c >= 0x20 && c <= 0x7e);
        assertThat(comment.length()).isLessThanOrEqualTo(203);
        assertThat(read("a: b  # " + comment + "\nc: d")).isEqualTo(Map.of("a", "b", "c", "d"));
    }

    @Test
    void aLongRemarkIsCutShort() {
        assertThat(YamlText.remark("x".repeat(10_000))).hasSize(203).endsWith("x...");
        assertThat(YamlText.comment("\ud83d\ude00".repeat(10_000))).hasSize(203);
        assertThat(YamlText.remark("x".repeat(200))).isEqualTo("x".repeat(200));
    }

    @Test
    void theFirstAndTheLastPrintableCharactersStandAsTheyAre() {
        assertThat(YamlText.comment("\u001f ~\u007f")).isEqualTo("? ~?");
        assertThat(YamlText.scalar(" ~")).isEqualTo("\" ~\"");
    }

    @Test
    void halvesOfPairsAreNoCharacters() {
        assertThat(YamlText.scalar("\ud7ff\ud800")).isEqualTo("\"\\uD7FF\\uFFFD\"");
        assertThat(YamlText.scalar("\udfff\ue000")).isEqualTo("\"\\uFFFD\\uE000\"");
    }

    /** Half of a surrogate pair is no character. */
    private static String wellFormed(String text) {
        StringBuilder whole = new StringBuilder();
        text.codePoints().forEach(c -> whole.appendCodePoint(c >= 0xd800 && c <= 0xdfff ? 0xfffd : c));
        return whole.toString();
    }

    private static Object read(String yaml) {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    }
}
