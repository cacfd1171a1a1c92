package dev.postern.cases;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.postern.cases.CaseFile.Row;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden table through Envoy's door, but for the files whose operator trusts nobody. */
@QuarkusTest
@TestProfile(GoldenEnvoyTest.Server.class)
class GoldenEnvoyTest extends GoldenEnvoy {

    /** A server as an operator of proxies and private endpoints has it. */
    public static final class Server extends ServerOf {
        static final CaseFile FILE = GoldenTable.file("proxies.yaml");

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
