package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.postern.address.Address;
import dev.postern.source.Connection;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings.ForwardingHeader;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.data.core.v3.TlvsMetadata;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds for a check request whatever stands in it. */
final class CheckInvariants {

    /** The fields of the links that an endpoint has, and the keys under which they count. */
    private static final Map<String, Field> FIELDS = Map.of(
            "acme-aws", new Field("aws_vpce", "01767063652d3061316232633364346535663630373138"),
            "acme-azure", new Field("azure_pe", "01eeff002a"),
            "acme-google", new Field("gcp_psc", "0123456789abcdef"));

    private static final EnvoyConnections CONNECTIONS = new EnvoyConnections(Checks.KEYS);
    private static final List<String> TRUSTED = List.of("10.0.0.0/8", "127.0.0.1", "unix");
    private static final SourceResolver BY_LIST = resolver(ForwardingHeader.X_FORWARDED_FOR);
    private static final SourceResolver BY_FORWARDED = resolver(ForwardingHeader.FORWARDED);
    private static final SourceResolver BY_PEER = resolver(ForwardingHeader.NONE);

    private static final Set<Why> DOCUMENTED = Set.of(
            Why.NO_PEER_ADDRESS,
            Why.MALFORMED_FORWARDING_HEADER,
            Why.TOO_MANY_HOPS,
            Why.MALFORMED_LINK,
            Why.DUPLICATE_LINK,
            Why.LOSSY_LINK_METADATA,
            Why.MALFORMED_LINK_METADATA,
            Why.CONTRADICTORY_LINK_METADATA,
            Why.UNLISTED_LINK_METADATA,
            Why.UNKNOWN_LINK,
            Why.PRIVATE_ENDPOINT_MISMATCH);

    private record Field(String key, String hex) {}

    private CheckInvariants() {}

    /** Holds the bytes to be a request, or to be refused where messages are read. */
    static void hold(byte[] message) {
        CheckRequest request;
        try {
            request = CheckRequest.parseFrom(message);
        } catch (InvalidProtocolBufferException notARequest) {
            return;
        }
        hold(request);
    }

    static void hold(CheckRequest request) {
        // When
        Connection connection = CONNECTIONS.of(request);
        Source listed = BY_LIST.resolve(connection);
        Source forwarded = BY_FORWARDED.resolve(connection);
        Source peer = BY_PEER.resolve(connection);
        // Then
        assertThat(BY_LIST.resolve(CONNECTIONS.of(request))).isEqualTo(listed);
        for (Source source : List.of(listed, forwarded, peer)) {
            switch (source) {
                case PublicSource found ->
                    assertThat(namesNoLink(metadata(request))).isTrue();
                case PrivateSource found -> assertCarried(found, request);
                case UnknownSource unknown -> assertThat(unknown.why()).isIn(DOCUMENTED);
            }
            assertThat(source.evidence())
                    .hasSizeLessThan(70)
                    .allMatch(hop -> hop.address().length() <= 65
                            && hop.address().chars().noneMatch(Character::isISOControl));
        }
        if (peer instanceof PublicSource found) {
            assertThat(address(request)).contains(found.address());
            if (TRUSTED.stream()
                    .filter(text -> !text.equals("unix"))
                    .noneMatch(text -> Checks.range(text).contains(found.address()))) {
                assertThat(listed).isEqualTo(peer);
                assertThat(forwarded).isEqualTo(peer);
            }
        }
    }

    /** By an endpoint comes only whose message has that endpoint's link, in each form that it has at all. */
    private static void assertCarried(PrivateSource found, CheckRequest request) {
        assertThat(found.originator()).isEqualTo(address(request)).isPresent();
        assertThat(Checks.ENDPOINTS)
                .anyMatch(endpoint -> endpoint.name().equals(found.endpoint())
                        && endpoint.linkIds().contains(found.linkId().orElseThrow()));
        Field field = FIELDS.get(found.endpoint());
        byte[] bytes = ByteString.fromHex(field.hex()).toByteArray();
        Metadata metadata = metadata(request);
        boolean typed = metadata.containsTypedFilterMetadata(Checks.NAMESPACE);
        boolean untyped = metadata.containsFilterMetadata(Checks.NAMESPACE);
        assertThat(typed || untyped).isTrue();
        if (typed) {
            assertThat(tlvs(metadata).getTypedMetadataOrThrow(field.key()).toByteArray())
                    .isEqualTo(bytes);
        }
        if (untyped) {
            String text = metadata.getFilterMetadataOrThrow(Checks.NAMESPACE)
                    .getFieldsOrThrow(field.key())
                    .getStringValue();
            assertThat(text).isIn(Checks.base64(bytes), Checks.asEnvoyWrites(bytes));
            assertThat(typed || !text.contains("!")).isTrue();
        }
    }

    private static boolean namesNoLink(Metadata metadata) {
        boolean inText = metadata.containsFilterMetadata(Checks.NAMESPACE)
                && metadata.getFilterMetadataOrThrow(Checks.NAMESPACE).getFieldsMap().keySet().stream()
                        .anyMatch(key -> !key.equals("authority"));
        boolean inBytes = metadata.containsTypedFilterMetadata(Checks.NAMESPACE)
                && tlvs(metadata).getTypedMetadataMap().keySet().stream().anyMatch(key -> !key.equals("authority"));
        return !inText && !inBytes;
    }

    private static TlvsMetadata tlvs(Metadata metadata) {
        try {
            return TlvsMetadata.parseFrom(
                    metadata.getTypedFilterMetadataOrThrow(Checks.NAMESPACE).getValue());
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError("a source was found beside metadata that cannot be read", e);
        }
    }

    private static Metadata metadata(CheckRequest request) {
        return request.getAttributes().getMetadataContext();
    }

    private static Optional<Address> address(CheckRequest request) {
        return Address.parse(request.getAttributes()
                .getSource()
                .getAddress()
                .getSocketAddress()
                .getAddress());
    }

    private static SourceResolver resolver(ForwardingHeader header) {
        return Checks.resolver(header, Checks.KEYS, TRUSTED.toArray(String[]::new));
    }
}
