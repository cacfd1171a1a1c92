package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AotCacheTest {

    @Test
    void aCacheThatTheJdkSharesClassesFromIsUsed() {
        assertThat(AotCache.inWords(Optional.of("/app/app.aot"), "mixed mode, sharing"))
                .isEqualTo("with the AOT cache /app/app.aot");
    }

    @Test
    void aCacheThatDoesNotFitIsSaidNotToBeUsed() {
        assertThat(AotCache.inWords(Optional.of("/app/app.aot"), "mixed mode"))
                .isEqualTo("without the AOT cache /app/app.aot, which is not of this JDK and these jars");
    }

    @Test
    void theJdksOwnArchiveIsNoCacheOfPosterns() {
        assertThat(AotCache.inWords(Optional.empty(), "mixed mode, sharing")).isEqualTo("without an AOT cache");
    }

    @Test
    void theTestsThemselvesRunWithoutOne() {
        assertThat(AotCache.inWords()).isEqualTo("without an AOT cache");
    }
}
