package dev.postern.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that make keys and write what registries read. */
class KeysIT {

    @TempDir
    Path directory;

    @Test
    void keys_export_writes_the_bundle_and_the_set_of_the_key_that_signs() throws Exception {
        // When
        String output = run(0, "keys", "export", "--directory", "out");

        // Then
        assertThat(output).contains("rootcertbundle:", "jwks:");
        assertThat(directory.resolve("out/rootcertbundle.pem"))
                .hasSameTextualContentAs(directory.resolve("data/signing-cert.pem"));
        assertThat(directory.resolve("out/jwks.json"))
                .content()
                .contains("\"kty\" : \"EC\"")
                .doesNotContain("\"d\"");
    }

    @Test
    void keys_create_makes_a_pair_and_never_overwrites_one() throws Exception {
        // Given
        run(0, "keys", "create", "--key", "key.pem", "--certificate", "cert.pem", "--algorithm", "RS256");
        String key = Files.readString(directory.resolve("key.pem"));

        // When
        String output = run(78, "keys", "create", "--key", "key.pem", "--certificate", "other.pem");

        // Then
        assertThat(output).contains("there is a key already at", "not overwritten");
        assertThat(directory.resolve("key.pem")).hasContent(key);
    }

    @Test
    void key_create_prints_a_digest_that_the_policy_takes() throws Exception {
        // Given
        String output = run(0, "key", "create", "--id", "ci");
        String line = output.lines()
                .filter(text -> text.contains("digest:"))
                .findFirst()
                .orElseThrow();
        Files.writeString(
                directory.resolve("policy.yaml"),
                "accounts:\n  acme:\n    service-ids:\n      bot:\n        api-keys:\n      " + line + "\n");

        // When, Then
        assertThat(run(0, "policy", "check", "policy.yaml")).contains("good: 1 accounts");
    }

    private String run(int expected, String... arguments) throws Exception {
        try (PosternProcess postern = PosternProcess.start(directory, Map.of(), arguments)) {
            assertThat(postern.awaitExit()).as(postern.output()).isEqualTo(expected);
            return postern.output();
        }
    }
}
