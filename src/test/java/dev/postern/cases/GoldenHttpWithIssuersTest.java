package dev.postern.cases;

import dev.postern.cases.CaseFile.Row;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The files of the golden table whose operator knows issuers of tokens, over HTTP. */
@QuarkusTest
@TestProfile(GoldenHttpWithIssuersTest.Server.class)
class GoldenHttpWithIssuersTest extends GoldenHttp {

    /** A server with issuers of tokens. */
    public static final class Server extends ServerOf {
        static final CaseFile FILE = GoldenTable.file("federated.yaml");

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
