package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postern policy suggest} at the command line: what counts, what goes where, and what is too much. */
class PolicySuggestCommandTest {

    private static final String NOT_LISTED = "no rule allows it, and the default is deny";

    @TempDir
    Path directory;

    @Test
    void theListGoesToStandardOutputAndTheRestToStandardError() throws IOException {
        // Given
        Path log = log(
                "2026-06-01 12:00:00 INFO something else",
                wouldRefuse("203.0.113.7", "account acme"),
                "",
                wouldRefuse("203.0.113.6", "account acme"));
        // When
        CommandRun run = suggest(log.toString());
        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                # Suggested by postern policy suggest, of 2 requests that would have been refused.
                # Look through it: whoever had credentials was seen. Add the rules to those that stand.
                accounts:
                  acme:
                    network:
                      allow:
                        - { address: 203.0.113.6/31, note: "2 requests from 2 addresses, 2026-06-01T12:00:00Z to 2026-06-01T12:00:00Z; admits 0 unseen" }
                """);
        assertThat(run.err()).isEqualTo("postern: 2 audit events, 1 line of other output; 2 of them count\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"addresses\":\"truncated\"", "\"addresses\":\"hashed\"", "\"subjects\":\"hashed\""})
    void ofReducedEventsNothingIsSuggested(String field) throws IOException {
        // Given
        String event = wouldRefuse("203.0.113.7", "account acme");
        Path log = log(event.substring(0, event.length() - 1) + "," + field + "}");
        // When
        CommandRun run = suggest(log.toString());
        // Then
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .contains(":1: warning: not an audit event, and left out: its addresses or names are reduced");
    }

    @Test
    void standardInputIsReadAfterAFile() throws IOException {
        // Given
        Path log = log(wouldRefuse("203.0.113.7", "account acme"));
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(
                wouldRefuse("203.0.113.9", "account acme").getBytes(StandardCharsets.UTF_8)));
        try {
            // Then
            assertThat(suggest(log.toString(), "-").out()).contains("address: 203.0.113.7,", "address: 203.0.113.9,");
        } finally {
            System.setIn(before);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 203.0.113.1 203.0.113.2 203.0.113.9",
                "--widest=/24 | 203.0.113.0/28",
                "--widest=/30,/64 | 203.0.113.0/30 203.0.113.9",
                "--max-blocks=2 | 203.0.113.0/30 203.0.113.9",
                "--max-blocks=1 | 203.0.113.0/28",
                "--max-blocks=2 --widest=/31 | ''",
            })
    void theLimitsDecideHowWideTheBlocksAre(String options, String blocks) throws IOException {
        // Given
        Path log = log(
                wouldRefuse("203.0.113.1", "account acme"),
                wouldRefuse("203.0.113.2", "account acme"),
                wouldRefuse("203.0.113.9", "account acme"));
        // When
        CommandRun run = suggest((options + " " + log).strip().split(" "));
        // Then
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.contains("- { address: "))
                        .map(line -> line.replaceAll(".*address: ([^,]*),.*", "$1")))
                .containsExactly(blocks.isEmpty() ? new String[0] : blocks.split(" "));
        assertThat(run.exitCode()).isEqualTo(blocks.isEmpty() ? 1 : 0);
        assertThat(run.err().contains("account acme: its addresses take 3 blocks of IPv4"))
                .isEqualTo(blocks.isEmpty());
    }

    @Test
    void onlyWhatWouldHaveBeenRefusedForWantOfARuleCounts() throws IOException {
        // Given
        Path log = log(
                event(
                        "granted",
                        "203.0.113.1",
                        step("account acme", "allowed by address 203.0.113.0/24", "passed"),
                        ""),
                event(
                        "granted",
                        "203.0.113.2",
                        step("account acme", "denied by address 203.0.113.2", "would-refuse"),
                        WOULD),
                event(
                        "granted",
                        "203.0.113.3",
                        step("account acme", "public-access is disabled", "would-refuse"),
                        WOULD),
                event("granted", "203.0.113.4", step("account acme", NOT_LISTED, "would-refuse"), ""),
                event("refused", "203.0.113.5", step("account acme", NOT_LISTED, "refused"), ""),
                event("refused", "203.0.113.6", step("credentials", "wrong", "refused"), ""),
                event("granted", "203.0.113.7", step("account acme", "x: " + NOT_LISTED, "trusted"), ""),
                wouldRefuse("203.0.113.8", "account acme").replace("\"registry\"", "\"trial\""));
        // When
        CommandRun some = suggest(log.toString());
        CommandRun all = suggest("--all", log.toString());
        // Then
        assertThat(some.exitCode()).isZero();
        assertThat(some.out()).isEmpty();
        assertThat(some.err())
                .contains("8 audit events; 0 of them count")
                .contains("3 refused, or to be refused, by a deny rule, a switch or for another reason")
                .contains("nothing to suggest: nothing would have been refused for want of a rule");
        assertThat(all.out())
                .contains("{ address: 203.0.113.1,", "{ address: 203.0.113.4,")
                .doesNotContain("113.2,", "113.3,", "113.5,", "113.6,", "113.7,", "113.8,");
    }

    @Test
    void anUnknownSourceIsCountedAndNeverSuggested() throws IOException {
        // Given
        Path log = log(wouldRefuse("203.0.113.7", "account acme")
                .replace(
                        "\"side\":\"public\",\"address\":\"203.0.113.7\"",
                        "\"side\":\"unknown\",\"why\":\"unknown-link\",\"address\":\"203.0.113.7\""));
        // When
        CommandRun run = suggest("--all", log.toString());
        // Then
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("1 from unknown sources, for which there is no rule");
    }

    @Test
    void anAccountAloneIsOne() throws IOException {
        // Given
        Path log = log(
                wouldRefuse("203.0.113.1", "account acme"),
                wouldRefuse("203.0.113.2", "account labs"),
                wouldRefuse("203.0.113.3", "enterprise"),
                wouldRefuse("203.0.113.4", "service-id:acme/bot"));
        // When
        String out = suggest("--account", "acme", log.toString()).out();
        // Then
        assertThat(out).contains("203.0.113.1,", "203.0.113.4,").doesNotContain("203.0.113.2", "203.0.113.3");
    }

    @Test
    void anIdentitysListHasAllThatItWasLetInFrom() throws IOException {
        // Given: the account admits the first by a rule of its own
        Path log = log(
                event(
                        "granted",
                        "203.0.113.1",
                        step("account acme", "allowed by address 203.0.113.0/24", "passed"),
                        ""),
                wouldRefuse("198.51.100.1", "account acme"),
                event("refused", "192.0.2.1", step("account acme", NOT_LISTED, "refused"), ""));
        // When
        String out = suggest("--by-identity", log.toString()).out();
        // Then
        assertThat(out)
                .contains("accounts:\n  acme:\n    service-ids:\n      bot:\n        network:\n          allow:\n")
                .contains("address: 203.0.113.1,", "address: 198.51.100.1,")
                .doesNotContain("192.0.2.1");
    }

    // Hostile input

    @Test
    void aBadLineIsNamedAndLosesNothing() throws IOException {
        // Given
        Path log = directory.resolve("log");
        try (BufferedWriter out = Files.newBufferedWriter(log, StandardCharsets.ISO_8859_1)) {
            out.write(wouldRefuse("203.0.113.7", "account acme") + "\n");
            out.write("{\"time\": \n");
            out.write(wouldRefuse("203.0.113.8.9", "account acme") + "\n");
            out.write(wouldRefuse("203.0.113.8", "account a\u0001: {}").replace('\u0001', ' ') + "\n");
            out.write("{\"\u00fc\": 1}\n");
            out.write("{\"x\": \"" + "x".repeat(1024 * 1024) + "\"}\n");
            out.write(wouldRefuse("203.0.113.9", "account acme"));
        }
        // When
        CommandRun run = suggest(log.toString());
        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("203.0.113.7,", "203.0.113.9,").doesNotContain("203.0.113.8");
        assertThat(run.err())
                .contains(log + ":2: warning: not an audit event, and left out: not JSON, at column")
                .contains(log + ":3: warning: not an audit event, and left out: 'address' is not an address")
                .contains(log + ":4: warning: not an audit event, and left out: a 'ruleset' that is not known")
                .contains(log + ":5: warning: not an audit event, and left out: not UTF-8, or longer than 1 MiB")
                .contains(log + ":6: warning: not an audit event, and left out: not UTF-8, or longer than 1 MiB")
                .contains("2 audit events, 5 bad lines, left out; 2 of them count");
    }

    @Test
    void ofManyBadLinesTheFirstAreNamed() throws IOException {
        // Given
        String[] lines = new String[100];
        Arrays.fill(lines, "{}");
        // When
        CommandRun run = suggest(log(lines).toString());
        // Then
        assertThat(run.err().lines().filter(line -> line.contains(": warning: ")))
                .hasSize(20);
        assertThat(run.err()).contains("100 bad lines");
    }

    @Test
    void tooManySourcesAreAnErrorAndNotAPartOfTheList() throws IOException {
        // Given
        Path log = directory.resolve("log");
        try (BufferedWriter out = Files.newBufferedWriter(log)) {
            for (int i = 0; i <= 100_000; i++) {
                out.write(
                        wouldRefuse("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), "account acme") + "\n");
            }
        }
        // When
        CommandRun run = suggest(log.toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("more than 100000 different sources; nothing is suggested of a part of them");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        // When
        CommandRun run = suggest(directory.resolve("none").toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(66);
        assertThat(run.err()).contains("there is no file " + directory.resolve("none"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--max-blocks=0",
                "--max-blocks=1001",
                "--max-blocks=x",
                "--widest=24",
                "--widest=/33",
                "--widest=/24,/129",
                "--widest=/24,48",
                "--widest=",
                "--account=../x",
                "--nonsense"
            })
    void wrongUsageIsSaid(String option) throws IOException {
        // When
        CommandRun run =
                suggest(option, log(wouldRefuse("203.0.113.7", "account acme")).toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(64);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("postern: ");
    }

    private static final String WOULD = ",\"would_refuse\":\"address-not-listed\"";

    private static String wouldRefuse(String address, String ruleset) {
        return event("granted", address, step(ruleset, NOT_LISTED, "would-refuse"), WOULD);
    }

    private static String step(String ruleset, String finding, String outcome) {
        return "{\"ruleset\":\"%s\",\"finding\":\"%s\",\"outcome\":\"%s\",\"at\":\"policy.yaml:1:1\"}"
                .formatted(ruleset, finding, outcome);
    }

    private static String event(String outcome, String address, String step, String more) {
        return ("{\"time\":\"2026-06-01T12:00:00.5Z\",\"decision\":\"id\",\"door\":\"registry\",\"outcome\":\"%s\","
                        + "\"reason\":\"x\",\"source\":{\"side\":\"public\",\"address\":\"%s\",\"evidence\":[]},"
                        + "\"subject\":\"service-id:acme/bot\",\"credential\":\"api-key:k1\",\"scopes\":[],"
                        + "\"explanation\":[%s]%s}")
                .formatted(outcome, address, step, more);
    }

    private Path log(String... lines) throws IOException {
        return Files.write(directory.resolve("log"), Arrays.asList(lines));
    }

    private static CommandRun suggest(String... arguments) {
        String[] command = new String[arguments.length + 2];
        command[0] = "policy";
        command[1] = "suggest";
        System.arraycopy(arguments, 0, command, 2, arguments.length);
        return CommandRun.of(command);
    }
}
