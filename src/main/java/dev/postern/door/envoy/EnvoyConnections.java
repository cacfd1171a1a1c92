package dev.postern.door.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.postern.address.Address;
import dev.postern.source.Connection;
import dev.postern.source.LinkKeys;
import dev.postern.source.LinkMetadata;
import dev.postern.source.Peer;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.data.core.v3.TlvsMetadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The facts of the connection that a {@code CheckRequest} is about: one that came to Envoy, and not to Postern.
 *
 * <p>Its peer is {@code attributes.source.address}: who connected to Envoy, or whom a PROXY protocol header named that Envoy
 * took; never what Envoy itself makes of {@code X-Forwarded-For}. Links are in the metadata of Envoy's PROXY protocol filter.
 * Where the connection arrived is left out: {@code attributes.destination.address} is what such a header said, and no socket
 * of Postern's.
 *
 * <p>Nothing is decided here, and no more is read than there are bounds for. What is over a bound stands in the answer as
 * something that is no address and no link, so that the source is unknown wherever it is needed.
 */
final class EnvoyConnections {

    /** Envoy itself takes 100 from a caller, unless it is told otherwise. */
    static final int MAX_HEADERS = 1000;

    /** How long the lines of one name may be together: what the HTTP port takes as all headers. */
    static final int MAX_LINES_LENGTH = 32 * 1024;

    /** There are no more types of fields. */
    static final int MAX_FIELDS = 256;

    /** A whole PROXY header has 64 KiB; the keys come on top. */
    static final int MAX_TYPED_METADATA = 128 * 1024;

    private static final String TLVS_METADATA =
            "type.googleapis.com/" + TlvsMetadata.getDescriptor().getFullName();

    private final String namespace;

    /** A translation for an Envoy whose PROXY protocol filter writes its metadata there. */
    EnvoyConnections(LinkKeys keys) {
        this.namespace = keys.namespace();
    }

    /** The connection that the message is about. The message must come from an Envoy that is trusted. */
    Connection of(CheckRequest request) {
        AttributeContext attributes = request.getAttributes();
        HttpRequest http = attributes.getRequest().getHttp();
        return new Connection(
                peer(attributes.getSource().getAddress()),
                Optional.empty(),
                name -> lines(http, name),
                host(http),
                Optional.empty(),
                linkMetadata(attributes.getMetadataContext()));
    }

    private static Peer peer(io.envoyproxy.envoy.config.core.v3.Address address) {
        return switch (address.getAddressCase()) {
            case SOCKET_ADDRESS ->
                Address.parse(address.getSocketAddress().getAddress())
                        .<Peer>map(Peer.Ip::new)
                        .orElseGet(Peer.Unknown::new);
            case PIPE -> new Peer.Unix();
            case ENVOY_INTERNAL_ADDRESS, ADDRESS_NOT_SET -> new Peer.Unknown();
        };
    }

    // Headers

    private static Optional<String> host(HttpRequest http) {
        return Optional.of(http.getHost())
                .filter(host -> !host.isEmpty())
                .or(() -> lines(http, ":authority").stream().findFirst());
    }

    /** From raw bytes, where Envoy has {@code encode_raw_headers}; else from text. It sends either, never both. */
    private static List<String> lines(HttpRequest http, String name) {
        List<HeaderValue> raw = http.getHeaderMap().getHeadersList();
        Map<String, String> text = http.getHeadersMap();
        if (!raw.isEmpty() && !text.isEmpty()) {
            return unreadable("in headers and in header_map");
        }
        if (raw.size() > MAX_HEADERS || text.size() > MAX_HEADERS) {
            return unreadable("among more than " + MAX_HEADERS + " headers");
        }
        List<String> lines = new ArrayList<>(1);
        for (HeaderValue header : raw) {
            if (header.getKey().equalsIgnoreCase(name)) {
                lines.add(value(header));
            }
        }
        text.forEach((key, value) -> {
            if (key.equalsIgnoreCase(name)) {
                lines.add(value);
            }
        });
        if (lines.size() > 1 && raw.isEmpty()) {
            return unreadable("in two spellings of which neither is the first");
        }
        if (lines.stream().mapToLong(String::length).sum() > MAX_LINES_LENGTH) {
            return unreadable("longer than " + MAX_LINES_LENGTH + " characters");
        }
        return lines;
    }

    private static String value(HeaderValue header) {
        return header.getRawValue().isEmpty()
                ? header.getValue()
                : header.getRawValue().toString(StandardCharsets.ISO_8859_1);
    }

    /** A line that names no address in any syntax, and says in the evidence why there is no other. Without commas. */
    private static List<String> unreadable(String why) {
        return List.of(why);
    }

    // Links

    private LinkMetadata linkMetadata(Metadata metadata) {
        Any typed = metadata.getTypedFilterMetadataMap().get(namespace);
        Struct untyped = metadata.getFilterMetadataMap().get(namespace);
        if (typed == null && untyped == null) {
            return new LinkMetadata.None();
        }
        Optional<Map<String, byte[]>> bytes = Optional.empty();
        if (typed != null) {
            if (!typed.getTypeUrl().equals(TLVS_METADATA)) {
                return new LinkMetadata.Unreadable("typed metadata of another type");
            }
            if (typed.getValue().size() > MAX_TYPED_METADATA) {
                return new LinkMetadata.Unreadable(
                        "typed metadata of " + typed.getValue().size() + " bytes");
            }
            try {
                bytes = Optional.of(bytes(TlvsMetadata.parseFrom(typed.getValue())));
            } catch (InvalidProtocolBufferException notOfItsType) {
                return new LinkMetadata.Unreadable("typed metadata that are not of their type");
            }
        }
        Optional<Map<String, String>> text = Optional.empty();
        if (untyped != null) {
            if (!untyped.getFieldsMap().values().stream().allMatch(Value::hasStringValue)) {
                return new LinkMetadata.Unreadable("untyped metadata that are not strings");
            }
            text = Optional.of(text(untyped));
        }
        int fields =
                Math.max(bytes.map(Map::size).orElse(0), text.map(Map::size).orElse(0));
        if (fields > MAX_FIELDS) {
            return new LinkMetadata.Unreadable("metadata with " + fields + " fields");
        }
        return new LinkMetadata.Fields(bytes, text);
    }

    private static Map<String, byte[]> bytes(TlvsMetadata tlvs) {
        Map<String, byte[]> fields = new HashMap<>();
        tlvs.getTypedMetadataMap().forEach((key, value) -> fields.put(key, value.toByteArray()));
        return fields;
    }

    private static Map<String, String> text(Struct struct) {
        Map<String, String> fields = new HashMap<>();
        struct.getFieldsMap().forEach((key, value) -> fields.put(key, value.getStringValue()));
        return fields;
    }
}
