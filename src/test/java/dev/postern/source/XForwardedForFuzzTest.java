package dev.postern.source;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.address.Address;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** {@code X-Forwarded-For} from data. */
class XForwardedForFuzzTest {

    private static final FuzzedConnections CONNECTIONS = new FuzzedConnections(ForwardingHeader.X_FORWARDED_FOR);

    @FuzzTest(maxDuration = "2m")
    void anyLinesHaveADocumentedOutcome(byte[] data) {
        CONNECTIONS.holdForAny(FuzzedConnections.lines(data), XForwardedForFuzzTest::addressesIn);
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

    /** What stands between commas, its blanks, brackets and port taken off by other means than the reader's. */
    private static Set<Address> addressesIn(String line) {
        Set<Address> found = new HashSet<>();
        for (String part : line.split(",")) {
            String text = part.replaceAll("^[ \t]+|[ \t]+$", "");
            Address.parse(text).ifPresent(found::add);
            Address.parse(text.replaceFirst(":[0-9]{1,5}$", "").replaceAll("^\\[|]$", ""))
                    .ifPresent(found::add);
        }
        return found;
    }
}
