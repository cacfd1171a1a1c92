package dev.postern.door.envoy;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.address.Nat64;
import dev.postern.source.LinkKeys;
import dev.postern.source.Source;
import dev.postern.source.SourceResolver;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import dev.postern.source.SourceSettings.TrustedProxies;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.data.core.v3.TlvsMetadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Check requests for tests: the recorded ones, and such as no Envoy has sent yet. */
final class Checks {

    static final String NAMESPACE = "envoy.filters.listener.proxy_protocol";

    static final LinkKeys KEYS = new LinkKeys(
            NAMESPACE,
            Map.of("aws_vpce", LinkId.Cloud.AWS, "azure_pe", LinkId.Cloud.AZURE, "gcp_psc", LinkId.Cloud.GCP),
            Set.of("authority"));

    /** An endpoint for each of the recorded links. */
    static final List<PrivateEndpoint> ENDPOINTS = List.of(
            endpoint("acme-aws", "aws:vpce-0a1b2c3d4e5f60718"),
            endpoint("acme-azure", "azure:704708590"),
            endpoint("acme-google", "gcp:81985529216486895"));

    private static final Path DIRECTORY = Path.of("src", "test", "resources", "cases", "envoy-check");

    private static final JsonFormat.Parser JSON = JsonFormat.parser()
            .usingTypeRegistry(JsonFormat.TypeRegistry.newBuilder()
                    .add(TlvsMetadata.getDescriptor())
                    .build());

    private Checks() {}

    // Recordings

    static List<String> recordings() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static CheckRequest recorded(String name) {
        try {
            CheckRequest.Builder request = CheckRequest.newBuilder();
            JSON.merge(Files.readString(DIRECTORY.resolve(name + ".json")), request);
            return request.build();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(name, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // By hand

    /** A request from that address. */
    static CheckRequest.Builder from(String address) {
        CheckRequest.Builder request = CheckRequest.newBuilder();
        request.getAttributesBuilder()
                .getSourceBuilder()
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(address)
                .setPortValue(40001);
        return request;
    }

    static AttributeContext.HttpRequest.Builder http(CheckRequest.Builder request) {
        return request.getAttributesBuilder().getRequestBuilder().getHttpBuilder();
    }

    static CheckRequest.Builder withHeader(CheckRequest.Builder request, String name, String value) {
        http(request).putHeaders(name, value);
        return request;
    }

    static CheckRequest.Builder withRawHeader(CheckRequest.Builder request, String name, String value) {
        http(request)
                .getHeaderMapBuilder()
                .addHeaders(HeaderValue.newBuilder()
                        .setKey(name)
                        .setRawValue(ByteString.copyFrom(value, StandardCharsets.ISO_8859_1)));
        return request;
    }

    /** With untyped metadata: keys and texts in turn. */
    static CheckRequest.Builder withText(CheckRequest.Builder request, String... keysAndTexts) {
        Struct.Builder struct = Struct.newBuilder();
        for (int i = 0; i < keysAndTexts.length; i += 2) {
            struct.putFields(
                    keysAndTexts[i],
                    Value.newBuilder().setStringValue(keysAndTexts[i + 1]).build());
        }
        return withUntyped(request, struct.build());
    }

    static CheckRequest.Builder withUntyped(CheckRequest.Builder request, Struct struct) {
        request.getAttributesBuilder().getMetadataContextBuilder().putFilterMetadata(NAMESPACE, struct);
        return request;
    }

    /** With typed metadata: keys and bytes in hexadecimal digits in turn. */
    static CheckRequest.Builder withBytes(CheckRequest.Builder request, String... keysAndBytes) {
        TlvsMetadata.Builder tlvs = TlvsMetadata.newBuilder();
        for (int i = 0; i < keysAndBytes.length; i += 2) {
            tlvs.putTypedMetadata(
                    keysAndBytes[i], ByteString.copyFrom(HexFormat.of().parseHex(keysAndBytes[i + 1])));
        }
        return withTyped(request, Any.pack(tlvs.build()));
    }

    static CheckRequest.Builder withTyped(CheckRequest.Builder request, Any any) {
        request.getAttributesBuilder().getMetadataContextBuilder().putTypedFilterMetadata(NAMESPACE, any);
        return request;
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** By other means than the reader's, for fields of ASCII and of no UTF-8 at all: an exclamation mark for each other byte. */
    static String asEnvoyWrites(byte[] field) {
        return new String(field, StandardCharsets.US_ASCII).replace('\ufffd', '!');
    }

    // Resolving

    /** Where Postern finds the caller to be, these addresses being trusted proxies. */
    static Source source(CheckRequest request, String... trustedProxies) {
        return source(request, KEYS, trustedProxies);
    }

    static Source source(CheckRequest request, LinkKeys keys, String... trustedProxies) {
        return resolver(ForwardingHeader.X_FORWARDED_FOR, keys, trustedProxies)
                .resolve(new EnvoyConnections(keys).of(request));
    }

    static SourceResolver resolver(ForwardingHeader header, LinkKeys keys, String... trustedProxies) {
        List<AddressRange> proxies = Arrays.stream(trustedProxies)
                .filter(text -> !text.equals("unix"))
                .map(Checks::range)
                .toList();
        boolean unix = List.of(trustedProxies).contains("unix");
        return new SourceResolver(
                new SourceSettings(new TrustedProxies(proxies, unix), header, Nat64.NONE, ENDPOINTS, keys));
    }

    private static PrivateEndpoint endpoint(String name, String link) {
        return new PrivateEndpoint(
                name,
                Set.of(name + ".internal"),
                List.of(),
                Set.of(LinkId.parse(link).orElseThrow()),
                List.of());
    }

    static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
