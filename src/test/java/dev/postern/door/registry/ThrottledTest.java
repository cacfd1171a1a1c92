package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.SettableClock;
import dev.postern.testing.TestPolicy;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Too many wrong credentials, over HTTP: the answer, who gets it, and who does not. Each test has addresses of its own. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = ThrottledTest.POLICY),
            @ResourceArg(name = PosternResource.HTPASSWD, value = ThrottledTest.USERS),
            @ResourceArg(name = "postern.throttle.window", value = "1m"),
            @ResourceArg(name = "postern.throttle.failures-per-source", value = "4"),
            @ResourceArg(name = "postern.throttle.failures-per-subject", value = "12"),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class ThrottledTest {

    static final String POLICY = """
        accounts:
          acme:
            namespaces: [acme]
            network: { allow: [{ address: 203.0.113.0/24 }, { address: "2001:db8:1::/48" }] }
            service-ids:
              bot:
                api-keys:
                  - id: k1
                    digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
            users:
              alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
        """;

    /** Each for one test: a password that was right once is remembered. */
    static final String USERS = """
        carol:$2y$06$abcdefghijklmnopqrstuuprpoA6omfCg4Oqme6yF480ZeeUWGu3a
        dave:$2y$06$abcdefghijklmnopqrstuuprpoA6omfCg4Oqme6yF480ZeeUWGu3a
        """;

    private static final String PASSWORD = "carols-password";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    @Inject
    SettableClock clock;

    @Inject
    MeterRegistry meters;

    /** Each test begins an hour after the one before: all is forgiven. */
    private static Instant now = Instant.parse("2026-06-15T00:00:00Z");

    @BeforeEach
    void later() {
        pass(3600);
    }

    @AfterEach
    void resetClock() {
        clock.reset();
    }

    private void pass(long seconds) {
        now = now.plusSeconds(seconds);
        clock.set(now);
    }

    private Answer get(String address, String user, String password) {
        return RawHttp.get(
                server,
                "/token",
                List.of(
                        new Line("Host", "localhost"),
                        new Line("X-Forwarded-For", address),
                        new Line("Authorization", RawHttp.basic(user, password))));
    }

    private List<Integer> wrong(int times, String address, String user) {
        return IntStream.range(0, times)
                .mapToObj(i -> get(address, user, "wrong " + i).status())
                .toList();
    }

    @Test
    void theAnswerSaysWhenToComeBackAndNothingElse() throws JsonProcessingException {
        // Given
        assertThat(wrong(4, "203.0.113.1", "alice")).containsOnly(401);
        double before = refusals();

        // When
        Answer answer = get("203.0.113.1", "alice", "s3cr3t-value");

        // Then
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).isEqualTo("15");
        assertThat(answer.header("WWW-Authenticate")).isEmpty();
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        JsonNode error = JSON.readTree(answer.body()).path("errors").path(0);
        assertThat(error.path("code").asText()).isEqualTo("TOOMANYREQUESTS");
        assertThat(error.path("message").asText()).isEqualTo("too many wrong credentials; try again later");
        assertThat(error.path("detail").path("decision").asText()).isEqualTo(answer.header("X-Postern-Decision"));
        assertThat(answer.body()).doesNotContain("s3cr3t-value", "token\"");
        assertThat(refusals()).isEqualTo(before + 1);
    }

    private double refusals() {
        Counter counter = meters.find("postern.decisions")
                .tags("door", "registry", "caller", "unknown", "outcome", "refused", "reason", "too-many-failures")
                .counter();
        return counter == null ? 0 : counter.count();
    }

    @Test
    void theRightPasswordWaitsWithTheWrongOnesAndIsTakenThen() {
        // Given
        wrong(4, "203.0.113.2", "alice");
        Answer early = get("203.0.113.2", "carol", PASSWORD);
        assertThat(early.status()).isEqualTo(429);

        // When
        pass(Long.parseLong(early.header("Retry-After")));

        // Then
        assertThat(get("203.0.113.2", "carol", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void anApiKeyIsTakenHoweverOftenNeighboursAreWrong() {
        // Given
        wrong(10, "203.0.113.3", "alice");
        assertThat(get("203.0.113.3", "iamapikey", "wrong").status()).isEqualTo(429);
        // Then
        assertThat(get("203.0.113.3", "iamapikey", TestPolicy.API_KEY).status()).isEqualTo(200);
        assertThat(get("203.0.113.3", "bot", TestPolicy.API_KEY).status()).isEqualTo(200);
    }

    @Test
    void whoSignedInFromThereIsTakenHoweverOftenNeighboursAreWrong() {
        // Given
        assertThat(get("203.0.113.4", "alice", TestPolicy.ALICES_PASSWORD).status())
                .isEqualTo(200);
        wrong(20, "203.0.113.4", "bob");
        wrong(20, "203.0.113.4", "mallory");
        // Then: remembered or not
        assertThat(get("203.0.113.4", "alice", TestPolicy.ALICES_PASSWORD).status())
                .isEqualTo(200);
        assertThat(get("203.0.113.4", "alice", "wrong").status()).isEqualTo(401);
    }

    @Test
    void aSubnetOfIpv6IsOnePlace() {
        // Given
        for (int i = 0; i < 4; i++) {
            assertThat(get("2001:db8:2::" + i, "alice", "wrong").status()).isEqualTo(401);
        }
        // Then
        assertThat(get("2001:db8:2::ffff:1", "alice", "wrong").status()).isEqualTo(429);
        assertThat(get("2001:db8:2:1::1", "alice", "wrong").status()).isEqualTo(401);
    }

    @Test
    void strangersAtManyAddressesCannotLockOutWhomTheAccountLists() {
        // Given
        int checked = 0;
        for (int i = 1; i < 200; i++) {
            checked += get("192.0.2." + i, "dave", "wrong " + i).status() == 401 ? 1 : 0;
        }
        assertThat(checked).isEqualTo(12);
        assertThat(get("192.0.2.250", "dave", PASSWORD).status()).isEqualTo(429);
        // Then: from a place that was never seen before
        assertThat(get("203.0.113.5", "dave", PASSWORD).status()).isEqualTo(200);
        assertThat(get("2001:db8:1::5", "dave", PASSWORD).status()).isEqualTo(200);
    }

    @Test
    void aNameThatNobodyHasIsAnsweredAsOneThatSomebodyHas() {
        // When
        List<Integer> known = wrong(8, "192.0.2.251", "alice");
        List<Integer> unknown = wrong(8, "192.0.2.252", "zoe");
        // Then
        assertThat(unknown).isEqualTo(known).contains(401, 429);
    }
}
