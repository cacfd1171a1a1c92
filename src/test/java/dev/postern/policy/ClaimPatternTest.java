package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which claims a pattern means, and which texts are patterns. */
class ClaimPatternTest {

    @ParameterizedTest
    @CsvSource({
        "acme-inc, acme-inc",
        "refs/heads/main, refs/heads/main",
        "refs/heads/*, refs/heads/main",
        "refs/heads/**, refs/heads/main",
        "refs/heads/**, refs/heads/release/1",
        "repo:acme-inc/*:ref:refs/heads/main, repo:acme-inc/app:ref:refs/heads/main",
        "repo:acme-inc/**, repo:acme-inc/app:environment:production",
        "system:serviceaccount:build:*, system:serviceaccount:build:bot",
        "*, anything",
        "*/*, a/b",
        "**, a/b:c",
        "**/main, refs/heads/main",
        "a.c, a.c",
        "'a:', 'a:'",
        "*, 'Ünicode with blanks'"
    })
    void aClaimIsMeant(String pattern, String claim) {
        assertThat(pattern(pattern).matches(claim)).isTrue();
    }

    @Test
    void aPatternIsTheSameWhereItsTextIs() {
        assertThat(pattern("acme/*"))
                .isEqualTo(pattern("acme/*"))
                .hasSameHashCodeAs(pattern("acme/*"))
                .isNotEqualTo(pattern("acme/**"))
                .isNotEqualTo("acme/*");
        assertThat(pattern("acme/*").hashCode()).isNotEqualTo(pattern("acme/**").hashCode());
    }

    @Test
    void aPatternHas512CharactersAtMost() {
        assertThat(pattern("x".repeat(512)).matches("x".repeat(512))).isTrue();
        assertThat(ClaimPattern.parse("x".repeat(513))).isInstanceOf(ClaimPattern.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({
        "acme-inc, acme-inc-evil",
        "acme-inc, evil-acme-inc",
        "acme-inc, ACME-INC",
        "acme-inc, ''",
        "acme-inc, 'acme-inc '",
        "refs/heads/main, refs/heads/main2",
        "refs/heads/main, refs/heads/main/x",
        "refs/heads/*, refs/heads/",
        "refs/heads/*, refs/heads/release/1",
        "refs/heads/*, refs/tags/main",
        "refs/heads/**, refs/heads/",
        "refs/heads/**, refs/heads",
        "repo:acme-inc/*:ref:refs/heads/main, repo:acme-inc/app:pull_request:ref:refs/heads/main",
        "repo:acme-inc/*:ref:refs/heads/main, repo:acme-inc/a/b:ref:refs/heads/main",
        "repo:acme-inc/*:ref:refs/heads/main, repo:evil/acme-inc/app:ref:refs/heads/main",
        "repo:acme-inc/**, repo:acme-inc-evil/app",
        "system:serviceaccount:build:*, system:serviceaccount:build:bot:x",
        "system:serviceaccount:build:*, system:serviceaccount:builder:bot",
        "*, a/b",
        "*, a:b",
        "*, ''",
        "**, ''",
        "**/main, main",
        "a.c, abc"
    })
    void aClaimIsNotMeant(String pattern, String claim) {
        assertThat(pattern(pattern).matches(claim)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "acme*", "*acme", "a*c", "refs/heads/v*", "***", "a/***", "**/a/**", "repo:acme-*/x"})
    void aTextIsNoPattern(String text) {
        assertThat(ClaimPattern.parse(text)).isInstanceOf(ClaimPattern.Malformed.class);
    }

    @Test
    void aPatternHasAtMost512Characters() {
        assertThat(pattern("a".repeat(512))).hasToString("a".repeat(512));
        assertThat(ClaimPattern.parse("a".repeat(513))).isInstanceOf(ClaimPattern.Malformed.class);
    }

    @ParameterizedTest
    @CsvSource({"*, true", "**, true", "*/*, true", "*:**, true", "a, false", "*/a, false", "refs/**, false"})
    void aPatternThatNamesNothingIsKnown(String text, boolean anything) {
        assertThat(pattern(text).isForAnything()).isEqualTo(anything);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void aPatternOfManyWildcardsDoesNotExplode() {
        // Given
        ClaimPattern pattern = pattern("*/".repeat(120) + "**/x");

        // Then
        assertThat(pattern.matches("a/".repeat(8_000) + "y")).isFalse();
    }

    /** Without an asterisk it is the text that it is, whatever regular expressions make of it. */
    @Property
    void aPatternWithoutWildcardsMeansItselfOnly(
            @ForAll @StringLength(min = 1, max = 40) String text, @ForAll @StringLength(max = 40) String claim) {
        if (text.indexOf('*') < 0) {
            assertThat(pattern(text).matches(text)).isTrue();
            assertThat(pattern(text).matches(claim)).isEqualTo(text.equals(claim));
        }
    }

    private static ClaimPattern pattern(String text) {
        return switch (ClaimPattern.parse(text)) {
            case ClaimPattern.Good good -> good.pattern();
            case ClaimPattern.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }
}
