package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Forms;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@link CredentialTableTest} for forms, with refresh tokens beside the other kinds. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = CredentialTableTest.POLICY),
            @ResourceArg(name = PosternResource.HTPASSWD, value = CredentialTableTest.USERS),
            @ResourceArg(name = "postern.issuer", value = "issuer.of.forms"),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class FormTableTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "registry.localhost";
    private static final String OFFICE = "203.0.113.10";

    /** A kind of credential; of a refresh token, what was shown for it. */
    private enum Kind {
        API_KEY("iamapikey", TestPolicy.API_KEY, false, true),
        PASSWORD("alice", TestPolicy.ALICES_PASSWORD, false, true),
        PASSWORD_OF_A_FILE("acme/bob", "bobs-password", false, true),
        REFRESH_TOKEN_BY_API_KEY("iamapikey", TestPolicy.API_KEY, true, true),
        REFRESH_TOKEN_BY_PASSWORD("alice", TestPolicy.ALICES_PASSWORD, true, true),
        REFRESH_TOKEN_BY_PASSWORD_OF_A_FILE("bob", "bobs-password", true, true),
        WRONG_PASSWORD("alice", "alices-passwort", false, false),
        FORGED_REFRESH_TOKEN("bob", "bobs-password", true, false);

        private final String user;
        private final String password;
        private final boolean refreshToken;
        private final boolean good;

        Kind(String user, String password, boolean refreshToken, boolean good) {
            this.user = user;
            this.password = password;
            this.refreshToken = refreshToken;
            this.good = good;
        }
    }

    @TestHTTPResource
    URI server;

    static Stream<Arguments> table() {
        Map<String, Boolean> places = new LinkedHashMap<>(Map.of(
                OFFICE,
                true,
                "192.0.2.50, " + OFFICE,
                true,
                "192.0.2.50",
                false,
                OFFICE + ", 192.0.2.50",
                false,
                "unknown",
                false));
        List<String> asked =
                List.of("", "repository:acme/app:pull", "repository:acme/app:pull,push", "registry:catalog:*");
        return Stream.of(Kind.values())
                .flatMap(kind -> places.entrySet().stream()
                        .flatMap(place -> asked.stream()
                                .map(scope -> Arguments.of(kind, place.getKey(), place.getValue(), scope))));
    }

    @ParameterizedTest
    @MethodSource("table")
    void whoIsKnownAndListedGetsWhatIsAskedForAndNobodyElseAnything(
            Kind kind, String forwardedFor, boolean listed, String scope) throws JsonProcessingException {
        // When
        Forms.Answer answer = post(form(kind, scope), forwardedFor);

        // Then
        JsonNode body = JSON.readTree(answer.body());
        if (forwardedFor.equals("unknown")) {
            assertThat(answer.status()).isEqualTo(403);
        } else if (!kind.good) {
            assertThat(answer.status()).isEqualTo(401);
        } else if (!listed) {
            assertThat(answer.status()).isEqualTo(403);
        } else {
            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(body.path("scope").asText()).isEqualTo(scope);
            assertThat(Jwt.decode(body.path("access_token").asText()).claims().path("access"))
                    .hasSize(scope.isEmpty() ? 0 : 1);
            assertThat(body.has("refresh_token")).isEqualTo(kind.refreshToken);
            return;
        }
        assertThat(body.has("access_token")).isFalse();
        assertThat(body.path("errors").path(0).path("code").asText())
                .isEqualTo(answer.status() == 401 ? "UNAUTHORIZED" : "DENIED");
    }

    private Map<String, String> form(Kind kind, String scope) throws JsonProcessingException {
        Map<String, String> form = Forms.password(SERVICE, kind.user, kind.password, scope);
        if (!kind.refreshToken) {
            return form;
        }
        form.put("access_type", "offline");
        String token =
                JSON.readTree(post(form, OFFICE).body()).path("refresh_token").asText();
        assertThat(token).contains(".");
        return Forms.refresh(SERVICE, kind.good ? token : token.replaceFirst("\\.[^.]{3}", ".AAA"), scope);
    }

    private Forms.Answer post(Map<String, String> form, String forwardedFor) {
        return Forms.post(server, Forms.TYPE, Forms.encoded(form), "X-Forwarded-For", forwardedFor);
    }
}
