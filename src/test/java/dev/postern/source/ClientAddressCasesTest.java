package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The catalogue of client address cases, as far as it is about peers and {@code X-Forwarded-For}. */
class ClientAddressCasesTest {

    /** Rows about what is not built yet, or what is not a source's to decide, each with the reason. */
    private static final Map<String, String> LEFT_OUT = leftOut();

    private static Map<String, String> leftOut() {
        Map<String, String> reasons = new TreeMap<>();
        reasons.put("09", "a fixed hop count is no setting: proxies are trusted by address");
        for (String id : List.of("33", "34", "35", "39")) {
            reasons.put(id, "the Forwarded header is not read yet");
        }
        for (String id : List.of("56", "57", "60", "61", "62")) {
            reasons.put(id, "how a rule is written: tests of addresses and policies");
        }
        for (String id : List.of("63", "64", "65", "67", "68", "69", "71", "72", "74", "75", "77")) {
            reasons.put(id, "the PROXY protocol is not read yet");
        }
        for (String id : List.of("79", "81", "82", "83", "86", "97", "99")) {
            reasons.put(id, "link ids are not read yet");
        }
        for (String id : List.of("90", "91", "92", "102")) {
            reasons.put(id, "the Envoy door is not built yet");
        }
        reasons.put("94", "nothing is cached");
        return reasons;
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

    private final JsonNode catalogue = catalogue();
    private final SourceResolver resolver = new SourceResolver(new SourceSettings(
            ranges(catalogue.at("/setup/trusted_proxies")), ForwardingHeader.X_FORWARDED_FOR, List.of()));
    private final List<AddressRange> allowed = ranges(catalogue.at("/setup/allow"));

    @TestFactory
    Stream<DynamicTest> everyRowOfThisStage() {
        return cases().filter(row -> !LEFT_OUT.containsKey(id(row)))
                .map(row -> dynamicTest(id(row) + " " + text(row, "title"), () -> run(row)));
    }

    @Test
    void everyRowIsRunOrLeftOutForAReason() {
        // Given
        List<String> ids = cases().map(ClientAddressCasesTest::id).toList();
        // Then
        assertThat(ids).doesNotHaveDuplicates().hasSize(70).containsAll(LEFT_OUT.keySet());
        assertThat(ids).containsAll(WRITTEN_OUT.keySet());
        assertThat(cases().filter(row -> !LEFT_OUT.containsKey(id(row))))
                .allSatisfy(row -> assertThat(inputs(row)).isNotEmpty());
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
            Source source = resolver.resolve(
                    new Connection(Address.parse(text(row, "peer").split(" ")[0]), input::lines, Optional.empty()));
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
                case PrivateSource impossible -> throw new AssertionError("there are no endpoints here");
            }
        }
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
     */
    private record Input(String text, Map<String, List<String>> headers) {
        List<String> lines(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
        }
    }

    private static List<Input> inputs(JsonNode row) {
        List<Map.Entry<String, List<String>>> written = WRITTEN_OUT.get(id(row));
        if (written != null) {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            written.forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
            return List.of(new Input("", headers));
        }
        String input = text(row, "input");
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
        catalogue.get("cases").forEach(rows::add);
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
