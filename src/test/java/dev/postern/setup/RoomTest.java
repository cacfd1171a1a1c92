package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTest {

    private static final long MEBIBYTE = 1024 * 1024;

    @ParameterizedTest
    @CsvSource({
        "1, 64, 64",
        "32, 204, 64",
        "96, 614, 153",
        "256, 1638, 409",
        "3125, 20000, 5000",
        "1000000, 20000, 20000"
    })
    void whatIsHeldGrowsWithTheHeapUpToABound(long mebibytes, int connections, int bodies) {
        assertThat(Room.connections(mebibytes * MEBIBYTE)).isEqualTo(connections);
        assertThat(Room.bodies(mebibytes * MEBIBYTE)).isEqualTo(bodies);
    }

    @ParameterizedTest
    @CsvSource({"32", "96", "256", "1024", "100000"})
    void theLargestHeadersAndBodiesTogetherTakeLessThanAThirdOfIt(long mebibytes) {
        long heap = mebibytes * MEBIBYTE;
        long most = Room.connections(heap) * 32L * 1024 + Room.bodies(heap) * 64L * 1024;
        assertThat(most).isLessThanOrEqualTo(heap / 3 + 64 * 64 * 1024);
    }
}
