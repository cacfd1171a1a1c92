package dev.postern.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How replicas speak of names and places. */
class MarkTest {

    @Property
    void whatIsWrittenIsReadBack(@ForAll Mark.Kind kind, @ForAll long set, @ForAll long tag) {
        // Given
        Mark mark = new Mark(kind, set, tag);

        // Then
        assertThat(Mark.parse(mark.text())).contains(mark);
        assertThat(mark.text()).hasSize(33);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "x00000000000000010000000000000002",
                "S00000000000000010000000000000002",
                "s0000000000000001000000000000000",
                "s000000000000000100000000000000020",
                "s0000000000000001000000000000000g",
                "s-000000000000001000000000000000a",
                " 00000000000000010000000000000002",
            })
    void nothingElseIsRead(String text) {
        assertThat(Mark.parse(text)).isEmpty();
    }

    @Test
    void theSameIsSaidOfANameOrPlaceInEveryProcessAndAnotherOfEachOther() {
        // Given
        Origin office = new Origin("office");
        List<Mark> marks = List.of(
                Keys.of(office),
                Keys.of(Standing.LISTED, "office"),
                Keys.of(Standing.OTHER, "office"),
                Keys.of(Mark.Kind.FAMILIAR, office, "alice"),
                Keys.of(Mark.Kind.FAMILIAR_PLACE, office, "alice"),
                Keys.of(Mark.Kind.FAMILIAR, office, "bob"));

        // Then: the digest of a text that anybody can compute
        assertThat(Keys.of(office).text()).isEqualTo("s" + "df5b33ac356d1a41" + "e425d6f02a656182");
        assertThat(marks).doesNotHaveDuplicates();
    }

    @Test
    void whereItIsCountedDependsOnTheSecret() {
        // Given
        Mark mark = Keys.of(new Origin("office"));

        // Then
        assertThat(new Keys(new byte[] {1}).slot(mark)).isEqualTo(new Keys(new byte[] {1}).slot(mark));
        assertThat(new Keys(new byte[] {1}).slot(mark).set())
                .isNotEqualTo(new Keys(new byte[] {2}).slot(mark).set());
        assertThat(new Keys(new byte[] {1}).slot(mark).tag())
                .isNotEqualTo(new Keys(new byte[] {2}).slot(mark).tag());
    }
}
