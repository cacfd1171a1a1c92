package dev.postern.door.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.testing.Forms;
import dev.postern.testing.Jwt;
import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Answer;
import dev.postern.testing.TestPolicy;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests as clients send them ({@code src/test/resources/clients}), byte by byte, and what each of them is answered. */
@QuarkusTest
@WithTestResource(
        value = PosternResource.class,
        initArgs = {
            @ResourceArg(name = PosternResource.POLICY, value = RecordedRequestsTest.POLICY),
            @ResourceArg(name = "postern.source.trusted-proxies", value = "127.0.0.1")
        })
class RecordedRequestsTest {

    static final String POLICY = """
            accounts:
              acme:
                namespaces: [acme]
                network: { allow: [{ address: 203.0.113.0/24 }] }
                users:
                  alice: { password: "$2y$04$xiM2ucyyuD.MewAREZCdkeNoygOKFfXCkZJ4Zgesj6E52zBtCGBa2" }
                bindings:
                  - { subjects: [user:alice], roles: [Manager] }
                  - { subjects: [anonymous], roles: [Reader], repository: "public/**" }
            """;

    /** File, status, subject, what is granted, and whether there is a refresh token. */
    private static final String TABLE = """
            docker-login                | 200 | user:acme/alice |                                                         | true
            docker-push                 | 200 | user:acme/alice | repository:acme/app:pull,push                           | false
            skopeo-login                | 200 | user:acme/alice |                                                         | false
            skopeo-pull                 | 200 | user:acme/alice | repository:acme/app:pull                                | false
            skopeo-pull-of-nobody       | 200 |                 | repository:acme/public/app:pull                         | false
            skopeo-refresh              | 200 | user:acme/alice | repository:acme/app:pull                                | true
            crane-pull                  | 200 | user:acme/alice | repository:acme/app:pull                                | false
            crane-push                  | 200 | user:acme/alice | repository:acme/app:pull repository:acme/app:pull,push  | false
            crane-catalog               | 200 | user:acme/alice | registry:catalog:*                                      | false
            crane-pull-of-nobody        | 200 |                 | repository:acme/public/app:pull                         | false
            crane-refresh               | 200 | user:acme/alice | repository:acme/app:pull                                | true
            oras-copy                   | 200 | user:acme/alice | repository:acme/app:pull repository:acme/copy:pull,push | false
            scopes-in-one               | 200 | user:acme/alice | repository:acme/app:pull repository:acme/base:pull      | false
            regctl-login                | 200 | user:acme/alice |                                                         | false
            regctl-pull                 | 200 | user:acme/alice | repository:acme/app:pull                                | false
            regctl-copy                 | 200 | user:acme/alice | repository:acme/app:pull repository:acme/base:pull      | false
            regctl-push                 | 200 | user:acme/alice | repository:acme/app:pull,push                           | false
            regctl-refresh              | 200 | user:acme/alice | repository:acme/app:pull                                | true
            regctl-pull-of-nobody-first | 400 |                 |                                                         | false
            regctl-pull-of-nobody-then  | 200 |                 | repository:acme/public/app:pull                         | false
            containerd-pull             | 200 | user:acme/alice | repository:acme/app:pull                                | false
            containerd-fallback         | 200 | user:acme/alice | repository:acme/app:pull                                | false
            """;

    private static final Path CLIENTS = Path.of("src/test/resources/clients");
    private static final String OFFICE = "203.0.113.10";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    URI server;

    private String refreshToken = "";

    @BeforeEach
    void logIn() throws JsonProcessingException {
        Map<String, String> form = Forms.password("registry.localhost", "alice", TestPolicy.ALICES_PASSWORD, "");
        form.put("access_type", "offline");
        Forms.Answer login = Forms.post(server, Forms.TYPE, Forms.encoded(form), "X-Forwarded-For", OFFICE);
        refreshToken = JSON.readTree(login.body()).path("refresh_token").asText();
        assertThat(refreshToken).contains(".");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = TABLE)
    void aRequestIsAnsweredAsItsClientExpects(
            String client, int status, String subject, String granted, boolean refresh) throws JsonProcessingException {
        // When
        Answer answer = send(client, OFFICE);

        // Then
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        JsonNode body = JSON.readTree(answer.body());
        if (status != 200) {
            assertThat(body.path("errors")).hasSize(1);
            return;
        }
        boolean post = text(client).startsWith("POST");
        assertThat(fields(body))
                .isEqualTo(new TreeSet<>(Stream.of(
                                List.of("access_token", "expires_in", "issued_at"),
                                post ? List.of("scope") : List.of("token"),
                                refresh ? List.of("refresh_token") : List.<String>of())
                        .flatMap(List::stream)
                        .toList()));
        assertThat(body.path("expires_in").asInt()).isBetween(60, 300);
        JsonNode claims = Jwt.decode(body.path("access_token").asText()).claims();
        assertThat(claims.path("sub").asText("missing")).isEqualTo(subject == null ? "" : subject);
        assertThat(scopes(claims)).isEqualTo(granted == null ? "" : granted);
        if (post) {
            assertThat(body.path("scope").asText()).isEqualTo(granted == null ? "" : granted);
        }
        if (text(client).contains("REFRESH-TOKEN")) {
            assertThat(body.path("refresh_token").asText()).isEqualTo(refreshToken);
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = TABLE)
    void theSameFromElsewhereIsRefusedOrMalformedAndNothingIsIssued(String client, int status) {
        // When
        Answer answer = send(client, "192.0.2.50");

        // Then: 403, after which containerd does not try again
        assertThat(answer.status()).isEqualTo(status == 200 ? 403 : status);
        assertThat(answer.body()).doesNotContain("token\"").doesNotContain("eyJ");
    }

    @Test
    void everyRecordedRequestIsInTheTable() throws IOException {
        try (Stream<Path> files = Files.list(CLIENTS)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".http"))
                            .map(name -> name.replace(".http", "")))
                    .containsExactlyInAnyOrderElementsOf(TABLE.lines()
                            .map(line -> line.substring(0, line.indexOf(' ')))
                            .toList());
        }
    }

    private static TreeSet<String> fields(JsonNode body) {
        TreeSet<String> names = new TreeSet<>();
        body.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String scopes(JsonNode claims) {
        return Stream.iterate(0, i -> i < claims.path("access").size(), i -> i + 1)
                .map(i -> claims.path("access").path(i))
                .map(access ->
                        access.path("type").asText() + ":" + access.path("name").asText() + ":"
                                + String.join(",", JSON.convertValue(access.path("actions"), String[].class)))
                .collect(Collectors.joining(" "));
    }

    private Answer send(String client, String from) {
        String[] parts = text(client).split("\n\n", 2);
        String body = parts.length == 1 ? "" : parts[1].strip().replace("REFRESH-TOKEN", refreshToken);
        List<String> lines = parts[0].strip().lines().toList();
        boolean chunked = lines.contains("Transfer-Encoding: chunked");
        String head = lines.stream()
                .filter(line -> !line.startsWith("Content-Length:") && !line.startsWith("Connection:"))
                .collect(Collectors.joining("\r\n"));
        String length = chunked || body.isEmpty() ? "" : "Content-Length: " + body.length() + "\r\n";
        String sent = chunked ? chunk(body.substring(0, 20)) + chunk(body.substring(20)) + "0\r\n\r\n" : body;
        return RawHttp.exchange(
                server,
                head + "\r\nHost: localhost\r\nConnection: close\r\nX-Forwarded-For: " + from + "\r\n" + length + "\r\n"
                        + sent);
    }

    private static String chunk(String text) {
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static String text(String client) {
        try {
            return Files.readString(CLIENTS.resolve(client + ".http"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
