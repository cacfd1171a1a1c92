package dev.postern.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.postern.cases.CaseFile.Row;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden table through Envoy's door of operators who trust nobody. */
@QuarkusTest
@TestProfile(GoldenEnvoyWithoutProxiesTest.Server.class)
class GoldenEnvoyWithoutProxiesTest extends GoldenEnvoy {

    /** A server with as few settings as there can be. */
    public static final class Server extends ServerOf {
        static final CaseFile FILE = GoldenTable.file("without-proxies.yaml");

        /** With the settings of that file. */
        public Server() {
            super(FILE);
        }
    }

    static Stream<Row> rows() {
        return GoldenTable.rowsWith(Server.FILE.settings());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void the_door_decides_as_the_engine(Row row) {
        runByIdentity(row);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void a_token_passes_for_what_it_was_given(Row row) throws JsonProcessingException {
        runByToken(row);
    }
}
