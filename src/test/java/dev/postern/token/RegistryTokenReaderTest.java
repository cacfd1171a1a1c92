package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.token.RegistryToken.Access;
import dev.postern.token.RegistryToken.Claims;
import dev.postern.token.RegistryTokenReader.Invalid;
import dev.postern.token.RegistryTokenReader.NotOurs;
import dev.postern.token.RegistryTokenReader.Valid;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registry tokens, read for the first time and again. */
class RegistryTokenReaderTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Claims CLAIMS = new Claims(
            "service-id:acme/bot",
            "registry.example.com",
            List.of(new Access("repository", "acme/app", Set.of("pull", "push"))),
            Optional.of("zone:office"),
            List.of("ci", "cd"));

    private final TokenKeys keys = new TokenKeys(KeyRing.of(TestKeys.ES256));
    private final RegistryTokenReader reader = new RegistryTokenReader(keys, "postern", "registry.example.com");
    private final RegistryToken token = issuer(keys).issue(CLAIMS, NOW);

    private static TokenIssuer issuer(TokenKeys keys) {
        return new TokenIssuer(keys, KeyIdForm.X5C, "postern", Duration.ofMinutes(5));
    }

    @Test
    void itSaysWhatItWasIssuedForHoweverOftenItIsRead() {
        for (int i = 0; i < 3; i++) {
            assertThat(reader.read(token.value(), NOW)).isEqualTo(new Valid(CLAIMS, token.id(), NOW));
        }
    }

    @Test
    void itExpiresThoughItWasReadBefore() {
        assertThat(reader.read(token.value(), NOW)).isInstanceOf(Valid.class);
        assertThat(reader.read(token.value(), NOW.plusSeconds(359))).isInstanceOf(Valid.class);
        assertThat(reader.read(token.value(), NOW.plusSeconds(360))).isEqualTo(new Invalid("it has expired"));
        assertThat(reader.read(token.value(), NOW.minusSeconds(61)))
                .isEqualTo(new Invalid("its time has not come yet"));
        assertThat(reader.read(token.value(), NOW.plusSeconds(359))).isInstanceOf(Valid.class);
    }

    @Test
    void itEndsWithItsKeyThoughItWasReadBefore() throws KeyFault {
        // Given
        assertThat(reader.read(token.value(), NOW)).isInstanceOf(Valid.class);
        // When
        keys.use(KeyRing.of(KeyFiles.generate(SigningAlgorithm.ES256, "other", NOW)));
        // Then
        assertThat(reader.read(token.value(), NOW)).isEqualTo(new NotOurs());
        assertThat(reader.read(issuer(keys).issue(CLAIMS, NOW).value(), NOW)).isInstanceOf(Valid.class);
    }

    /** One that was read before lends its word to no other text. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40, 200, 1000})
    void aChangedCharacterIsAnotherToken(int place) {
        // Given
        assertThat(reader.read(token.value(), NOW)).isInstanceOf(Valid.class);
        int at = token.value().length() - 2 - place;
        char changed = token.value().charAt(at) == 'A' ? 'B' : 'A';
        String other = token.value().substring(0, at) + changed + token.value().substring(at + 1);
        // When, Then
        for (int i = 0; i < 2; i++) {
            assertThat(reader.read(other, NOW)).isInstanceOf(NotOurs.class);
        }
        assertThat(reader.read(token.value() + "A", NOW)).isInstanceOf(NotOurs.class);
        assertThat(reader.read(token.value().substring(1), NOW)).isInstanceOf(NotOurs.class);
        assertThat(reader.read("", NOW)).isInstanceOf(NotOurs.class);
    }

    @Test
    void aTokenThatIsTooLongToRememberIsReadAllTheSame() {
        // Given
        List<Access> access = new ArrayList<>();
        for (int i = 0; i < 80; i++) {
            access.add(new Access("repository", "acme/" + "a".repeat(60) + i, Set.of("pull")));
        }
        RegistryToken large =
                issuer(keys).issue(new Claims("service-id:acme/bot", "registry.example.com", access), NOW);
        assertThat(large.value()).hasSizeGreaterThan(6 * 1024);
        // When, Then
        for (int i = 0; i < 2; i++) {
            assertThat(reader.read(large.value(), NOW))
                    .isInstanceOfSatisfying(
                            Valid.class,
                            valid -> assertThat(valid.claims().access()).hasSize(80));
        }
    }
}
