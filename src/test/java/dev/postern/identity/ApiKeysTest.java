package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New API keys, and their digests. */
class ApiKeysTest {

    @Test
    void aKeyHasAFormThatScannersRecogniseAndIsNeverTheSame() {
        // When
        var keys = Stream.generate(ApiKeys::generate).limit(1000).toList();
        // Then
        assertThat(keys).doesNotHaveDuplicates().allMatch(key -> key.matches("postern_[A-Za-z0-9_-]{43}"));
    }

    /** FIPS 180-4's examples, and one of sha256sum. */
    @ParameterizedTest
    @CsvSource({
        "abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "'', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "€, c4cc90ed3d26f12d4b08a75140970a7904035c31cbb4515a83f19b9003c00d1d"
    })
    void theDigestIsSha256InLowerCaseHexadecimal(String key, String digest) {
        assertThat(ApiKeys.digest(key)).isEqualTo(digest);
    }
}
