package dev.postern.source;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.address.Address;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** {@code X-Forwarded-For} from data. */
class XForwardedForFuzzTest {

    private static final FuzzedConnections CONNECTIONS = new FuzzedConnections(ForwardingHeader.X_FORWARDED_FOR);

    @FuzzTest(maxDuration = "2m")
    void anyLinesHaveADocumentedOutcome(byte[] data) {
        CONNECTIONS.holdForAny(FuzzedConnections.lines(data), XForwardedForFuzzTest::elementsOf);
    }

    @FuzzTest(maxDuration = "2m")
    void theCallerOfAChainIsFound(FuzzedDataProvider data) {
        List<String> ports = List.of("", ":1", ":443", ":65535");
        CONNECTIONS.holdForAChain(data, hop -> {
            String port = data.pickValue(ports);
            boolean brackets = hop.indexOf(':') >= 0 && (!port.isEmpty() || data.consumeBoolean());
            return brackets ? "[" + hop + "]" + port : hop + port;
        });
    }

    /** What stands between commas, its blanks taken off; an IPv6 address may stand without brackets. */
    private static List<Optional<Address>> elementsOf(String line) {
        return Arrays.stream(line.split(",", -1))
                .map(part -> part.replaceAll("^[ \t]+|[ \t]+$", ""))
                .map(text -> Address.parse(text).or(() -> FuzzedConnections.node(text)))
                .toList();
    }
}
