package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.RawHttp.Line;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of credential × every kind of place × every kind of request. No kind is forgotten by the address rules, and no
 * request: a token server that judges addresses only when a scope is asked for lets everybody log in.
 *
 * <p>A new kind of credential is a line in {@link #KINDS}; a new kind of request one in {@link Asked}.
 */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = CredentialTableTest.POLICY),
            @ResourceArg(name = PosternResource.HTPASSWD, value = CredentialTableTest.USERS),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class CredentialTableTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }, { address: "2001:db8:1::/48" }] }
                service-ids:
                  bot:
                    api-keys:
                      - id: k1
                        digest: "sha-256:0e87123ba918d73e9fc78bd6bad02bf7b5ce912d15e52dc13027d799e4161ce8"
                users:
                  alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                bindings:
                  - { subjects: [service-id:bot, user:alice, user:bob], roles: [Manager] }
                  - { subjects: [anonymous], roles: [Reader], repository: "public/**" }
            """;

    static final String USERS = "bob:$2b$04$abcdefghijklmnopqrstuufCdeyze1JtEDXAmmHGdrQolOE.2h1X6";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Whether somebody is known by it. */
    private enum Known {
        SUBJECT,
        NOBODY,
        WRONG
    }

    /** A kind of credential. */
    private record Kind(String name, Optional<String> authorization, Known known) {
        static Kind basic(String user, String password, Known known) {
            return new Kind(user + " " + known, Optional.of(RawHttp.basic(user, password)), known);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Kind> KINDS = List.of(
            new Kind("none", Optional.empty(), Known.NOBODY),
            Kind.basic("iamapikey", TestPolicy.API_KEY, Known.SUBJECT),
            Kind.basic("bot", TestPolicy.API_KEY, Known.SUBJECT),
            Kind.basic("acme/bot", TestPolicy.API_KEY, Known.SUBJECT),
            Kind.basic("iamapikey", "acme-bot-kex", Known.WRONG),
            Kind.basic("bot", "acme-bot-kex", Known.WRONG),
            Kind.basic("alice", TestPolicy.API_KEY, Known.WRONG),
            Kind.basic("alice", TestPolicy.ALICES_PASSWORD, Known.SUBJECT),
            Kind.basic("acme/alice", TestPolicy.ALICES_PASSWORD, Known.SUBJECT),
            Kind.basic("alice", "alices-passwort", Known.WRONG),
            Kind.basic("alice", "", Known.WRONG),
            Kind.basic("other/alice", TestPolicy.ALICES_PASSWORD, Known.WRONG),
            Kind.basic("bob", "bobs-password", Known.SUBJECT),
            Kind.basic("acme/bob", "bobs-password", Known.SUBJECT),
            Kind.basic("bob", TestPolicy.ALICES_PASSWORD, Known.WRONG),
            Kind.basic("nobody", "bobs-password", Known.WRONG),
            new Kind("bearer nonsense", Optional.of("Bearer nonsense"), Known.WRONG));

    /** Where a request comes from, and whether the account lists it. */
    private enum Place {
        OFFICE(true, "203.0.113.10"),
        OFFICE_BEHIND_WHAT_IT_CLAIMS(true, "192.0.2.50, 203.0.113.10"),
        OFFICE_IPV6(true, "2001:db8:1::7"),
        STRANGER(false, "192.0.2.50"),
        STRANGER_WHO_CLAIMS_THE_OFFICE(false, "203.0.113.10, 192.0.2.50"),
        STRANGER_IPV6(false, "2001:db8:2::7"),
        UNKNOWN(false, "unknown");

        private final boolean listed;
        private final String forwardedFor;

        Place(boolean listed, String forwardedFor) {
            this.listed = listed;
            this.forwardedFor = forwardedFor;
        }
    }

    /** What is asked for. */
    private enum Asked {
        LOGIN(List.of()),
        PULL(List.of("repository:acme/app:pull")),
        PUSH(List.of("repository:acme/app:pull,push")),
        CATALOG(List.of("registry:catalog:*"));

        private final List<String> scopes;

        Asked(List<String> scopes) {
            this.scopes = scopes;
        }
    }

    @TestHTTPResource
    URI server;

    static Stream<Arguments> table() {
        return KINDS.stream()
                .flatMap(kind -> Stream.of(Place.values())
                        .flatMap(place -> Stream.of(Asked.values()).map(asked -> Arguments.of(kind, place, asked))));
    }

    @ParameterizedTest
    @MethodSource("table")
    void whoIsKnownAndListedGetsWhatIsAskedForAndNobodyElseAnything(Kind kind, Place place, Asked asked)
            throws JsonProcessingException {
        // When
        Answer answer = get(kind, place, asked);

        // Then
        JsonNode body = JSON.readTree(answer.body());
        if (place == Place.UNKNOWN) {
            assertRefused(answer, body, 403, "DENIED", "could not be established");
        } else if (kind.known() == Known.WRONG) {
            assertRefused(answer, body, 401, "UNAUTHORIZED", "incorrect username or password");
        } else if (kind.known() == Known.SUBJECT && !place.listed) {
            assertRefused(answer, body, 403, "DENIED", "is not allowed access");
        } else {
            assertThat(answer.status()).isEqualTo(200);
            JsonNode access = Jwt.decode(body.path("token").asText()).claims().path("access");
            assertThat(access).hasSize(kind.known() == Known.SUBJECT ? asked.scopes.size() : 0);
            if (!access.isEmpty()) {
                assertThat(access.path(0).path("actions").toString())
                        .isEqualTo(
                                switch (asked) {
                                    case PULL -> "[\"pull\"]";
                                    case PUSH -> "[\"pull\",\"push\"]";
                                    case CATALOG -> "[\"*\"]";
                                    case LOGIN -> "";
                                });
            }
        }
    }

    private static void assertRefused(Answer answer, JsonNode body, int status, String code, String message) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(body.has("token")).isFalse();
        assertThat(body.has("access_token")).isFalse();
        JsonNode error = body.path("errors").path(0);
        assertThat(error.path("code").asText()).isEqualTo(code);
        assertThat(error.path("message").asText()).contains(message);
    }

    private Answer get(Kind kind, Place place, Asked asked) {
        List<Line> lines = new ArrayList<>(
                List.of(new Line("Host", "localhost"), new Line("X-Forwarded-For", place.forwardedFor)));
        kind.authorization().ifPresent(value -> lines.add(new Line("Authorization", value)));
        return RawHttp.get(server, RawHttp.tokenTarget("registry.localhost", asked.scopes), lines);
    }
}
