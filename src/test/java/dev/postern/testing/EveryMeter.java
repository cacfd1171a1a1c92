package dev.postern.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A Postern with everything of which there are metrics, and callers at each of its doors. */
public final class EveryMeter implements QuarkusTestResourceLifecycleManager {

    private static final String OFFICE = "203.0.113.10";
    private static final RawHttp.Line HOST = new RawHttp.Line("Host", "registry.localhost");
    private static final String TRIED = "198.51.100.7";

    private static final String POLICY = """
        zones:
          listed: { feed: { format: lines, file: listed.txt } }
        accounts:
          acme:
            namespaces: [acme]
            network:
              allow: [{ address: 203.0.113.0/24 }, { zone: listed }, { address: 198.51.100.0/24, enforcement: report }]
              deny: [{ address: 203.0.113.64/26, enforcement: report }]
            service-ids:
              bot:
                api-keys:
                  - id: k1
                    digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
            bindings:
              - { subjects: [service-id:bot], roles: [Writer], namespace: acme }
          trusting:
            namespaces: [trusting]
            network: { allow: [], trusted-services: [service-id:acme/bot] }
            bindings: [{ subjects: [service-id:acme/bot], roles: [Reader] }]
        """;

    private final PosternResource postern = new PosternResource();

    @Override
    public Map<String, String> start() {
        try {
            Path log = Files.createTempDirectory("postern-audit").resolve("audit.jsonl");
            Map<String, String> settings = new HashMap<>(Map.of(
                    PosternResource.POLICY,
                    POLICY,
                    "postern.source.trusted-proxies",
                    "127.0.0.1",
                    "postern.envoy.enabled",
                    "true",
                    "postern.forward.enabled",
                    "true",
                    "postern.authzen.enabled",
                    "true",
                    "postern.registry.mode",
                    "network",
                    "postern.audit.sinks",
                    "file",
                    "postern.audit.file.path",
                    log.toString(),
                    // Nobody listens there.
                    "postern.redis.hosts",
                    "redis://127.0.0.1:1"));
            settings.put("postern.tracing.url", "http://127.0.0.1:1/v1/traces");
            settings.put("postern.oidc.github.issuer", "https://github.example.com");
            settings.put("postern.oidc.github.audiences", "registry.localhost");
            settings.put(
                    "postern.oidc.github.jwks-file",
                    TestIssuer.jwksFile(TestIssuer.of("github")).toString());
            settings.put("postern.registry.issuers.hub.issuer", "hub");
            settings.put(
                    "postern.registry.issuers.hub.jwks-file",
                    TestIssuer.jwksFile(TestIssuer.of("hub")).toString());
            postern.init(settings);
            Map<String, String> all = postern.start();
            Files.writeString(Path.of(all.get("postern.policy")).resolveSibling("listed.txt"), "192.0.2.0/24\n");
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls at every door, so that everything that is counted has been. */
    public static void call(URI server) {
        for (String from : List.of(OFFICE, TRIED, "203.0.113.70")) {
            token(server, from, "acme/app");
            token(server, from, "trusting/app");
            RawHttp.get(
                    server,
                    "/forward/forwarded?mode=network&account=acme",
                    List.of(
                            HOST,
                            new RawHttp.Line("X-Forwarded-For", from),
                            new RawHttp.Line("X-Forwarded-Method", "GET"),
                            new RawHttp.Line("X-Forwarded-Uri", "/v2/acme/app/manifests/latest")));
        }
        RawHttp.get(server, "/token?scope=nonsense", List.of(HOST));
        try (EnvoyClient envoy = new EnvoyClient(server)) {
            envoy.check(EnvoyClient.request(OFFICE, "GET", "/v2/acme/app/manifests/latest")
                    .build());
        }
    }

    private static void token(URI server, String from, String repository) {
        RawHttp.get(
                server,
                RawHttp.tokenTarget("registry.localhost", List.of("repository:" + repository + ":pull")),
                List.of(
                        HOST,
                        new RawHttp.Line("X-Forwarded-For", from),
                        new RawHttp.Line("Authorization", RawHttp.basic("iamapikey", TestPolicy.API_KEY))));
    }

    @Override
    public void stop() {
        postern.stop();
    }
}
