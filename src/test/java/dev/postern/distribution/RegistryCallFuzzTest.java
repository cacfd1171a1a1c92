package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.distribution.RegistryCall.Base;
import dev.postern.distribution.RegistryCall.Catalog;
import dev.postern.distribution.RegistryCall.Elsewhere;
import dev.postern.distribution.RegistryCall.OfRepository;
import dev.postern.distribution.RegistryCall.Refused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Request targets from data, held against the regular expressions of Distribution's own routes (reference/regexp.go, api/v2/descriptors.go). */
class RegistryCallFuzzTest {

    private static final String COMPONENT = "[a-z0-9]+(?:(?:[.]|_|__|[-]+)[a-z0-9]+)*";
    private static final String NAME = COMPONENT + "(?:/" + COMPONENT + ")*";
    private static final String DIGEST = "[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+";
    private static final String TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
    private static final List<Pattern> ROUTES = List.of(
            Pattern.compile("/v2/(?<name>" + NAME + ")/manifests/(?:" + TAG + "|" + DIGEST + ")"),
            Pattern.compile("/v2/(?<name>" + NAME + ")/blobs/" + DIGEST),
            Pattern.compile("/v2/(?<name>" + NAME + ")/blobs/uploads/[a-zA-Z0-9-_.=]*"),
            Pattern.compile("/v2/(?<name>" + NAME + ")/tags/list"),
            Pattern.compile("/v2/(?<name>" + NAME + ")/referrers/" + DIGEST));

    @FuzzTest(maxDuration = "2m")
    void anyTargetIsACallOrIsRefused(byte[] data) {
        hold(
                data.length > 0 ? List.of("GET", "PUT", "POST", "DELETE").get(data[0] & 3) : "GET",
                new String(data, StandardCharsets.ISO_8859_1));
    }

    @FuzzTest(maxDuration = "2m")
    void aCallIsReadHoweverItIsPutTogether(FuzzedDataProvider data) {
        String method = data.pickValue(List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"));
        StringBuilder target = new StringBuilder("/v2/");
        while (data.remainingBytes() > 8) {
            target.append(
                    data.consumeBoolean()
                            ? data.pickValue(List.of(
                                    "/",
                                    "acme",
                                    "blobs/",
                                    "uploads/",
                                    "manifests/",
                                    "tags/list",
                                    "referrers/",
                                    "sha256:" + "0".repeat(64),
                                    "?mount=sha256:" + "0".repeat(64),
                                    "&from=other/app",
                                    "%2f",
                                    ".."))
                            : data.consumeAsciiString(3));
        }
        hold(method, target.toString());
    }

    private static void hold(String method, String target) {
        // When
        RegistryCall call = RegistryCall.of(method, target, List.of());
        // Then
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        switch (call) {
            case Base base -> assertThat(path).isEqualTo("/v2/");
            case Catalog catalog -> assertThat(path).isEqualTo("/v2/_catalog");
            case Elsewhere elsewhere -> assertThat(path).startsWith("/").doesNotStartWithIgnoringCase("/v2/");
            case Refused refused ->
                assertThat(refused.why()).isNotEmpty().matches("[ -~]+").hasSizeLessThan(300);
            case OfRepository of -> {
                assertThat(call.path()).hasValue(path);
                assertThat(namesOf(path)).containsExactly(of.repository());
                assertThat(of.actions())
                        .isSubsetOf(Set.of("pull", "push", "delete"))
                        .isNotEmpty();
                of.mountedFrom().ifPresent(from -> assertThat(from).matches(NAME));
                if (query < 0) {
                    assertThat(of.mountedFrom()).isEqualTo(Optional.empty());
                }
            }
        }
    }

    /** The repository by each route that takes the path. */
    private static List<String> namesOf(String path) {
        return ROUTES.stream()
                .map(route -> route.matcher(path))
                .filter(Matcher::matches)
                .map(match -> match.group("name"))
                .toList();
    }
}
