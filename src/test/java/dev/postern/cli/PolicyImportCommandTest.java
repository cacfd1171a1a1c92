package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code postern policy import} at the command line: what goes where, and the exit codes. */
class PolicyImportCommandTest {

    private static final Path SAMPLES = Path.of("src/test/resources/import");

    @TempDir
    Path directory;

    @Test
    void thePolicyGoesToStandardOutputAndTheRestToStandardError() {
        // When
        CommandRun run = CommandRun.of(
                "policy", "import", "acr-network-rule-set", "--account", "acme", sample("acr-registry.json"));
        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("# Imported from ")
                .contains("accounts:\n  acme:\n    network:\n", "- { address: 203.0.113.0/24 }");
        assertThat(run.err().lines()).hasSize(5).allMatch(line -> line.contains("acr-registry.json:"));
    }

    @Test
    void whatMightOpenSomethingIsAnExitCodeAndNoPolicy() throws IOException {
        // Given
        Path file = write(
                "{\"defaultAction\": \"Allow\", \"ipRules\": [{\"action\": \"Deny\", \"value\": \"192.0.2.1\"}]}");
        // When
        CommandRun run = CommandRun.of("policy", "import", "acr-network-rule-set", file.toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith(file + ":1:").contains("error: the action of an IP rule is 'Deny'");
    }

    @Test
    void anOutputFileIsMadeAndNeverOverwritten() throws IOException {
        // Given
        Path output = directory.resolve("policy.yaml");
        String[] command = {
            "policy", "import", "github-allow-list", "--to", output.toString(), sample("github-allow-list.json")
        };
        // When
        CommandRun first = CommandRun.of(command);
        Files.writeString(output, "mine");
        CommandRun second = CommandRun.of(command);
        // Then
        assertThat(first.exitCode()).isZero();
        assertThat(first.out()).isEmpty();
        assertThat(second.exitCode()).isEqualTo(73);
        assertThat(second.err()).contains("exists already");
        assertThat(output).hasContent("mine");
    }

    @Test
    void anImportedPolicyIsGood() throws IOException {
        // Given
        Path output = directory.resolve("policy.yaml");
        CommandRun.of("policy", "import", "docker-auth-acl", "--to", output.toString(), sample("docker-auth.yml"));
        // When
        CommandRun check = CommandRun.of("policy", "check", output.toString());
        // Then
        assertThat(check.exitCode()).isZero();
        assertThat(check.out()).endsWith("good: 1 accounts, 2 rules\n");
    }

    @Test
    void theSettingsThatAreNamedSayAsWhatPrivateCallersAreSeen() throws IOException {
        // Given: the office over the public network, and whoever comes by the endpoint
        Path rules = write("""
                [{"id": "1", "name": "office", "addresses": [{"type": "subnet", "value": "203.0.113.0/24"}]},
                 {"contexts": [{"attributes": [{"name": "networkZoneId", "value": "1"},
                     {"name": "endpointType", "value": "public"}]},
                   {"attributes": [{"name": "endpointType", "value": "private"}]}]}]
                """);
        Path settings = directory.resolve("application.yaml");
        Files.writeString(
                settings, "postern: { private-endpoints: { vpc: { translated-addresses: [166.9.0.0/24] } } }\n");
        String[] command = {"policy", "import", "ibm-cbr", "--private-endpoint", "vpc", rules.toString()};
        String before = System.getProperty("quarkus.config.locations");
        String profile = System.getProperty("quarkus.profile");
        try {
            // When
            CommandRun without = CommandRun.of(command);
            CommandRun with = CommandRun.of(append(command, "--config", settings.toString()));
            // Then
            assertThat(without.out()).doesNotContain("{ zone: office");
            assertThat(with.out()).contains("{ zone: office", "{ private-endpoint: vpc");
            assertThat(with.err()).isEmpty();
        } finally {
            restore("quarkus.config.locations", before);
            restore("quarkus.profile", profile);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "policy import nonsense FILE | there is no format 'nonsense'; expected one of acr-network-rule-set, ibm-cbr",
                "policy import ibm-cbr | Missing required parameter: 'FILE'",
                "policy import ibm-cbr --account ../x FILE | --account expects a name",
                "policy import ibm-cbr --namespace Acme FILE | --namespace expects a namespace",
                "policy import ibm-cbr --private-endpoint =x FILE | --private-endpoint expects NAME or VPC=NAME",
                "policy import ibm-cbr --private-endpoint x= FILE | --private-endpoint expects NAME or VPC=NAME",
            })
    void wrongUsageIsSaid(String command, String problem) {
        // When
        CommandRun run = CommandRun.of(command.split(" "));
        // Then
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.err()).contains(problem);
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        // Given
        Path latin1 = directory.resolve("latin1.json");
        Files.write(latin1, "[\"\u00fc\"]".getBytes(StandardCharsets.ISO_8859_1));
        Path large = directory.resolve("large.json");
        Files.write(large, new byte[16 * 1024 * 1024 + 1]);
        // Then
        assertUnreadable(directory.resolve("none.json"), "there is no file ");
        assertUnreadable(latin1, " is not UTF-8 text");
        assertUnreadable(large, "the files hold more than 16 MiB");
        assertUnreadable(directory, " cannot be read");
    }

    private static void assertUnreadable(Path file, String problem) {
        CommandRun run = CommandRun.of("policy", "import", "github-allow-list", file.toString());
        assertThat(run.exitCode()).isEqualTo(66);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(problem, file.toString());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("input.json"), text);
    }

    private static String sample(String name) {
        return SAMPLES.resolve(name).toString();
    }

    private static String[] append(String[] command, String... more) {
        String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }
}
