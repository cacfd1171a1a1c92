package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Postern's port for connections that begin with a PROXY header, and a sender that sends good ones and bad ones. */
@InLab(needs = {"send-proxy", "envoy"})
class LabProxyProtocolIT {
    private static final String AWS = "aws:vpce-0a1b2c3d4e5f60718";
    private static final String AZURE = "azure:16843009";
    private static final String GCP = "gcp:81985529216486895";

    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    /** The exit code of the sender whose connection was closed before an answer came. */
    private static final int CLOSED = 3;

    private static final String UNKNOWN = "the address of the client could not be established";

    private final Lab lab;

    LabProxyProtocolIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void onlyTheProxyMaySendAHeader() {
        lab.postern(LabProxiesIT.SETTINGS);
    }

    @Nested
    class AGoodHeader {
        @BeforeEach
        void setUp() {
            lab.allow("zone: office");
        }

        @ParameterizedTest
        @ValueSource(strings = {"--protocol 1", "--protocol 2", "--protocol 2 --crc good", "--protocol 2 --pad 1000"})
        void namesTheAddressThatIsJudged(String header) {
            // When
            Answer allowed = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), words(header + " --source 203.0.113.10"));
            Answer refused = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), words(header + " --source 192.0.2.50"));
            // Then
            assertThat(allowed.status()).isEqualTo(200);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo(refused.refusalOf("'192.0.2.50'"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "2"})
        void mayNameAnIpv6Address(String version) {
            // When
            Seen seen = lab.whoamiBehindHeader(Lab.PROXY, "--protocol", version, "--source", "2001:db8:1::10");
            Seen mapped = lab.whoamiBehindHeader(Lab.PROXY, "--protocol", version, "--source", "::ffff:203.0.113.10");
            // Then
            assertThat(seen.source()).containsExactly("address=2001:db8:1::10", "side=public");
            assertThat(mapped.source()).containsExactly("address=203.0.113.10", "side=public");
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "2"})
        void thatNamesNobodyLeavesTheSenderToBeJudged(String version) {
            // When
            Answer answer = lab.loginBehindHeader(
                    Lab.PROXY, lab.buildBot(), "--protocol", version, "--command", "local", "--link", AWS);
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'198.51.100.80'"));
        }

        @Test
        void thatNamesACallerLeavesItsForwardingHeadersUnread() {
            // When
            Seen seen = lab.whoamiBehindHeader(
                    Lab.PROXY, "--source", "192.0.2.50", "--header", "X-Forwarded-For: 203.0.113.10");
            // Then
            assertThat(seen.source()).containsExactly("address=192.0.2.50", "side=public");
        }

        @Test
        void thatNamesATrustedProxyHasItsForwardingHeaderRead() {
            // When
            Seen seen = lab.whoamiBehindHeader(
                    Lab.PROXY, "--source", "198.51.100.81", "--header", "X-Forwarded-For: 203.0.113.10, 192.0.2.50");
            // Then
            assertThat(seen.source()).containsExactly("address=192.0.2.50", "side=public");
        }
    }

    @Nested
    class ARefusedConnection {
        @Test
        void hasNoHeader() {
            assertClosed(lab.sendProxy(Lab.PROXY, "/whoami", "--protocol", "none"));
        }

        @ParameterizedTest
        @ValueSource(strings = {Lab.OFFICE, Lab.STRANGER, Lab.V6})
        void hasAHeaderOfASenderThatIsNotTrusted(String host) {
            assertClosed(lab.sendProxy(host, "/whoami", "--protocol", "1"));
            assertClosed(lab.sendProxy(host, "/whoami", "--protocol", "2"));
            assertClosed(lab.sendProxy(host, "/whoami", "--link", AWS, "--source", "10.8.0.5"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "2"})
        void hasAHeaderAtThePortThatIsNotForIt(String version) {
            assertClosed(lab.startSendProxy(Lab.PROXY, "postern.lab.test:8443", "/whoami", "--protocol", version)
                    .await());
        }

        @ParameterizedTest
        @MethodSource("dev.postern.lab.LabProxyProtocolIT#badHeaders")
        void hasABadHeader(String arguments) {
            assertClosed(lab.sendProxy(Lab.PROXY, "/whoami", words(arguments)));
        }
    }

    static Stream<Arguments> badHeaders() {
        return Stream.of(
                Arguments.argumentSet("bad checksum", "--crc bad"),
                Arguments.argumentSet("bad checksum beside a link", "--crc bad --link " + AWS),
                Arguments.argumentSet("cut off in the signature", "--truncate 7 --half-close"),
                Arguments.argumentSet("cut off in the addresses", "--truncate 20 --half-close"),
                Arguments.argumentSet("cut off in a field", "--link " + AWS + " --truncate 40 --half-close"),
                Arguments.argumentSet("version 1, cut off", "--protocol 1 --truncate 20 --half-close"),
                Arguments.argumentSet("longer than is read", "--pad 5000"),
                Arguments.argumentSet("as long as can be", "--pad 65000"),
                Arguments.argumentSet("shorter than its addresses", "--length 8"),
                Arguments.argumentSet("ends within a field", "--link " + AWS + " --length 20"),
                Arguments.argumentSet("reaches into what follows it", "--length 100"),
                Arguments.argumentSet("a byte after the last field", "--link " + AWS + " --length 39"),
                Arguments.argumentSet("two checksums", "--tlv 0x03=00000000 --crc good"),
                Arguments.argumentSet("family unspecified", "--family unspec"),
                Arguments.argumentSet("family UNIX", "--family unix"),
                Arguments.argumentSet("datagrams", "--transport dgram"),
                Arguments.argumentSet("version 3", "--raw " + SIGNATURE + "3111000ccb00710ac61200149c4001bb"),
                Arguments.argumentSet("command unknown", "--raw " + SIGNATURE + "2211000ccb00710ac61200149c4001bb"),
                Arguments.argumentSet("twice", "--repeat 2"),
                Arguments.argumentSet("version 1, twice", "--protocol 1 --repeat 2"),
                Arguments.argumentSet("version 1, IPv4 as TCP6", "--protocol 1 --family TCP6"),
                Arguments.argumentSet("version 1, UDP", "--protocol 1 --family UDP4"),
                Arguments.argumentSet("version 1, octal", version1("PROXY TCP4 0313.0.113.10 198.18.0.20 4000 443")),
                Arguments.argumentSet("version 1, short form", version1("PROXY TCP4 203.113.10 198.18.0.20 4000 443")),
                Arguments.argumentSet("version 1, a name", version1("PROXY TCP4 localhost 198.18.0.20 4000 443")),
                Arguments.argumentSet("version 1, port", version1("PROXY TCP4 203.0.113.10 198.18.0.20 65536 443")),
                Arguments.argumentSet("version 1, too long", version1("PROXY UNKNOWN " + "x".repeat(120))),
                Arguments.argumentSet(
                        "version 1, lower case", version1("proxy TCP4 203.0.113.10 198.18.0.20 4000 443")));
    }

    /** The port that leads to plain HTTP: for whoever ends TLS in front of it. */
    @Nested
    class ThePlainPort {
        private static final String PLAIN = "postern.lab.test:8081";

        @ParameterizedTest
        @ValueSource(strings = {"1", "2"})
        void takesAGoodHeader(String version) {
            // Given
            lab.allow("zone: office");
            // When
            Answer allowed = login("--protocol", version, "--source", "203.0.113.10");
            Answer refused = login("--protocol", version, "--source", "192.0.2.50");
            // Then
            assertThat(allowed.status()).isEqualTo(200);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo(refused.refusalOf("'192.0.2.50'"));
        }

        @Test
        void takesALink() {
            // When
            Lab.Result result = send(Lab.PROXY, PLAIN, by(AZURE));
            // Then
            assertThat(Seen.in(Answer.parse(result.succeeded().out())).source())
                    .containsExactly("endpoint=lab", "link=" + AZURE, "originator=10.8.0.5", "side=private");
        }

        @Test
        void readsTheForwardingHeaderOfATrustedProxyAndOfNobodyElse() {
            // Given
            String[] forwarded = {"--header", "X-Forwarded-For: 203.0.113.10"};
            // When
            Lab.Result edge = send(Lab.PROXY, PLAIN, Lab.concat(List.of("--source", "198.51.100.81"), forwarded));
            Lab.Result stranger = send(Lab.PROXY, PLAIN, Lab.concat(List.of("--source", "192.0.2.50"), forwarded));
            // Then
            assertThat(Seen.in(Answer.parse(edge.succeeded().out())).source()).contains("address=203.0.113.10");
            assertThat(Seen.in(Answer.parse(stranger.succeeded().out())).source())
                    .contains("address=192.0.2.50");
        }

        @ParameterizedTest
        @ValueSource(strings = {Lab.OFFICE, Lab.STRANGER, Lab.V6})
        void closesTheConnectionOfASenderThatIsNotTrusted(String host) {
            assertClosed(send(host, PLAIN, "--protocol", "1"));
            assertClosed(send(host, PLAIN, "--protocol", "2"));
            assertClosed(send(host, PLAIN, "--protocol", "none"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "--protocol none",
                    "--crc bad",
                    "--truncate 20 --half-close",
                    "--pad 65000",
                    "--length 8",
                    "--family unspec",
                    "--protocol 1 --family UDP4"
                })
        void closesAConnectionWithoutAGoodHeader(String arguments) {
            assertClosed(send(Lab.PROXY, PLAIN, words(arguments)));
        }

        @Test
        void takesNoTls() {
            assertClosed(lab.startSendProxy(Lab.PROXY, PLAIN, "/whoami").await());
        }

        /** What follows the first header is HTTP, and a second header is none. */
        @ParameterizedTest
        @ValueSource(strings = {"1", "2"})
        void takesASecondHeaderForABadRequest(String version) {
            // When
            Lab.Result result = send(Lab.PROXY, PLAIN, "--protocol", version, "--repeat", "2");
            // Then
            assertThat(Answer.parse(result.succeeded().out()).status()).isEqualTo(400);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "2"})
        void isTheOnlyPlainPortThatTakesAHeader(String version) {
            // When
            Lab.Result header = send(Lab.PROXY, "postern.lab.test:8080", "--protocol", version);
            Lab.Result none = send(Lab.OFFICE, "postern.lab.test:8080", "--protocol", "none");
            // Then
            assertThat(Answer.parse(header.succeeded().out()).status()).isEqualTo(400);
            assertThat(Seen.in(Answer.parse(none.succeeded().out())).source())
                    .containsExactly("address=203.0.113.10", "side=public");
        }

        private Lab.Result send(String host, String target, String... arguments) {
            return lab.startSendProxy(host, target, "/whoami", Lab.concat(List.of("--plain"), arguments))
                    .await();
        }

        private Answer login(String... arguments) {
            String[] plain = Lab.concat(List.of("--plain"), arguments);
            return lab.loginBehindHeaderAt(PLAIN, Lab.PROXY, lab.buildBot(), plain);
        }
    }

    /** A sender that is trusted by an IPv6 block, and connects over IPv6. */
    @Nested
    class AnIpv6Sender {
        @ParameterizedTest
        @ValueSource(strings = {"--protocol 1", "--protocol 2", "--protocol 2 --crc good"})
        void namesTheCaller(String header) {
            for (String source : List.of("2001:db8:1::10", "203.0.113.10")) {
                // When
                Lab.Result result = lab.startSendProxy(
                                Lab.PROXY, "[2001:db8:f::20]:8444", "/whoami", words(header + " --source " + source))
                        .await();
                // Then
                assertThat(Seen.in(Answer.parse(result.succeeded().out())).evidence())
                        .containsExactly("2001:db8:2::80 peer trusted-proxy", source + " proxy-protocol caller");
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"[2001:db8:f::20]:8444", "[2001:db8:f::20]:8081 --plain"})
        void thatIsOfAnotherBlockIsNotTrusted(String target) {
            for (String version : List.of("1", "2")) {
                String[] words = words(target + " /whoami --source 203.0.113.10 --protocol " + version);
                assertClosed(lab.exec(Lab.V6, Lab.concat(List.of(lab.sender()), words)));
            }
        }
    }

    @Nested
    class ALink {
        @ParameterizedTest
        @ValueSource(strings = {AWS, AZURE, GCP})
        void isItsEndpoint(String link) {
            // When
            Seen seen = lab.whoamiBehindHeader(Lab.PROXY, by(link));
            // Then
            assertThat(seen.source())
                    .containsExactly("endpoint=lab", "link=" + link, "originator=10.8.0.5", "side=private");
            assertThat(seen.evidence())
                    .containsExactly(
                            "198.51.100.80 peer trusted-proxy",
                            "10.8.0.5 proxy-protocol originator",
                            link + " link private-endpoint");
        }

        @Test
        void passesByARuleForTheEndpoint() {
            // Given
            lab.allow("private-endpoint: lab");
            for (String link : List.of(AWS, AZURE, GCP)) {
                // When
                Answer answer = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(link));
                // Then
                assertThat(answer.status()).as(link).isEqualTo(200);
            }
        }

        @Test
        void passesByARuleForItselfAndNoOther() {
            // Given
            lab.allow("link: \"" + AZURE + "\"");
            // When
            Answer allowed = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(AZURE));
            Answer refused = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(AWS));
            // Then
            assertThat(allowed.status()).isEqualTo(200);
            assertRefusedByEndpoint(refused);
        }

        @Test
        void passesByARuleForItsOriginatorsAndNoOthers() {
            // Given
            lab.allow("{ originator: 10.8.0.0/24, via: \"" + AWS + "\" }");
            // When
            Answer allowed = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(AWS));
            Answer otherLink = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(GCP));
            Answer otherAddress =
                    lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), "--link", AWS, "--source", "10.8.1.5");
            Answer withoutLink = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), "--source", "10.8.0.5");
            // Then
            assertThat(allowed.status()).isEqualTo(200);
            assertRefusedByEndpoint(otherLink);
            assertThat(otherAddress.body()).isEqualTo(otherAddress.refusalOf("'10.8.1.5' by private endpoint 'lab'"));
            assertThat(withoutLink.body()).isEqualTo(withoutLink.refusalOf("'10.8.0.5'"));
        }

        @Test
        void passesByARuleForOriginatorsByTheEndpoint() {
            // Given
            lab.allow("{ originator: 10.8.0.0/24, via: lab }");
            // When
            Answer aws = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(AWS));
            Answer azure = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(AZURE));
            Answer translated = lab.login(Lab.WORKER, lab.buildBot());
            // Then
            assertThat(aws.status()).isEqualTo(200);
            assertThat(azure.status()).isEqualTo(200);
            assertThat(translated.status())
                    .as("comes by the endpoint, and nobody says from where")
                    .isEqualTo(403);
        }

        @Test
        void isNotAdmittedByAnyRuleForAddresses() {
            // Given
            lab.allow("zone: office", "address: 10.8.0.0/24", "address: 0.0.0.0/0");
            for (String link : List.of(AWS, AZURE, GCP)) {
                // When
                Answer answer = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), by(link));
                Answer asOffice =
                        lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), "--link", link, "--source", "203.0.113.10");
                // Then
                assertRefusedByEndpoint(answer);
                assertThat(asOffice.body()).isEqualTo(asOffice.refusalOf("'203.0.113.10' by private endpoint 'lab'"));
            }
        }

        @Test
        void hasNoForwardingHeaderReadBehindIt() {
            // When: its originator happens to have a trusted proxy's address
            Seen seen = lab.whoamiBehindHeader(
                    Lab.PROXY, "--link", AWS, "--source", "198.51.100.81", "--header", "X-Forwarded-For: 203.0.113.10");
            // Then
            assertThat(seen.source())
                    .containsExactly("endpoint=lab", "link=" + AWS, "originator=198.51.100.81", "side=private");
        }

        @Test
        void agreesWithThePrivateName() {
            // When
            Seen link = lab.whoamiBehindHeader(
                    Lab.PROXY, Lab.concat(List.of(by(AWS)), "--host", "private.registry.lab.test"));
            Seen noLink = lab.whoamiBehindHeader(Lab.PROXY, "--host", "private.registry.lab.test");
            // Then
            assertThat(link.source()).contains("side=private", "endpoint=lab");
            assertThat(noLink.source()).containsExactly("side=unknown", "why=private-endpoint-mismatch");
        }

        @ParameterizedTest
        @MethodSource("dev.postern.lab.LabProxyProtocolIT#unusableLinks")
        void thatCannotBeUsedIsRefusedWhateverTheRules(String why, String arguments) {
            // Given
            lab.allow("zone: office", "private-endpoint: lab");
            String[] header = words(arguments + " --source 203.0.113.10");
            // When
            Seen seen = lab.whoamiBehindHeader(Lab.PROXY, header);
            Answer answer = lab.loginBehindHeader(Lab.PROXY, lab.buildBot(), header);
            // Then
            assertThat(seen.source()).containsExactly("side=unknown", "why=" + why);
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).contains(UNKNOWN);
        }
    }

    static Stream<Arguments> unusableLinks() {
        return Stream.of(
                Arguments.argumentSet("nobody's", "unknown-link", "--link aws:vpce-0a1b2c3d4e5f60719"),
                Arguments.argumentSet("nobody's, Azure", "unknown-link", "--link azure:16843010"),
                Arguments.argumentSet("bytes the other way round", "unknown-link", "--tlv 0xE0=efcdab8967452301"),
                Arguments.argumentSet("one good, one nobody's", "unknown-link", "--link " + AWS + " --link gcp:1"),
                Arguments.argumentSet("twice", "duplicate-link", "--link " + AWS + " --link " + AWS),
                Arguments.argumentSet(
                        "twice, with the caller's first",
                        "duplicate-link",
                        "--link aws:vpce-0a1b2c3d4e5f60719 --link " + AWS),
                Arguments.argumentSet("twice, Azure", "duplicate-link", "--link " + AZURE + " --link azure:1"),
                Arguments.argumentSet("twice, Google", "duplicate-link", "--link " + GCP + " --link gcp:1"),
                Arguments.argumentSet("empty", "malformed-link", "--tlv 0xEA="),
                Arguments.argumentSet("of another subtype", "malformed-link", "--tlv 0xEA=02" + hex(AWS.substring(4))),
                Arguments.argumentSet(
                        "in upper case", "malformed-link", "--tlv 0xEA=01" + hex("VPCE-0A1B2C3D4E5F60718")),
                Arguments.argumentSet(
                        "with a line's end", "malformed-link", "--tlv 0xEA=01" + hex("vpce-0a1b2c3d\r\n")),
                Arguments.argumentSet("Azure, a byte short", "malformed-link", "--tlv 0xEE=01010101"),
                Arguments.argumentSet("Azure, another subtype", "malformed-link", "--tlv 0xEE=0201010101"),
                Arguments.argumentSet("Google, a byte more", "malformed-link", "--tlv 0xE0=0123456789abcdef00"));
    }

    @Nested
    class ALinkThatARealEnvoyNames {
        @Test
        void isItsEndpoint() {
            // Given
            lab.allow("link: \"" + AWS + "\"");
            String[] way = lab.proxies("envoy-aws");
            // When
            Seen seen = lab.whoami(Lab.OFFICE, way);
            Answer answer = lab.login(Lab.OFFICE, lab.buildBot(), way);
            // Then
            assertThat(seen.source())
                    .containsExactly("endpoint=lab", "link=" + AWS, "originator=203.0.113.10", "side=private");
            assertThat(answer.status()).isEqualTo(200);
        }

        @Test
        void isNotAdmittedByTheOriginatorsAddress() {
            // Given
            lab.allow("zone: office");
            String[] way = lab.proxies("envoy-aws");
            // When
            Answer answer = lab.login(Lab.OFFICE, lab.buildBot(), way);
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'203.0.113.10' by private endpoint 'lab'"));
        }
    }

    @Nested
    class AListenerOfTheEndpointsOwn {
        @BeforeEach
        void setUp() {
            lab.postern("proxy-protocol=198.51.100.80", "listener=8444");
        }

        @Test
        void makesWhoeverComesByItPrivate() {
            // When
            Seen there = lab.whoamiBehindHeader(Lab.PROXY, "--source", "10.8.0.5");
            Seen elsewhere = lab.whoami(Lab.OFFICE);
            // Then
            assertThat(there.source()).containsExactly("address=10.8.0.5", "endpoint=lab", "side=private");
            assertThat(elsewhere.source()).containsExactly("address=203.0.113.10", "side=public");
        }
    }

    @Nested
    class ASlowSender {
        private static final Pattern AFTER = Pattern.compile("after ([0-9.]+) s");

        @BeforeEach
        void setUp() {
            lab.allow("zone: office");
        }

        @Test
        void isCutOffAndHoldsNobodyUp() throws InterruptedException {
            // Given
            List<Lab.Running> slow = new ArrayList<>();
            for (String header : List.of("--pause 1", "--pause 1 --protocol 1", "--truncate 27", "--truncate 0")) {
                slow.add(lab.startSendProxy(
                        Lab.PROXY, "postern.lab.test:8444", "/whoami", words(header + " --connections 50")));
            }
            Thread.sleep(1000);
            // When
            int granted = 0;
            long slowest = 0;
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < 3_000_000_000L) {
                long asked = System.nanoTime();
                Answer answer = granted % 2 == 0
                        ? lab.loginBehindHeader(Lab.PROXY, lab.buildBot())
                        : lab.login(Lab.OFFICE, lab.buildBot());
                assertThat(answer.status()).isEqualTo(200);
                granted++;
                slowest = Math.max(slowest, System.nanoTime() - asked);
            }
            // Then
            assertThat(granted).isGreaterThanOrEqualTo(2);
            assertThat(slowest)
                    .as("in ns, the start of the client included; a thread that is held would take 5 s")
                    .isLessThan(4_000_000_000L);
            for (Lab.Running running : slow) {
                Lab.Result result = running.await();
                assertClosed(result);
                assertThat(AFTER.matcher(result.err()).results().map(after -> Double.parseDouble(after.group(1))))
                        .as(result.command())
                        .hasSize(50)
                        .allSatisfy(seconds -> assertThat(seconds).isBetween(4.9, 9.0));
            }
        }
    }

    private static String[] by(String link) {
        return new String[] {"--link", link, "--source", "10.8.0.5"};
    }

    private static String[] words(String text) {
        return text.split(" ");
    }

    private static String version1(String line) {
        return "--raw " + hex(line + "\r\n");
    }

    private static String hex(String text) {
        StringBuilder hex = new StringBuilder();
        text.chars().forEach(c -> hex.append("%02x".formatted(c)));
        return hex.toString();
    }

    private static void assertClosed(Lab.Result result) {
        assertThat(result.code()).as(result.toString()).isEqualTo(CLOSED);
        assertThat(result.out()).isEmpty();
    }

    private static void assertRefusedByEndpoint(Answer answer) {
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'10.8.0.5' by private endpoint 'lab'"));
    }
}
