package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.util.HexFormat;
import java.util.List;

/** Check requests from data: messages that are one or are refused, and such as Envoy makes of a PROXY header. */
class CheckRequestFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anyMessageHasADocumentedOutcome(byte[] message) {
        CheckInvariants.hold(message);
    }

    @FuzzTest(maxDuration = "2m")
    void aLinkIsItsEndpointInWhicheverFormItIsSent(FuzzedDataProvider data) throws InvalidProtocolBufferException {
        // Given
        var link = data.pickValue(List.of(
                List.of("acme-aws", "aws_vpce", "01767063652d3061316232633364346535663630373138"),
                List.of("acme-azure", "azure_pe", "01eeff002a"),
                List.of("acme-google", "gcp_psc", "0123456789abcdef")));
        byte[] field = HexFormat.of().parseHex(link.get(2));
        CheckRequest.Builder request = Checks.from(data.pickValue(
                List.of("10.0.5.23", "127.0.0.1", "203.0.113.7", "::ffff:10.1.0.4", "2001:db8::7", "0.0.0.0")));
        boolean typed = data.consumeBoolean();
        boolean untyped = !typed || data.consumeBoolean();
        boolean base64 = data.consumeBoolean();
        String text = base64 ? Checks.base64(field) : Checks.asEnvoyWrites(field);
        if (typed) {
            Checks.withBytes(request, link.get(1), link.get(2));
        }
        if (untyped) {
            Checks.withText(request, link.get(1), text);
        }
        // And: whatever a caller may write
        boolean raw = data.consumeBoolean();
        while (data.remainingBytes() > 0) {
            String name = data.pickValue(List.of("x-forwarded-for", "forwarded", "x-vpce-id", "aws_vpce", "host"));
            String value = data.consumeAsciiString(40);
            if (raw) {
                Checks.withRawHeader(request, name, value);
            } else {
                Checks.withHeader(request, name, value);
            }
        }
        CheckRequest received = CheckRequest.parseFrom(request.build().toByteArray());
        // When
        Source source = Checks.source(received, "10.0.0.0/8", "127.0.0.1");
        // Then
        CheckInvariants.hold(received);
        if (!typed && text.contains("!")) {
            assertThat(source)
                    .isInstanceOfSatisfying(
                            UnknownSource.class,
                            unknown -> assertThat(unknown.why()).isEqualTo(Why.LOSSY_LINK_METADATA));
        } else {
            assertThat(source)
                    .isInstanceOfSatisfying(
                            PrivateSource.class,
                            found -> assertThat(found.endpoint()).isEqualTo(link.getFirst()));
        }
    }
}
