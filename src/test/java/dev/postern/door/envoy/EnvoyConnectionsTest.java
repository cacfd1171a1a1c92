package dev.postern.door.envoy;

import static dev.postern.door.envoy.Checks.from;
import static dev.postern.door.envoy.Checks.source;
import static dev.postern.door.envoy.Checks.withBytes;
import static dev.postern.door.envoy.Checks.withHeader;
import static dev.postern.door.envoy.Checks.withRawHeader;
import static dev.postern.door.envoy.Checks.withText;
import static dev.postern.door.envoy.Checks.withTyped;
import static dev.postern.door.envoy.Checks.withUntyped;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.Value;
import dev.postern.address.Address;
import dev.postern.source.Connection;
import dev.postern.source.Peer;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceSettings.ForwardingHeader;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.data.core.v3.TlvsMetadata;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests made by hand: such as Envoy sends under other settings, and such as it never should. */
class EnvoyConnectionsTest {

    private static final String AWS_TEXT = "\u0001vpce-0a1b2c3d4e5f60718";
    private static final String AWS_BASE64 = "AXZwY2UtMGExYjJjM2Q0ZTVmNjA3MTg=";
    private static final String AWS_BYTES = "01767063652d30613162326333643465356636303731" + "38";
    private static final String AZURE_BYTES = "01eeff002a";

    // Who connected to Envoy

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "2001:DB8::0007, 2001:db8::7",
        // Cases 96 and 104: Envoy leaves the mapped form as it is, and compares it as IPv6.
        "::ffff:203.0.113.7, 203.0.113.7",
        "::ffff:cb00:7107, 203.0.113.7"
    })
    void theSourceAddressIsThePeer(String address, String found) {
        assertPublic(source(from(address).build()), found);
    }

    /** Case 90 and others: what names no address names nobody, and neither a header nor a link makes up for it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "203.0.113",
                "203.0.113.07",
                "203.0.113.7:443",
                "203.0.113.7/32",
                "[2001:db8::7]",
                "fe80::1%eth0",
                "0xcb007107",
                "3405803783",
                " 203.0.113.7",
                "unix"
            })
    void whatIsNoAddressIsNobody(String address) {
        // Given
        CheckRequest.Builder request = from(address);
        withHeader(request, "x-forwarded-for", "203.0.113.7");
        // Then
        assertUnknown(source(request.build(), "0.0.0.0/0", "::/0", "unix"), Why.NO_PEER_ADDRESS);
        assertUnknown(source(withBytes(request, "aws_vpce", AWS_BYTES).build()), Why.NO_PEER_ADDRESS);
    }

    @Test
    void anEmptyMessageIsNobodys() {
        // Case 91
        assertUnknown(source(CheckRequest.getDefaultInstance(), "0.0.0.0/0", "unix"), Why.NO_PEER_ADDRESS);
    }

    @Test
    void anInternalListenerIsNobody() {
        // Given
        CheckRequest.Builder request = withHeader(CheckRequest.newBuilder(), "x-forwarded-for", "203.0.113.7");
        request.getAttributesBuilder()
                .getSourceBuilder()
                .getAddressBuilder()
                .getEnvoyInternalAddressBuilder()
                .setServerListenerName("203.0.113.7");
        // Then
        assertUnknown(source(request.build(), "0.0.0.0/0", "unix"), Why.NO_PEER_ADDRESS);
    }

    @Test
    void aPeerAtAUnixSocketOfEnvoysIsBelievedWhereSuchPeersAre() {
        // Given
        CheckRequest.Builder request = withHeader(pipe(), "x-forwarded-for", "198.51.100.1, 203.0.113.7");
        // Then
        assertPublic(source(request.build(), "unix"), "203.0.113.7");
        assertUnknown(source(request.build(), "0.0.0.0/0"), Why.NO_PEER_ADDRESS);
    }

    @Test
    void aLinkOfAPeerWithoutAnAddressIsNobodys() {
        // Given
        CheckRequest.Builder request = withHeader(pipe(), "x-forwarded-for", "203.0.113.7");
        // Then
        assertUnknown(source(withBytes(request, "aws_vpce", AWS_BYTES).build(), "unix"), Why.NO_PEER_ADDRESS);
    }

    @Test
    void theDestinationIsNoSocketOfPosterns() {
        // Given
        CheckRequest.Builder request = from("203.0.113.7");
        request.getAttributesBuilder()
                .getDestinationBuilder()
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress("10.0.9.9")
                .setPortValue(443);
        // Then
        assertThat(new EnvoyConnections(Checks.KEYS).of(request.build()).arrival())
                .isEmpty();
    }

    @Test
    void unknownFieldsOfTheMessageChangeNothing() {
        // Given
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        4242,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("x"))
                                .build())
                .build();
        CheckRequest.Builder request = from("203.0.113.9").setUnknownFields(unknown);
        request.getAttributesBuilder().setUnknownFields(unknown);
        // Then
        assertPublic(source(request.build()), "203.0.113.9");
    }

    // Headers

    @Test
    void theForwardingHeaderIsReadHereAndEnvoysOwnAnswerNowhere() {
        // Given: case 101, Envoy with one trusted hop has 203.0.113.7 for itself and sends the proxy's address
        CheckRequest.Builder request = withHeader(from("10.0.0.1"), "x-forwarded-for", "198.51.100.1, 203.0.113.7");
        withHeader(request, "x-envoy-external-address", "198.51.100.99");
        // Then
        assertPublic(source(request.build(), "10.0.0.0/8"), "203.0.113.7");
        assertPublic(source(request.build()), "10.0.0.1");
    }

    /** Case 102: Envoy appends its own node's address for a caller on loopback. */
    @Test
    void theNodeIsTheCallerUntilItIsTrusted() {
        // Given
        CheckRequest.Builder request = withHeader(from("127.0.0.1"), "x-forwarded-for", "203.0.113.7,192.0.2.2");
        // Then
        assertPublic(source(request.build(), "127.0.0.1"), "192.0.2.2");
        assertPublic(source(request.build(), "127.0.0.1", "192.0.2.2"), "203.0.113.7");
    }

    /** Cases 11, 87 and 100: a header is not metadata, and none but the forwarding header names a caller. */
    @ParameterizedTest
    @CsvSource({
        "x-vpce-id, vpce-0a1b2c3d4e5f60718",
        "aws_vpce, vpce-0a1b2c3d4e5f60718",
        "envoy.filters.listener.proxy_protocol, vpce-0a1b2c3d4e5f60718",
        "x-client-ip, 203.0.113.7",
        "x-real-ip, 203.0.113.7",
        "x-envoy-external-address, 203.0.113.7",
        "forwarded, for=203.0.113.7",
        "proxy-protocol, 203.0.113.7"
    })
    void noOtherHeaderNamesACallerOrALink(String name, String value) {
        assertPublic(source(withHeader(from("192.0.2.50"), name, value).build()), "192.0.2.50");
        assertPublic(source(withRawHeader(from("192.0.2.50"), name, value).build()), "192.0.2.50");
        assertPublic(source(withHeader(from("10.0.0.1"), name, value).build(), "10.0.0.1"), "10.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-forwarded-for", "X-Forwarded-For", "x-FORWARDED-for"})
    void namesAreComparedWithoutRegardToCase(String name) {
        assertPublic(source(withHeader(from("10.0.0.1"), name, "203.0.113.7").build(), "10.0.0.1"), "203.0.113.7");
        assertPublic(source(withRawHeader(from("10.0.0.1"), name, "203.0.113.7").build(), "10.0.0.1"), "203.0.113.7");
    }

    @Test
    void rawLinesAreTakenInOrder() {
        // Given
        CheckRequest.Builder request = withRawHeader(from("10.0.0.1"), "x-forwarded-for", "203.0.113.7");
        withRawHeader(request, "user-agent", "docker/27.0");
        withRawHeader(request, "X-Forwarded-For", "192.0.2.50");
        // Then
        assertPublic(source(request.build(), "10.0.0.1"), "192.0.2.50");
    }

    @Test
    void aHeaderValueThatIsTextIsReadAsText() {
        // Given
        CheckRequest.Builder request = from("10.0.0.1");
        Checks.http(request)
                .getHeaderMapBuilder()
                .addHeaders(HeaderValue.newBuilder().setKey("x-forwarded-for").setValue("203.0.113.7"));
        // Then
        assertPublic(source(request.build(), "10.0.0.1"), "203.0.113.7");
    }

    @Test
    void bytesThatAreNoTextAreNoAddress() {
        // Given
        CheckRequest.Builder request =
                withRawHeader(from("10.0.0.1"), "x-forwarded-for", "203.0.113.7, 203.0.113.\u00b7");
        // Then
        assertUnknown(source(request.build(), "10.0.0.1"), Why.MALFORMED_FORWARDING_HEADER);
    }

    @Test
    void forwardedIsReadWhereItIsTheConfiguredOne() {
        // Given
        CheckRequest.Builder request = withHeader(from("10.0.0.1"), "forwarded", "for=198.51.100.1, for=203.0.113.7");
        withHeader(request, "x-forwarded-for", "192.0.2.50");
        // When
        Source source = Checks.resolver(ForwardingHeader.FORWARDED, Checks.KEYS, "10.0.0.1")
                .resolve(new EnvoyConnections(Checks.KEYS).of(request.build()));
        // Then
        assertPublic(source, "203.0.113.7");
    }

    @Test
    void aMapWithTheNameInTwoSpellingsHasNoLastLine() {
        // Given
        CheckRequest.Builder request = withHeader(from("10.0.0.1"), "x-forwarded-for", "203.0.113.7");
        withHeader(request, "X-Forwarded-For", "192.0.2.50");
        // Then
        assertMalformedHeader(request, "in two spellings of which neither is the first");
    }

    @Test
    void textAndRawHeadersTogetherAreNoEnvoys() {
        // Given
        CheckRequest.Builder request = withHeader(from("10.0.0.1"), "x-forwarded-for", "203.0.113.7");
        withRawHeader(request, "x-forwarded-for", "203.0.113.7");
        // Then
        assertMalformedHeader(request, "in headers and in header_map");
    }

    /** Cases 23 and 91. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLongForwardingHeaderIsReadUpToItsBoundAndNotBeyond(boolean raw) {
        // Given
        String end = ", 203.0.113.7";
        int room = EnvoyConnections.MAX_LINES_LENGTH - end.length();
        String longest = "x".repeat(room) + end;
        CheckRequest.Builder good = header(from("10.0.0.1"), raw, longest);
        CheckRequest.Builder bad = header(from("10.0.0.1"), raw, "x" + longest);
        // Then
        assertPublic(source(good.build(), "10.0.0.1"), "203.0.113.7");
        assertMalformedHeader(bad, "longer than 32768 characters");
        assertPublic(source(header(from("10.0.0.9"), raw, "x" + longest).build(), "10.0.0.1"), "10.0.0.9");
    }

    @Test
    void linesAreBoundTogether() {
        // Given
        CheckRequest.Builder request = from("10.0.0.1");
        for (int i = 0; i < 33; i++) {
            withRawHeader(request, "x-forwarded-for", "x".repeat(1000));
        }
        // Then
        assertMalformedHeader(request, "longer than 32768 characters");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manyHeadersAreReadUpToTheirBoundAndNotBeyond(boolean raw) {
        // Given
        CheckRequest.Builder request = header(from("10.0.0.1"), raw, "203.0.113.7");
        for (int i = 1; i < EnvoyConnections.MAX_HEADERS; i++) {
            other(request, raw, "x-" + i);
        }
        // Then
        assertPublic(source(request.build(), "10.0.0.1"), "203.0.113.7");
        // And
        other(request, raw, "x-one-more");
        assertMalformedHeader(request, "among more than 1000 headers");
        assertPublic(source(request.build()), "10.0.0.1");
    }

    // The host

    @Test
    void aPrivateNameContradictsWhoeverCameByNoLink() {
        // Given
        CheckRequest.Builder request = from("203.0.113.7");
        Checks.http(request).setHost("acme-aws.internal:443");
        // Then
        assertUnknown(source(request.build()), Why.PRIVATE_ENDPOINT_MISMATCH);
        assertLinked(source(withBytes(request, "aws_vpce", AWS_BYTES).build()), "acme-aws");
        assertUnknown(source(withBytes(request, "azure_pe", AZURE_BYTES).build()), Why.PRIVATE_ENDPOINT_MISMATCH);
    }

    @Test
    void theHostIsTheAuthorityWhereTheMessageHasNone() {
        assertThat(host(withHeader(from("203.0.113.7"), ":authority", "registry.example.com")))
                .isEqualTo("registry.example.com");
        assertThat(host(withRawHeader(from("203.0.113.7"), ":authority", "registry.example.com")))
                .isEqualTo("registry.example.com");
        assertThat(host(from("203.0.113.7"))).isEmpty();
        // And
        CheckRequest.Builder both = withHeader(from("203.0.113.7"), ":authority", "other.example.com");
        Checks.http(both).setHost("registry.example.com");
        assertThat(host(both)).isEqualTo("registry.example.com");
    }

    // Links

    /** Case 99: the encoding is the listener's option, and cannot be seen from here. */
    @ParameterizedTest
    @ValueSource(strings = {AWS_TEXT, AWS_BASE64})
    void bothEncodingsOfATextAreTheSameLink(String text) {
        // When
        Source source = source(withText(from("10.0.0.1"), "aws_vpce", text).build());
        // Then
        assertThat(source)
                .isEqualTo(source(
                        withBytes(from("10.0.0.1"), "aws_vpce", AWS_BYTES).build()));
        assertLinked(source, "acme-aws");
    }

    /** Case 86. */
    @Test
    void textThatLostBytesIsRefusedAndSaysWhichOptionIsMissing() {
        // When
        Source source =
                source(withText(from("10.0.0.1"), "azure_pe", "\u0001!!\u0000*").build(), "10.0.0.1");
        // Then
        assertUnknown(source, Why.LOSSY_LINK_METADATA);
        assertThat(source.text())
                .contains("value_string_encoding: BASE64")
                .contains("typed_metadata_context_namespaces")
                .contains("azure_pe (metadata): not-a-link");
    }

    /** As Envoy was seen to send it: of a repeated field, the text is the first and the bytes are the last. */
    @Test
    void aFieldThatStandsTwiceShowsWhereBothFormsAreSent() {
        // Given
        CheckRequest.Builder request = withText(from("10.1.0.4"), "azure_pe", "\u0001\u0000\u0000\u0000\u0001");
        withBytes(request, "azure_pe", AZURE_BYTES);
        // Then
        assertUnknown(source(request.build()), Why.CONTRADICTORY_LINK_METADATA);
    }

    @Test
    void aKeyInOneFormOnlyIsAContradictionWhereBothAreSent() {
        // Given: an HTTP filter of Envoy's can write untyped metadata of any namespace
        CheckRequest.Builder written = withText(from("10.0.0.1"), "aws_vpce", AWS_TEXT, "azure_pe", "Ae7/ACo=");
        withBytes(written, "azure_pe", AZURE_BYTES);
        CheckRequest.Builder covered = withBytes(from("10.0.0.1"), "aws_vpce", AWS_BYTES);
        withUntyped(covered, Struct.getDefaultInstance());
        CheckRequest.Builder alone = withText(from("10.0.0.1"), "aws_vpce", AWS_TEXT);
        withBytes(alone);
        // Then
        assertUnknown(source(written.build()), Why.CONTRADICTORY_LINK_METADATA);
        assertUnknown(source(covered.build()), Why.CONTRADICTORY_LINK_METADATA);
        assertUnknown(source(alone.build()), Why.CONTRADICTORY_LINK_METADATA);
    }

    @Test
    void fieldsThatCarryNoLinkLeaveAnOrdinaryPeer() {
        // Given: such a field is not looked into
        CheckRequest.Builder request = withText(from("10.0.0.1"), "authority", "registry.example.com");
        withBytes(request, "authority", "00");
        withHeader(request, "x-forwarded-for", "203.0.113.7");
        // Then
        assertPublic(source(request.build(), "10.0.0.1"), "203.0.113.7");
        assertPublic(source(request.build()), "10.0.0.1");
    }

    @Test
    void emptyMetadataLeaveAnOrdinaryPeer() {
        // Given
        CheckRequest.Builder request = withUntyped(from("203.0.113.7"), Struct.getDefaultInstance());
        withBytes(request);
        // Then
        assertPublic(source(request.build()), "203.0.113.7");
    }

    @Test
    void metadataOfAnotherNamespaceAreNotOurs() {
        // Given
        CheckRequest.Builder request = from("203.0.113.7");
        var metadata = request.getAttributesBuilder().getMetadataContextBuilder();
        metadata.putFilterMetadata(
                "envoy.filters.http.header_to_metadata",
                Struct.newBuilder()
                        .putFields(
                                "aws_vpce",
                                Value.newBuilder().setStringValue(AWS_TEXT).build())
                        .build());
        metadata.putTypedFilterMetadata("envoy.filters.listener.proxy_protocol.other", Any.getDefaultInstance());
        request.getAttributesBuilder()
                .getRouteMetadataContextBuilder()
                .putFilterMetadata(
                        Checks.NAMESPACE,
                        Struct.newBuilder()
                                .putFields(
                                        "aws_vpce",
                                        Value.newBuilder()
                                                .setStringValue(AWS_TEXT)
                                                .build())
                                .build());
        // Then
        assertPublic(source(request.build()), "203.0.113.7");
    }

    static Stream<CheckRequest> malformedMetadata() {
        TlvsMetadata aws = TlvsMetadata.newBuilder()
                .putTypedMetadata("aws_vpce", ByteString.fromHex(AWS_BYTES))
                .build();
        Any good = Any.pack(aws);
        Stream<Any> typed = Stream.of(
                Any.getDefaultInstance(),
                good.toBuilder().clearTypeUrl().build(),
                good.toBuilder()
                        .setTypeUrl("type.googleapis.com/google.protobuf.Struct")
                        .build(),
                good.toBuilder()
                        .setTypeUrl("type.googleapis.com/envoy.data.core.v3.tlvsMetadata")
                        .build(),
                good.toBuilder().setTypeUrl("envoy.data.core.v3.TlvsMetadata").build(),
                good.toBuilder()
                        .setTypeUrl("example.com/envoy.data.core.v3.TlvsMetadata")
                        .build(),
                good.toBuilder()
                        .setValue(good.getValue().substring(0, good.getValue().size() - 1))
                        .build(),
                good.toBuilder().setValue(ByteString.fromHex("ffffffff")).build(),
                good.toBuilder().setValue(ByteString.fromHex("0a02ffff")).build());
        Stream<Value> untyped = Stream.of(
                Value.getDefaultInstance(),
                Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build(),
                Value.newBuilder().setNumberValue(16843009).build(),
                Value.newBuilder().setBoolValue(true).build(),
                Value.newBuilder()
                        .setListValue(ListValue.newBuilder()
                                .addValues(Value.newBuilder().setStringValue(AWS_TEXT)))
                        .build(),
                Value.newBuilder()
                        .setStructValue(Struct.newBuilder()
                                .putFields(
                                        "aws_vpce",
                                        Value.newBuilder()
                                                .setStringValue(AWS_TEXT)
                                                .build()))
                        .build());
        return Stream.concat(
                typed.map(any -> withTyped(from("10.0.0.1"), any).build()),
                untyped.flatMap(value -> Stream.of("aws_vpce", "authority", "other")
                        .map(key -> withUntyped(
                                        from("10.0.0.1"),
                                        Struct.newBuilder()
                                                .putFields(key, value)
                                                .build())
                                .build())));
    }

    @ParameterizedTest
    @MethodSource("malformedMetadata")
    void metadataInAnotherFormAreRefused(CheckRequest request) {
        // Given: a good form beside it does not make up for it
        CheckRequest.Builder beside = request.toBuilder();
        if (request.getAttributes().getMetadataContext().getFilterMetadataCount() == 0) {
            withText(beside, "aws_vpce", AWS_TEXT);
        } else {
            withBytes(beside, "aws_vpce", AWS_BYTES);
        }
        // Then
        assertUnknown(source(request), Why.MALFORMED_LINK_METADATA);
        assertUnknown(source(beside.build()), Why.MALFORMED_LINK_METADATA);
    }

    @Test
    void theFieldsAreCounted() {
        // Given
        String[] fields = new String[2 * EnvoyConnections.MAX_FIELDS];
        for (int i = 0; i < fields.length; i += 2) {
            fields[i] = "key-" + i;
            fields[i + 1] = "00";
        }
        fields[0] = "aws_vpce";
        fields[1] = AWS_BYTES;
        String[] more =
                Stream.concat(Stream.of(fields), Stream.of("one-more", "00")).toArray(String[]::new);
        // Then: the first is read, and has keys that are not listed
        assertUnknown(source(withBytes(from("10.0.0.1"), fields).build()), Why.UNLISTED_LINK_METADATA);
        assertUnknown(source(withText(from("10.0.0.1"), fields).build()), Why.MALFORMED_LINK);
        assertUnknown(source(withBytes(from("10.0.0.1"), more).build()), Why.MALFORMED_LINK_METADATA);
        assertUnknown(source(withText(from("10.0.0.1"), more).build()), Why.MALFORMED_LINK_METADATA);
    }

    /** Case 97: a whole PROXY header of other fields fits, and twice that does not. */
    @Test
    void typedMetadataAreBoundInSize() {
        // Given
        String header = "00".repeat(65_535);
        // Then
        assertLinked(
                source(withBytes(from("10.0.0.1"), "aws_vpce", AWS_BYTES, "authority", header)
                        .build()),
                "acme-aws");
        assertUnknown(
                source(withBytes(from("10.0.0.1"), "aws_vpce", AWS_BYTES, "authority", header + header)
                        .build()),
                Why.MALFORMED_LINK_METADATA);
    }

    @Test
    void aMegabyteOfHeadersIsDecided() {
        // Given: case 91
        CheckRequest.Builder request = from("203.0.113.7");
        for (int i = 0; i < 1000; i++) {
            withHeader(request, String.format(Locale.ROOT, "x-%d", i), "y".repeat(1024));
        }
        // Then
        assertPublic(source(request.build()), "203.0.113.7");
        assertPublic(source(request.build(), "203.0.113.7"), "203.0.113.7");
    }

    @Test
    void aMessageOnTheWireIsTheSame() throws InvalidProtocolBufferException {
        // Given
        CheckRequest.Builder request = withText(from("10.0.0.1"), "aws_vpce", AWS_BASE64);
        withBytes(request, "aws_vpce", AWS_BYTES);
        // When
        CheckRequest received = CheckRequest.parseFrom(request.build().toByteArray());
        // Then
        assertLinked(source(received), "acme-aws");
    }

    private static CheckRequest.Builder pipe() {
        CheckRequest.Builder request = CheckRequest.newBuilder();
        request.getAttributesBuilder().getSourceBuilder().getAddressBuilder().getPipeBuilder();
        return request;
    }

    private static CheckRequest.Builder header(CheckRequest.Builder request, boolean raw, String value) {
        return raw ? withRawHeader(request, "x-forwarded-for", value) : withHeader(request, "x-forwarded-for", value);
    }

    private static void other(CheckRequest.Builder request, boolean raw, String name) {
        if (raw) {
            withRawHeader(request, name, "y");
        } else {
            withHeader(request, name, "y");
        }
    }

    private static String host(CheckRequest.Builder request) {
        return new EnvoyConnections(Checks.KEYS).of(request.build()).host().orElse("");
    }

    private static void assertMalformedHeader(CheckRequest.Builder request, String evidence) {
        Source source = source(request.build(), "10.0.0.1");
        assertUnknown(source, Why.MALFORMED_FORWARDING_HEADER);
        assertThat(source.evidence().getLast().address()).isEqualTo(evidence);
        // And: in the other syntax neither
        assertThat(Checks.resolver(ForwardingHeader.FORWARDED, Checks.KEYS, "10.0.0.1")
                        .resolve(new Connection(
                                new Peer.Ip(Address.parse("10.0.0.1").orElseThrow()),
                                Optional.empty(),
                                name -> List.of(evidence),
                                Optional.empty(),
                                Optional.empty())))
                .isInstanceOf(UnknownSource.class);
    }

    private static void assertPublic(Source source, String address) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        PublicSource.class, found -> assertThat(found.address()).hasToString(address));
    }

    private static void assertLinked(Source source, String endpoint) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        PrivateSource.class,
                        found -> assertThat(found.endpoint()).isEqualTo(endpoint));
    }

    private static void assertUnknown(Source source, Why why) {
        assertThat(source)
                .isInstanceOfSatisfying(
                        UnknownSource.class, found -> assertThat(found.why()).isEqualTo(why));
    }
}
