package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportedPolicy.options;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.importing.PolicyImport.Input;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an input may not do: take long, take much, write policy. */
class HostileInputTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "{\"defaultAction\": \"Deny\"",
                "{'defaultAction': 'Deny'}",
                "{\"defaultAction\": \"Deny\",}",
                "{\"defaultAction\": Deny}",
                "{\"defaultAction\": \"Deny\"} trailing",
                "{\"defaultAction\": \"Deny\", \"defaultAction\": \"Allow\"}",
                "// comment\n{\"defaultAction\": \"Deny\"}",
                "{\"defaultAction\": \"De\nny\"}",
                "{\"defaultAction\": NaN}",
                "{\"defaultAction\": 01}",
                "defaultAction: Deny",
            })
    void jsonIsStrict(String text) {
        assertThat(refused(ImportFormat.ACR_NETWORK_RULE_SET, options(), text))
                .allSatisfy(line -> assertThat(line).matches("(?s)input:\\d+:\\d+: error: .*"));
    }

    @Test
    void aByteOrderMarkIsNoMatter() {
        assertThat(ImportedPolicy.ofText(
                                ImportFormat.ACR_NETWORK_RULE_SET, options(), "\uFEFF{\"defaultAction\": \"Deny\"}")
                        .admits("192.0.2.1"))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource(ImportFormat.class)
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void depthNumberAndSizeAreBounded(ImportFormat format) {
        String deep = "[".repeat(100_000);
        String many = "[" + "1,".repeat(1_100_000) + "1]";
        String longText = "[\"" + "x".repeat(Limits.MAX_TEXT + 1) + "\"]";
        String large = " ".repeat(Limits.MAX_CHARACTERS + 1);
        boolean json = format != ImportFormat.DOCKER_AUTH_ACL;
        Map<String, String> problems = Map.of(
                deep, json ? "Document nesting depth (65)" : "values in values deeper than 64",
                many, "more than 1000000 values",
                longText, "65536",
                large, "the inputs have more than 16777216 characters");
        problems.forEach((text, problem) -> assertThat(refused(format, options(), text))
                .allMatch(line -> line.length() < 500)
                .singleElement()
                .asString()
                .contains(problem));
    }

    @Test
    void severalInputsAreBoundedTogether() {
        // Given
        String half = "[" + " ".repeat(Limits.MAX_CHARACTERS / 2) + "]";
        // Then
        assertThat(refused(ImportFormat.GITHUB_ALLOW_LIST, options(), half, half))
                .anyMatch(line -> line.contains("more than 16777216 characters"));
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void manyEntriesAndAccountsAreRefusedAndNotWorkedThrough() {
        // Given: each entry for everybody, and none gives as much as the next
        StringBuilder text = new StringBuilder("users:\n");
        for (int i = 0; i < 3_000; i++) {
            text.append("  user").append(i).append(": {}\n");
        }
        text.append("acl:\n");
        for (int i = 0; i < 1_500; i++) {
            text.append("- {match: {name: \"acme/*")
                    .append(i)
                    .append("\"}, actions: [pull, a")
                    .append(i)
                    .append("]}\n");
        }
        // Then
        assertThat(refused(ImportFormat.DOCKER_AUTH_ACL, options(), text.toString()))
                .anyMatch(line -> line.contains("too many accounts and entries"));
    }

    @ParameterizedTest
    @CsvSource({"16000, true", "40, true"})
    void whatIsLongButAllowedIsTaken(int entries, boolean taken) {
        // Given
        List<String> list = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            list.add("{\"allowListValue\": \"10." + (i >> 8 & 255) + "." + (i & 255) + ".0/24\", \"isActive\": true}");
        }
        // Then
        assertThat(ImportedPolicy.ofText(ImportFormat.GITHUB_ALLOW_LIST, options(), "[" + String.join(",", list) + "]")
                        .admits("10.0.5.1"))
                .isEqualTo(taken);
    }

    // No text of an input becomes policy

    @Property
    void whatANameSaysStaysAName(@ForAll("hostile") String name) {
        // Given
        String json = "[{\"allowListValue\": \"203.0.113.7\", \"isActive\": true, \"name\": " + quoted(name) + "},"
                + "{\"allowListValue\": \"203.0.113.8\", \"isActive\": false, \"name\": " + quoted(name) + "},"
                + "{\"allowListValue\": " + quoted(name) + ", \"isActive\": true}]";
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(ImportFormat.GITHUB_ALLOW_LIST, options(), json);
        // Then
        assertOneAddressOnly(imported);
    }

    @Property
    void whatAZoneIsCalledStaysAName(@ForAll("hostile") String name) {
        // Given
        String json = """
                [{"id": "1", "name": %1$s, "addresses": [{"type": "ipAddress", "value": "203.0.113.7"}]},
                 {"id": %1$s, "name": %1$s, "addresses": [{"type": %1$s, "value": %1$s}, {"type": "vpc", "value": %1$s}]},
                 {"description": %1$s, "contexts": [{"attributes": [{"name": "networkZoneId", "value": "1"}]},
                   {"attributes": [{"name": %1$s, "value": "203.0.113.8"}]}]}]
                """.formatted(quoted(name));
        if (name.equals("1")) {
            return;
        }
        // Then
        assertOneAddressOnly(ImportedPolicy.ofText(ImportFormat.IBM_CBR, options("vpc"), json));
    }

    @Property
    void whatACommentSaysStaysAComment(@ForAll("hostile") String comment) {
        // Given: JSON is YAML, too
        String list = "[{\"match\": {\"account\": \"alice\", \"name\": \"acme/app\", \"ip\": \"203.0.113.7\"},"
                + "\"actions\": [\"pull\"], \"comment\": " + quoted(comment) + "},"
                + "{\"match\": {\"account\": " + quoted(comment.replaceAll("[\\[\\]\\\\$/]", ""))
                + "}, \"actions\": []}]";
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(ImportFormat.DOCKER_AUTH_ACL, options(), list);
        // Then
        assertThat(imported.granted("alice", "203.0.113.7", "repository:acme/app:pull"))
                .containsExactly("pull");
        assertThat(imported.granted("alice", "203.0.113.8", "repository:acme/app:pull"))
                .isEmpty();
        assertThat(imported.policy().accounts()).hasSize(1);
        assertPrintable(imported.yaml());
    }

    @Property
    void theNameOfAFileStaysAName(@ForAll("hostile") String name) {
        // When
        PolicyImport.Outcome outcome = PolicyImport.run(
                ImportFormat.ACR_NETWORK_RULE_SET,
                List.of(new Input(name, "{\"defaultAction\": \"Deny\", \"ipRules\": [{\"value\": \"203.0.113.7\"}]}")),
                options());
        // Then
        assertThat(outcome).isInstanceOfSatisfying(PolicyImport.Imported.class, imported -> {
            assertPrintable(imported.yaml());
            assertThat(imported.yaml().lines().filter(line -> line.matches(" +- \\{ address: .*")))
                    .hasSize(1);
            assertThat(imported.warnings())
                    .allSatisfy(warning -> assertThat(warning.message()).doesNotContain("\n", "\r", "\u001b"));
        });
    }

    private static void assertOneAddressOnly(ImportedPolicy imported) {
        assertPrintable(imported.yaml());
        assertThat(imported.policy().accounts()).hasSize(1);
        assertThat(imported.admits("203.0.113.7")).isTrue();
        assertThat(imported.admits("203.0.113.8")).isFalse();
        assertThat(imported.admits("192.0.2.1")).isFalse();
        assertThat(imported.warnings())
                .allSatisfy(warning -> assertThat(warning.chars()).noneMatch(Character::isISOControl));
    }

    private static void assertPrintable(String yaml) {
        assertThat(yaml.chars().allMatch(c -> c == '\n' || c >= 0x20 && c <= 0x7e))
                .isTrue();
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        text.chars().forEach(c -> json.append(String.format("\\u%04x", c)));
        return json.append('"').toString();
    }

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.oneOf(
                Arbitraries.strings().withCharRange(' ', '\u2fff').ofMaxLength(20),
                Arbitraries.of(
                        "x }\n        - { address: 0.0.0.0/0 }",
                        "x\", address: 0.0.0.0/0 }\n  #",
                        "\n      allow: [{ address: 0.0.0.0/0 }]\n",
                        "\r\n    default: allow",
                        "\u2028        - { address: 0.0.0.0/0 }",
                        "\u0085        - { address: 0.0.0.0/0 }",
                        "x # no\n---\naccounts: { evil: {} }",
                        "*anchor",
                        "&anchor x",
                        "!!java.lang.Object",
                        "null",
                        "~",
                        "off",
                        "\\",
                        "\\\"",
                        "\ud83d",
                        "\ud83d\ude00",
                        "\u202eevil",
                        "\u0000",
                        "\u001b[2J",
                        "%TAG ! x",
                        "? complex",
                        "- x",
                        "{}",
                        "[",
                        "@x",
                        "`x",
                        "203.0.113.8, 0.0.0.0/0"));
    }
}
