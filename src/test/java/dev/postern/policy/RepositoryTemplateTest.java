package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
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

/** What a caller's values make of a pattern, and that they cannot make it wider than it is. */
class RepositoryTemplateTest {

    @ParameterizedTest
    @CsvSource({
        "${claim.a}/**, app, app/**",
        "${claim.a}, app, app",
        "team/${claim.a}/x, a.b, team/a.b/x",
        "team-${claim.a}, a--b, team-a--b",
        "${claim.a}-cache/*, a__b, a__b-cache/*",
        "**/${claim.a}, app, **/app",
        "${claim.a:path}/**, org/app, org/app/**",
        "x/${claim.a:path}, app, x/app",
        "${subject.name}/**, bot, bot/**",
        "${claim.kubernetes.io/namespace}/**, build, build/**",
        "plain/*, whatever, plain/*"
    })
    void aValueIsPutInAsItIs(String template, String value, String pattern) {
        assertThat(template(template).filled(everywhere(value)).map(RepositoryPattern::toString))
                .hasValue(pattern);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "**",
                "a*",
                "a/b",
                "..",
                ".",
                "a..b",
                "/a",
                "a/",
                "A",
                "App",
                "a b",
                "-a",
                "a-",
                "_a",
                "a___b",
                "ä",
                "a\n",
                "a%2fb",
                "${claim.b}",
                "a:b",
                "a@b",
                "a\u0001",
                "../a"
            })
    void aValueThatIsNoSegmentGivesNothing(String value) {
        assertThat(template("${claim.a}/**").filled(everywhere(value))).isEmpty();
        assertThat(template("${subject.name}/**").filled(everywhere(value))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "a/*", "a/**", "a//b", "a/..", "../a", "/a", "a/", "a/./b", "A/b", "a/ b"})
    void aValueThatIsNoPathGivesNothing(String value) {
        assertThat(template("${claim.a:path}/**").filled(everywhere(value))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "2, false"})
    void aValueIsOneAndNoList(int length, boolean matches) {
        // Given
        var values = values(List.of("app", "web").subList(0, length), Optional.empty());

        // Then
        assertThat(template("${claim.a}").matches("app", values)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${claim.a}*",
                "*${claim.a}",
                "a*${claim.a}/x",
                "${claim.a}${claim.b}",
                "${claim.a}-${claim.b}",
                "${claim.a:path}-x",
                "x-${claim.a:path}",
                "${claim.a:path}/${claim.b:path}",
                "${claim.a:path}${claim.b}",
                "${claim.a:path}*",
                "${claim.a}**",
                "${subject.name:path}",
                "${subject.id}",
                "${claim.}",
                "${claim}",
                "${}",
                "${",
                "${claim.a",
                "$claim.a",
                "{claim.a}",
                "$",
                "a}",
                "${CLAIM.a}",
                "${claim.a }",
                "${claim.a*}",
                "${claim.${claim.b}}",
                "${env.HOME}",
                "/${claim.a}",
                "${claim.a}/",
                "${claim.a}//x",
                "${claim.a b}",
                "${claim.a\u007f}",
                "\u0001x",
                "\u0002x",
                "x\u0001",
                "x\u0002"
            })
    void aTextIsNoTemplate(String text) {
        assertThat(RepositoryTemplate.parse(text))
                .isInstanceOfSatisfying(
                        RepositoryTemplate.Parsed.Malformed.class,
                        malformed -> assertThat(malformed.why()).isNotBlank());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${claim.a:path}${claim.b} | in a path segment there is one template at most",
                "${claim.a:path}x | a template with ':path' stands alone between slashes",
                "${claim.a:path}/x/${claim.b:path} | a pattern has one template with ':path' at most",
                "${claim.} | '${claim.}' is no template; expected ${subject.name}",
                "x/${claim.a | '${claim.a' is no template; expected ${subject.name}",
            })
    void itIsSaidWhyATextIsNoTemplate(String text, String why) {
        assertThat(RepositoryTemplate.parse(text))
                .isInstanceOfSatisfying(
                        RepositoryTemplate.Parsed.Malformed.class,
                        malformed -> assertThat(malformed.why()).startsWith(why));
    }

    @Test
    void aTextWithTemplatesAndAClaimsNameAreBounded() {
        // Given
        String longest = "${claim." + "x".repeat(250) + "}";
        String three = (longest + "/").repeat(3);
        // Then
        assertThat(template(three + "x".repeat(1024 - three.length())).hasPlaces())
                .isTrue();
        assertThat(RepositoryTemplate.parse(three + "x".repeat(1025 - three.length())))
                .isInstanceOf(RepositoryTemplate.Parsed.Malformed.class);
        assertThat(RepositoryTemplate.parse("${claim." + "x".repeat(251) + "}"))
                .isInstanceOf(RepositoryTemplate.Parsed.Malformed.class);
    }

    @Test
    void aValueHas255CharactersAtMost() {
        assertThat(template("${claim.a}").filled(everywhere("x".repeat(255)))).isPresent();
        assertThat(template("${claim.a}").filled(everywhere("x".repeat(256)))).isEmpty();
    }

    /** Whatever a claim holds: what it makes a template match, the template matches with any one segment in its place. */
    @Property(tries = 5_000)
    void aClaimNeverWidensAPattern(
            @ForAll("templates") String text, @ForAll("values") String value, @ForAll("names") String name) {
        // Given
        RepositoryTemplate template = template(text);
        boolean path = text.contains(":path");
        String around = text.replaceAll("\\$\\{[^}]*}", "\u0000");
        String regex = around.replace(".", "\\.")
                .replace("**", "\u0001")
                .replace("*", "[^/]*")
                .replace("\u0001", ".*")
                .replace("\u0000", path ? "[a-z0-9._/-]+" : "[a-z0-9._-]+");

        // When
        boolean matches = template.matches(name, everywhere(value));

        // Then
        if (matches) {
            assertThat(name).matches(regex).contains(value);
        }
    }

    /** Nobody gets by one value what another has by another, where a template is all of a segment and stands first. */
    @Property(tries = 5_000)
    void twoValuesShareNothing(
            @ForAll("values") String one, @ForAll("values") String other, @ForAll("names") String name) {
        // Given
        RepositoryTemplate template = template("${claim.a}/**");

        // When
        boolean both = template.matches(name, everywhere(one)) && template.matches(name, everywhere(other));

        // Then
        assertThat(both && !one.equals(other)).isFalse();
    }

    @Provide
    Arbitrary<String> templates() {
        return Arbitraries.of(
                "${claim.a}",
                "${claim.a}/**",
                "${claim.a}/*",
                "x-${claim.a}/**",
                "a/${claim.a}",
                "*/${claim.a}/b",
                "${claim.a:path}",
                "${claim.a:path}/**",
                "a/${claim.a:path}/b");
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.of("a", "b", "/", ".", "-", "*", "**", "..", "ab", "A", "%", "$", "_")
                .list()
                .ofMaxSize(5)
                .map(parts -> String.join("", parts));
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.of("a", "b", "/", ".", "-", "ab", "x-", "/b", "a/")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    private static RepositoryTemplate.Values everywhere(String value) {
        return values(List.of(value), Optional.of(value));
    }

    private static RepositoryTemplate.Values values(List<String> claim, Optional<String> subject) {
        Map<String, List<String>> claims = Map.of("a", claim, "kubernetes.io/namespace", claim);
        return new RepositoryTemplate.Values() {
            @Override
            public Optional<String> subjectName() {
                return subject;
            }

            @Override
            public Claims claims() {
                return path -> claims.getOrDefault(path, List.of());
            }
        };
    }

    private static RepositoryTemplate template(String text) {
        return switch (RepositoryTemplate.parse(text)) {
            case RepositoryTemplate.Parsed.Template parsed -> parsed.template();
            case RepositoryTemplate.Parsed.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }
}
