package dev.postern.policy.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.policy.bundle.BundleReader.Contents;
import dev.postern.policy.bundle.BundleReader.Refused;
import java.util.Arrays;

/** Bundles from data: bytes as they come, and archives whose entries are of any name and kind. */
class BundleReaderFuzzTest {

    private static final String NAME = "https://policies.example.com/postern.tar.gz";
    private static final int MOST = 100_000;

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreABundleOrAreRefused(byte[] data) {
        assertADocumentedOutcome(data);
        assertADocumentedOutcome(Archives.gzip(data));
        byte[] tar = Archives.tar(each -> Archives.add(each, "a.yaml", "accounts: {}"));
        System.arraycopy(data, 0, tar, 0, Math.min(data.length, tar.length));
        assertADocumentedOutcome(Archives.gzip(tar));
    }

    @FuzzTest(maxDuration = "2m")
    void anArchiveIsReadOrIsRefusedWhole(FuzzedDataProvider data) {
        // Given
        String name = data.consumeString(100).replace("\0", "");
        byte kind = data.consumeByte();
        String content = data.consumeRemainingAsString();
        // Then
        assertADocumentedOutcome(Archives.of("good.yaml", "zones: {}", name.isEmpty() ? "x" : name, content));
        assertADocumentedOutcome(Archives.with(tar -> {
            Archives.add(tar, "good.yaml", "zones: {}");
            if (kind != 'L' && kind != 'K' && kind != 'x' && kind != 'g' && kind != 'X' && kind != 'S') {
                Archives.add(tar, name.isEmpty() ? "x" : name, kind, "a");
            }
        }));
    }

    private static void assertADocumentedOutcome(byte[] bundle) {
        switch (BundleReader.read(bundle, NAME, MOST)) {
            case Contents contents ->
                assertThat(contents.documents()).isNotEmpty().allSatisfy(document -> {
                    String path = document.name().substring(NAME.length());
                    assertThat(path).matches("(?s)(!/[^\\\\]+\\.ya?ml)?").doesNotContain("//", "\0", "\n");
                    assertThat(Arrays.asList(path.split("/"))).doesNotContain("..", ".");
                });
            case Refused refused -> assertThat(refused.why()).isNotBlank().hasSizeLessThan(400);
        }
    }
}
