package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern source} with what Envoy hands on. */
class SourceCommandTest {

    private static final List<String> PROPERTIES = List.of("quarkus.config.locations", "quarkus.profile");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> before = new HashMap<>();

    @TempDir
    Path directory;

    @BeforeEach
    void keepProperties() {
        PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
    }

    @AfterEach
    void restoreProperties() {
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    @Test
    void aLinkInMetadataIsItsEndpoint() throws IOException {
        // When
        int exitCode = source("--peer", "10.1.0.4", "--metadata", "azure_pe=Ae7/ACo=");
        // Then
        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString())
                .startsWith("private, by endpoint acme-azure, link azure:704708590, originator 10.1.0.4\n");
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        // When
        int exitCode = source("--peer", "10.1.0.4", "--metadata", "azure_pe=\u0001!!\u0000*", "--output", "json");
        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString())
                .contains("\"why\":\"lossy-link-metadata\"")
                .contains("value_string_encoding: BASE64");
    }

    @Test
    void aKeyThatIsNotListedIsUnknown() throws IOException {
        assertThat(source("--peer", "10.1.0.4", "--metadata", "pe=Ae7/ACo=")).isEqualTo(1);
        assertThat(out.toString()).startsWith("unknown: unlisted-link-metadata");
    }

    @Test
    void metadataAndAProxyHeaderExcludeEachOther() throws IOException {
        // When
        int exitCode = source("--peer", "10.0.0.1", "--proxy", "10.1.0.4", "--metadata", "azure_pe=Ae7/ACo=");
        // Then
        assertThat(exitCode).isEqualTo(64);
        assertThat(err.toString()).contains("--metadata and --proxy exclude each other");
    }

    private int source(String... arguments) throws IOException {
        Path settings = Files.writeString(directory.resolve("application.yaml"), """
                postern:
                  envoy: { link-metadata: { azure: azure_pe } }
                  private-endpoints: { acme-azure: { link-ids: ["azure:704708590"] } }
                """);
        List<String> all = new ArrayList<>(List.of("source", "--config", settings.toString()));
        all.addAll(List.of(arguments));
        return PosternCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
