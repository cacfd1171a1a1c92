package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Forms;
import dev.postern.testing.HostileForms;
import dev.postern.testing.HostileTokens;
import dev.postern.testing.Mutations;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.TestIssuer;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/**
 * Random and mutated forms and tokens over HTTP, through all of the server: nothing is issued for one that is not right, and nothing
 * breaks. {@code -Dhostile.requests=300000} makes it as many,
 * {@code -Dhostile.seed=1} others.
 */
@QuarkusTest
@WithTestResource(HostileHttpTest.Github.class)
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = HostileHttpTest.POLICY),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class HostileHttpTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }] }
                service-ids:
                  bot:
                    api-keys:
                      - id: k1
                        digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                users:
                  alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                federated:
                  ci: { issuer: github, claims: { repository: acme-inc/app } }
                bindings:
                  - { subjects: [service-id:bot, user:alice, federated:ci], roles: [Writer] }
            """;

    private static final int REQUESTS = Integer.getInteger("hostile.requests", 3_000);
    private static final int CLIENTS = 16;
    private static final String AGAIN = "asked again";
    private static final long SEED = Long.getLong("hostile.seed", 20_261_121);
    private static final String SERVICE = "registry.localhost";
    private static final String GITHUB = "https://github.example.com";
    private static final String OFFICE = "203.0.113.10";
    private static final String STRANGER = "192.0.2.50";
    private static final String SCOPE = "repository:acme/app:pull,push";

    /** An issuer whose keys are in a file. */
    public static final class Github implements QuarkusTestResourceLifecycleManager {
        @Override
        public Map<String, String> start() {
            return Map.of(
                    "postern.oidc.github.issuer",
                    GITHUB,
                    "postern.oidc.github.audiences",
                    SERVICE,
                    "postern.oidc.github.keys-interval",
                    "1s",
                    "postern.oidc.github.jwks-file",
                    TestIssuer.jwksFile(TestIssuer.of("github")).toString());
        }

        @Override
        public void stop() {
            // The file is deleted at the end.
        }
    }

    @TestHTTPResource("/token")
    URI server;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Integer> outcomes = new ConcurrentSkipListMap<>();

    @Test
    void nothingIsIssuedForWhatIsNotRightAndNothingBreaks(TestReporter reporter) throws Exception {
        // Given
        String bot = RawHttp.basic("bot", TestPolicy.API_KEY);
        String refreshToken = field(get(bot, "offline_token=true", OFFICE), "refresh_token");
        String registryToken = field(get(bot, "scope=" + SCOPE, OFFICE), "token");
        String githubToken = githubToken();

        // When: several at a time, for a token whose key is not at hand waits for its issuer
        List<Callable<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Mutations mutations = new Mutations(SEED + i);
            HostileTokens tokens = new HostileTokens(mutations, List.of(refreshToken, registryToken, githubToken));
            HostileForms forms = new HostileForms(
                    mutations,
                    List.of(
                            Forms.password(SERVICE, "bot", TestPolicy.API_KEY, SCOPE),
                            Forms.password(SERVICE, "acme/alice", TestPolicy.ALICES_PASSWORD, SCOPE),
                            Forms.refresh(SERVICE, refreshToken, SCOPE)));
            clients.add(() -> {
                for (int j = 0; j < REQUESTS / CLIENTS; j++) {
                    ask(mutations.random(), tokens, forms, refreshToken, githubToken);
                }
                return null;
            });
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> done : executor.invokeAll(clients)) {
                done.get();
            }
        }

        // Then: all that there is was met
        reporter.publishEntry("requests " + REQUESTS, outcomes.toString());
        assertThat(outcomes).containsKeys("200", "400", "401", "403");
        assertThat(outcomes.keySet())
                .as("431: headers of more than 32 KiB")
                .isSubsetOf("200", "400", "401", "403", "431", AGAIN);
        assertThat(outcomes.getOrDefault(AGAIN, 0)).isLessThanOrEqualTo(outcomes.getOrDefault("431", 0));
    }

    private void ask(
            SplittableRandom random, HostileTokens tokens, HostileForms forms, String refreshToken, String githubToken)
            throws IOException, InterruptedException {
        String from = random.nextInt(4) == 0 ? STRANGER : OFFICE;
        String token = tokens.next();
        boolean github = token.strip().equals(githubToken);
        switch (random.nextInt(8)) {
            case 0 -> {
                if (token.strip().chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
                    check(get("Bearer " + token.strip(), "", from), from, github);
                }
            }
            case 1 -> {
                if (token.length() < 4_000) {
                    check(get(RawHttp.basic("oidc", token), "", from), from, github);
                }
            }
            case 2 -> check(post(Forms.encoded(Forms.password(SERVICE, "iambearer", token, "")), from), from, github);
            case 3 -> {
                boolean right = token.equals(refreshToken);
                check(post(Forms.encoded(Forms.refresh(SERVICE, token, "")), from), from, right);
            }
            default -> {
                String form = forms.next();
                check(post(form, from), from, isRight(form, refreshToken));
            }
        }
    }

    private void check(HttpResponse<String> answer, String from, boolean right) {
        int status = answer.statusCode();
        outcomes.merge(String.valueOf(status), 1, Integer::sum);
        if (status >= 500 || status == 200 && !(right && from.equals(OFFICE))) {
            assertThat(status).as(answer.body()).isEqualTo(401);
        }
        if (status != 200
                && (answer.body().contains("token\":") || answer.body().contains("eyJ"))) {
            assertThat(answer.body()).as("nothing of a token").isEmpty();
        }
    }

    private static boolean isRight(String form, String refreshToken) {
        return switch (HostileForms.once(form, "grant_type")) {
            case "password" ->
                List.of("iamapikey", "bot").contains(HostileForms.once(form, "username"))
                                && HostileForms.once(form, "password").equals(TestPolicy.API_KEY)
                        || List.of("alice", "acme/alice").contains(HostileForms.once(form, "username"))
                                && HostileForms.once(form, "password").equals(TestPolicy.ALICES_PASSWORD);
            case "refresh_token" -> HostileForms.once(form, "refresh_token").equals(refreshToken);
            default -> false;
        };
    }

    private static String githubToken() {
        Instant now = Instant.now();
        return TestIssuer.of("github")
                .token(Map.of(
                        "iss",
                        GITHUB,
                        "aud",
                        SERVICE,
                        "sub",
                        "repo:acme-inc/app",
                        "repository",
                        "acme-inc/app",
                        "iat",
                        now.getEpochSecond(),
                        "exp",
                        now.getEpochSecond() + 86_400));
    }

    private static String field(HttpResponse<String> answer, String name) throws JsonProcessingException {
        String value = new ObjectMapper().readTree(answer.body()).path(name).asText();
        assertThat(value).contains(".");
        return value;
    }

    private HttpResponse<String> get(String authorization, String query, String from)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(server + "?" + query))
                .header("Authorization", authorization)
                .header("X-Forwarded-For", from)
                .build());
    }

    private HttpResponse<String> post(String form, String from) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(server)
                .POST(BodyPublishers.ofString(form, StandardCharsets.ISO_8859_1))
                .header("Content-Type", Forms.TYPE)
                .header("X-Forwarded-For", from)
                .build());
    }

    /** After a header that is too long the server closes the connection, on which the next request may be under way. */
    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException closed) {
            outcomes.merge(AGAIN, 1, Integer::sum);
            return client.send(request, BodyHandlers.ofString());
        }
    }
}
