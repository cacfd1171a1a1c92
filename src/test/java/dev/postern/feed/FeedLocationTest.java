package dev.postern.feed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.FeedLocation.LocalFile;
import dev.postern.feed.FeedLocation.Malformed;
import dev.postern.feed.FeedLocation.Understood;
import dev.postern.feed.FeedLocation.Url;
import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.Validators;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a feed may be, and what a copy of it is known by. */
class FeedLocationTest {

    @ParameterizedTest
    @CsvSource({
        "https://api.github.com/meta, api.github.com, 443",
        "HTTPS://ip-ranges.amazonaws.com/ip-ranges.json, ip-ranges.amazonaws.com, 443",
        "https://feeds.example.com:8443/a/b?c=d, feeds.example.com, 8443",
        "https://192.0.2.7/list, 192.0.2.7, 443",
        "https://[2001:db8::7]:444/list, 2001:db8::7, 444",
        "https://localhost:65535/, localhost, 65535",
    })
    void anHttpsUrlIsALocation(String text, String host, int port) {
        // When
        FeedLocation.Syntax syntax = FeedLocation.url(text);
        // Then
        assertThat(syntax).isInstanceOf(Understood.class);
        HttpsUrl url = ((Url) ((Understood) syntax).location()).address();
        assertThat(url.host()).isEqualTo(host);
        assertThat(url.port()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://api.github.com/meta",
                "file:///etc/passwd",
                "ftp://example.com/list",
                "//example.com/list",
                "https:example.com",
                "https:///list",
                "https://user@example.com/list",
                "https://user:secret@example.com/list",
                "https://example.com/list#part",
                "https://example.com:0/list",
                "https://example.com:65536/list",
                "https://example.com:x/list",
                "https://exa mple.com/list",
                "https://exam_ple/list",
                "https://10.1/list",
                "https://010.0.0.1/list",
                "https://2130706433/list",
                "https://0x7f000001/list",
                "https://127.0.0.1./list",
                "https://[fe80::1%25eth0]/list",
                "https://example.com/li\nst",
            })
    void everythingElseIsNone(String text) {
        assertThat(FeedLocation.url(text)).isInstanceOf(Malformed.class);
    }

    @Test
    void aUrlsQueryMayBeASecretAndIsNotShown() {
        // When
        FeedLocation location = ((Understood) FeedLocation.url("https://example.com/list?token=s3cret")).location();
        // Then
        assertThat(location.text()).isEqualTo("https://example.com/list?…");
        assertThat(location).hasToString("https://example.com/list?…");
        assertThat(location.exact()).endsWith("s3cret");
    }

    @ParameterizedTest
    @CsvSource({
        "ServiceTags_Public.json, /etc/postern/policy.yaml, /etc/postern/ServiceTags_Public.json",
        "feeds/partners.txt, policy.d/zones.yaml, policy.d/feeds/partners.txt",
        "partners.txt, policy.yaml, partners.txt",
        "..data/partners.txt, /p/policy.yaml, /p/..data/partners.txt",
    })
    void aFileIsInTheDirectoryOfItsDocument(String path, String document, String whole) {
        // When
        FeedLocation.Syntax syntax = FeedLocation.file(path, document);
        // Then
        assertThat(syntax).isInstanceOf(Understood.class);
        assertThat(((Understood) syntax).location().text()).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "/etc/shadow",
                "../shadow",
                "a/../../shadow",
                "a/./b",
                "a//b",
                "a/",
                "\\\\host\\share",
                "..\\shadow",
                "C:shadow",
                "a\u0000b",
                "a\nb"
            })
    void aFileElsewhereIsNone(String path) {
        assertThat(FeedLocation.file(path, "/etc/postern/policy.yaml")).isInstanceOf(Malformed.class);
    }

    @Test
    void aCopyIsOfOneZoneFormPartAndLocation() {
        // Given
        FeedDeclaration feed = feed("ci", new Selection.GithubMeta("actions"), "https://example.com/meta?a");
        // Then
        assertThat(List.of(
                        feed("ci", new Selection.GithubMeta("hooks"), "https://example.com/meta?a"),
                        feed(
                                "ci",
                                new Selection.AzureServiceTags("actions", Optional.empty()),
                                "https://example.com/meta?a"),
                        feed("ci", new Selection.GithubMeta("actions"), "https://example.com/meta?b"),
                        feed("other", new Selection.GithubMeta("actions"), "https://example.com/meta?a")))
                .noneMatch(other -> other.id().equals(feed.id()));
        assertThat(feed.id().fileName()).matches("ci\\.[0-9a-f]{16}");
    }

    @Test
    void theOrderOfNamesAndTheRulesDoNotMakeAnotherCopy() {
        // Given
        String url = "https://example.com/ip-ranges.json";
        Selection one = new Selection.AwsIpRanges(List.of("S3", "EC2"), List.of("a", "b"));
        Selection same = new Selection.AwsIpRanges(List.of("EC2", "S3"), List.of("b", "a", "a"));
        Selection other = new Selection.AwsIpRanges(List.of("EC2, S3"), List.of("a", "b"));
        // Then
        assertThat(feed("aws", one, url).id()).isEqualTo(feed("aws", same, url).id());
        assertThat(feed("aws", one, url).id())
                .isNotEqualTo(feed("aws", other, url).id());
        assertThat(one.text()).isEqualTo("aws-ip-ranges service EC2 or S3, region a or b");
    }

    private static FeedDeclaration feed(String zone, Selection selection, String url) {
        return new FeedDeclaration(
                zone, selection, ((Understood) FeedLocation.url(url)).location(), FeedRules.DEFAULTS);
    }

    @Test
    void aFilesNameIsKnownWhole() {
        assertThat(new LocalFile("/etc/postern", "a.txt").exact()).isEqualTo("/etc/postern/a.txt");
        assertThat(new LocalFile("", "a.txt").exact()).isEqualTo("a.txt");
    }

    @Test
    void onlyWhatCanBeSentBackIsAValidator() {
        assertThat(new Validators(Optional.of("\"1\""), Optional.of("Thu, 01 Jan 2026 00:00:00 GMT")).isEmpty())
                .isFalse();
        assertThat(new Validators(Optional.of("\"1\"\r\nHost: x"), Optional.of("x".repeat(513))).isEmpty())
                .isTrue();
        assertThat(new Validators(Optional.of(""), Optional.empty()).isEmpty()).isTrue();
    }
}
