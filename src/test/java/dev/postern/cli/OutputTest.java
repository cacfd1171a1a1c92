package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What commands print for programs: one document, of members that stay. */
class OutputTest {

    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty("quarkus.config.locations");
        System.clearProperty("quarkus.profile");
    }

    @Test
    void aGoodPolicyIsUsable() throws IOException {
        // Given
        Path policy = policy("accounts: {acme: {namespaces: [acme], network: {allow: []}}}");
        // When
        CommandRun run = CommandRun.of("policy", "check", "--output", "json", policy.toString());
        // Then
        JsonNode said = read(run.out());
        assertThat(run.exitCode()).isZero();
        assertThat(names(said)).containsExactly("usable", "version", "accounts", "rules", "problems");
        assertThat(said.at("/usable").booleanValue()).isTrue();
        assertThat(said.at("/problems/0/severity").textValue()).isEqualTo("warning");
        assertThat(said.at("/problems/0/file").textValue()).isEqualTo(policy.toString());
        assertThat(said.at("/problems/0/line").isInt()).isTrue();
    }

    @Test
    void aBadOneIsNotAndTheProblemsHaveTheirPlaces() throws IOException {
        // Given
        Path policy = policy("accounts:\n  acme: {namespaces: [acme], nonsense: 1}\n");
        // When
        CommandRun run = CommandRun.of("policy", "check", "--output", "json", policy.toString());
        // Then
        JsonNode said = read(run.out());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEmpty();
        assertThat(said.at("/usable").booleanValue()).isFalse();
        assertThat(said.at("/problems/0/severity").textValue()).isEqualTo("error");
        assertThat(said.at("/problems/0/line").intValue()).isEqualTo(2);
        assertThat(said.at("/problems/0/message").textValue()).contains("nonsense");
    }

    @Test
    void casesHaveTheirDifferences() throws IOException {
        // Given
        Path policy = policy("accounts: {acme: {namespaces: [acme], network: {allow: []},"
                + " bindings: [{subjects: [anonymous], roles: [Reader]}]}}");
        Path cases = Files.writeString(directory.resolve("cases.yaml"), """
                cases:
                  - { name: refused, ip: 203.0.113.9, identity: anonymous, scopes: ["repository:acme/a:pull"],
                      expect: { decision: refused, reason: address-not-listed } }
                  - { name: granted, ip: 203.0.113.9, identity: anonymous, scopes: ["repository:acme/a:pull"],
                      expect: { decision: granted } }
                """);
        // When
        CommandRun run =
                CommandRun.of("policy", "test", "--output", "json", "--policy", policy.toString(), cases.toString());
        // Then
        JsonNode said = read(run.out());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(names(said)).containsExactly("passed", "failed", "cases");
        assertThat(said.at("/passed").intValue()).isEqualTo(1);
        assertThat(said.at("/cases/0/passed").booleanValue()).isTrue();
        assertThat(said.at("/cases/1/differences/0").textValue()).contains("granted");
    }

    @Test
    void aKeyHasItsDigest() throws IOException {
        // When
        JsonNode said = read(
                CommandRun.of("key", "create", "--id", "ci", "--output", "json").out());
        // Then
        assertThat(names(said)).containsExactly("id", "api_key", "digest");
        assertThat(said.at("/id").textValue()).isEqualTo("ci");
        assertThat(said.at("/digest").textValue()).startsWith("sha-256:");
    }

    @Test
    void signingKeysHaveTheirFiles() throws IOException {
        // Given
        Path key = directory.resolve("key.pem");
        Path certificate = directory.resolve("certificate.pem");
        // When
        CommandRun run = CommandRun.of(
                "keys", "create", "--output=json", "--key", key.toString(), "--certificate", certificate.toString());
        // Then
        assertThat(read(run.out()))
                .isEqualTo(
                        JSON.createObjectNode().put("key", key.toString()).put("certificate", certificate.toString()));
    }

    @Test
    void anImportHasThePolicy() throws IOException {
        // Given
        Path rules = Files.writeString(
                directory.resolve("rules.json"),
                "{\"networkRuleSet\": {\"defaultAction\": \"Deny\", \"ipRules\":"
                        + " [{\"action\": \"Allow\", \"value\": \"203.0.113.0/24\"}]}}");
        // When
        CommandRun run =
                CommandRun.of("policy", "import", "acr-network-rule-set", "--output", "json", rules.toString());
        // Then
        JsonNode said = read(run.out());
        assertThat(said.at("/imported").booleanValue()).as(run.out()).isTrue();
        assertThat(said.at("/policy").textValue()).contains("203.0.113.0/24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "explain --output json nonsense           | 64 | is not a decision's id",
                "explain --output json 0123456789abcdef /nowhere/x | 66 | there is no file /nowhere/x",
                "feed list --output=json --policy /nowhere/x | 78 | /nowhere/x",
                "policy explain --output json             | 64 | either --ip or --peer is needed",
                "source --output json                     | 64 | --peer",
                "policy check --outptu --output json      | 64 | --outptu",
            })
    void whatStopsACommandIsJsonToo(String command, int exitCode, String why) throws IOException {
        // When
        CommandRun run = CommandRun.of(command.strip().split(" "));
        // Then
        JsonNode said = read(run.err());
        assertThat(run.exitCode()).isEqualTo(exitCode);
        assertThat(run.out()).isEmpty();
        assertThat(said.at("/exit_code").intValue()).isEqualTo(exitCode);
        assertThat(said.at("/error").textValue()).contains(why);
    }

    private Path policy(String text) throws IOException {
        return Files.writeString(directory.resolve("policy.yaml"), text);
    }

    private static JsonNode read(String text) throws JsonProcessingException {
        return JSON.readTree(text);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
