package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.FeedParser.Limits;
import dev.postern.feed.FeedParser.Parsed;
import dev.postern.feed.FeedParser.Refused;
import dev.postern.feed.FeedParser.Result;
import dev.postern.feed.Selection.AwsIpRanges;
import dev.postern.feed.Selection.AzureServiceTags;
import dev.postern.feed.Selection.GithubMeta;
import dev.postern.feed.Selection.GoogleIpRanges;
import dev.postern.feed.Selection.Lines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Published files: what is taken of each form, and what makes the whole file refused. */
class FeedParserTest {

    private static final Selection TAG = new AzureServiceTags("T", Optional.empty());
    private static final Selection AWS = new AwsIpRanges(List.of(), List.of());
    private static final Selection GOOGLE = new GoogleIpRanges(List.of(), List.of());
    private static final Selection KEY = new GithubMeta("actions");
    private static final Selection LINES = new Lines();

    static Stream<Arguments> selections() {
        return Stream.of(
                taken(
                        "azure-service-tags.json",
                        new AzureServiceTags("AzureContainerRegistry.WestEurope", Optional.empty()),
                        "198.51.100.0/26",
                        "2001:db8:10::/125"),
                taken(
                        "azure-service-tags.json",
                        new AzureServiceTags("AzureContainerRegistry", Optional.empty()),
                        "198.51.100.0/26",
                        "203.0.113.128/25",
                        "2001:db8:10::/125",
                        "2001:db8:20:4::2c0/124"),
                taken(
                        "azure-service-tags.json",
                        new AzureServiceTags("AzureContainerRegistry", Optional.of("WestEurope")),
                        "198.51.100.0/26",
                        "2001:db8:10::/125"),
                taken(
                        "aws-ip-ranges.json",
                        new AwsIpRanges(List.of(), List.of()),
                        "192.0.2.7",
                        "198.51.100.0/25",
                        "203.0.113.8/29",
                        "2001:db8:a::/48",
                        "2001:db8:b:1::/64"),
                taken(
                        "aws-ip-ranges.json",
                        new AwsIpRanges(List.of("CODEBUILD"), List.of()),
                        "198.51.100.0/26",
                        "203.0.113.8/29",
                        "2001:db8:b:1::/64"),
                taken(
                        "aws-ip-ranges.json",
                        new AwsIpRanges(List.of("CODEBUILD", "CLOUDFRONT"), List.of("us-east-1", "GLOBAL")),
                        "192.0.2.7",
                        "203.0.113.8/29",
                        "2001:db8:b:1::/64"),
                taken(
                        "aws-ip-ranges.json",
                        new AwsIpRanges(List.of(), List.of("eu-west-1")),
                        "198.51.100.0/25",
                        "2001:db8:a::/48"),
                taken(
                        "google-cloud.json",
                        new GoogleIpRanges(List.of("Google Cloud"), List.of("europe-west1")),
                        "198.51.100.0/24",
                        "2001:db8:c0::/44"),
                taken(
                        "google-goog.json",
                        new GoogleIpRanges(List.of(), List.of()),
                        "198.51.100.4",
                        "203.0.113.0/24",
                        "2001:db8::/32"),
                taken("github-meta.json", new GithubMeta("hooks"), "192.0.2.0/26", "2001:db8:40::/48"),
                taken(
                        "github-meta.json",
                        new GithubMeta("actions"),
                        "198.51.100.0-198.51.100.47",
                        "203.0.113.77",
                        "2001:db8:50:10::/60"),
                taken(
                        "lines.txt",
                        new Lines(),
                        "198.51.100.7",
                        "198.51.100.16/28",
                        "203.0.113.5-203.0.113.20",
                        "2001:db8:7::/48"));
    }

    private static Arguments taken(String file, Selection selection, String... ranges) {
        return Arguments.of(file, selection, List.of(ranges));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("selections")
    void thePartAskedForIsTaken(String file, Selection selection, List<String> ranges) {
        // When
        Result result = Samples.parse(Samples.file(file), selection);
        // Then
        assertThat(result).isInstanceOf(Parsed.class);
        assertThat(Samples.texts(((Parsed) result).addresses())).isEqualTo(ranges);
    }

    @Test
    void prefixesAreCountedAsTheyArePublished() {
        // When: two of its prefixes are neighbours, and one range
        Result result = Samples.parse(Samples.file("github-meta.json"), KEY);
        // Then
        assertThat(((Parsed) result).prefixes()).isEqualTo(4);
    }

    @Test
    void aNameMayStandAfterItsPrefixes() {
        // When
        Result result = Samples.parse("""
                {"values": [{"properties": {"addressPrefixes": ["192.0.2.0/24"]}, "name": "T"},
                            {"properties": {"addressPrefixes": ["203.0.113.0/24"]}, "name": "U"}]}
                """, TAG);
        // Then
        assertThat(Samples.texts(((Parsed) result).addresses())).containsExactly("192.0.2.0/24");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                // Not that form at all
                refused("", TAG, "is empty"),
                refused(" \n", KEY, "is empty"),
                refused("<!DOCTYPE html><html></html>", KEY, "is HTML or XML"),
                refused("\r\n <?xml version=\"1.0\"?>", AWS, "is HTML or XML"),
                refused("<html>", LINES, "is HTML or XML"),
                refused("[]", KEY, "expected an object at its root (line 1, column 1), found a list"),
                refused("null", AWS, "expected an object at its root (line 1, column 1), found null"),
                refused("\n\n 7", AWS, "at its root (line 3, column 2), found a number"),
                refused("{} {}", KEY, "goes on after its end"),
                refused("{\"actions\": [\"192.0.2.0/24\"]} ,", KEY, "is not JSON"),
                refused("Not Found", KEY, "is not JSON at line 1, column 1"),
                refused("{\"message\": \"API rate limit exceeded\"}", KEY, "has no list 'actions'"),
                refused("{\"hooks\": [\"192.0.2.0/24\"]}", KEY, "it has hooks"),
                refused("{\"prefixes\": []}", TAG, "has no list 'values'"),
                refused("{\"prefixes\": []}", AWS, "has no list 'ipv6_prefixes'"),
                refused("{\"ipv6_prefixes\": []}", AWS, "has no list 'prefixes'"),
                refused("{}", GOOGLE, "has no list 'prefixes'"),
                // Not whole
                refused("{\"actions\": [\"192.0.2.0/24\"", KEY, "ends in the middle"),
                refused("{\"actions\": [\"192.0.2.0/24\"], \"hooks\": [\"203", KEY, "ends in the middle"),
                refused("{\"actions\": [\"192.0.2.0/24\"],", KEY, "ends in the middle"),
                // Of wrong types
                refused("{\"actions\": \"192.0.2.0/24\"}", KEY, "expected a list at /actions"),
                refused("{\"actions\": {\"a\": \"192.0.2.0/24\"}}", KEY, "found an object"),
                refused("{\"actions\": [\"192.0.2.0/24\", 7]}", KEY, "expected a text at /actions/1"),
                refused("{\"actions\": [\"192.0.2.0/24\", null]}", KEY, "found null"),
                refused("{\"actions\": [[\"192.0.2.0/24\"]]}", KEY, "found a list"),
                refused("{\"values\": {}}", TAG, "expected a list at /values"),
                refused("{\"values\": [\"T\"]}", TAG, "expected an object at /values/0"),
                refused("{\"values\": [{\"name\": 1}]}", TAG, "expected a text at /values/0/name"),
                refused("{\"values\": [{\"name\": \"T\", \"properties\": []}]}", TAG, "expected an object"),
                refused(
                        "{\"values\": [{\"name\": \"T\", \"properties\": {\"addressPrefixes\": true}}]}",
                        TAG,
                        "found true or false"),
                refused("{\"prefixes\": [{\"service\": \"X\"}], \"ipv6_prefixes\": []}", AWS, "has no ip_prefix at"),
                refused("{\"prefixes\": [{}]}", GOOGLE, "has no ipv4Prefix or ipv6Prefix at /prefixes/0"),
                // Twice, so that nobody knows which is meant
                refused("{\"actions\": [\"192.0.2.0/24\"], \"actions\": []}", KEY, "Duplicate field 'actions'"),
                refused(
                        "{\"prefixes\": [{\"ipv4Prefix\": \"192.0.2.0/24\", \"ipv4Prefix\": \"192.0.2.0/25\"}]}",
                        GOOGLE,
                        "Duplicate field"),
                refused(
                        "{\"values\": [" + tag("T", "192.0.2.0/24") + "," + tag("T", "192.0.2.0/25") + "]}",
                        TAG,
                        "has the tag 'T' twice, at /values/1"),
                // Prefixes that are not strict
                refused(
                        "{\"actions\": [\"192.0.2.0/24\",\n \"192.0.2.1/24\"]}",
                        KEY,
                        "'192.0.2.1/24' has host bits set; the block meant is 192.0.2.0/24, the single address"
                                + " 192.0.2.1, at /actions/1 (line 2, column 2)"),
                refused("{\"actions\": [\"192.0.2.0/33\"]}", KEY, "has no prefix length from 0 to 32"),
                refused("{\"actions\": [\"192.0.2.0/024\"]}", KEY, "has no prefix length"),
                refused("{\"actions\": [\"192.0.2/24\"]}", KEY, "is not a CIDR block"),
                refused("{\"actions\": [\"0xC0000200/24\"]}", KEY, "is not a CIDR block"),
                refused("{\"actions\": [\"192.0.2.0-192.0.2.9\"]}", KEY, "is not an address or a CIDR block"),
                refused("{\"actions\": [\" 192.0.2.0/24\"]}", KEY, "is not a CIDR block"),
                refused("{\"actions\": [\"\"]}", KEY, "is not an address"),
                refused("{\"actions\": [\"example.com\"]}", KEY, "is not an address"),
                refused("{\"actions\": [\"::ffff:192.0.2.0/120\"]}", KEY, "write the block as IPv4"),
                refused("{\"actions\": [\"fe80::1%eth0\"]}", KEY, "is not an address"),
                refused(
                        "{\"values\": [" + tag("T", "192.0.2.1/24") + "]}",
                        TAG,
                        "at /values/0/properties/addressPrefixes/0 (line 1, column"),
                refused(
                        "{\"prefixes\": [{\"ip_prefix\": \"2001:db8::/32\"}], \"ipv6_prefixes\": []}",
                        AWS,
                        "'2001:db8::/32' is of the other address family, at /prefixes/0/ip_prefix"),
                refused(
                        "{\"prefixes\": [{\"ipv6Prefix\": \"192.0.2.0/24\"}]}",
                        GOOGLE,
                        "is of the other address family, at /prefixes/0/ipv6Prefix"),
                refused("192.0.2.0/24\n# a remark\n192.0.2.1/24\n", LINES, "the single address 192.0.2.1, at line 3"),
                refused("192.0.2.0/24,198.51.100.0/24", LINES, "has no prefix length"),
                refused("192.0.2.0/24\u0000", LINES, "has no prefix length"),
                refused("192.0.2.9-192.0.2.1", LINES, "ends before it begins"),
                // Nothing for what was asked for
                refused("{\"actions\": []}", KEY, "has no prefix for github-meta key actions; an empty feed is never"),
                refused("{\"values\": []}", TAG, "has no prefix for azure-service-tags tag T"),
                refused("{\"values\": [" + tag("t", "192.0.2.0/24") + "]}", TAG, "has no prefix"),
                refused("{\"values\": [" + tag("T.West", "192.0.2.0/24") + "]}", TAG, "has no prefix"),
                refused("{\"prefixes\": [], \"ipv6_prefixes\": []}", AWS, "has no prefix for aws-ip-ranges;"),
                refused("\n# nothing\n \t\r\n", LINES, "has no prefix for lines"),
                // More than is read
                refused("{\"x\": " + "[".repeat(40) + "]".repeat(40) + "}", KEY, "is nested"),
                refused("{\"" + "n".repeat(2000) + "\": 1}", KEY, "has a name of more than 1024"),
                refused("{\"actions\": [\"" + "1".repeat(70_000) + "\"]}", KEY, "beyond what is read"),
                refused("#" + "c".repeat(5000), LINES, "has more than 4096 characters in line 1"));
    }

    private static String tag(String name, String prefix) {
        return "{\"name\": \"" + name + "\", \"properties\": {\"addressPrefixes\": [\"" + prefix + "\"]}}";
    }

    private static Arguments refused(String file, Selection selection, String why) {
        return Arguments.of(file, selection, why);
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("refusals")
    void aFileWithAMistakeIsRefusedWhole(String file, Selection selection, String why) {
        // When
        Result result = Samples.parse(file, selection);
        // Then
        assertThat(result).isInstanceOf(Refused.class);
        assertThat(((Refused) result).why()).contains(why).hasSizeLessThan(520);
    }

    @Test
    void whatPublishersAddIsPassedOver() {
        // Given
        String file = """
                {"new": {"deep": [[{"prefixes": ["not an address"]}]]},
                 "prefixes": [{"ipv4Prefix": "192.0.2.0/24", "asn": 64496, "tags": ["a"], "scope": "x"}],
                 "ipv6_prefixes": "not of this form"}
                """;
        // Then
        assertThat(Samples.parse(file, GOOGLE)).isInstanceOf(Parsed.class);
    }

    @Test
    void aMistakeInAnotherTagIsNotOurs() {
        assertThat(Samples.parse(
                        "{\"values\": [" + tag("U", "192.0.2.1/24") + "," + tag("T", "192.0.2.0/24") + "]}", TAG))
                .isInstanceOf(Parsed.class);
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFile() {
        assertThat(Samples.parse("\uFEFF{\"actions\": [\"192.0.2.0/24\"]}", KEY))
                .isInstanceOf(Parsed.class);
        assertThat(Samples.parse("\uFEFF192.0.2.0/24\r\n", LINES)).isInstanceOf(Parsed.class);
        assertThat(Samples.parse("192.0.2.0/24\n\uFEFF192.0.2.0/24\n", LINES)).isInstanceOf(Refused.class);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        byte[] latin1 = "# für Bäume\n192.0.2.0/24\n".getBytes(StandardCharsets.ISO_8859_1);
        byte[] json = "{\"ä\": 1, \"actions\": [\"192.0.2.0/24\"]}".getBytes(StandardCharsets.ISO_8859_1);
        // Then
        assertThat(Samples.parse(latin1, LINES)).isEqualTo(new Refused("is not text in UTF-8"));
        assertThat(Samples.parse(json, KEY)).isEqualTo(new Refused("is not text in UTF-8"));
        assertThat(Samples.parse("{\"actions\": [\"192.0.2.0/24\"]}".getBytes(StandardCharsets.UTF_16), KEY))
                .isEqualTo(new Refused("is not text in UTF-8"));
    }

    @Test
    void aFileMayHaveAsManyBytesAndPrefixesAsTheLimitsSayAndNoMore() {
        // Given
        byte[] file = "192.0.2.1\n192.0.2.2\n".getBytes(StandardCharsets.UTF_8);
        // Then
        assertThat(parse(file, new Limits(file.length, 2))).isInstanceOf(Parsed.class);
        assertThat(parse(file, new Limits(file.length - 1, 2))).isEqualTo(new Refused("is larger than 19 bytes"));
        assertThat(parse(file, new Limits(file.length, 1))).isEqualTo(new Refused("has more than 1 prefixes"));
    }

    private static Result parse(byte[] file, Limits limits) {
        return FeedParser.parse(new ByteArrayInputStream(file), LINES, limits);
    }

    @Test
    void aTagsPrefixesCountBeforeTheyAreChosen() {
        // Given
        byte[] file = ("{\"values\": [{\"properties\": {\"addressPrefixes\": [\"a\", \"b\", \"c\"]}}]}")
                .getBytes(StandardCharsets.UTF_8);
        // When
        Result result = FeedParser.parse(new ByteArrayInputStream(file), TAG, new Limits(1000, 2));
        // Then
        assertThat(result).isEqualTo(new Refused("has more than 2 prefixes"));
    }

    @Test
    void aStreamThatFailsIsRefused() {
        // Given
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };
        // Then
        assertThat(FeedParser.parse(failing, KEY, Limits.DEFAULTS))
                .isEqualTo(new Refused("cannot be read to its end (IOException)"));
    }

    @Test
    void whatIsNoGzipIsRefused() throws IOException {
        // Given
        byte[] gzip = Gzip.of("192.0.2.0/24\n".getBytes(StandardCharsets.UTF_8));
        gzip[gzip.length - 6] ^= 1;
        // Then
        assertThat(FeedParser.parse(new GZIPInputStream(new ByteArrayInputStream(gzip)), LINES, Limits.DEFAULTS))
                .isEqualTo(new Refused("is not what its Content-Encoding says: gzip"));
    }
}
