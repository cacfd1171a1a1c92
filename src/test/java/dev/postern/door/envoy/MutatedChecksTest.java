package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.postern.source.Source;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Recorded messages with bytes changed, left out and put in; and bytes that were never a message. */
class MutatedChecksTest {

    private static final List<byte[]> MESSAGES = Checks.recordings().stream()
            .map(name -> Checks.recorded(name).toByteArray())
            .toList();

    /** A change: at a place, so many bytes out, these in. */
    record Change(double place, int out, byte[] in) {
        byte[] of(byte[] message) {
            int at = (int) (place * message.length);
            ByteArrayOutputStream changed = new ByteArrayOutputStream();
            changed.write(message, 0, at);
            changed.writeBytes(in);
            int rest = Math.min(message.length, at + out);
            changed.write(message, rest, message.length - rest);
            return changed.toByteArray();
        }
    }

    static final List<String> RECORDINGS = Checks.recordings();

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void whatHoldsForAnyHoldsForWhatWasRecorded(String name) {
        CheckInvariants.hold(Checks.recorded(name));
    }

    @Property(tries = 5000)
    void aChangedMessageIsReadOrRefused(@ForAll("messages") byte[] message, @ForAll("changes") List<Change> changes) {
        byte[] changed = message;
        for (Change change : changes) {
            changed = change.of(changed);
        }
        CheckInvariants.hold(changed);
    }

    @Property
    void twoMessagesAsOneAreReadOrRefused(@ForAll("messages") byte[] message, @ForAll("messages") byte[] other) {
        // Given: in protobuf, that is one message with the fields of both
        byte[] both = Arrays.copyOf(message, message.length + other.length);
        System.arraycopy(other, 0, both, message.length, other.length);
        // Then
        CheckInvariants.hold(both);
    }

    @Property
    void anyBytesAreReadOrRefused(@ForAll byte[] bytes) {
        CheckInvariants.hold(bytes);
    }

    /** A changed link is another link, and no endpoint's. */
    @Property
    void aChangedLinkIsNoEndpoints(@ForAll("linked") String name, @ForAll("places") double place, @ForAll byte with) {
        // Given
        CheckRequest.Builder request = Checks.recorded(name).toBuilder();
        var metadata = request.getAttributesBuilder().getMetadataContextBuilder();
        var typed = metadata.getTypedFilterMetadataOrThrow(Checks.NAMESPACE);
        byte[] value = typed.getValue().toByteArray();
        // The link is the message's end.
        int at = value.length - 1 - (int) (place * 4);
        boolean changed = value[at] != with;
        value[at] = with;
        metadata.putTypedFilterMetadata(
                Checks.NAMESPACE,
                typed.toBuilder().setValue(ByteString.copyFrom(value)).build());
        // When
        Source beside = Checks.source(request.build());
        metadata.clearFilterMetadata();
        Source alone = Checks.source(request.build());
        // Then
        if (changed) {
            assertThat(beside).isInstanceOf(Source.UnknownSource.class);
            assertThat(alone).isInstanceOf(Source.UnknownSource.class);
        } else {
            assertThat(alone).isInstanceOf(Source.PrivateSource.class).isEqualTo(beside);
        }
    }

    @Provide
    Arbitrary<byte[]> messages() {
        return Arbitraries.of(MESSAGES);
    }

    @Provide
    Arbitrary<String> linked() {
        return Arbitraries.of(RecordedChecksTest.LINKED.keySet());
    }

    @Provide
    Arbitrary<Double> places() {
        return Arbitraries.doubles().between(0, true, 1, false).ofScale(6);
    }

    @Provide
    Arbitrary<List<Change>> changes() {
        Arbitrary<byte[]> in = Arbitraries.bytes().array(byte[].class).ofMaxSize(3);
        return Combinators.combine(places(), Arbitraries.integers().between(0, 3), in)
                .as(Change::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4);
    }
}
