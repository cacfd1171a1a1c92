package dev.postern.cases;

import dev.postern.cases.CaseFile.Row;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden table over HTTP, but for the files whose operator trusts nobody. */
@QuarkusTest
@TestProfile(GoldenHttpTest.Server.class)
class GoldenHttpTest extends GoldenHttp {

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
    void the_server_decides_as_the_engine(Row row) throws IOException {
        run(row);
    }
}
