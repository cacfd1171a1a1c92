package dev.postern.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.distribution.RegistryCall.Base;
import dev.postern.distribution.RegistryCall.Catalog;
import dev.postern.distribution.RegistryCall.Elsewhere;
import dev.postern.distribution.RegistryCall.OfRepository;
import dev.postern.distribution.RegistryCall.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths and methods of the OCI distribution specification, by two tables, and what holds for all. */
class RegistryCallTest {

    private static final String HEX = "0123456789abcdef".repeat(4);

    /** A line of a table. */
    record Row(String method, String target, String expected) {
        @Override
        public String toString() {
            return method + " " + target + " -> " + expected;
        }
    }

    static Stream<Row> accepted() {
        return rows("registry-calls.txt");
    }

    static Stream<Row> refused() {
        return rows("registry-calls-refused.txt");
    }

    private static Stream<Row> rows(String file) {
        try {
            return Files.readAllLines(Path.of("src", "test", "resources", "cases", file)).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(RegistryCallTest::row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Row row(String line) {
        String[] halves = line.split(" -> ", -1);
        String[] words = halves[0].split(" ", -1);
        assertThat(halves).hasSize(2);
        assertThat(words).hasSize(2);
        return new Row(filled(words[0]), filled(words[1]), halves[1]);
    }

    private static String filled(String text) {
        return text.replace("{sha256}", "sha256:" + HEX)
                .replace("{sha512}", "sha512:" + HEX + HEX)
                .replace("{hex64}", HEX)
                .replace("{nul}", "\0")
                .replace("{tab}", "\t")
                .replace("{cr}", "\r")
                .replace("{lf}", "\n")
                .replace("{del}", "\u007f")
                .replace("{blank}", " ")
                .replace("{empty}", "")
                .replace("{256}", "x".repeat(256))
                .replace("{1024}", "x".repeat(1024))
                .replace("{8192}", "x".repeat(8192));
    }

    @Test
    void theTablesAreAsLongAsTheyShouldBe() {
        assertThat(accepted()).hasSizeGreaterThanOrEqualTo(120).doesNotHaveDuplicates();
        assertThat(refused()).hasSizeGreaterThanOrEqualTo(120).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void aCallIsOfARepositoryAndNeedsActions(Row row) {
        // When
        RegistryCall call = RegistryCall.of(row.method(), row.target(), List.of());
        // Then
        assertThat(told(call)).isEqualTo(row.expected());
        assertThat(call.path()).hasValue(pathOf(row.target()));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsNoneIsRefused(Row row) {
        // When
        RegistryCall call = RegistryCall.of(row.method(), row.target(), List.of());
        // Then
        assertThat(told(call)).isEqualTo(row.expected());
        assertThat(call.path()).isEmpty();
    }

    private static String told(RegistryCall call) {
        return switch (call) {
            case Base base -> "base";
            case Catalog catalog -> "catalog";
            case OfRepository of ->
                of.repository() + " " + String.join(",", of.actions())
                        + of.mountedFrom().map(from -> " from " + from).orElse("");
            case Elsewhere elsewhere -> "! elsewhere";
            case Refused refused ->
                "! " + refused.fault().name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }

    private static String pathOf(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    // Forms in a body

    @ParameterizedTest
    @ValueSource(
            strings = {
                "application/x-www-form-urlencoded",
                "Application/X-WWW-Form-Urlencoded; charset=utf-8",
                "multipart/form-data; boundary=x",
                " multipart/mixed",
                "application/octet-stream, application/x-www-form-urlencoded"
            })
    void aFormCouldNameAMountThatNobodySees(String contentType) {
        assertThat(told(RegistryCall.of("POST", "/v2/acme/app/blobs/uploads/", List.of(contentType))))
                .isEqualTo("! malformed");
        assertThat(told(RegistryCall.of(
                        "POST", "/v2/acme/app/blobs/uploads/", List.of("application/octet-stream", contentType))))
                .isEqualTo("! malformed");
        assertThat(told(RegistryCall.of("PATCH", "/v2/acme/app/blobs/uploads/1", List.of(contentType))))
                .isEqualTo("! malformed");
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /v2/acme/app/blobs/uploads/, ''",
        "POST, /v2/acme/app/blobs/uploads/, application/json",
        "PATCH, /v2/acme/app/blobs/uploads/1, application/octet-stream",
        "PUT, /v2/acme/app/manifests/v1, application/vnd.oci.image.manifest.v1+json",
        // No registry reads a form of these.
        "GET, /v2/acme/app/manifests/v1, application/x-www-form-urlencoded",
        "DELETE, /v2/acme/app/blobs/uploads/1, application/x-www-form-urlencoded"
    })
    void otherTypesAreTaken(String method, String target, String contentType) {
        assertThat(RegistryCall.of(method, target, List.of(contentType))).isInstanceOf(OfRepository.class);
    }

    // What holds for all

    @Property
    void whatIsAcceptedIsWrittenAgainAsItStood(
            @ForAll("methods") String method, @ForAll("almostPaths") String path, @ForAll("queries") String query) {
        // When
        RegistryCall call = RegistryCall.of(method, path + query, List.of());
        // Then
        switch (call) {
            case Refused refused -> assertThat(refused.why()).isNotEmpty();
            case Elsewhere elsewhere -> assertThat(path).doesNotStartWithIgnoringCase("/v2/");
            case Base base -> assertThat(path).isEqualTo("/v2/");
            case Catalog catalog -> assertThat(path).isEqualTo("/v2/_catalog");
            case OfRepository of -> {
                assertThat(call.path()).hasValue(path);
                assertThat(of.repository()).matches("[a-z0-9._/-]{1,255}").doesNotContain("..", "//");
                assertThat(of.actions()).isNotEmpty();
            }
        }
    }

    @Property
    void aCallIsThatOfTheNameItWasMadeFor(@ForAll("names") String name, @ForAll("ends") String end) {
        // Given
        String path = "/v2/" + name + "/" + end;
        String method = end.endsWith("uploads/") ? "POST" : "GET";
        // When
        RegistryCall call = RegistryCall.of(method, path, List.of());
        // Then
        if (("/" + name + "/").contains("/blobs/uploads/")) {
            assertThat(told(call)).isEqualTo("! malformed");
        } else {
            assertThat(call).isInstanceOfSatisfying(OfRepository.class, of -> {
                assertThat(of.repository()).isEqualTo(name);
                assertThat(of.target().path()).isEqualTo(end);
            });
        }
    }

    @Provide
    Arbitrary<String> methods() {
        return Arbitraries.of("GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "get", "");
    }

    /** Words of the API and others, joined by slashes or by what looks like one. */
    @Provide
    Arbitrary<String> almostPaths() {
        Arbitrary<String> words = Arbitraries.of(
                "acme",
                "app",
                "blobs",
                "uploads",
                "manifests",
                "tags",
                "list",
                "referrers",
                "_catalog",
                "latest",
                "v2",
                "",
                ".",
                "..",
                "%2e",
                "a%2fb",
                "Acme",
                "a..b",
                "a;b",
                "a\\b",
                "é",
                "sha256:" + HEX,
                "sha512:00",
                "1");
        return Combinators.combine(
                        Arbitraries.of("/v2/", "/v2/", "/v2/", "/v2", "/", "", "/V2/", "//v2/", "/v2//"),
                        words.list().ofMaxSize(7))
                .as((start, list) -> start + String.join("/", list));
    }

    @Provide
    Arbitrary<String> queries() {
        return Arbitraries.of(
                "",
                "",
                "",
                "?",
                "?n=1",
                "?digest=sha256:" + HEX,
                "?mount=sha256:" + HEX + "&from=acme/base",
                "?from=a");
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> segments = Arbitraries.of(
                "acme",
                "app",
                "a.b",
                "c__d",
                "e--f",
                "blobs",
                "uploads",
                "manifests",
                "tags",
                "list",
                "referrers",
                "v2");
        return segments.list().ofMinSize(1).ofMaxSize(5).map(list -> String.join("/", list));
    }

    @Provide
    Arbitrary<String> ends() {
        return Arbitraries.of(
                "manifests/latest",
                "manifests/sha256:" + HEX,
                "blobs/sha256:" + HEX,
                "blobs/uploads/",
                "blobs/uploads/1",
                "blobs/uploads/manifests",
                "tags/list",
                "referrers/sha256:" + HEX);
    }
}
