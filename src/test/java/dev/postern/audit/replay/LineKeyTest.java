package dev.postern.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditJson;
import dev.postern.audit.Events;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that are decided alike have one key, and no others have. */
class LineKeyTest {

    private final LineKey keys = new LineKey(new Instant[0]);

    @Test
    void differentEventsHaveDifferentKeys() {
        // When
        Set<String> all = new HashSet<>();
        for (Map.Entry<String, AuditEvent> event : Events.all().entrySet()) {
            all.add(key(AuditJson.write(event.getValue())).orElseThrow());
        }
        // Then
        assertThat(all).hasSize(Events.all().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"decision\":\"0123456789abcdef\" | \"decision\":\"zzzzzzzzzzzzzzzz\"",
                "2026-06-01T12:00:00.123Z | 2027-01-01T00:00:00Z",
                "\"token\":\"jti1\" | \"token\":\"another\"",
                "\"client_id\":\"docker\" | \"client_id\":\"crane\"",
                "\"by\":\"x-forwarded-for\" | \"by\":\"forwarded\"",
            })
    void whatDoesNotDecideIsNotInIt(String from, String to) {
        // Given
        String line = grant();
        String other = line.replace(from, to);
        assertThat(other).isNotEqualTo(line);
        // Then
        assertThat(key(other)).isEqualTo(key(line));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"subject\":\"service-id:acme/bot\" | \"subject\":\"service-id:acme/boT\"",
                "\"side\":\"public\",\"address\":\"203.0.113.10\" | \"side\":\"public\",\"address\":\"203.0.113.11\"",
                "\"granted\":\"pull,push\" | \"granted\":\"pull\"",
                "\"door\":\"registry\" | \"door\":\"envoy\"",
                "\"credential\":\"api-key:k1\" | \"credential\":\"api-key:k1\",\"issuer\":\"other\"",
                "\"credential\":\"api-key:k1\" | \"credential\":\"api-key:k1\",\"presented\":\"x\"",
                "\"credential\":\"api-key:k1\" | \"credential\":\"api-key:k1\",\"subject\":\"user:acme/alice\"",
                "\"subject\":\"service-id:acme/bot\" | \"subject\":[\"service-id:acme/bot\"]",
                "\"subject\":\"service-id:acme/bot\",\"credential\":\"api-key:k1\" | \"subject\":\"service-id:acme/bot\\u0000credential\\u0000api-key:k1\"",
            })
    void whatDecidesIs(String from, String to) {
        // Given
        String line = grant();
        String other = line.replace(from, to);
        assertThat(other).isNotEqualTo(line);
        // Then
        assertThat(key(other)).isNotEqualTo(key(line));
    }

    @Test
    void theTimeCountsWhereARuleBeginsOrEnds() {
        // Given
        LineKey timed = new LineKey(new Instant[] {Instant.parse("2026-06-01T12:00:00Z")});
        String at = grant().replace("12:00:00.123Z", "12:00:00Z");
        String before = grant().replace("12:00:00.123Z", "11:59:59.999Z");
        String after = grant();
        // Then
        assertThat(key(timed, before)).isNotEqualTo(key(timed, at));
        assertThat(key(timed, at)).isEqualTo(key(timed, after));
        assertThat(key(timed, grant().replace("2026-06-01T", "then "))).isEmpty();
    }

    private Optional<String> key(String line) {
        return key(keys, line);
    }

    private static Optional<String> key(LineKey keys, String line) {
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        return keys.of(bytes, 0, bytes.length);
    }

    private static String grant() {
        return AuditJson.write(Optional.ofNullable(Events.all().get("a grant")).orElseThrow());
    }
}
