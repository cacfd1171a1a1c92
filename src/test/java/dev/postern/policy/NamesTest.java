package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be a name, and what a namespace. */
class NamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "a.b_c-d@e", "Az09"})
    void aTextIsAName(String text) {
        assertThat(Names.isName(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".a", "-a", "_a", "@a", "a b", "a/b", "a:b", "a\n", "ä", "aä", "[", "`", "{", "/", "a{", "a["
            })
    void aTextIsNoName(String text) {
        assertThat(Names.isName(text)).isFalse();
    }

    @Test
    void aNameHas128CharactersAtMostAndANamespace255() {
        assertThat(Names.isName("x".repeat(128))).isTrue();
        assertThat(Names.isName("x".repeat(129))).isFalse();
        assertThat(Names.isNamespace("x".repeat(255))).isTrue();
        assertThat(Names.isNamespace("x".repeat(256))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "acme", "acme/team", "a.b", "a_b", "a-b", "az09"})
    void aTextIsANamespace(String text) {
        assertThat(Names.isNamespace(text)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "A", "acme/", "/acme", "a//b", ".a", "a.", "-a", "a_", "a b", "a@b", "a*", "ä"})
    void aTextIsNoNamespace(String text) {
        assertThat(Names.isNamespace(text)).isFalse();
    }
}
