package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.decision.Gate;
import dev.postern.policy.BcryptHash;
import dev.postern.policy.Problem;
import dev.postern.policy.load.PolicyStore;
import dev.postern.policy.load.PolicyStore.Change;
import dev.postern.policy.load.PolicyStore.Loaded;
import dev.postern.policy.load.PolicyStore.Rejected;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An owner who is about to lock themselves out stays in, and reads why. */
class PolicyReviewTest {

    private static final String GOOD =
            "accounts: { acme: { network: { must-admit: [203.0.113.10], allow: [{ address: 203.0.113.0/24 }] } } }";

    @TempDir
    Path directory;

    private final List<Change> changes = new ArrayList<>();
    private Path file;
    private PolicyStore store;

    @BeforeEach
    void aPolicyInForce() throws IOException {
        file = directory.resolve("acme.yaml");
        SourceSettings settings = new SourceSettings(List.of(), ForwardingHeader.NONE, List.of());
        store = new PolicyStore(
                file,
                House.compiler(settings, BcryptHash.MAX_COST, List.of()),
                PolicyReview.of(new Gate("here", Optional.empty()), settings),
                InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z")),
                changes::add);
        write(GOOD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // The rule that goes
                "must-admit: [203.0.113.10], allow: [{ address: 198.51.100.0/24 }] | 1:45: error: must-admit 203.0.113.10 is broken: no rule allows it",
                "must-admit: [203.0.113.10], allow: [] | 1:45: error: must-admit 203.0.113.10 is broken: no rule allows it",
                "must-admit: [203.0.113.10], default: deny | 1:45: error: must-admit 203.0.113.10 is broken: no rule allows it",
                "must-admit: [203.0.113.10], public-access: disabled | 1:45: error: must-admit 203.0.113.10 is broken: public-access is disabled (FILE:1:30)",
                // The rule that comes
                "must-admit: [203.0.113.10], allow: [{ address: 203.0.113.0/24 }], deny: [{ address: 203.0.113.8/29 }] | 1:45: error: must-admit 203.0.113.10 is broken: denied by address 203.0.113.8/29 (FILE:1:105)",
                "must-refuse: [192.0.2.1], allow: [{ address: 203.0.113.0/24 }, { address: 192.0.2.0/24 }] | 1:46: error: must-refuse 192.0.2.1 is broken: allowed by address 192.0.2.0/24 (FILE:1:95)",
                "must-refuse: [192.0.2.1] | 1:46: error: must-refuse 192.0.2.1 is broken: no rule matches, and the default is allow (FILE:1:30)",
            })
    void aPolicyThatBreaksItsInvariantIsNotTakenAndTheLastGoodOneStays(String network, String error)
            throws IOException {
        // Given
        String before = store.state().inForce().orElseThrow().version();

        // When
        write("accounts: { acme: { network: { " + network + " } } }");

        // Then
        assertThat(store.state().inForce().orElseThrow().version()).isEqualTo(before);
        assertThat(store.state().rejection().orElseThrow())
                .startsWith(file + ":" + error.replace("FILE", file.toString()));
        assertThat(changes).hasSize(2).last().isInstanceOf(Rejected.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "must-admit: [203.0.113.10], allow: [{ address: 203.0.113.8/29 }]",
                "must-admit: [203.0.113.10], allow: [{ address: 203.0.113.0/24 }], deny: [{ address: 203.0.113.99 }]",
                "must-admit: [203.0.113.10], default: allow",
                "must-admit: [203.0.113.10]",
                "must-refuse: [192.0.2.1], allow: [{ address: 203.0.113.0/24 }]",
                "must-refuse: [192.0.2.1], deny: [{ address: 192.0.2.0/24 }]",
                "must-refuse: [192.0.2.1], public-access: disabled",
            })
    void aPolicyThatKeepsItsInvariantIsTaken(String network) throws IOException {
        // Given
        String before = store.state().inForce().orElseThrow().version();

        // When
        write("accounts: { acme: { network: { " + network + " } } }");

        // Then
        assertThat(store.state().rejection()).isEmpty();
        assertThat(store.state().inForce().orElseThrow().version()).isNotEqualTo(before);
    }

    @Test
    void aRuleThatLooksLikeAMistakeIsToldAndThePolicyTaken() throws IOException {
        // When
        write(GOOD.replace("{ address: 203.0.113.0/24 }", "{ address: 203.0.113.0/24 }, { address: 203.0.113.9 }"));

        // Then
        assertThat(changes)
                .hasSize(2)
                .last()
                .isInstanceOfSatisfying(
                        Loaded.class,
                        loaded -> assertThat(loaded.warnings())
                                .extracting(Problem::toString)
                                .containsExactly(file + ":1:97: warning: address 203.0.113.9 adds nothing to the"
                                        + " 'allow' list: address 203.0.113.0/24 has all of it (" + file + ":1:68)"));
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        store.refresh();
    }
}
