package dev.postern.source;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.address.Address;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code Forwarded} from data. */
class ForwardedFuzzTest {

    private static final FuzzedConnections CONNECTIONS = new FuzzedConnections(ForwardingHeader.FORWARDED);
    private static final Pattern NODE = Pattern.compile("(?i)for=(?:\"\\[?([0-9a-f:.]+)]?(?::[0-9]+)?\"|([0-9.]+))");
    private static final List<String> PARAMETERS = List.of(
            "proto=https",
            "by=_proxy",
            "host=registry.example.com",
            "host=\"a,b;for=203.0.113.99\"",
            "x=\"\\\"\"",
            "y=\"\"");

    @FuzzTest(maxDuration = "2m")
    void anyLinesHaveADocumentedOutcome(byte[] data) {
        CONNECTIONS.holdForAny(FuzzedConnections.lines(data), ForwardedFuzzTest::addressesIn);
    }

    @FuzzTest(maxDuration = "2m")
    void theCallerOfAChainIsFound(FuzzedDataProvider data) {
        CONNECTIONS.holdForAChain(data, hop -> {
            String port = data.pickValue(List.of("", ":1", ":65535"));
            boolean ipv6 = hop.indexOf(':') >= 0;
            boolean quoted = ipv6 || !port.isEmpty() || data.consumeBoolean();
            String node = ipv6 ? "[" + hop + "]" + port : hop + port;
            String name = data.pickValue(List.of("for=", "For=", "FOR="));
            String pair = name + (quoted ? "\"" + escaped(node, data) + "\"" : node);
            String other = data.pickValue(PARAMETERS);
            return switch (data.consumeInt(0, 3)) {
                case 0 -> pair;
                case 1 -> pair + ";" + other;
                case 2 -> other + ";" + pair;
                default -> pair + ";";
            };
        });
    }

    private static String escaped(String text, FuzzedDataProvider data) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(data.consumeInt(0, 9) == 9 ? "\\" : "").append(c);
        }
        return out.toString();
    }

    /** What stands after {@code for=}, escapes taken off, by other means than the reader's. */
    private static Set<Address> addressesIn(String line) {
        Set<Address> found = new HashSet<>();
        NODE.matcher(line.replace("\\", "")).results().forEach(match -> {
            String text = match.group(1) == null ? match.group(2) : match.group(1);
            Address.parse(text).ifPresent(found::add);
            Address.parse(text.replaceFirst(":[0-9]+$", "")).ifPresent(found::add);
        });
        return found;
    }
}
