package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code POST /token} and refresh tokens, with real addresses and a real registry. */
@InLab
class LabRefreshTokenIT {

    private static final String TOKEN = "https://postern.lab.test:8443/token";
    private static final String MANIFEST = "https://registry.lab.test/v2/" + Lab.IMAGE + "/manifests/1";
    private static final String SCOPE = "repository:" + Lab.IMAGE + ":pull";

    private final Lab lab;

    LabRefreshTokenIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void theOfficeIsAllowed() {
        lab.postern();
        lab.stock();
        lab.allow("zone: office");
    }

    @Test
    void aTokenOfAPostIsTakenByTheRegistry() {
        // When
        Answer answer = password(Lab.OFFICE, lab.readerBot());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("scope").asText()).isEqualTo(SCOPE);
        assertThat(manifest(answer).status()).isEqualTo(200);
    }

    @Test
    void aRefreshTokenTakenBeforeARuleWasRemovedIsRefusedAfterwards() {
        // Given
        String refreshToken = password(Lab.OFFICE, lab.readerBot())
                .json()
                .path("refresh_token")
                .asText();
        Answer before = refresh(Lab.OFFICE, refreshToken);
        assertThat(before.status()).isEqualTo(200);
        assertThat(before.json().path("refresh_token").asText()).isEqualTo(refreshToken);
        assertThat(manifest(before).status()).isEqualTo(200);

        // When
        lab.allow("address: 192.0.2.0/24");

        // Then: by the address, as the policy is now
        Answer after = refresh(Lab.OFFICE, refreshToken);
        assertThat(after.status()).isEqualTo(403);
        assertThat(after.body()).isEqualTo(after.refusalOf("'203.0.113.10'"));
        assertThat(refresh("stranger", refreshToken).status()).isEqualTo(200);
    }

    @Test
    void aRefreshTokenFromAnotherAddressIsRefused() {
        // Given
        String refreshToken = password(Lab.OFFICE, lab.readerBot())
                .json()
                .path("refresh_token")
                .asText();

        // Then
        assertThat(refresh(Lab.STRANGER, refreshToken).status()).isEqualTo(403);
    }

    @Test
    void whoPostsFirstAsContainerdDoesPullsFromTheOfficeAndGivesUpElsewhere() {
        // When
        Client office = containerd(Lab.OFFICE, lab.readerBot());
        Client stranger = containerd(Lab.STRANGER, lab.readerBot());

        // Then: one POST each; a refusal by address is no reason to try a GET
        assertThat(office.asked()).containsExactly("POST 200");
        assertThat(manifest(office.last()).status()).isEqualTo(200);
        assertThat(stranger.asked()).containsExactly("POST 403");
        assertThat(containerd(Lab.OFFICE, "iamapikey:wrong").asked()).containsExactly("POST 401", "GET 401");
    }

    private record Client(List<String> asked, Answer last) {}

    /** As containerd does it ({@code core/remotes/docker/authorizer.go}): POST, and after some answers GET. */
    private Client containerd(String host, String credentials) {
        List<String> asked = new ArrayList<>();
        Answer answer = password(host, credentials);
        asked.add("POST " + answer.status());
        if (Set.of(400, 401, 404, 405).contains(answer.status())) {
            answer = lab.token(host, credentials, SCOPE);
            asked.add("GET " + answer.status());
        }
        return new Client(asked, answer);
    }

    private Answer password(String host, String credentials) {
        String[] user = credentials.split(":", 2);
        return post(host, "grant_type=password", "username=" + user[0], "password=" + user[1], "access_type=offline");
    }

    private Answer refresh(String host, String token) {
        return post(host, "grant_type=refresh_token", "refresh_token=" + token);
    }

    private Answer post(String host, String... fields) {
        List<String> arguments = new ArrayList<>();
        for (String field : fields) {
            arguments.addAll(List.of("--data-urlencode", field));
        }
        arguments.addAll(List.of(
                "--data-urlencode", "client_id=containerd-client",
                "--data-urlencode", "service=registry.lab.test",
                "--data-urlencode", "scope=" + SCOPE));
        return lab.get(host, TOKEN, arguments.toArray(String[]::new));
    }

    private Answer manifest(Answer token) {
        return lab.get(
                Lab.OFFICE,
                MANIFEST,
                "--header",
                "Authorization: Bearer " + token.json().path("access_token").asText(),
                "--header",
                "Accept: application/vnd.oci.image.manifest.v1+json");
    }
}
