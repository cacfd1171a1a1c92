package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody may have meant to write. */
class SimilarTest {

    @ParameterizedTest
    @CsvSource({
        "alow, allow",
        "allwo, allow",
        "allow, allow",
        "allo, allow",
        "aallow, allow",
        "xyq, abq",
        "abx, abc",
        "allowed, allow"
    })
    void aWordThatIsTwoEditsAwayAtMostIsMeant(String word, String known) {
        assertThat(Similar.to(word, List.of(known))).contains(known);
    }

    @ParameterizedTest
    @CsvSource({"allowing, allow", "xyz, abc", "deny, allow", "'', abc"})
    void aWordThatIsFartherAwayIsNot(String word, String known) {
        assertThat(Similar.to(word, List.of(known))).isEmpty();
    }

    @Test
    void theNearestIsMeantAndOfSeveralTheFirst() {
        assertThat(Similar.to("allow", List.of("alxyw", "alow", "allov"))).contains("alow");
        assertThat(Similar.to("allow", List.of())).isEmpty();
    }
}
