package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The form of a password's hash, and what it costs. */
class BcryptHashTest {

    private static final String SALT_AND_HASH = "$0123456789012345678901234567890123456789012345678901.";

    @ParameterizedTest
    @CsvSource({"03, 3, false", "04, 4, true", "10, 10, true", "14, 14, true", "15, 15, false"})
    void aHashTellsItsCost(String written, int cost, boolean usable) {
        assertThat(BcryptHash.cost("$2y$" + written + SALT_AND_HASH)).isEqualTo(cost);
        assertThat(BcryptHash.isUsable("$2y$" + written + SALT_AND_HASH)).isEqualTo(usable);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 9, 10, 14})
    void thereIsAHashOfNobodyOfEachCost(int cost) {
        assertThat(BcryptHash.cost(BcryptHash.ofNobody(cost))).isEqualTo(cost);
    }

    @Test
    void whatIsNoHashHasNoCost() {
        assertThat(BcryptHash.cost("TopSecret")).isEqualTo(-1);
        assertThat(BcryptHash.isUsable("TopSecret")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Reader", "Writer", "Manager"})
    void aRoleIsCalledAsPoliciesSpellIt(String name) {
        assertThat(Role.of(name).map(Role::documentName)).contains(name);
        assertThat(Role.of(name.toLowerCase(java.util.Locale.ROOT))).isEmpty();
    }
}
