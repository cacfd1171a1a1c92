package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.Nat64;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.source.SourceSettings.Trust;
import dev.postern.source.SourceSettings.TrustedHops;
import dev.postern.source.SourceSettings.TrustedProxies;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/** The catalogue of client address cases, as far as it is about what a connection's facts say. */
class ClientAddressCasesTest {

    /** Rows about what is not a source's to decide, each with the reason. */
    private static final Map<String, String> LEFT_OUT = leftOut();

    private static Map<String, String> leftOut() {
        Map<String, String> reasons = new TreeMap<>();
        reasons.put("92", "Envoy's own settings for when nobody answers");
        reasons.put("94", "a door's own cache: nothing here keeps anything");
        return reasons;
    }

    /** Rows about how a rule or a setting is written, and about what is taken from a wire: the tests that show them. */
    private static final Map<String, List<String>> SHOWN_BY = shownBy();

    private static Map<String, List<String>> shownBy() {
        Map<String, List<String>> tests = new TreeMap<>();
        // Rules and settings
        tests.put(
                "56",
                List.of(
                        "address.AddressRangeTest#aBlockWithHostBitsIsAnErrorThatNamesTheBlockMeant",
                        "policy.PolicyErrorsTest#aBadDocumentIsRefusedWithAllItsMistakes",
                        "serve.BadStartIT#a_policy_with_mistakes_is_reported_with_their_places"));
        tests.put("57", List.of("address.AddressRangeTest#aBareAddressIsTheBlockOfItAlone"));
        tests.put(
                "60",
                List.of(
                        "decision.GateTest#anEmptyAllowListAdmitsNobody",
                        "cases.GoldenHttpTest#the_server_decides_as_the_engine"));
        tests.put(
                "61",
                List.of(
                        "policy.load.PolicyStoreTest#aDeletedFileKeepsThePolicyUntilItIsRestored",
                        "policy.load.PolicyStoreTest#aBadFileKeepsTheLastGoodPolicyAndIsReportedOnce",
                        "policy.load.PolicyStoreTest#beforeTheFirstLookNothingIsInForce",
                        "decision.GateTest#whatCannotBeDecidedIsUnavailable",
                        "serve.ServeIT#a_policy_change_is_in_force_within_three_seconds_and_a_bad_one_changes_nothing",
                        "serve.BadStartIT#a_bad_setting_is_named",
                        "lab.LabPolicyChangeIT#aPolicyWithAMistakeLeavesTheLastGoodOneInForceUntilItIsMended"));
        tests.put(
                "62",
                List.of("address.AddressRangeTest#otherTextIsRefused", "serve.BadStartIT#a_bad_setting_is_named"));
        // Envoy's messages
        tests.put(
                "86",
                List.of(
                        "door.envoy.EnvoyConnectionsTest#textThatLostBytesIsRefusedAndSaysWhichOptionIsMissing",
                        "door.envoy.RecordedChecksTest#lossyTextIsRefusedWithTheOptionThatIsMissing"));
        tests.put("90", List.of("door.envoy.EnvoyConnectionsTest#anEmptyMessageIsNobodys"));
        tests.put(
                "91",
                List.of(
                        "door.envoy.EnvoyConnectionsTest#anEmptyMessageIsNobodys",
                        "door.envoy.EnvoyConnectionsTest#unknownFieldsOfTheMessageChangeNothing",
                        "door.envoy.EnvoyConnectionsTest#aMegabyteOfHeadersIsDecided"));
        tests.put(
                "99",
                List.of(
                        "door.envoy.EnvoyConnectionsTest#bothEncodingsOfATextAreTheSameLink",
                        "door.envoy.RecordedChecksTest#untypedMetadataAreEnoughWhereNothingIsLost"));
        tests.put("102", List.of("door.envoy.EnvoyConnectionsTest#theNodeIsTheCallerUntilItIsTrusted"));
        // The wire
        tests.put(
                "64",
                List.of(
                        "serve.ProxyListenerIT#a_sender_that_is_not_trusted_gets_nothing",
                        "lab.LabProxyProtocolIT$ARefusedConnection#hasAHeaderOfASenderThatIsNotTrusted",
                        "lab.LabProxyProtocolIT$ThePlainPort#closesTheConnectionOfASenderThatIsNotTrusted",
                        "lab.LabProxyProtocolIT$AnIpv6Sender#thatIsOfAnotherBlockIsNotTrusted"));
        tests.put(
                "65",
                List.of(
                        "serve.ProxyListenerIT#a_connection_without_a_header_gets_nothing",
                        "serve.ProxyListenerIT#a_header_to_the_http_port_is_no_header",
                        "lab.LabProxyProtocolIT$ARefusedConnection#hasNoHeader",
                        "lab.LabProxyProtocolIT$ARefusedConnection#hasAHeaderAtThePortThatIsNotForIt"));
        tests.put(
                "68",
                List.of(
                        "listener.ProxyHeaderReaderTest#the_command_proxy_without_a_family_is_refused",
                        "serve.ProxyListenerIT#a_header_of_no_family_or_of_a_unix_socket_gets_nothing"));
        tests.put(
                "69",
                List.of(
                        "listener.ProxyHeaderReaderTest#a_unix_socket_is_refused",
                        "serve.ProxyListenerIT#a_header_of_no_family_or_of_a_unix_socket_gets_nothing"));
        tests.put(
                "71",
                List.of(
                        "listener.ProxyHeaderReaderTest#a_version_2_header_in_another_form_is_refused",
                        "listener.ProxyHeaderReaderTest#a_header_over_the_limit_is_refused_before_it_has_come",
                        "serve.ProxyListenerIT#fields_that_run_past_the_end_or_whose_checksum_is_wrong_get_nothing",
                        "serve.ProxyListenerIT#a_header_that_is_too_short_or_too_long_gets_nothing"));
        tests.put(
                "72",
                List.of(
                        "listener.ProxyHeaderReaderTest#a_checksum_is_held_against_the_header",
                        "serve.ProxyListenerIT#fields_that_run_past_the_end_or_whose_checksum_is_wrong_get_nothing"));
        tests.put(
                "74",
                List.of(
                        "listener.ProxyHeaderReaderTest#a_version_1_line_in_another_form_is_refused",
                        "listener.ProxyHeaderReaderTest#a_version_1_line_without_an_end_is_refused_at_107_bytes",
                        "serve.ProxyListenerIT#a_malformed_header_gets_nothing"));
        tests.put(
                "75",
                List.of(
                        "serve.ProxyListenerIT#a_slow_header_is_cut_off_and_holds_nobody_up",
                        "lab.LabProxyProtocolIT$ASlowSender#isCutOffAndHoldsNobodyUp"));
        tests.put(
                "83",
                List.of(
                        "serve.ProxyListenerIT#a_link_of_a_sender_that_is_not_trusted_gets_nothing",
                        "lab.LabProxyProtocolIT$ARefusedConnection#hasAHeaderOfASenderThatIsNotTrusted"));
        tests.put(
                "97",
                List.of(
                        "listener.ProxyHeaderReaderTest#a_header_of_4096_bytes_is_taken_and_a_longer_one_is_not",
                        "serve.ProxyListenerIT#a_header_that_is_too_short_or_too_long_gets_nothing"));
        return tests;
    }

    /** Rows whose input is prose, written out as header lines: name and lines. */
    private static final Map<String, List<Map.Entry<String, List<String>>>> WRITTEN_OUT = Map.of(
            "11",
            Stream.of(
                            "X-Real-IP",
                            "True-Client-IP",
                            "CF-Connecting-IP",
                            "X-Client-IP",
                            "X-Cluster-Client-IP",
                            "Forwarded")
                    .map(name -> Map.entry(name, List.of("203.0.113.7")))
                    .toList(),
            "14",
            List.of(Map.entry("x-envoy-internal", List.of("true"))),
            "15",
            List.of(Map.entry("X-Forwarded-Uri", List.of("/healthz"))),
            "23",
            List.of(Map.entry("X-Forwarded-For", List.of("1.1.1.1, ".repeat(10_000) + "203.0.113.7"))),
            "26",
            List.of(Map.entry("x-FORWARDED-for", List.of("203.0.113.7"))),
            "87",
            List.of(Map.entry("X-Vpce-Id", List.of("vpce-allowed"))),
            "89",
            List.of(),
            "96",
            List.of(),
            "100",
            List.of(Map.entry("x-client-ip", List.of("203.0.113.7"))));

    private static final Pattern XFF = Pattern.compile("XFF:? ([^;]*)");
    private static final Pattern LINE = Pattern.compile("\\[([^]]*)] ?");

    private static final Pattern HOPS = Pattern.compile("hops=([0-9]+)");

    /** An endpoint that has the links of the catalogue. */
    private static final PrivateEndpoint LINKED = new PrivateEndpoint(
            "linked",
            Set.of(),
            List.of(),
            Set.of(
                    Proxied.link("aws:vpce-0a1b2c3d4e5f60718"),
                    Proxied.link("azure:704708590"),
                    Proxied.link("gcp:81985529216486895")),
            List.of());

    private static final Nat64 OWN_NAT64 = Nat64.of(List.of(range("64:ff9b::/96")));

    /** Rows with a PROXY header, with what it says, one header an alternative. */
    private static final Map<String, List<ProxyHeader>> PROXY_HEADERS = Map.of(
            "63",
            List.of(
                    new ProxyHeader(1, Address.parse("203.0.113.7"), List.of()),
                    Proxied.by("203.0.113.7"),
                    Proxied.by("::ffff:203.0.113.7")),
            "67",
            List.of(Proxied.local(), new ProxyHeader(1, Optional.empty(), List.of())),
            "77",
            List.of(Proxied.by("2001:db8:aaaa::5")),
            "79",
            List.of(Proxied.by("10.0.5.23", "aws:vpce-0a1b2c3d4e5f60718")),
            "81",
            List.of(Proxied.with("10.0.5.23", List.of(Proxied.tlv("EE::01EEFF002A")))),
            "82",
            List.of(Proxied.with("10.0.5.23", List.of(Proxied.tlv("E0::0123456789ABCDEF")))));

    private static final JsonNode CATALOGUE = catalogue();
    private final SourceResolver resolver = new SourceResolver(new SourceSettings(
            ranges(CATALOGUE.at("/setup/trusted_proxies")), ForwardingHeader.X_FORWARDED_FOR, List.of()));
    private final List<AddressRange> allowed = ranges(CATALOGUE.at("/setup/allow"));

    @TestFactory
    Stream<DynamicTest> everyRowOfThisStage() {
        return cases().filter(ClientAddressCasesTest::isRunHere)
                .map(row -> dynamicTest(id(row) + " " + text(row, "title"), () -> run(row)));
    }

    @Test
    void everyRowIsRunOrLeftOutForAReason() {
        // Given
        List<String> ids = cases().map(ClientAddressCasesTest::id).toList();
        // Then
        assertThat(ids).doesNotHaveDuplicates().hasSize(70).containsAll(LEFT_OUT.keySet());
        assertThat(ids).containsAll(SHOWN_BY.keySet());
        assertThat(SHOWN_BY.keySet()).doesNotContainAnyElementsOf(LEFT_OUT.keySet());
        assertThat(ids).containsAll(WRITTEN_OUT.keySet()).containsAll(PROXY_HEADERS.keySet());
        assertThat(cases().filter(ClientAddressCasesTest::isRunHere))
                .allSatisfy(row -> assertThat(inputs(row)).isNotEmpty());
    }

    @TestFactory
    Stream<DynamicTest> everyRowThatIsShownElsewhereNamesTestsThatThereAre() {
        return SHOWN_BY.entrySet().stream()
                .flatMap(row -> row.getValue().stream()
                        .map(test -> dynamicTest(row.getKey() + " " + test, () -> isTest(test))));
    }

    /** @param test class and method, without the {@code dev.postern.} that all have */
    private static void isTest(String test) throws ClassNotFoundException {
        String[] named = test.split("#");
        Class<?> shown = Class.forName("dev.postern." + named[0], false, ClientAddressCasesTest.class.getClassLoader());
        assertThat(shown.getDeclaredMethods()).anySatisfy(method -> {
            assertThat(method.getName()).isEqualTo(named[1]);
            assertThat(AnnotationSupport.isAnnotated(method, Testable.class)).isTrue();
        });
    }

    private static boolean isRunHere(JsonNode row) {
        return !LEFT_OUT.containsKey(id(row)) && !SHOWN_BY.containsKey(id(row));
    }

    /** Row 45 where the NAT64 is the operator's: the address that it stands for is the caller. */
    @Test
    void theOperatorsOwnNat64IsTakenOut() {
        // Given
        JsonNode row = cases().filter(r -> id(r).equals("45")).findFirst().orElseThrow();
        Input own = new Input("", inputs(row).getFirst().headers(), Optional.empty(), OWN_NAT64);
        // When
        Source source = resolver(row, own)
                .resolve(new Connection(Address.parse(text(row, "peer")), own::lines, Optional.empty()));
        // Then
        assertThat(source)
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).hasToString("203.0.113.7"));
    }

    @Test
    void aMappedCallerIsInAllOfIpv4AndNotInAllOfIpv6() {
        // Given
        Optional<Address> peer = Address.parse("::ffff:192.0.2.50");
        // When
        Source source = resolver.resolve(new Connection(peer, name -> List.of(), Optional.empty()));
        // Then
        assertThat(source).isInstanceOfSatisfying(PublicSource.class, found -> {
            assertThat(range("::/0").contains(found.address())).isFalse();
            assertThat(range("0.0.0.0/0").contains(found.address())).isTrue();
        });
    }

    private void run(JsonNode row) {
        // The row about a forged endpoint names no client: there the endpoint is what cannot be known.
        String client = id(row).equals("87") ? text(row, "peer") : text(row, "client");
        for (Input input : inputs(row)) {
            // When
            Source source = resolver(row, input)
                    .resolve(new Connection(
                            new Peer.Ip(Address.parse(text(row, "peer").split(" ")[0])
                                    .orElseThrow()),
                            input.proxyHeader(),
                            input::lines,
                            Optional.empty(),
                            Optional.empty()));
            // Then
            switch (source) {
                case PublicSource found -> {
                    String address = found.address().toString();
                    assertThat(address)
                            .isEqualTo(
                                    switch (client) {
                                        case "itself", "each its own" -> input.text();
                                        default -> client;
                                    });
                    assertThat(admitted(found.address())).isEqualTo(admits(row, input));
                }
                case UnknownSource unknown -> assertThat(client).isEqualTo("–");
                case PrivateSource found -> {
                    // By an endpoint: the address on its other side is held against nothing.
                    assertThat(text(row, "verdict")).startsWith("by the ");
                    assertThat(found.endpoint()).isEqualTo("linked");
                    assertThat(found.observed()).isEmpty();
                    String link = found.linkId().orElseThrow().value();
                    assertThat(client.replace("vpce-0a1b…", "vpce-0a1b2c3d4e5f60718"))
                            .contains(link);
                }
            }
        }
    }

    private static SourceResolver resolver(JsonNode row, Input input) {
        Matcher hops = HOPS.matcher(text(row, "input"));
        Trust trust = hops.find()
                ? new TrustedHops(Integer.parseInt(hops.group(1)))
                : new TrustedProxies(ranges(CATALOGUE.at("/setup/trusted_proxies")), false);
        ForwardingHeader header = text(row, "peer").contains("header=Forwarded")
                ? ForwardingHeader.FORWARDED
                : ForwardingHeader.X_FORWARDED_FOR;
        return new SourceResolver(new SourceSettings(trust, header, input.nat64(), List.of(LINKED)));
    }

    /** Whether the catalogue's allowlist is to admit it. */
    private static boolean admits(JsonNode row, Input input) {
        String verdict = text(row, "verdict");
        return switch (id(row)) {
            case "78" -> input.text().equals("203.0.113.7");
            case "87", "100" -> false;
            default -> verdict.startsWith("allow") || verdict.startsWith("by A only (allow");
        };
    }

    private boolean admitted(Address address) {
        return allowed.stream().anyMatch(range -> range.contains(address));
    }

    /**
     * Header lines of one alternative of a row.
     *
     * @param text the alternative as it stands
     * @param headers the lines by name in lower case
     * @param proxyHeader the PROXY header before them
     * @param nat64 the operator's own prefixes
     */
    private record Input(
            String text, Map<String, List<String>> headers, Optional<ProxyHeader> proxyHeader, Nat64 nat64) {
        Input(String text, Map<String, List<String>> headers) {
            this(text, headers, Optional.empty(), Nat64.NONE);
        }

        List<String> lines(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }
    }

    private static List<Input> inputs(JsonNode row) {
        List<ProxyHeader> headers = PROXY_HEADERS.get(id(row));
        if (headers == null) {
            return headerInputs(row);
        }
        Map<String, List<String>> lines =
                id(row).equals("77") ? Map.of("x-forwarded-for", List.of("203.0.113.7")) : Map.of();
        return headers.stream()
                .map(header -> new Input("", lines, Optional.of(header), Nat64.NONE))
                .toList();
    }

    private static List<Input> headerInputs(JsonNode row) {
        List<Map.Entry<String, List<String>>> written = WRITTEN_OUT.get(id(row));
        if (written != null) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            written.forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            return List.of(new Input("", headers));
        }
        String input = text(row, "input");
        if (text(row, "peer").contains("header=Forwarded")) {
            String line = input.substring("Forwarded: ".length());
            return List.of(new Input(line, Map.of("forwarded", List.of(line))));
        }
        Matcher forwarded = XFF.matcher(input);
        if (!forwarded.find()) {
            return input.equals("–") || input.equals("A") ? List.of(new Input("", Map.of())) : List.of();
        }
        String value = forwarded.group(1).replace("\\t", "\t");
        String separator = id(row).equals("78") ? ", then " : " / ";
        List<Input> inputs = new ArrayList<>();
        for (String alternative : value.split(separator)) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            headers.put("x-forwarded-for", lines(alternative));
            if (input.contains("Forwarded: ")) {
                headers.put("forwarded", List.of(input.substring(input.indexOf("Forwarded: ") + 11)));
            }
            inputs.add(new Input(alternative, headers));
        }
        return inputs;
    }

    /** {@code [l1] [l2]} is two lines, anything else one. */
    private static List<String> lines(String value) {
        if (!value.matches("(\\[[^]]*] ?){2,}")) {
            return List.of(value);
        }
        return LINE.matcher(value).results().map(line -> line.group(1)).toList();
    }

    private Stream<JsonNode> cases() {
        List<JsonNode> rows = new ArrayList<>();
        CATALOGUE.get("cases").forEach(rows::add);
        return rows.stream();
    }

    private static String id(JsonNode row) {
        return text(row, "id");
    }

    private static String text(JsonNode row, String field) {
        return row.get(field).asText();
    }

    private static List<AddressRange> ranges(JsonNode texts) {
        List<AddressRange> ranges = new ArrayList<>();
        texts.forEach(text -> ranges.add(range(text.asText())));
        return ranges;
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }

    private static JsonNode catalogue() {
        try (InputStream json = ClientAddressCasesTest.class.getResourceAsStream("/cases-client-address.json")) {
            return new ObjectMapper().readTree(json);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
