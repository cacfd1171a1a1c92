package dev.postern.policy.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** JSON and YAML as values: what is read, up to which bounds, and what is said of the rest. */
class ReadersTest {

    private static List<String> problems(boolean json, String text) {
        Findings findings = new Findings();
        List<Value> roots = json ? JsonReader.read("f", text, findings) : YamlReader.read("f", text, findings);
        assertThat(roots.isEmpty()).isEqualTo(findings.hasErrors());
        return findings.sorted().stream().map(Problem::toString).toList();
    }

    // Bounds

    @ParameterizedTest
    @CsvSource({
        "true, [, ], 64, ''",
        "true, [, ], 65, Document nesting depth (65) exceeds",
        "true, '{\"a\":', }, 64, ''",
        "true, '{\"a\":', }, 65, Document nesting depth (65) exceeds",
        "false, [, ], 64, ''",
        "false, [, ], 65, values in values deeper than 64",
        "false, '{a: ', }, 63, ''",
        "false, '{a: ', }, 64, values in values deeper than 64",
    })
    void valuesInValuesAreReadToADepth(boolean json, String open, String close, int depth, String problem) {
        // Given: where the innermost map has a value, that is one deeper
        String inner = open.startsWith("{") ? "1" : "";
        // When
        List<String> problems = problems(json, open.repeat(depth) + inner + close.repeat(depth));
        // Then
        if (problem.isEmpty()) {
            assertThat(problems).isEmpty();
        } else {
            assertThat(problems).singleElement().asString().contains("error: ", problem);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 999999, true", "true, 1000000, false", "false, 999999, true", "false, 1000000, false"})
    void aMillionValuesAreRead(boolean json, int items, boolean taken) {
        // Given: the list is a value, too
        String list = "[" + "1,".repeat(items - 1) + "1]";
        // Then
        assertThat(problems(json, list))
                .allMatch(problem -> problem.endsWith("error: more than 1000000 values"))
                .hasSize(taken ? 0 : 1);
    }

    @ParameterizedTest
    @CsvSource({"true, 65536, true", "true, 65537, false", "false, 65536, true", "false, 65537, false"})
    void aTextHasAtMost64KiCharacters(boolean json, int length, boolean taken) {
        assertThat(problems(json, "[\"" + "x".repeat(length) + "\"]"))
                .allMatch(problem -> problem.contains("65536"))
                .hasSize(taken ? 0 : 1);
    }

    @Test
    void aDocumentOfSeveralMebibytesIsRead() {
        assertThat(problems(false, "# " + "x".repeat(5 * 1024 * 1024) + "\n[]")).isEmpty();
    }

    // What is neither

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`a: b%n  c: [` | f:2:4: error: not YAML: mapping values are not allowed here",
                "`a: \\u0000` | f:1:1: error: not YAML: ",
                "`[!!str a]` | f:1:2: error: tags (!name) are not read",
                "`[! a]` | f:1:2: error: tags (!name) are not read",
                "`[!!seq []]` | f:1:2: error: tags (!name) are not read",
                "`[!!map {}]` | f:1:2: error: tags (!name) are not read",
                "`{[a]: b}` | f:1:2: error: a key must be plain text",
                "`a: 1%nb: 2%na: 3` | f:3:1: error: the key 'a' stands twice",
                "`- &a x%n- *a` | f:2:3: error: aliases (*name) are not read; write out what they stand for",
                "`a%n---%nb` | f:2:1: error: a second document; expected one",
                "`# nothing` | f:1:10: error: nothing is in it; expected YAML",
            })
    void whatIsNoYamlOfOursIsRefusedWithItsPlace(String text, String problem) {
        assertThat(problems(false, text.replace("%n", "\n").replace("\\u0000", "\0")))
                .singleElement()
                .asString()
                .startsWith(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`{\"a\": 1,%n \"a\": 2}` | f:2:",
                "`[1,%n 2` | f:2:",
                "`[1] x` | f:1:",
            })
    void whatIsNoJsonIsRefusedWithItsPlaceAndTheReason(String text, String place) {
        assertThat(problems(true, text.replace("%n", "\n")))
                .singleElement()
                .asString()
                .startsWith(place)
                .containsPattern("error: not JSON: \\S.{10,}");
    }

    @Test
    void aReasonIsCutWhereItIsLongAndNowhereElse() {
        for (int length = 1; length <= 250; length++) {
            String reason =
                    problems(true, "[" + "x".repeat(length) + "]").getFirst().replaceFirst(".*not JSON: ", "");
            assertThat(reason.length()).isLessThanOrEqualTo(201);
            assertThat(reason.endsWith("…")).isEqualTo(reason.length() == 201);
            assertThat(reason).matches(".*(\\)|…)");
            assertThat(reason).doesNotEndWith(")…");
        }
    }

    // What is nothing

    @ParameterizedTest
    @CsvSource({
        "~, nothing",
        "null, nothing",
        "'', nothing",
        "'\"\"', a text",
        "'\"null\"', a text",
        "'''~''', a text",
        "no, a text",
        "7, a text",
        "'[]', a list",
        "'{}', a map",
    })
    void anEmptyValueIsNothingAndAnEmptyTextIsOne(String value, String kind) {
        // When
        Value root = YamlReader.read("f", "a: " + value, new Findings()).getFirst();
        // Then
        assertThat(root)
                .isInstanceOfSatisfying(
                        Value.Fields.class,
                        fields -> assertThat(fields.entries().get("a").kind()).isEqualTo(kind));
    }
}
