package dev.postern.policy.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.importing.PatternReader.Malformed;
import dev.postern.policy.importing.PatternReader.NotUnderstood;
import dev.postern.policy.importing.PatternReader.Understood;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docker_auth's patterns: what they match, what of them can be said, and that none takes long. */
class PatternReaderTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "foo foo true",
                "f??bar foobar true",
                "f*bar foobar true",
                "f*bar fo/obar false",
                "f?o f/o false",
                "foo foobar false",
                "[a-c]x bx true",
                "[^a-c]x bx false",
                "\\*x *x true",
                "\\*x ax false",
                "/foo/ xfoox true",
                "/^foo$/ foo true",
                "/^foo$/ xfoo false",
                "/^foo/ foobar true",
                "/(foo|bar)/ bar true",
                "/^(foo|bar)$/ foobar false",
                "/^a.c$/ abc true",
                "/^a\\.c$/ abc false",
                "/^a+b*c?$/ aabb true",
                "/^a+b*c?$/ bb false",
                "/^\\d+$/ 123 true",
                "/^\\d+$/ 12a false",
                "/^[a-z0-9_-]+$/ ab-1_ true",
                "/^[a-z0-9_-]+$/ ab.1 false",
                "/^(a(b|c)d|e)f$/ acdf true",
                "/^(a(b|c)d|e)f$/ ef true",
                "/^(a(b|c)d|e)f$/ adf false",
                "/^a|b$/ xb true",
                "/^a|b$/ xa false",
                "/^(?:foo|bar)x$/ barx true",
                "/^(?:foo|bar)x$/ foo|barx false",
                "/^\\w+$/ azAZ09_ true",
                "/^\\w$/ - false",
                "/^\\w$/ ` false",
                "/^\\w$/ { false",
                "/^\\w$/ @ false",
                "/^\\w$/ [ false",
                "/^\\w$/ / false",
                "/^\\w$/ : false",
                "/^\\d\\d$/ 09 true",
                "/^\\d$/ / false",
                "/^\\d$/ : false",
                "/^[\\.\\/]+$/ ./ true",
                "/^[\\.\\/]+$/ a false",
                "/^[a\\-z]+$/ a-z true",
                "/^[a\\-z]+$/ m false",
                "/^[a-]+$/ a- true",
                "/^[a-]+$/ b false",
                "[^a] ^ true",
                "[^a] [ true",
                "[^a] a false",
                "// // true",
                "// a false",
                "/ / true",
                "/ a false",
            })
    void aPatternMatchesWhatItMatchesThere(String pattern, String text, boolean matches) {
        assertThat(understood(pattern).stream().anyMatch(glob -> glob.matches(text)))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${name}/*",
                "/^(?i)foo$/",
                "/(?P<x>a)/",
                "/a{2}/",
                "/(ab)+/",
                "/a**/",
                "/a^b/",
                "/a$b/",
                "/(^a)/",
                "/\\pN/",
                "/\\bfoo/",
                "/[[:alpha:]]/",
                "/[\\d]/",
            })
    void whatIsNotUnderstoodIsNotGuessed(String pattern) {
        assertThat(PatternReader.read(pattern)).isInstanceOf(NotUnderstood.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/(/", "/)/", "/a)/", "/*/x/*/", "/+/", "[a", "[]", "[]a]", "[a-]", "a\\", "/[a/", "/(a|b/", "/[\\/",
                "/a\\/"
            })
    void whatIsNoPatternIsToldApart(String pattern) {
        PatternReader.Syntax syntax = PatternReader.read(pattern);
        assertThat(syntax).isInstanceOf(Malformed.class);
        assertThat(((Malformed) syntax).why()).isNotBlank();
    }

    @Property
    void aRegularExpressionMatchesWhatJavaFinds(
            @ForAll("expressions") String expression, @ForAll("texts") String text) {
        if (PatternReader.read("/" + expression + "/") instanceof Understood understood && !expression.isEmpty()) {
            assertThat(understood.alternatives().stream().anyMatch(glob -> glob.matches(text)))
                    .as("/%s/ on '%s'", expression, text)
                    .isEqualTo(Pattern.compile(expression).matcher(text).find());
        }
    }

    @Property
    void twoPatternsThatMatchANameMeet(
            @ForAll("expressions") String one, @ForAll("expressions") String other, @ForAll("texts") String text) {
        if (PatternReader.read("/" + one + "/") instanceof Understood mine
                && PatternReader.read("/" + other + "/") instanceof Understood theirs) {
            for (NameGlob left : mine.alternatives()) {
                for (NameGlob right : theirs.alternatives()) {
                    if (left.matches(text) && right.matches(text)) {
                        assertThat(left.meets(right))
                                .as("%s and %s on '%s'", one, other, text)
                                .isTrue();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"acme/*, labs/*", "acme/app, acme/apps", "acme/*, acme/x/y", "a?, b?", "[a-c], [d-f]", "x*y, x*z"})
    void patternsWithoutACommonNameDoNotMeet(String one, String other) {
        assertThat(understood(one).getFirst().meets(understood(other).getFirst()))
                .isFalse();
        assertThat(understood(other).getFirst().meets(understood(one).getFirst()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "app, app",
        "app-*, app-*",
        "*/app, */app",
        "/^x/.*$/, x/**",
        "/^x/.+$/, x/**",
        "/^x/[^/]+$/, x/*",
        "/^x/[^/]+/y$/, x/*/y",
        "/^app-[^/]+$/, app-*",
        "/^x/[^/]+-dev$/, x/*-dev",
        "/x$/, **x",
        "/^x/, x**",
    })
    void whatCanBeSaidIsSaid(String pattern, String expected) {
        assertThat(understood(pattern).getFirst().toRepositoryPattern()).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a?c",
                "[a-c]",
                "App",
                "a c",
                "x/",
                "/x",
                "a//b",
                "x/?y",
                "x/?",
                "?",
                "/^x/[^/][a-c]$/",
                "/^app.+$/",
                "/^[^/]+x$/",
                "/^a.c$/",
                "/^a*$/",
                "/^a-[^/]+-b$/",
            })
    void whatCannotBeSaidExactlyIsNotSaid(String pattern) {
        assertThat(understood(pattern).stream().map(NameGlob::toRepositoryPattern))
                .allMatch(java.util.Optional::isEmpty);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void aHostilePatternTakesNoTime() {
        // Given
        String stars = "/^" + ".*a".repeat(120) + "$/";
        String groups = "/" + "(".repeat(500) + "a" + ")".repeat(500) + "/";
        String alternatives = "/" + "(a|b)".repeat(100) + "/";
        // When
        NameGlob glob = understood(stars).getFirst();
        // Then
        assertThat(glob.matches("a".repeat(5_000) + "b")).isFalse();
        assertThat(glob.meets(NameGlob.literal("a".repeat(200) + "b"))).isFalse();
        assertThat(PatternReader.read(groups)).isInstanceOf(NotUnderstood.class);
        assertThat(PatternReader.read(alternatives)).isInstanceOf(NotUnderstood.class);
        assertThat(PatternReader.read("a".repeat(10_000))).isInstanceOf(NotUnderstood.class);
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void whatIsTooLongIsToldApartAtItsBound(String longest, String tooLong, String why) {
        assertThat(PatternReader.read(longest)).isInstanceOf(Understood.class);
        assertThat(PatternReader.read(tooLong)).isEqualTo(new NotUnderstood(why));
    }

    static Stream<Arguments> bounds() {
        return Stream.of(
                // Asterisks beside each other are one: it is the length alone that counts.
                bound("*".repeat(1_024), "*".repeat(1_025), "more than 1024 characters"),
                bound("a".repeat(256), "a".repeat(257), "more than 256 characters"),
                bound("/^" + "a".repeat(256) + "$/", "/^" + "a".repeat(257) + "$/", "more than 256 characters"),
                bound("/a" + "|a".repeat(63) + "/", "/a" + "|a".repeat(64) + "/", "more than 64 alternatives"),
                bound("/(a" + "|a".repeat(63) + ")/", "/(a" + "|a".repeat(64) + ")/", "more than 64 alternatives"),
                bound("/" + "(a|b)".repeat(6) + "/", "/" + "(a|b)".repeat(7) + "/", "more than 64 alternatives"),
                bound("[" + "a".repeat(256) + "]", "[" + "a".repeat(257) + "]", "a very long set"),
                bound(
                        "/" + "(".repeat(16) + "a" + ")".repeat(16) + "/",
                        "/" + "(".repeat(17) + "a" + ")".repeat(17) + "/",
                        "groups in groups"));
    }

    private static Arguments bound(String longest, String tooLong, String why) {
        return Arguments.of(longest, tooLong, why);
    }

    @Test
    void groupsAfterEachOtherAreNotInEachOther() {
        assertThat(understood("/^" + "(a)".repeat(20) + "$/").getFirst().matches("a".repeat(20)))
                .isTrue();
    }

    @Test
    void aRepositoryPatternHasAtMost255Characters() {
        assertThat(understood("a".repeat(255)).getFirst().toRepositoryPattern()).contains("a".repeat(255));
        assertThat(understood("a".repeat(256)).getFirst().toRepositoryPattern()).isEmpty();
    }

    @Property
    void anyTextHasADocumentedOutcome(@ForAll("noise") String text) {
        assertThat(PatternReader.read(text)).isNotNull();
    }

    @Property
    void aQuotedTextMatchesItself(@ForAll("noise") String text) {
        if (PatternReader.read("/^" + PatternReader.quote(text) + "$/") instanceof Understood understood) {
            assertThat(understood.alternatives()).hasSize(1).allMatch(glob -> glob.matches(text));
        }
    }

    @Provide
    Arbitrary<String> noise() {
        return Arbitraries.strings().withChars("ab/*?[]^-\\(){}|.+$:x ").ofMaxLength(20);
    }

    @Provide
    Arbitrary<String> expressions() {
        return Arbitraries.of(
                        "a", "b", "/", ".", "[ab]", "[^/]", "[^a]", "a*", "b+", ".*", ".+", "a?", "(a|b)", "(ab|/)?",
                        "|")
                .list()
                .ofMaxSize(6)
                .flatMap(parts -> Arbitraries.of("", "^")
                        .flatMap(start -> Arbitraries.of("", "$").map(end -> start + String.join("", parts) + end)));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab/").ofMaxLength(8);
    }

    private static List<NameGlob> understood(String pattern) {
        return switch (PatternReader.read(pattern)) {
            case Understood understood -> understood.alternatives();
            case NotUnderstood not -> throw new AssertionError(pattern + ": " + not.why());
            case Malformed malformed -> throw new AssertionError(pattern + ": " + malformed.why());
        };
    }
}
