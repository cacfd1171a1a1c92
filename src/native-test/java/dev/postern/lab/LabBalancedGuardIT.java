package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A load balancer before the Envoy before the registry, and PROXY headers between the two: the worker is at 10.8.0.5, behind
 * the link whose id the load balancer adds, and by that alone it is judged.
 */
@InLab(needs = {"envoy", "send-proxy"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabBalancedGuardIT {
    private static final String ENDPOINT = "endpoint";
    private static final String LINK = "aws:vpce-0a1b2c3d4e5f60718";
    private static final String SCOPE = "repository:" + Lab.IMAGE + ":pull";
    private static final String TAGS = "/v2/" + Lab.IMAGE + "/tags/list";
    private static final String WORKER_BY_LINK = "'10.8.0.5' by private endpoint 'lab'";

    /** From where the load balancer connects. */
    private static final List<String> AS_BALANCER = List.of("--plain", "--bind", "166.9.20.32");

    private final Lab lab;
    private String token = "";

    LabBalancedGuardIT(Lab lab) {
        this.lab = lab;
    }

    /** Whatever the rules of a test are, the office is among them. */
    @BeforeAll
    void guarded() {
        lab.postern("guard=yes");
        lab.stock();
        lab.allow("zone: office");
        lab.guard("envoy-proxy-protocol");
        // A Postern that has just started may take longer for its first answers than Envoy waits.
        logIn();
        for (int tries = 0; behindHeader("--source", "203.0.113.10").status() == 503; tries++) {
            assertThat(tries).isLessThan(60);
        }
    }

    @BeforeEach
    void logIn() {
        token = lab.token(Lab.OFFICE, lab.buildBot(), SCOPE).token();
    }

    @Test
    void theWorkerPullsByItsEndpoint() throws Exception {
        // Given
        lab.allow("zone: office", "private-endpoint: lab");
        // When
        Lab.Result pull = lab.pullGuarded(Lab.WORKER, lab.readerBot(), Lab.BALANCED, Lab.PUBLIC_IMAGE, lab.freshPath());
        // Then
        pull.succeeded();
        assertThat(lab.logLine("postern", "\"door\":\"envoy\"", "repository:" + Lab.PUBLIC_IMAGE + ":pull"))
                .contains("\"outcome\":\"granted\"", "\"originator\":\"10.8.0.5\"", "\"link\":\"" + LINK + "\"");
    }

    static Stream<Arguments> rules() {
        return Stream.of(
                Arguments.of("private-endpoint: lab", 200),
                Arguments.of("link: \"" + LINK + "\"", 200),
                Arguments.of("{ originator: 10.8.0.0/24, via: \"" + LINK + "\" }", 200),
                Arguments.of("{ originator: 10.8.0.0/24, via: lab }", 200),
                Arguments.of("{ originator: 10.9.0.0/24, via: \"" + LINK + "\" }", 403),
                Arguments.of("{ originator: 10.8.0.0/24, via: \"azure:16843009\" }", 403),
                Arguments.of("link: \"azure:16843009\"", 403),
                Arguments.of("address: 10.8.0.0/24", 403),
                Arguments.of("address: 166.9.20.31", 403),
                Arguments.of("address: 166.9.20.32", 403));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void theWorkerPassesByRulesOfItsLinkAndByNoOthers(String rule, int status) {
        // Given
        lab.allow("zone: office", rule);
        // When
        Answer worker =
                lab.get(Lab.WORKER, "http://" + Lab.BALANCED + TAGS, "--header", "Authorization: Bearer " + token);
        // Then
        assertThat(worker.status()).isEqualTo(status);
        assertThat(worker.body().equals(worker.refusalOf(WORKER_BY_LINK))).isEqualTo(status == 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws:vpce-0a1b2c3d4e5f60718", "azure:16843009", "gcp:81985529216486895"})
    void theFieldOfEachCloudNamesTheEndpoint(String link) {
        // Given
        lab.allow("zone: office");
        // When
        Answer refused = behindHeader("--source", "10.8.0.5", "--link", link);
        lab.allow("zone: office", "link: \"" + link + "\"");
        Answer admitted = behindHeader("--source", "10.8.0.5", "--link", link);
        // Then
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo(refused.refusalOf(WORKER_BY_LINK));
        assertThat(admitted.status()).isEqualTo(200);
    }

    /** Fields that name no endpoint, or two: as {@code send-proxy} takes them. */
    static final List<List<String>> DOUBTFUL = List.of(
            List.of("--link", "aws:vpce-99999999999999999"),
            List.of("--link", "azure:16843010"),
            List.of("--link", "gcp:1"),
            List.of("--link", LINK, "--link", "azure:16843009"),
            List.of("--link", "azure:16843010", "--link", "azure:16843009"),
            List.of("--tlv", "0xEA="),
            List.of("--tlv", "0xEA=02767063652d3061316232633364346535663630373138"),
            List.of("--tlv", "0xEE=01010101"),
            List.of("--tlv", "0xE0=0123456789abcd"));

    @ParameterizedTest
    @FieldSource("DOUBTFUL")
    void aLinkThatIsNobodysOrDoubtfulIsNobody(List<String> fields) {
        // Given
        lab.allow("zone: office", "private-endpoint: lab", "address: 10.8.0.0/24");
        // When
        Answer answer = behindHeader(Lab.concat(List.of("--source", "10.8.0.5"), fields.toArray(String[]::new)));
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).contains("\"message\":\"the address of the client could not be established\"");
    }

    @ParameterizedTest
    @CsvSource({"1,203.0.113.10,200", "2,203.0.113.10,200", "1,192.0.2.50,403", "2,192.0.2.50,403", "2,10.8.0.5,403"})
    void withoutALinkWhomTheLoadBalancerNamesIsTheCaller(String version, String source, int status) {
        // Given
        lab.allow("zone: office");
        // When
        Answer answer = behindHeader("--protocol", version, "--source", source);
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().equals(answer.refusalOf("'" + source + "'"))).isEqualTo(status == 403);
    }

    @Test
    void whatTheCallerWritesChangesNothing() {
        // When
        Answer answer = behindHeader(
                "--source",
                "192.0.2.50",
                "--header",
                "X-Forwarded-For: 203.0.113.10",
                "--header",
                "X-Real-IP: 203.0.113.10");
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Lab.WORKER, Lab.STRANGER, Lab.OFFICE})
    void aProxyHeaderOfAnybodyElseIsTakenByNobody(String host) {
        // Given
        lab.allow("zone: office", "private-endpoint: lab");
        // When
        Lab.Result forged = lab.startSendProxy(
                        host, Lab.GUARDED, "/v2/", "--plain", "--source", "203.0.113.10", "--header", bearer())
                .await();
        // Then
        assertThat(forged.code()).as(forged.toString()).isEqualTo(3);
    }

    @Test
    void withoutAHeaderTheLoadBalancerItselfIsNotAnswered() {
        // When
        Lab.Result bare = send("--protocol", "none");
        // Then
        assertThat(bare.code()).as(bare.toString()).isEqualTo(3);
    }

    private Answer behindHeader(String... arguments) {
        return Answer.parse(send(arguments).succeeded().out());
    }

    private Lab.Result send(String... arguments) {
        List<String> all = Stream.of(AS_BALANCER, List.of("--header", bearer()), List.of(arguments))
                .flatMap(List::stream)
                .toList();
        return lab.startSendProxy(ENDPOINT, Lab.GUARDED, "/v2/", all.toArray(String[]::new))
                .await();
    }

    private String bearer() {
        return "Authorization: Bearer " + token;
    }
}
