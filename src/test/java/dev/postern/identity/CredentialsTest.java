package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.Credentials.Malformed;
import dev.postern.identity.Credentials.None;
import dev.postern.identity.Credentials.Unsupported;
import dev.postern.identity.Credentials.UserPassword;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reading the {@code Authorization} header. */
class CredentialsTest {

    private static final String SECRET = "TopSecret";

    @Test
    void noHeaderIsNoCredentials() {
        assertThat(Credentials.of(Optional.empty())).isEqualTo(new None());
    }

    @ParameterizedTest
    @CsvSource({
        "alice:secret, alice, secret",
        "iamapikey:postern_x, iamapikey, postern_x",
        "acme/alice:secret, acme/alice, secret",
        "alice:, alice, ''",
        ":secret, '', secret",
        "':', '', ''",
        "alice:se:cr:et, alice, se:cr:et",
        "alice::, alice, ':'",
        "älice:pässwörd €, älice, pässwörd €",
        "'alice: secret ', alice, ' secret '",
        "al ice:secret, al ice, secret"
    })
    void aBasicHeaderIsUserAndPassword(String plain, String user, String password) {
        assertThat(basic("Basic " + encode(plain))).isEqualTo(new UserPassword(user, password));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic ", "basic ", "BASIC ", "bAsIc ", "Basic  ", " Basic ", "Basic    "})
    void theSchemeIsReadWithoutRegardToCase(String scheme) {
        assertThat(basic(scheme + encode("alice:secret"))).isEqualTo(new UserPassword("alice", "secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Negotiate YII", "NEGOTIATE", "Digest username=\"a\""})
    void otherSchemesAreUnsupported(String header) {
        assertThat(basic(header)).isEqualTo(new Unsupported());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer TopSecret", "bearer TopSecret", "BEARER   TopSecret ", " Bearer TopSecret"})
    void aBearerHeaderIsAToken(String header) {
        assertThat(basic(header)).isEqualTo(new Credentials.Bearer(SECRET)).hasToString("Bearer[…]");
    }

    @Test
    void aBearerHeaderHasAToken() {
        assertThat(List.of(
                        "Bearer", "bearer ", "Bearer a b", "Bearer ä", "Bearer " + "a".repeat(Credentials.MAX_HEADER)))
                .allSatisfy(header ->
                        assertThat(basic(header)).isEqualTo(new Credentials.Malformed(Credentials.BEARER_FORM)));
    }

    static Stream<String> malformed() {
        String good = encode("alice:" + SECRET);
        return Stream.of(
                "",
                " ",
                "Basic",
                "Basic ",
                "Basic:" + good,
                "Basic\t" + good,
                "Basic," + good,
                "Basic" + good,
                "Basicx " + good,
                "Basic =" + good,
                "Basic " + good + "!",
                "Basic " + good + " x",
                "Basic " + good + "\n" + good,
                "Basic " + good + ", Basic " + good,
                "Basic \"" + good + "\"",
                "Basic alice:" + SECRET,
                "Basic " + encode("alice" + SECRET),
                "Basic " + encode(""),
                "Basic " + encode("alice:" + SECRET + "\n"),
                "Basic " + encode("alice\r\n:" + SECRET),
                "Basic " + encode("ali\0ce:" + SECRET),
                "Basic " + encode("alice:" + SECRET + "\u007f"),
                "Basic " + encode("alice:" + SECRET + "\u0085"),
                "Basic "
                        + Base64.getEncoder().encodeToString(("älice:" + SECRET).getBytes(StandardCharsets.ISO_8859_1)),
                "Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xc0, (byte) 0xba, ':'}),
                "Basic " + Base64.getEncoder().encodeToString(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, ':'}),
                "Basic " + Base64.getUrlEncoder().encodeToString("???>>>:~~~".getBytes(StandardCharsets.UTF_8)),
                "Basic " + encode("alice:" + "x".repeat(13_000)),
                "Token " + good,
                "ApiKey " + SECRET,
                "AWS4-HMAC-SHA256 Credential=" + SECRET,
                good,
                SECRET,
                "\u212aBasic " + good);
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void aHeaderThatCannotBeReadIsMalformedAndItsTextKeptBack(String header) {
        // When
        Credentials credentials = basic(header);
        // Then
        assertThat(credentials).isEqualTo(new Malformed(Credentials.BASIC_FORM));
        assertThat(credentials.toString()).doesNotContain(SECRET, encode("alice:" + SECRET), "alice");
    }

    @Test
    void theTextOfCredentialsHoldsNoSecret() {
        // When
        Credentials credentials = basic("Basic " + encode("alice:" + SECRET));
        // Then
        assertThat(credentials).hasToString("UserPassword[…]");
    }

    @Property
    void whatIsEncodedIsRead(@ForAll("texts") String user, @ForAll("texts") String password) {
        // Given
        String name = user.replace(":", "");
        // Then
        assertThat(basic("Basic " + encode(name + ":" + password))).isEqualTo(new UserPassword(name, password));
    }

    @Property
    void anyHeaderHasAnOutcome(@ForAll String header) {
        assertThat(basic(header)).isNotNull();
        assertThat(basic("Basic " + header)).isNotNull();
    }

    private static Credentials basic(String header) {
        return Credentials.of(Optional.of(header));
    }

    private static String encode(String plain) {
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withCharRange(' ', '~').withChars("äß€漢").ofMaxLength(40);
    }
}
