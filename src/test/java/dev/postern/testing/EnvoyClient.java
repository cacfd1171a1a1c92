package dev.postern.testing;

import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Asks a running server as Envoy does. */
public final class EnvoyClient implements AutoCloseable {

    private static final int SECONDS = 10;

    private final ManagedChannel channel;

    /** A client of the server at this URL, without TLS. */
    public EnvoyClient(URI server) {
        this(server.getHost(), server.getPort());
    }

    /** A client of the server at this address. */
    public EnvoyClient(String host, int port) {
        this.channel =
                ManagedChannelBuilder.forAddress(host, port).usePlaintext().build();
    }

    /** What the server says; an error of gRPC is thrown as such. */
    public CheckResponse check(CheckRequest request) {
        return AuthorizationGrpc.newBlockingStub(channel)
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .check(request);
    }

    /** The same of a call with an entry of gRPC's own metadata. */
    public CheckResponse check(CheckRequest request, String name, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return AuthorizationGrpc.newBlockingStub(channel)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
                .check(request);
    }

    /** The same of bytes that need not be a message. */
    public CheckResponse check(byte[] message) {
        MethodDescriptor<byte[], CheckResponse> method = MethodDescriptor.<byte[], CheckResponse>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(AuthorizationGrpc.getCheckMethod().getFullMethodName())
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(AuthorizationGrpc.getCheckMethod().getResponseMarshaller())
                .build();
        return ClientCalls.blockingUnaryCall(
                channel, method, CallOptions.DEFAULT.withDeadlineAfter(SECONDS, TimeUnit.SECONDS), message);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A request whose caller connected to Envoy from this address. */
    public static CheckRequest.Builder request(String address, String method, String path) {
        CheckRequest.Builder request = CheckRequest.newBuilder();
        AttributeContext.Builder attributes = request.getAttributesBuilder();
        attributes
                .getSourceBuilder()
                .getAddressBuilder()
                .getSocketAddressBuilder()
                .setAddress(address)
                .setPortValue(40001);
        attributes
                .getRequestBuilder()
                .getHttpBuilder()
                .setMethod(method)
                .setPath(path)
                .setHost("registry.example.com")
                .setProtocol("HTTP/1.1");
        return request;
    }

    /** With a header line, as Envoy sends them where {@code encode_raw_headers} is set. */
    public static CheckRequest.Builder line(CheckRequest.Builder request, String name, String value) {
        request.getAttributesBuilder()
                .getRequestBuilder()
                .getHttpBuilder()
                .getHeaderMapBuilder()
                .addHeaders(HeaderValue.newBuilder()
                        .setKey(name)
                        .setRawValue(ByteString.copyFrom(value, StandardCharsets.ISO_8859_1)));
        return request;
    }

    /** With what Envoy is configured to say of the route. */
    public static CheckRequest.Builder route(CheckRequest.Builder request, Map<String, String> extensions) {
        request.getAttributesBuilder().putAllContextExtensions(extensions);
        return request;
    }

    /** The value of a header of a refusal; {@code ""} where it does not stand. */
    public static String header(CheckResponse response, String name) {
        return response.getDeniedResponse().getHeadersList().stream()
                .filter(option -> option.getHeader().getKey().equalsIgnoreCase(name))
                .map(option -> option.getHeader().getValue())
                .findFirst()
                .orElse("");
    }

    /** Whether the request goes on to the registry. */
    public static boolean passes(CheckResponse response) {
        return response.hasStatus()
                && response.getStatus().getCode() == 0
                && response.hasOkResponse()
                && !response.hasDeniedResponse();
    }
}
