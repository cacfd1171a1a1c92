package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
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

/** {@code postern feed}, against a publisher over real TLS. */
class FeedCommandTest {

    private static final List<String> PROPERTIES = List.of("quarkus.config.locations", "quarkus.profile");
    private static final TestAuthority AUTHORITY = new TestAuthority("CN=Test Authority");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Map<String, String> before = new HashMap<>();
    private final Publisher publisher = new Publisher(AUTHORITY.serverFor("localhost"));

    @TempDir
    Path directory;

    @BeforeEach
    void keepProperties() {
        PROPERTIES.forEach(name -> before.put(name, System.getProperty(name)));
    }

    @AfterEach
    void restoreProperties() {
        publisher.close();
        before.forEach((name, value) -> {
            if (value == null) {
                System.clearProperty(name);
            } else {
                System.setProperty(name, value);
            }
        });
    }

    private int feed(String... arguments) throws IOException {
        return feed("allow: [{zone: ci}]", arguments);
    }

    private int feed(String rules, String[] arguments) throws IOException {
        Path pem = Files.writeString(directory.resolve("ca.pem"), AUTHORITY.pem());
        Path policy = Files.writeString(directory.resolve("policy.yaml"), """
                zones:
                  ci: {feed: {format: github-meta, key: actions, url: "https://localhost:%d/meta"}}
                  list: {feed: {format: lines, file: list.txt}}
                accounts: {acme: {namespaces: [acme], network: {%s}}}
                """.formatted(publisher.port(), rules));
        Files.writeString(directory.resolve("list.txt"), "203.0.113.0/24\n");
        Path settings = Files.writeString(
                directory.resolve("application.yaml"), """
                postern:
                  policy: %s
                  data: %s
                  feeds: { allowed-private-addresses: ["127.0.0.0/8", "::1"], tls-configuration-name: own }
                quarkus: { tls: { own: { trust-store: { pem: { certs: %s } } } } }
                """.formatted(policy, directory.resolve("data"), pem));
        List<String> all = new ArrayList<>(List.of("feed"));
        all.addAll(List.of(arguments));
        all.addAll(1 + 1, List.of("--config", settings.toString()));
        return PosternCommand.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }

    private static String meta(String... prefixes) {
        return "{\"actions\": [\"" + String.join("\", \"", prefixes) + "\"]}";
    }

    @Test
    void theListSaysWhatIsFollowedAndThatThereIsNoCopy() throws IOException {
        // When
        int exitCode = feed("list");
        // Then
        assertThat(exitCode).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("zone ci: github-meta key actions of https://localhost:" + publisher.port() + "/meta")
                .contains("  no copy")
                .contains("zone list: lines of ");
        assertThat(publisher.requests()).isEmpty();
    }

    @Test
    void theDifferenceIsShownAndNothingIsKept() throws IOException {
        // Given
        publisher.answers(Publisher.says(meta("192.0.2.0/24")));
        // When
        int exitCode = feed("diff", "ci");
        // Then
        assertThat(exitCode).as(err.toString() + out).isZero();
        assertThat(out.toString()).contains("  + 192.0.2.0/24", "would be taken");
        assertThat(directory.resolve("data")).doesNotExist();
    }

    @Test
    void whatWouldBreakThePolicyIsSaid() throws IOException {
        // Given
        publisher.answers(Publisher.says(meta("192.0.2.0/24")));
        // When
        int exitCode =
                feed("allow: [{zone: ci}], must-refuse: [192.0.2.9]", new String[] {"diff", "ci", "--output", "json"});
        // Then
        assertThat(exitCode).as(err.toString()).isEqualTo(1);
        assertThat(out.toString())
                .contains("\"feeds\" : [ {", "\"outcome\" : \"held-back\"", "the policy would be broken by it");
    }

    @Test
    void aFailureIsSaid() throws IOException {
        // Given
        publisher.answers(Publisher.status(503));
        // When
        int exitCode = feed("diff");
        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString()).contains("unreachable: answered with status 503", "  + 203.0.113.0/24");
    }

    @Test
    void nothingIsAcceptedWhereNothingIsHeldBack() throws IOException {
        assertThat(feed("accept", "ci")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing is held back for zone ci");
    }

    @Test
    void aZoneThatFollowsNothingIsNamed() throws IOException {
        assertThat(feed("diff", "cj")).isEqualTo(78);
        assertThat(err.toString()).contains("no zone 'cj' of the policy follows a feed; did you mean 'ci'?");
    }
}
