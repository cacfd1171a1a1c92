package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Random and mutated {@code Authorization} headers, through all of the server: refused, and nothing breaks. */
@QuarkusTest
@WithTestResource(PosternResource.class)
class HostileAuthorizationTest {

    private static final int VALUES = 3_000;

    @TestHTTPResource
    URI server;

    private final SplittableRandom random = new SplittableRandom(20_261_121);

    @Test
    void none_of_them_gets_a_token_or_breaks_anything() {
        // Given
        TreeSet<Integer> statuses = new TreeSet<>();
        for (int i = 0; i < VALUES; i++) {
            String value = value();
            // When
            Answer answer = RawHttp.get(
                    server,
                    "/token?scope=repository:acme/app:pull,push",
                    List.of(new Line("Host", "localhost"), new Line("Authorization", value)));
            // Then
            assertThat(answer.status()).as(value).isIn(400, 401);
            assertThat(answer.body()).as(value).doesNotContain("\"token\"");
            statuses.add(answer.status());
        }
        assertThat(statuses).containsExactly(400, 401);
    }

    /** Never right: what is wrong is in the secret, or in how it is written. */
    private String value() {
        String right = "iamapikey:" + TestPolicy.API_KEY;
        int at = random.nextInt("iamapikey:".length(), right.length());
        char other = (char) random.nextInt(0x21, 0x7f);
        String wrong = right.substring(0, at) + other + right.substring(at + random.nextInt(2));
        if (wrong.equals(right)) {
            wrong = right + other;
        }
        String encoded = Base64.getEncoder().encodeToString(wrong.getBytes(StandardCharsets.UTF_8));
        return switch (random.nextInt(6)) {
            case 0 -> encoded;
            case 1 -> "Basic " + printable(random.nextInt(1, 200));
            case 2 -> printable(random.nextInt(1, 50));
            case 3 -> "Basic " + encoded.substring(0, random.nextInt(encoded.length() - 4)) + printable(3);
            case 4 -> "Basic " + encoded + "," + encoded;
            default -> "Basic " + encoded;
        };
    }

    private String printable(int length) {
        StringBuilder text = new StringBuilder("!");
        for (int i = 1; i < length; i++) {
            text.append((char) random.nextInt(0x21, 0x7f));
        }
        return text.toString();
    }
}
