package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** The list of what is shipped (CycloneDX) beside the package itself, and beside {@code NOTICE}. */
@DisabledIf("thereAreNoJars")
class ShippedIT {

    /** Licences that go with Apache-2.0 in a package of binaries, each as SPDX or the build's poms name it. */
    private static final Set<String> GOOD = Set.of(
            "apache-2.0",
            "mit",
            "mit-0",
            "bsd-2-clause",
            "bsd-3-clause",
            "epl-1.0",
            "epl-2.0",
            "upl-1.0",
            "cc0-1.0",
            "public-domain",
            "gpl-2.0-with-classpath-exception",
            "bouncy castle licence");

    private final Path base = Path.of(System.getProperty("postern.basedir"));
    private final Path app = Path.of(System.getProperty("postern.artifact")).getParent();

    static boolean thereAreNoJars() {
        return !System.getProperty("postern.artifact").endsWith(".jar");
    }

    @Test
    void theListNamesExactlyTheJarsThatAreShipped() throws IOException {
        // Given
        Set<String> shipped = new TreeSet<>();
        try (Stream<Path> files = Files.walk(app.resolve("lib"))) {
            files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".jar"))
                    .forEach(shipped::add);
        }
        // When
        Set<String> listed = new TreeSet<>();
        for (JsonNode component : components()) {
            listed.add(jarOf(component));
        }
        // Quarkus depends on it, for editors that start it, and leaves it out of packages.
        listed.removeIf(jar -> jar.startsWith("io.quarkus.quarkus-ide-launcher-"));
        // Then
        assertThat(shipped).hasSizeGreaterThan(100);
        assertThat(listed).isEqualTo(shipped);
    }

    @Test
    void eachIsIdentifiedAndHasItsDigest() throws IOException {
        assertThat(components()).allSatisfy(component -> {
            assertThat(component.path("purl").asText()).startsWith("pkg:maven/");
            assertThat(component.path("version").asText()).isNotEmpty().doesNotContain("SNAPSHOT");
            assertThat(component.path("hashes").findValuesAsText("alg")).contains("SHA-256");
        });
    }

    @Test
    void eachHasALicenceThatGoesWithOurs() throws IOException {
        // When
        List<String> others = new ArrayList<>();
        for (JsonNode component : components()) {
            List<String> licences = new ArrayList<>();
            component.path("licenses").forEach(each -> {
                licences.add(each.path("license").path("id").asText());
                licences.add(each.path("license").path("name").asText());
                licences.add(each.path("expression").asText());
            });
            if (licences.stream().map(name -> name.toLowerCase(Locale.ROOT)).noneMatch(ShippedIT::isGood)) {
                others.add(component.path("purl").asText() + " " + licences);
            }
        }
        // Then
        assertThat(others).isEmpty();
    }

    @Test
    void eachGroupStandsInTheNotice() throws IOException {
        // Given: the groups, some of them without what those before them have in common
        List<String> groups = Files.readAllLines(base.resolve("NOTICE")).stream()
                .flatMap(line -> Stream.of(line.split("[\\s,]+")))
                .filter(word -> word.matches("\\.?[a-z0-9_-]+(\\.[a-z0-9_-]+)*(\\.\\*)?"))
                .toList();
        // Then
        Set<String> unnamed = new TreeSet<>();
        for (JsonNode component : components()) {
            String group = component.path("group").asText();
            if (groups.stream().noneMatch(word -> names(word, group))) {
                unnamed.add(group);
            }
        }
        assertThat(unnamed).isEmpty();
    }

    /** Whether a word of the notice is that group: in whole, its end ({@code .code.gson}), or all below it. */
    private static boolean names(String word, String group) {
        return word.equals(group)
                || (word.startsWith(".") && group.endsWith(word))
                || (word.endsWith(".*") && group.startsWith(word.substring(0, word.length() - 1)));
    }

    private static boolean isGood(String licence) {
        return GOOD.contains(licence) || licence.matches(".*apache.*2.*");
    }

    private List<JsonNode> components() throws IOException {
        JsonNode list = new ObjectMapper()
                .readTree(app.resolveSibling("postern.cdx.json").toFile());
        assertThat(list.path("bomFormat").asText()).isEqualTo("CycloneDX");
        List<JsonNode> components = new ArrayList<>();
        list.path("components").forEach(components::add);
        return components;
    }

    /** The name that Quarkus gives a jar in the package. */
    private static String jarOf(JsonNode component) {
        String purl = component.path("purl").asText();
        int classifier = purl.indexOf("classifier=");
        String suffix =
                classifier < 0 ? "" : "-" + purl.substring(classifier + 11).split("&")[0];
        return component.path("group").asText() + "." + component.path("name").asText() + "-"
                + component.path("version").asText() + suffix + ".jar";
    }
}
