package dev.postern.policy.importing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Role;
import java.util.Arrays;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docker_auth's actions, among which a single asterisk is all there are. */
class AclActionsTest {

    private static AclActions actions(String text) {
        return text.equals("*")
                ? new AclActions(true, new TreeSet<>())
                : new AclActions(
                        false,
                        new TreeSet<>(Arrays.stream(text.split(" "))
                                .filter(it -> !it.equals("-"))
                                .toList()));
    }

    @ParameterizedTest
    @CsvSource({
        "*, *, *",
        "*, pull, pull",
        "pull, *, pull",
        "*, -, nothing",
        "-, *, nothing",
        "pull push, pull delete, pull",
        "push pull, pull push, 'pull,push'",
        "pull, push, nothing",
    })
    void whatBothGive(String one, String other, String both) {
        assertThat(actions(one).and(actions(other))).hasToString(both);
    }

    @ParameterizedTest
    @CsvSource({
        "pull, *, true",
        "*, *, true",
        "-, pull, true",
        "pull, pull push, true",
        "*, pull push delete, false",
        "pull push, pull, false",
        "push, pull, false",
    })
    void oneIsWithinTheOther(String one, String other, boolean within) {
        assertThat(actions(one).isWithin(actions(other))).isEqualTo(within);
    }

    @ParameterizedTest
    @CsvSource({
        "*, MANAGER, true",
        "pull, READER, true",
        "pull push, WRITER, true",
        "*, WRITER, false",
        "*, READER, false",
        "pull push, READER, false",
        "pull other, MANAGER, false",
    })
    void aRoleGivesAllOfThem(String actions, Role role, boolean all) {
        assertThat(actions(actions).isAllOf(role)).isEqualTo(all);
    }
}
