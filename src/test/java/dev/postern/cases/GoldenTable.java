package dev.postern.cases;

import dev.postern.cases.CaseFile.Row;
import dev.postern.cases.CaseFile.Settings;
import dev.postern.testing.TestIssuer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The files of the golden table. */
final class GoldenTable {

    /** The transport peer of every request that is made here over HTTP. */
    static final String OWN_ADDRESS = "127.0.0.1";

    private static final Path DIRECTORY = Path.of("src", "test", "resources", "cases");

    private GoldenTable() {}

    /** All files, by name. */
    static List<CaseFile> files() {
        try (Stream<Path> paths = Files.list(DIRECTORY)) {
            return paths.filter(path -> path.toString().endsWith(".yaml"))
                    .sorted()
                    .map(GoldenTable::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of this name. */
    static CaseFile file(String name) {
        return read(DIRECTORY.resolve(name));
    }

    /** The cases of all files. */
    static Stream<Row> rows() {
        return files().stream().flatMap(file -> file.rows().stream());
    }

    /** The cases of all files with these settings, but for those that HTTP cannot carry. */
    static Stream<Row> rowsWith(Settings settings) {
        return rows().filter(row -> row.file().settings().equals(settings))
                .filter(row -> row.golden().overHttp());
    }

    /** The settings as a server takes them, which also trusts the address from which the tests ask. */
    static Map<String, String> serverSettings(Settings settings) {
        Map<String, String> out = new HashMap<>();
        out.put("postern.region", settings.region());
        settings.referUrl().ifPresent(url -> out.put("postern.refer-url", url));
        List<String> proxies = new ArrayList<>(settings.trustedProxies());
        proxies.add(OWN_ADDRESS);
        out.put("postern.source.trusted-proxies", String.join(",", proxies));
        settings.privateEndpoints().forEach((name, endpoint) -> {
            String key = "postern.private-endpoints." + name;
            out.put(key + ".translated-addresses", String.join(",", endpoint.translatedAddresses()));
            if (!endpoint.hostnames().isEmpty()) {
                out.put(key + ".hostnames", String.join(",", endpoint.hostnames()));
            }
        });
        settings.issuers().forEach((name, issuer) -> {
            String key = "postern.oidc." + name;
            out.put(key + ".issuer", issuer.issuer());
            out.put(key + ".audiences", issuer.audience());
            out.put(key + ".jwks-file", TestIssuer.jwksFile(TestIssuer.SHARED).toString());
            issuer.accountClaim().ifPresent(claim -> out.put(key + ".account-claim", claim));
            if (!issuer.accounts().isEmpty()) {
                out.put(key + ".accounts", String.join(",", issuer.accounts()));
            }
            issuer.groupsClaim().ifPresent(claim -> out.put(key + ".groups-claim", claim));
            issuer.rolesClaim().ifPresent(claim -> out.put(key + ".roles-claim", claim));
            issuer.roles().forEach((role, here) -> out.put(key + ".roles." + role, here));
        });
        return out;
    }

    private static CaseFile read(Path path) {
        try {
            return CaseReader.read(path.getFileName().toString(), Files.readString(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
