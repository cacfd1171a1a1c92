package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Postern gone, or hanging, behind what stands before the registry: nobody passes, nobody waits long, and it is over soon. */
@InLab(needs = {"envoy", "nginx", "haproxy", "caddy", "traefik"})
class LabOutageIT {
    /** On a busy machine nobody is punctual. */
    private static final Duration ASIDE = Duration.ofMillis(500);

    private static final Duration BACK = Duration.ofSeconds(1);

    private final Lab lab;
    private String token = "";

    LabOutageIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void guarded() {
        lab.postern("guard=yes");
        lab.stock();
        lab.allow("zone: office");
        token = lab.token(Lab.OFFICE, lab.buildBot(), "").token();
    }

    /** How long each waits by its configuration, and with what it refuses then. */
    static Stream<Arguments> patience() {
        return Stream.of(
                Arguments.of("envoy", Duration.ofSeconds(1), 503),
                Arguments.of("envoy-http", Duration.ofSeconds(1), 503),
                Arguments.of("nginx", Duration.ofSeconds(1), 503),
                Arguments.of("haproxy", Duration.ofSeconds(2), 503),
                Arguments.of("caddy", Duration.ofSeconds(1), 503),
                Arguments.of("traefik", Duration.ofSeconds(1), 504));
    }

    @ParameterizedTest
    @MethodSource("patience")
    void whileItHangsNobodyPassesNorWaitsLongAndOnceItGoesOnItIsOver(String kind, Duration patience, int status)
            throws Exception {
        // Given
        lab.guard(kind);
        // When
        lab.lab("postern", "freeze").succeeded();
        // Then
        Lab.Running insistent;
        try {
            assertRefused(status, patience);
            if (kind.equals("envoy")) {
                // By then it knows that its connection is dead.
                Thread.sleep(7000);
                assertRefused(status, patience);
            }
            insistent = askUntilPassed();
        } finally {
            lab.lab("postern", "thaw").succeeded();
        }
        assertPassedSoonAfter(Instant.now(), insistent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"envoy", "nginx"})
    void onceItIsKilledNobodyPassesAndOnceItAnswersAgainItIsOver(String kind) {
        // Given
        lab.guard(kind);
        // When
        lab.lab("postern", "kill").succeeded();
        lab.posternIsGone();
        // Then
        assertRefused(503, Duration.ofSeconds(1));
        // When
        Lab.Running insistent = askUntilPassed();
        lab.postern("guard=yes");
        awaitPostern();
        // Then
        assertPassedSoonAfter(Instant.now(), insistent);
    }

    private void assertRefused(int status, Duration patience) {
        String[] asked = lab.exec(
                        Lab.OFFICE, Lab.concat(List.of("curl"), asking("--write-out", "%{http_code} %{time_total}")))
                .succeeded()
                .out()
                .split(" ", -1);
        assertThat(asked[0]).isEqualTo(Integer.toString(status));
        assertThat(Double.parseDouble(asked[1])).isLessThan(patience.plus(ASIDE).toMillis() / 1000.0);
    }

    /** Somebody who asks again and again, and says when it has passed: in milliseconds since 1970. */
    private Lab.Running askUntilPassed() {
        return lab.start(
                Lab.OFFICE,
                Lab.concat(
                        List.of("sh", "-c", "until curl --fail \"$@\"; do sleep 0.05; done; date +%s%3N", "sh"),
                        asking()));
    }

    private static void assertPassedSoonAfter(Instant back, Lab.Running insistent) {
        Instant passed = Instant.ofEpochMilli(
                Long.parseLong(insistent.await().succeeded().out().strip()));
        assertThat(passed).isBefore(back.plus(BACK));
    }

    private String[] asking(String... more) {
        return Lab.concat(
                List.of(
                        "--silent",
                        "--max-time",
                        "10",
                        "--output",
                        "/dev/null",
                        "--header",
                        "Authorization: Bearer " + token,
                        "http://" + Lab.GUARDED + "/v2/"),
                more);
    }

    /** Until Postern itself has answered an authorization call, an empty message in a frame, as fast as Envoy asks for it. */
    private void awaitPostern() {
        assertThat(lab.login(Lab.OFFICE, lab.buildBot()).status()).isEqualTo(200);
        lab.exec("registry", "sh", "-c", """
                        for try in $(seq 60); do
                          printf '\\0\\0\\0\\0\\0' | curl --silent --fail --max-time 1 --ipv4 --http2-prior-knowledge --data-binary @- \\
                            --header 'Content-Type: application/grpc' --header 'TE: trailers' --output /dev/null --dump-header - \\
                            http://postern.lab.test:8080/envoy.service.auth.v3.Authorization/Check | grep --quiet '^content-length: [1-9]' && exit
                        done
                        exit 1""").succeeded();
    }
}
