package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {

    private static final long MEBIBYTE = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({
        "1, 64, 64",
        "32, 1024, 64",
        "96, 3072, 153",
        "256, 8192, 409",
        "625, 20000, 1000",
        "1000000, 20000, 20000"
    })
    void whatIsHeldGrowsWithTheHeapUpToABound(long mebibytes, int connections, int bodies) {
        assertThat(Room.connections(mebibytes * MEBIBYTE)).isEqualTo(connections);
        assertThat(Room.bodies(mebibytes * MEBIBYTE)).isEqualTo(bodies);
    }

    @ParameterizedTest
    @CsvSource({"96", "256", "1024", "100000"})
    void allThatIsHeldTogetherTakesLessThanThreeFifthsOfIt(long mebibytes) {
        long heap = mebibytes * MEBIBYTE;
        long most = Room.connections(heap) * 10L * 1024 + Room.bodies(heap) * 96L * 1024 + Room.unanswered(heap);
        assertThat(most).isLessThanOrEqualTo(heap * 3 / 5);
    }
}
