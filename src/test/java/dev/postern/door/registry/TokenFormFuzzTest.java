package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.identity.Credentials;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Forms: any text has one of the two documented outcomes, and a form that is made right is read as it was made. */
class TokenFormFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anyTextHasADocumentedOutcome(byte[] data) {
        // When
        TokenForm.Outcome outcome = TokenForm.read(new String(data, StandardCharsets.ISO_8859_1), "service");

        // Then: never somebody without credentials
        switch (outcome) {
            case TokenForm.Read read ->
                assertThat(read.credentials())
                        .isInstanceOfAny(Credentials.UserPassword.class, Credentials.RefreshToken.class);
            case TokenForm.Malformed malformed ->
                assertThat(malformed.message()).contains("expected");
        }
    }

    @FuzzTest(maxDuration = "2m")
    void whatIsEncodedIsRead(FuzzedDataProvider data) {
        // Given: the fields in any order
        String user = data.consumeString(60).replaceAll("[:\\p{Cc}]", "x") + "u";
        String password = data.consumeString(200).replaceAll("\\p{Cc}", "x") + "p";
        List<String> fields = new ArrayList<>(List.of(
                "grant_type=password",
                "service=service",
                "client_id=c",
                field("username", user),
                field("password", password)));
        List<String> shuffled = new ArrayList<>();
        while (!fields.isEmpty()) {
            shuffled.add(fields.remove(data.consumeInt(0, fields.size() - 1)));
        }

        // When
        TokenForm.Outcome outcome = TokenForm.read(String.join("&", shuffled), "service");

        // Then: half of a surrogate pair cannot be encoded, and comes as a question mark
        Credentials expected = new Credentials.UserPassword(encodable(user), encodable(password));
        assertThat(((TokenForm.Read) outcome).credentials()).isEqualTo(expected);
    }

    private static String encodable(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    private static String field(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
