package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the specification writes as regular expressions, read by hand: held against those expressions. */
class GrammarTest {

    private static final String WORDS = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final Pattern NAME = Pattern.compile(WORDS + "(?:/" + WORDS + ")*");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}");
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+");
    private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern SHA512 = Pattern.compile("sha512:[0-9a-f]{128}");
    private static final Pattern UPLOAD = Pattern.compile("[a-zA-Z0-9_=-][a-zA-Z0-9._=-]{0,254}");

    @Property(tries = 20_000)
    void aTextIsWhatItsExpressionMatches(@ForAll("texts") String text) {
        Statistics.collect(
                NAME.matcher(text).matches(),
                TAG.matcher(text).matches(),
                DIGEST.matcher(text).matches());
        assertThat(Grammar.isName(text)).isEqualTo(NAME.matcher(text).matches());
        assertThat(Grammar.isTag(text)).isEqualTo(TAG.matcher(text).matches());
        assertThat(Grammar.isUpload(text)).isEqualTo(UPLOAD.matcher(text).matches());
        assertThat(Grammar.isDigest(text))
                .isEqualTo(
                        text.startsWith("sha256:")
                                ? SHA256.matcher(text).matches()
                                : text.startsWith("sha512:")
                                        ? SHA512.matcher(text).matches()
                                        : DIGEST.matcher(text).matches());
    }

    /** Of few characters, so that many are in the grammar, and few of them just beside it. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any =
                Arbitraries.strings().withChars("az09AZ_-./:+=@%\u00e9\u0130 ").ofMaxLength(9);
        Arbitrary<String> names = Arbitraries.of("a", "z9", "0", ".", "_", "-", "/", ":", "+", "A", "=", "sha256:")
                .list()
                .ofMaxSize(9)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(any, names);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 65, 127, 128, 129, 254, 255, 256, 300, 301})
    void lengthsAreBounded(int length) {
        String text = "a".repeat(length);
        assertThat(Grammar.isName(text)).isEqualTo(length <= 255);
        assertThat(Grammar.isTag(text)).isEqualTo(length <= 128);
        assertThat(Grammar.isUpload(text)).isEqualTo(length <= 255);
        assertThat(Grammar.isDigest("sha256:" + text)).isEqualTo(length == 64);
        assertThat(Grammar.isDigest("sha512:" + text)).isEqualTo(length == 128);
        assertThat(Grammar.isDigest("b:" + text.substring(2))).isEqualTo(length <= 300);
    }
}
