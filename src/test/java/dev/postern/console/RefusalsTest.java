package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    private final Refusals refusals = new Refusals();

    private void add(String block) {
        refusals.add(
                block,
                sequence -> new Refusal(
                        sequence,
                        "id-" + sequence,
                        "",
                        "",
                        "",
                        true,
                        "",
                        "",
                        List.of(),
                        "",
                        "",
                        "",
                        List.of(),
                        new Advice("", "")));
    }

    @Test
    void the_newest_are_first() {
        // When
        add("a");
        add("b");
        add("a");

        // Then
        assertThat(refusals.blocks()).extracting(Refusals.Block::block).containsExactly("a", "b");
        assertThat(refusals.blocks().getFirst().refusals())
                .extracting(Refusal::sequence)
                .containsExactly(3L, 1L);
        assertThat(refusals.newest()).isEqualTo(3);
    }

    @Test
    void a_loud_stranger_does_not_push_out_the_others() {
        // Given
        add("quiet");

        // When
        for (int i = 0; i < 100_000; i++) {
            add("loud");
        }

        // Then
        assertThat(refusals.blocks()).extracting(Refusals.Block::block).containsExactly("loud", "quiet");
        assertThat(refusals.blocks().getFirst().refusals()).hasSize(Refusals.OF_A_BLOCK);
        assertThat(refusals.blocks().getFirst().count()).isEqualTo(100_000);
        assertThat(refusals.kept()).isEqualTo(Refusals.OF_A_BLOCK + 1);
    }

    @Test
    void many_strangers_keep_within_the_bound() {
        // When
        for (int i = 0; i < 50_000; i++) {
            add("block " + i);
        }

        // Then
        assertThat(refusals.kept()).isEqualTo(Refusals.IN_ALL);
        assertThat(refusals.blocks()).hasSize(Refusals.IN_ALL);
        assertThat(refusals.blocks().getFirst().block()).isEqualTo("block 49999");
    }

    @Test
    void nobody_is_there_at_first() {
        assertThat(refusals.blocks()).isEmpty();
        assertThat(refusals.newest()).isZero();
    }
}
