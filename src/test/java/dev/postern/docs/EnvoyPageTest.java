package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.distribution.RegistryCall;
import dev.postern.distribution.RegistryCall.Base;
import dev.postern.distribution.RegistryCall.Catalog;
import dev.postern.distribution.RegistryCall.OfRepository;
import dev.postern.distribution.RegistryCall.Refused;
import dev.postern.door.RegistrySettings.Mode;
import dev.postern.door.Route;
import dev.postern.setup.PosternConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the page on Envoy shows is what Postern takes. */
class EnvoyPageTest {

    private static final String PAGE = read("docs/envoy.md");
    private static final List<String> METHODS = List.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS");
    private static final Pattern ROW =
            Pattern.compile("^\\|([^|]*)\\| ((?:`[A-Z]+`(?:, )?)+) \\| ([^|]*) \\|$", Pattern.MULTILINE);

    /** A row of the table: the path of the rows above where its own is empty. */
    record Row(String path, List<String> methods, String needs) {}

    @Test
    void itsSettingsAreKnownAndAllThatIsNeeded() throws IOException {
        // Given
        String block = block("```yaml settings\n(.*?)```");
        // When: SmallRye Config refuses what the mapping does not have
        PosternConfig settings = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("envoy.md", block))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(settings.envoy().enabled()).isTrue();
        assertThat(Mode.of(settings.registry().mode())).contains(Mode.TOKEN);
        assertThat(settings.registry().realm()).isPresent();
    }

    @Test
    void itsOtherTokenServiceIsKnownToTheSettings() throws IOException {
        // Given
        String block = Pattern.compile("```yaml settings\n(.*?)```", Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .map(found -> found.group(1))
                .toList()
                .get(1);
        // When
        PosternConfig settings = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("envoy.md", block))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(settings.registry().issuers()).hasEntrySatisfying("hub", hub -> {
            assertThat(hub.jwks()).isPresent();
            assertThat(hub.audiences().orElseThrow()).contains("mirror.example.com");
        });
    }

    @Test
    void itsRouteIsOneThatIsUnderstood() {
        // Given
        String[] pairs = block("context_extensions: \\{ (.*?) \\}").split(", ", -1);
        // When
        Route.Outcome outcome = Route.of(Map.of(
                pairs[0].split(": ", -1)[0], pairs[0].split(": ", -1)[1],
                pairs[1].split(": ", -1)[0], pairs[1].split(": ", -1)[1]));
        // Then
        assertThat(outcome)
                .isEqualTo(new Route.Read(new Route(Optional.of(Mode.NETWORK), Optional.of("acme"), Optional.empty())));
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String path = "";
        for (MatchResult row : ROW.matcher(PAGE).results().toList()) {
            path = row.group(1).isBlank() ? path : row.group(1).strip();
            rows.add(new Row(path, List.of(row.group(2).replace("`", "").split(", ", -1)), row.group(3)));
        }
        return rows.stream();
    }

    @Test
    void theTableIsThere() {
        assertThat(rows()).hasSize(11);
    }

    @ParameterizedTest
    @MethodSource("rows")
    void whatItSaysOfAPathIsSo(Row row) {
        // Given
        String path = row.path().startsWith("*") ? "" : row.path().replace("`", "");
        String target = "/v2/"
                + path.replace("NAME", "acme/app")
                        .replace("REFERENCE", "latest")
                        .replace("DIGEST", "sha256:" + "0".repeat(64))
                        .replace("ID", "1");
        for (String method : METHODS) {
            // When
            RegistryCall call = RegistryCall.of(method, target, List.of());
            // Then
            boolean listed = rows().anyMatch(other ->
                    other.path().equals(row.path()) && other.methods().contains(method));
            assertThat(call instanceof Refused).as("%s %s", method, target).isEqualTo(!listed);
            if (row.methods().contains(method)) {
                assertThat(needs(call)).isEqualTo(needs(row));
            }
        }
    }

    private static String needs(RegistryCall call) {
        return switch (call) {
            case Base base -> "";
            case Catalog catalog -> "registry:catalog:*";
            case OfRepository of -> String.join(",", of.actions());
            case RegistryCall.Elsewhere elsewhere -> "elsewhere";
            case Refused refused -> "refused";
        };
    }

    private static String needs(Row row) {
        String needs = row.needs().split(";", -1)[0];
        return String.join(
                ",",
                new TreeSet<>(Pattern.compile("`([^`]+)`")
                        .matcher(needs)
                        .results()
                        .map(word -> word.group(1))
                        .toList()));
    }

    @Test
    void whatItNamesIsThere() {
        assertThat(PAGE).contains("../deploy/envoy/envoy.yaml");
        String configuration = read("deploy/envoy/envoy.yaml");
        assertThat(configuration)
                .contains("failure_mode_allow: false", "status_on_error", "{ remove: x-postern-subject }");
    }

    @Test
    void thePageOnOtherProxiesHasKnownSettings() throws IOException {
        // Given
        String page = read("docs/forward.md");
        // When
        PosternConfig settings = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource(
                        "forward.md", page.split("```yaml settings\n")[1].split("```")[0]))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(settings.forward().enabled()).isTrue();
        assertThat(settings.source().trustedProxies()).isPresent();
        assertThat(page).contains("../deploy/nginx/nginx.conf");
        assertThat(read("deploy/nginx/nginx.conf")).contains("auth_request", "X-Original-URI $request_uri;");
    }

    private static String block(String pattern) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(PAGE)
                .results()
                .findFirst()
                .orElseThrow()
                .group(1);
    }

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
