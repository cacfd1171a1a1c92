package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.Events;
import dev.postern.audit.form.EcsForm;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code postern explain}, {@code replay} and {@code top} at the command line. */
class AuditCommandsTest {

    private static final String ID = "0123456789abcdef";

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        System.clearProperty("quarkus.config.locations");
        System.clearProperty("quarkus.profile");
    }

    @Test
    void aDecisionIsExplainedInTheWordsOfPolicyExplain() throws IOException {
        // Given
        Path log = log("INFO something", line("a login").replace(ID, "zzzzzzzzzzzzzzzz"), line("a refusal by a rule"));
        // When
        CommandRun run = CommandRun.of("explain", ID, log.toString());
        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                decision 0123456789abcdef at 2026-06-01T12:00:00.123Z, door registry, policy %s
                subject: service-id:acme/bot (api-key:k1)
                asked: repository:acme/app:pull -> nothing
                refused: address-denied
                the caller reads: client with IP '203.0.113.66' is not allowed access. Refer https://wiki.example.com/access to grant access.
                source: public, 203.0.113.66
                  10.0.0.1 (peer): trusted-proxy
                  203.0.113.66 (x-forwarded-for): caller
                account acme: denied by address 203.0.113.66 [refuses] (policy.yaml:9:11)
                what to do: docs/reasons.md#address-denied
                """.formatted(Events.POLICY.version()));
    }

    @Test
    void itsJsonIsTheEvent() throws IOException {
        // When
        CommandRun run = CommandRun.of(
                "explain", "--output", "json", ID, log(line("by a link")).toString());
        // Then
        assertThat(new ObjectMapper().readTree(run.out())).isEqualTo(new ObjectMapper().readTree(line("by a link")));
    }

    @Test
    void itIsFoundInCompressedFilesAndBehindASyslogHeader() throws IOException {
        // Given
        Path compressed = directory.resolve("audit.jsonl.1.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            out.write(("<110>1 2026-06-01T12:00:00Z host postern 1 decision - " + line("a login") + "\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        // Then
        assertThat(CommandRun.of("explain", ID, compressed.toString()).out()).contains("subject: user:acme/alice");
    }

    @Test
    void withoutAFileThoseOfTheSettingsAreReadTheOnesPutAsideToo() throws IOException {
        // Given
        Path file = directory.resolve("audit.jsonl");
        Files.writeString(file, line("a login").replace(ID, "zzzzzzzzzzzzzzzz") + "\n");
        Files.writeString(directory.resolve("audit.jsonl.1"), line("a login") + "\n");
        Path settings = Files.writeString(
                directory.resolve("application.yaml"), "postern: { audit: { file: { path: " + file + " } } }\n");
        // When
        CommandRun run = CommandRun.of("explain", "--config", settings.toString(), ID);
        // Then
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("decision 0123456789abcdef");
    }

    @Test
    void anIdThatNobodyHasIsNotFound() throws IOException {
        // Given
        Path log = log(line("a login"));
        // When
        CommandRun run = CommandRun.of("explain", "zzzzzzzzzzzzzzzz", log.toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("postern: no audit event has the id zzzzzzzzzzzzzzzz in " + log + "\n");
    }

    @Test
    void anEventOfAnotherFormIsNotReadBackAndThatIsSaid() throws IOException {
        // Given
        AuditEvent event = Events.all().get("a login");
        assertThat(event).isNotNull();
        Path log = log(new String(new EcsForm().line(event), StandardCharsets.US_ASCII).strip());
        // When
        CommandRun run = CommandRun.of("explain", ID, log.toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("in a line of another form");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "0123", "0123456789ABCDEF", "0123456789abcdei", "0123456789abcdef0", "../../etc/passwd"})
    void whatIsNoIdIsWrongUsage(String id) {
        assertThat(CommandRun.of("explain", id, "-").exitCode()).isEqualTo(64);
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        // When
        CommandRun run = CommandRun.of("explain", ID, directory.resolve("none").toString());
        // Then
        assertThat(run.exitCode()).isEqualTo(66);
        assertThat(run.err()).isEqualTo("postern: there is no file " + directory.resolve("none") + "\n");
    }

    @Test
    void whatACallerWroteDoesNotReachTheTerminal() throws IOException {
        // Given: a log that passed through other hands
        Path log = log(line("a login").replace("\"password\"", "\"\\u001b[2J\\u202e\""));
        // Then
        assertThat(CommandRun.of("explain", ID, log.toString()).out())
                .doesNotContain("\u001b", "\u202e")
                .contains("(?[2J?)");
    }

    @Test
    void aReplayByTheSamePolicyFindsNothing() throws IOException {
        // When
        CommandRun run = replay(Events.POLICY_TEXT);
        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("2 audit events, 0 would be decided otherwise by policy ")
                .hasLineCount(1);
    }

    @Test
    void aReplayByAnotherSaysWhatByAccountRuleAndSource() throws IOException {
        // When
        CommandRun run = replay(Events.POLICY_TEXT.replace("address: 203.0.113.66", "address: 203.0.113.10"));
        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out())
                .contains("2 audit events, 2 would be decided otherwise")
                .contains("         1  refused-now: granted then, refused now")
                .contains("         1  granted-now: refused then, granted now")
                .contains("by account:\n           2  acme (1 refused-now, 1 granted-now)")
                .contains("account acme: denied by address 203.0.113.10 (")
                .contains("by source:\n")
                .contains("203.0.113.66 (1 granted-now)");
    }

    @Test
    void itsJsonHasTheSame() throws IOException {
        // When
        CommandRun run = replay(
                Events.POLICY_TEXT.replace("address: 203.0.113.66", "address: 203.0.113.10"), "--output", "json");
        // Then
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.at("/events").intValue()).isEqualTo(2);
        assertThat(report.at("/changed").intValue()).isEqualTo(2);
        assertThat(report.at("/changes/refused-now").intValue()).isEqualTo(1);
        assertThat(report.at("/by_account/0/name").textValue()).isEqualTo("acme");
    }

    @Test
    void aReplayByAPolicyThatCannotBeUsedIsAFaultOfTheConfiguration() throws IOException {
        assertThat(replay("accounts: [").exitCode()).isEqualTo(78);
    }

    @Test
    void topPrintsALineForEachDecisionWhereNobodyLooks() throws IOException {
        // Given
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream((line("a refusal by a rule") + "\nINFO x\n" + line("by a link") + "\n")
                .getBytes(StandardCharsets.UTF_8)));
        try {
            // When
            CommandRun run = CommandRun.of("top", "--plain", "-");
            // Then
            assertThat(run.exitCode()).isZero();
            assertThat(run.out()).isEqualTo("""
                    2026-06-01T12:00:00.123Z refused address-denied 203.0.113.66 service-id:acme/bot repository:acme/app:pull 0123456789abcdef
                    2026-06-01T12:00:00.123Z granted granted 10.8.0.7@us-south service-id:acme/bot repository:acme/a:pull 0123456789abcdef
                    """);
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void topEndsAtTheEndWhereItIsAskedTo() throws IOException {
        // Given
        Path log = log(line("a login"));
        // Then
        assertThat(CommandRun.of("top", "--plain", "--once", log.toString()).out())
                .isEqualTo("2026-06-01T12:00:00.123Z granted granted 203.0.113.10 user:acme/alice login"
                        + " 0123456789abcdef\n");
        assertThat(CommandRun.of("top", "--once", directory.resolve("none").toString())
                        .exitCode())
                .isEqualTo(66);
    }

    @Test
    void aFollowedFileGoesOnWhenItIsPutAsideOrEmptied() throws IOException {
        // Given
        Path log = Files.writeString(directory.resolve("audit.jsonl"), "old\n");
        try (LineFollower lines = LineFollower.of(log, false)) {
            assertThat(lines.next()).isEqualTo(new LineFollower.Nothing());
            // When
            append(log, "one\ntw");
            assertThat(lines.next()).isEqualTo(new LineFollower.Text("one"));
            assertThat(lines.next()).isEqualTo(new LineFollower.Nothing());
            append(log, "o\nlast\n");
            Files.move(log, directory.resolve("audit.jsonl.1"));
            // Then
            assertThat(lines.next()).isEqualTo(new LineFollower.Text("two"));
            assertThat(lines.next()).isEqualTo(new LineFollower.Text("last"));
            assertThat(lines.next()).isEqualTo(new LineFollower.Nothing());
            Files.writeString(log, "three\n");
            assertThat(lines.next()).isEqualTo(new LineFollower.Text("three"));
            Files.writeString(log, "x\n");
            assertThat(lines.next()).isEqualTo(new LineFollower.Text("x"));
        }
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private CommandRun replay(String policy, String... more) throws IOException {
        Path log = log(line("a grant"), line("a refusal by a rule"));
        Path written = Files.writeString(directory.resolve("policy.yaml"), policy);
        Path settings = Files.writeString(directory.resolve("settings.yaml"), """
                postern:
                  region: us-south
                  private-endpoints: { us-south: { translated-addresses: [166.9.20.31] } }
                """);
        String[] begin = {"replay", "--config", settings.toString(), "--policy", written.toString(), log.toString()};
        String[] all = new String[begin.length + more.length];
        System.arraycopy(begin, 0, all, 0, begin.length);
        System.arraycopy(more, 0, all, begin.length, more.length);
        return CommandRun.of(all);
    }

    private Path log(String... lines) throws IOException {
        return Files.writeString(directory.resolve("postern.log"), String.join("\n", lines) + "\n");
    }

    private static String line(String name) {
        AuditEvent event = Events.all().get(name);
        assertThat(event).as(name).isNotNull();
        return AuditJson.write(event);
    }
}
