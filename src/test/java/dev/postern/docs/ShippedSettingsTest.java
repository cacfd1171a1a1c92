package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.setup.PosternConfig;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped deployments set is what Postern takes. */
class ShippedSettingsTest {

    private static final Path DEPLOY = Path.of("deploy");
    private static final Pattern VARIABLE = Pattern.compile("\\b(POSTERN_[A-Z_]+)(?=: |, value|=/)");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes/base/application.yaml",
                "kubernetes/overlays/registry-sidecar/application.yaml",
                "kubernetes/overlays/envoy-sidecar/application.yaml"
            })
    void theSettingsForKubernetesAreKnown(String file) throws IOException {
        // When: SmallRye Config refuses what the mapping does not have
        PosternConfig settings = new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource(file, Files.readString(DEPLOY.resolve(file))))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .withMappingIgnore("quarkus.**")
                .build()
                .getConfigMapping(PosternConfig.class);
        // Then
        assertThat(settings.service()).isEqualTo("registry.example.com");
        assertThat(settings.envoy().enabled()).isEqualTo(file.contains("envoy"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes/base/policy.yaml",
                "kubernetes/overlays/registry-sidecar/policy.yaml",
                "kubernetes/overlays/envoy-sidecar/policy.yaml"
            })
    void thePolicyForKubernetesIsOneAndLetsNobodyIn(String file) throws IOException {
        // When
        PolicyCompiler.Outcome outcome = new PolicyCompiler(Set.of())
                .compile(List.of(new Document(file, Files.readString(DEPLOY.resolve(file)))));
        // Then
        assertThat(outcome).isInstanceOf(Compiled.class);
        assertThat(((Compiled) outcome).policy().warnings())
                .singleElement()
                .asString()
                .contains("admits no public source");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "compose.yaml",
                "container/Containerfile",
                "container/Containerfile.native",
                "systemd/postern.service",
                "kubernetes/components/redis/kustomization.yaml"
            })
    void eachVariableIsASetting(String file) throws IOException {
        // Given
        Set<String> known = ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class)).keySet().stream()
                .map(name -> name.toUpperCase(java.util.Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))
                .collect(Collectors.toSet());
        // When
        List<String> set = VARIABLE.matcher(
                        Files.readString(DEPLOY.resolve(file)).replace("${POSTERN_IMAGE", ""))
                .results()
                .map(MatchResult::group)
                .toList();
        // Then
        assertThat(set).isNotEmpty();
        assertThat(known).containsAll(set);
    }

    @Test
    void envoysInKubernetesDifferByNothingButTls() throws IOException {
        // Given
        List<String> own = lines("kubernetes/overlays/envoy-sidecar/envoy.yaml");
        // Then
        assertThat(own)
                .containsAll(lines("envoy/envoy.yaml").stream()
                        .filter(line -> !line.startsWith("#") && !line.contains("- filters:"))
                        .toList());
    }

    @Test
    void imagesRunAsNobodyInParticular() throws IOException {
        for (String file : List.of("container/Containerfile", "container/Containerfile.native")) {
            assertThat(lines(file)).as(file).contains("USER 65532:65532").noneMatch(line -> line.matches("(?i)add .*"));
        }
    }

    private static List<String> lines(String file) throws IOException {
        return Files.readAllLines(DEPLOY.resolve(file)).stream()
                .map(String::strip)
                .toList();
    }
}
