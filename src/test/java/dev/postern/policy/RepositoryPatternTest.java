package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which repository names a pattern matches, and which texts are patterns. */
class RepositoryPatternTest {

    @ParameterizedTest
    @CsvSource({
        "app, app",
        "app/web, app/web",
        "*, app",
        "*, a",
        "public-*, public-app",
        "public-*, public-",
        "*-public, app-public",
        "a*c, ac",
        "a*c, abc",
        "a*c, abbbbc",
        "*a*b*, xaxbx",
        "app/*, app/web",
        "*/web, app/web",
        "*/*, app/web",
        "**, app",
        "**, app/web/v2",
        "app/**, app/web",
        "app/**, app/web/v2",
        "**/web, app/web",
        "**/web, team/app/web",
        "app/**/v2, app/web/v2",
        "app/**/v2, app/web/api/v2",
        "app**, app",
        "app**, application/web",
        "a**z, a/b/z",
        "a.b, a.b",
        "az09, az09",
        "*.*, a.b"
    })
    void aPatternMatches(String pattern, String name) {
        assertThat(pattern(pattern).matches(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "app, ''",
        "app, application",
        "app, my-app",
        "app, app/web",
        "app, APP",
        "app/web, app",
        "app/web, app/web/v2",
        "*, app/web",
        "public-*, public",
        "public-*, public-a/b",
        "public-*, private-app",
        "public-*, x/public-app",
        "app/*, app",
        "app/*, app/web/v2",
        "app/*, application/web",
        "*/web, web",
        "*/web, a/b/web",
        "*/*, app",
        "*/*, a/b/c",
        "app/**, app",
        "app/**, application",
        "app/**, my/app/web",
        "**/web, web",
        "**/web, app/webs",
        "app/**/v2, app/v2",
        "app/**/v2, app/web/v22",
        "a.b, axb",
        "*.*, ab",
        "a*c, ab/c"
    })
    void aPatternDoesNotMatch(String pattern, String name) {
        assertThat(pattern(pattern).matches(name)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/app",
                "app/",
                "app//web",
                "***",
                "a***b",
                "****",
                "App",
                "app web",
                "app:latest",
                "app@sha256",
                "app?",
                "[a-z]",
                "{a,b}",
                "(a|b)",
                "a+",
                "^app$",
                "!app",
                "app\\web",
                "ünicode",
                "app\n",
                "\u0001",
                "\u0002"
            })
    void aTextIsNoPattern(String text) {
        assertThat(RepositoryPattern.parse(text))
                .isInstanceOfSatisfying(
                        RepositoryPattern.Parsed.Malformed.class,
                        malformed -> assertThat(malformed.why()).isNotBlank());
    }

    @Test
    void aPatternHasAtMost255Characters() {
        assertThat(pattern("a".repeat(255))).hasToString("a".repeat(255));
        assertThat(RepositoryPattern.parse("a".repeat(256))).isInstanceOf(RepositoryPattern.Parsed.Malformed.class);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void aPatternOfManyWildcardsDoesNotExplode() {
        // Given
        RepositoryPattern across = pattern("**a".repeat(85));
        RepositoryPattern within = pattern("*a".repeat(127));
        String name = "a".repeat(84) + "b".repeat(5_000);
        // Then
        assertThat(across.matches(name)).isFalse();
        assertThat(within.matches(name)).isFalse();
    }

    @Property
    void itMatchesWhatTheRegularExpressionMatches(@ForAll("patterns") String text, @ForAll("names") String name) {
        // Given
        String regex = text.replace(".", "\\.")
                .replace("**", "\u0000")
                .replace("*", "[^/]*")
                .replace("\u0000", ".*");
        // When
        boolean matches = pattern(text).matches(name);
        // Then
        assertThat(matches).isEqualTo(Pattern.compile(regex).matcher(name).matches());
    }

    @Property
    void aPatternWithoutWildcardsMatchesItselfOnly(@ForAll("names") String text, @ForAll("names") String name) {
        if (RepositoryPattern.parse(text) instanceof RepositoryPattern.Parsed.Pattern parsed) {
            assertThat(parsed.pattern().matches(text)).isTrue();
            assertThat(parsed.pattern().matches(name)).isEqualTo(text.equals(name));
        }
    }

    private static RepositoryPattern pattern(String text) {
        return switch (RepositoryPattern.parse(text)) {
            case RepositoryPattern.Parsed.Pattern parsed -> parsed.pattern();
            case RepositoryPattern.Parsed.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }

    @Provide
    Arbitrary<String> patterns() {
        return Arbitraries.of("a", "b", "/", ".", "-", "*", "**", "ab")
                .list()
                .ofMinSize(1)
                .ofMaxSize(10)
                .map(parts -> String.join("", parts))
                .filter(text -> RepositoryPattern.parse(text) instanceof RepositoryPattern.Parsed.Pattern);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings().withChars("ab/.-").ofMaxLength(12);
    }
}
