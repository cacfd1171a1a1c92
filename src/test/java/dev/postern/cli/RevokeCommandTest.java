package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code postern revoke} writes, and what it does not take. */
class RevokeCommandTest {

    @TempDir
    Path data;

    @BeforeEach
    void settings() {
        System.setProperty("postern.data", data.toString());
    }

    @AfterEach
    void restore() {
        System.clearProperty("postern.data");
        System.clearProperty("quarkus.profile");
    }

    @Test
    void each_revocation_is_a_line() throws Exception {
        // When
        assertThat(run("revoke", "--token-id", "4mZ3dQ0u0oUn3oVb3ZZ0rA").exitCode())
                .isZero();
        assertThat(run("revoke", "--subject", "user:acme/alice").exitCode()).isZero();
        assertThat(run("revoke", "--account", "acme", "--before", "2026-06-01T00:00:00Z")
                        .exitCode())
                .isZero();

        // Then
        assertThat(Files.readAllLines(data.resolve("revocations"))).hasSize(3).satisfies(lines -> {
            assertThat(lines.get(0)).startsWith("token-id 4mZ3dQ0u0oUn3oVb3ZZ0rA ");
            assertThat(lines.get(1)).startsWith("subject user%3Aacme%2Falice ");
            assertThat(lines.get(2)).startsWith("account acme 2026-06-01T00:00:00Z 2026-08-30T01:00:00Z");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "revoke",
                "revoke --token-id short",
                "revoke --token-id 4mZ3dQ0u0oUn3oVb3ZZ0rA --before 2026-06-01T00:00:00Z",
                "revoke --token-id 4mZ3dQ0u0oUn3oVb3ZZ0rA --account acme",
                "revoke --subject alice",
                "revoke --subject anonymous",
                "revoke --account ä",
                "revoke --account acme --before yesterday",
                "revoke --account acme --before 2999-01-01T00:00:00Z",
            })
    void what_cannot_be_meant_is_wrong_usage_and_writes_nothing(String command) {
        // When
        CommandRun run = run(command.split(" "));

        // Then
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(data).isEmptyDirectory();
    }

    private static CommandRun run(String... arguments) {
        return CommandRun.of(arguments);
    }
}
