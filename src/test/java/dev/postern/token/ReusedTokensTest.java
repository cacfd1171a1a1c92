package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.token.RegistryToken.Access;
import dev.postern.token.RegistryToken.Claims;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a token is given again, and to whom not. */
class ReusedTokensTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Claims CLAIMS = claims("user:acme/alice", "pull", Optional.empty());

    @ParameterizedTest
    @CsvSource({
        // More than half is left, and a minute at least
        "300, 0, true",
        "300, 149, true",
        "300, 150, false",
        "300, 300, false",
        "300, -1, false",
        "100, 40, true",
        "100, 41, false",
        "60, 0, true",
        "60, 1, false",
    })
    void aTokenIsGivenAgainWhileMostOfItsLifeIsLeft(long lifetime, long after, boolean again) {
        // Given
        ReusedTokens reused = new ReusedTokens(Duration.ofSeconds(lifetime));
        RegistryToken token = new RegistryToken("header.payload.signature", "id", NOW, Duration.ofSeconds(lifetime));
        reused.remember(CLAIMS, TestKeys.ES256, token);

        // When
        Optional<RegistryToken> found = reused.find(CLAIMS, TestKeys.ES256, NOW.plusSeconds(after));

        // Then
        assertThat(found).isEqualTo(again ? Optional.of(token) : Optional.empty());
    }

    @Test
    void whoeverWouldGetAnotherTokenGetsAnother() {
        // Given
        ReusedTokens reused = new ReusedTokens(Duration.ofMinutes(5));
        reused.remember(CLAIMS, TestKeys.ES256, new RegistryToken("token", "id", NOW, Duration.ofMinutes(5)));

        // Then
        assertThat(reused.find(claims("user:acme/alice", "pull", Optional.empty()), TestKeys.ES256, NOW))
                .isPresent();
        assertThat(reused.find(claims("user:acme/bob", "pull", Optional.empty()), TestKeys.ES256, NOW))
                .isEmpty();
        assertThat(reused.find(claims("user:acme/alice", "push", Optional.empty()), TestKeys.ES256, NOW))
                .isEmpty();
        assertThat(reused.find(
                        claims("user:acme/alice", "pull", Optional.of("address:203.0.113.9")), TestKeys.ES256, NOW))
                .isEmpty();
        assertThat(reused.find(new Claims("user:acme/alice", "service", List.of()), TestKeys.ES256, NOW))
                .isEmpty();
        assertThat(reused.find(CLAIMS, TestKeys.RS256, NOW)).isEmpty();
        reused.clear();
        assertThat(reused.find(CLAIMS, TestKeys.ES256, NOW)).isEmpty();
    }

    @Test
    void aVeryLongTokenIsNotKept() {
        // Given
        ReusedTokens reused = new ReusedTokens(Duration.ofMinutes(5));

        // When
        reused.remember(CLAIMS, TestKeys.ES256, new RegistryToken("x".repeat(7000), "id", NOW, Duration.ofMinutes(5)));

        // Then
        assertThat(reused.find(CLAIMS, TestKeys.ES256, NOW)).isEmpty();
    }

    private static Claims claims(String subject, String action, Optional<String> boundTo) {
        return new Claims(subject, "service", List.of(new Access("repository", "acme/app", Set.of(action))), boundTo);
    }
}
