package dev.postern.cases;

import dev.postern.cases.CaseFile.Row;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of the golden table whose operator trusts nobody, over HTTP. */
@QuarkusTest
@TestProfile(GoldenHttpWithoutProxiesTest.Server.class)
class GoldenHttpWithoutProxiesTest extends GoldenHttp {

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
    void the_server_decides_as_the_engine(Row row) throws IOException {
        run(row);
    }
}
