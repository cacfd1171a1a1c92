package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts of subjects: those of issuers too are visible ASCII, and no two are one. */
class SubjectTest {

    @ParameterizedTest
    @CsvSource({
        "repo:acme-inc/app:ref:refs/heads/main, oidc:acme/github/repo:acme-inc/app:ref:refs/heads/main",
        "a b, oidc:acme/github/a%20b",
        "100%, oidc:acme/github/100%25",
        "'\u007f~', oidc:acme/github/%7F~",
        "ä, oidc:acme/github/%C3%A4",
        "'a\"\\', oidc:acme/github/a%22%5C"
    })
    void aCallerWithATokenIsPrinted(String subject, String expected) {
        assertThat(Subject.oidc("acme", "github", subject))
                .hasValueSatisfying(it -> assertThat(it).hasToString(expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\ud800", "a\udc00"})
    void whatIsNoTextIsNoSubject(String subject) {
        assertThat(Subject.oidc("acme", "github", subject)).isEmpty();
        assertThat(Subject.oidcGroup("github", subject)).isEmpty();
    }

    @Test
    void aWordOfAnIssuersHas512CharactersAtMost() {
        assertThat(Subject.oidc("acme", "github", "x".repeat(512))).isPresent();
        assertThat(Subject.oidc("acme", "github", "x".repeat(513))).isEmpty();
        assertThat(Subject.oidcGroup("github", "x".repeat(513))).isEmpty();
    }

    @Property
    void twoSubjectsAreNeverOne(
            @ForAll("parts") String issuer,
            @ForAll("parts") String otherIssuer,
            @ForAll("subjects") String one,
            @ForAll("subjects") String other) {
        // When
        String text = Subject.oidc("acme", issuer, one).orElseThrow().toString();
        String another = Subject.oidc("acme", otherIssuer, other).orElseThrow().toString();

        // Then
        assertThat(text.equals(another)).isEqualTo(issuer.equals(otherIssuer) && one.equals(other));
        assertThat(text).matches("[\\x21-\\x7e]+");
    }

    @Property
    void aCallerIsReadBack(@ForAll("parts") String issuer, @ForAll("subjects") String subject) {
        // Given
        Subject caller = Subject.oidc("acme", issuer, subject).orElseThrow();

        // Then
        assertThat(Subject.parse(caller.toString())).hasValue(caller);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "oidc:acme",
                "oidc:acme/github",
                "oidc:acme/github/",
                "oidc:acme//x",
                "oidc:/github/x",
                "oidc:acme/github/a b",
                "oidc:acme/github/%",
                "oidc:acme/github/%2",
                "oidc:acme/github/%2g",
                "oidc:acme/github/\u007f",
                "oidc:acme/github/%zz",
                "oidc:acme/github/ä",
                "federated:ci",
                "federated:acme/",
                "oidc-group:devs",
                "oidc-group:corporate/",
                "nobody:acme/x"
            })
    void aTextIsNoSubject(String text) {
        assertThat(Subject.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"federated:acme/ci", "oidc-group:corporate/devs", "oidc-group:corporate//teams/devs"})
    void aTextIsASubject(String text) {
        assertThat(Subject.parse(text)).hasValueSatisfying(it -> assertThat(it).hasToString(text));
    }

    @Provide
    Arbitrary<String> parts() {
        return Arbitraries.of("a", "a.b", "a-b", "github");
    }

    @Provide
    Arbitrary<String> subjects() {
        return Arbitraries.of("a", "/", "%", "%25", " ", "ä", ".b", "\u0000", "\ud83d\ude00", "2", "\"", "github/")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }
}
