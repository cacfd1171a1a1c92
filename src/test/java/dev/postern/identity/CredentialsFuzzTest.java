package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.identity.Credentials.Malformed;
import dev.postern.identity.Credentials.Unsupported;
import dev.postern.identity.Credentials.UserPassword;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code Authorization} headers from data. */
class CredentialsFuzzTest {

    private static final Pattern BASE64 =
            Pattern.compile("(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    /** Each byte is a character, as HTTP servers read headers. */
    @FuzzTest(maxDuration = "2m")
    void anyHeaderIsReadAsAPlainReadingReadsIt(byte[] data) {
        String header = new String(data, StandardCharsets.ISO_8859_1);
        hold(header);
        hold("Basic " + header);
        hold("Basic " + Base64.getEncoder().encodeToString(data));
    }

    @FuzzTest(maxDuration = "2m")
    void aPairIsReadHoweverItIsWritten(FuzzedDataProvider data) {
        // Given
        String scheme = data.pickValue(List.of("Basic", "basic", "BASIC", "bAsIC"));
        String before = " ".repeat(data.consumeInt(0, 3));
        String between = " ".repeat(data.consumeInt(1, 4));
        boolean padded = data.consumeBoolean();
        String user = printable(data.consumeString(100)).replace(":", "");
        String password = printable(data.consumeRemainingAsString());
        byte[] bytes = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        Base64.Encoder encoder =
                padded ? Base64.getEncoder() : Base64.getEncoder().withoutPadding();
        String header = before + scheme + between + encoder.encodeToString(bytes) + before;
        // When
        Credentials credentials = Credentials.of(Optional.of(header));
        // Then
        assertThat(credentials)
                .isEqualTo(
                        header.strip().length() > Credentials.MAX_HEADER
                                ? new Malformed(Credentials.BASIC_FORM)
                                : new UserPassword(user, password));
        assertThat(credentials.toString()).isIn("UserPassword[…]", credentialsText());
    }

    private static String credentialsText() {
        return new Malformed(Credentials.BASIC_FORM).toString();
    }

    /** What can be encoded, and is no control character. */
    private static String printable(String text) {
        String encoded = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        return encoded.codePoints()
                .filter(c -> !Character.isISOControl(c))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static void hold(String header) {
        Credentials credentials = Credentials.of(Optional.of(header));
        assertThat(credentials).as(header).isEqualTo(plainly(header));
    }

    /** By regular expressions and bit by bit, with no decoder of the platform's. */
    private static Credentials plainly(String header) {
        String stripped = header.strip();
        int blank = stripped.indexOf(' ');
        String scheme = (blank < 0 ? stripped : stripped.substring(0, blank)).toLowerCase(Locale.ROOT);
        if (List.of("bearer", "negotiate", "digest").contains(scheme)) {
            return new Unsupported();
        }
        Malformed malformed = new Malformed(Credentials.BASIC_FORM);
        if (!scheme.equals("basic") || blank < 0 || stripped.length() > Credentials.MAX_HEADER) {
            return malformed;
        }
        String value = stripped.substring(blank).strip();
        Matcher base64 = BASE64.matcher(value);
        return base64.matches() ? pair(bytes(value)) : malformed;
    }

    private static byte[] bytes(String base64) {
        List<Integer> bytes = new ArrayList<>();
        int bits = 0;
        int held = 0;
        for (char c : base64.replace("=", "").toCharArray()) {
            held = (held << 6 | ALPHABET.indexOf(c)) & 0xffff;
            bits += 6;
            if (bits >= 8) {
                bits -= 8;
                bytes.add(held >> bits & 0xff);
            }
        }
        byte[] all = new byte[bytes.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes.get(i).byteValue();
        }
        return all;
    }

    private static Credentials pair(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes);
        boolean control = text.chars().anyMatch(c -> c < 0x20 || c >= 0x7f && c <= 0x9f);
        int colon = text.indexOf(':');
        return utf8 && !control && colon >= 0
                ? new UserPassword(text.substring(0, colon), text.substring(colon + 1))
                : new Malformed(Credentials.BASIC_FORM);
    }
}
