package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.PosternResource;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawHttp.Line;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console, where nobody has asked for it. */
@QuarkusTest
@WithTestResource(PosternResource.class)
class ConsoleOffTest {

    @TestHTTPResource(value = "/", management = true)
    URI management;

    @ParameterizedTest
    @ValueSource(strings = {"/console", "/console/", "/console/login", "/console/assets/console.css"})
    void there_is_none(String path) {
        assertThat(RawHttp.get(management, path, List.of(new Line("Host", "localhost")))
                        .status())
                .isEqualTo(404);
    }
}
