package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.console.Tickets.Ticket;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Attempts to sign in by the issuer: whose they are, for how long, and how often. */
class TicketsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private final Tickets tickets = new Tickets();
    private final Ticket ticket = tickets.issue(NOW);

    private String why(Optional<String> shown, String state, Instant at) {
        return tickets.takeBack(shown, state, at) instanceof Tickets.Stale(String why) ? why : "taken";
    }

    @Test
    void what_was_sent_comes_back() {
        // When
        Tickets.Outcome outcome =
                tickets.takeBack(Optional.of(ticket.text()), ticket.attempt().state(), NOW.plusSeconds(599));

        // Then
        assertThat(outcome).isEqualTo(new Tickets.Back(ticket.attempt()));
    }

    @Test
    void it_comes_back_once() {
        // Given
        Optional<String> shown = Optional.of(ticket.text());
        assertThat(why(shown, ticket.attempt().state(), NOW)).isEqualTo("taken");

        // Then
        assertThat(why(shown, ticket.attempt().state(), NOW)).isEqualTo("the answer came twice");
        assertThat(why(shown, ticket.attempt().state(), NOW.plus(Tickets.LIFE))).contains("longer than 10 minutes");
    }

    @Test
    void another_state_is_none_and_does_not_use_it_up() {
        // Given
        Optional<String> shown = Optional.of(ticket.text());
        Ticket other = tickets.issue(NOW);

        // Then
        for (String state :
                new String[] {"", other.attempt().state(), ticket.attempt().nonce(), ticket.text()}) {
            assertThat(why(shown, state, NOW)).contains("another attempt (state)");
        }
        assertThat(why(shown, ticket.attempt().state(), NOW)).isEqualTo("taken");
    }

    @Test
    void a_ticket_that_was_made_or_changed_is_none() {
        // Given
        String text = ticket.text();
        String later =
                text.replaceFirst("\\.[0-9]+\\.", "." + NOW.plusSeconds(9_999).getEpochSecond() + ".");
        Set<String> bad = Set.of(
                "",
                "x",
                later,
                text + "A",
                text.substring(1),
                (text.charAt(0) == 'A' ? "B" : "A") + text.substring(1),
                text.substring(0, text.lastIndexOf('.')),
                text.substring(0, text.lastIndexOf('.') + 1) + "A".repeat(43),
                new Tickets().issue(NOW).text());

        // Then
        assertThat(why(Optional.empty(), ticket.attempt().state(), NOW)).contains("no attempt was begun");
        assertThat(bad)
                .allSatisfy(shown -> assertThat(
                                why(Optional.of(shown), ticket.attempt().state(), NOW))
                        .contains("no attempt was begun"));
    }

    @Test
    void what_follows_from_one_ticket_differs_and_tells_nothing_of_it() {
        // Given
        Set<String> seen = new HashSet<>();

        // When
        for (int i = 0; i < 100; i++) {
            Ticket one = tickets.issue(NOW);
            seen.add(one.attempt().state());
            seen.add(one.attempt().nonce());
            // RFC 7636, section 4.1.
            assertThat(one.attempt().verifier()).matches("[A-Za-z0-9_-]{43,128}");
            seen.add(one.attempt().verifier());
            assertThat(one.text())
                    .doesNotContain(one.attempt().state())
                    .doesNotContain(one.attempt().verifier());
            assertThat(one.toString() + one.attempt()).isEqualTo("Ticket[…]Attempt[…]");
        }

        // Then
        assertThat(seen).hasSize(300);
    }
}
