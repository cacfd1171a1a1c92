package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedRules;
import dev.postern.feed.FeedRules.WhenStale;
import dev.postern.feed.Selection;
import dev.postern.policy.PolicyCompiler.Document;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The feeds that zones follow. */
class FeedReaderTest {

    @Test
    void aFeedIsReadWithAllThatItSays() {
        // When
        FeedDeclaration feed = feed("format: lines, url: 'https://example.com/a.txt', refresh: 30m, max-age: 7d,"
                + " when-stale: refuse, max-shrink: 10%, max-growth: 50%, allow-wide: 'true'");
        // Then
        assertThat(feed.zone()).isEqualTo("z");
        assertThat(feed.selection()).isEqualTo(new Selection.Lines());
        assertThat(feed.location().text()).isEqualTo("https://example.com/a.txt");
        assertThat(feed.rules())
                .isEqualTo(new FeedRules(
                        Duration.ofMinutes(30), Optional.of(Duration.ofDays(7)), WhenStale.REFUSE, 10, 50, true));
    }

    @Test
    void whatAFeedDoesNotSayIsAsDocumented() {
        // When
        FeedDeclaration feed = feed("format: lines, file: a.txt");
        // Then
        assertThat(feed.location().text()).isEqualTo("a.txt");
        assertThat(feed.rules()).isEqualTo(FeedRules.DEFAULTS);
    }

    @Test
    void eachFormatHasItsOwnPart() {
        assertThat(feed("format: azure-service-tags, file: a, tag: Storage").selection())
                .isEqualTo(new Selection.AzureServiceTags("Storage", Optional.empty()));
        assertThat(feed("format: azure-service-tags, file: a, tag: Storage, region: westeurope")
                        .selection())
                .isEqualTo(new Selection.AzureServiceTags("Storage", Optional.of("westeurope")));
        assertThat(feed("format: aws-ip-ranges, file: a").selection())
                .isEqualTo(new Selection.AwsIpRanges(List.of(), List.of()));
        assertThat(feed("format: aws-ip-ranges, file: a, service: [S3, EC2], region: us-east-1")
                        .selection())
                .isEqualTo(new Selection.AwsIpRanges(List.of("EC2", "S3"), List.of("us-east-1")));
        assertThat(feed("format: google-ip-ranges, file: a, service: Google Cloud, scope: [us-east1]")
                        .selection())
                .isEqualTo(new Selection.GoogleIpRanges(List.of("Google Cloud"), List.of("us-east1")));
        assertThat(feed("format: github-meta, file: a, key: actions").selection())
                .isEqualTo(new Selection.GithubMeta("actions"));
    }

    @ParameterizedTest
    @CsvSource({
        "60s, 60",
        "1m, 60",
        "90s, 90",
        "2h, 7200",
        "7d, 604800",
        "604800s, 604800",
    })
    void aFeedIsAskedForFromOnceAMinuteToOnceAWeek(String refresh, long seconds) {
        assertThat(feed("format: lines, file: a, refresh: " + refresh).rules().refresh())
                .isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "refresh: 59s | 'refresh' is '59s'; expected a time such as 30m, 1h or 7d, from 1m to 7d",
                "refresh: 604801s | 'refresh' is '604801s'; expected a time such as 30m, 1h or 7d, from 1m to 7d",
                "max-age: 3651d | 'max-age' is '3651d'; expected a time such as 30m, 1h or 7d, from 1m to 3650d",
                "refresh: 48h, max-age: 1d | 'max-age' is less than 'refresh' (2d)",
                "refresh: 47h, max-age: 1d | 'max-age' is less than 'refresh' (47h)",
                "refresh: 90m, max-age: 1h | 'max-age' is less than 'refresh' (90m)",
                "max-shrink: 101% | 'max-shrink' is '101%'; expected a share such as 30%, up to 100%",
                "max-growth: 1000000% | 'max-growth' is '1000000%'",
                "when-stale: keep | 'when-stale' goes with 'max-age'",
            })
    void whatIsOutOfItsBoundsIsAnError(String rule, String message) {
        assertThat(errors("format: lines, file: a, " + rule))
                .singleElement()
                .asString()
                .contains(message);
    }

    @ParameterizedTest
    @CsvSource({"100%, 999999%", "0%, 0%"})
    void sharesHaveBoundsThatCount(String shrink, String growth) {
        // When
        FeedRules rules = feed("format: lines, file: a, max-shrink: " + shrink + ", max-growth: " + growth + "")
                .rules();
        // Then
        assertThat(rules.maxShrink() + "%").isEqualTo(shrink);
        assertThat(rules.maxGrowth() + "%").isEqualTo(growth);
    }

    @Test
    void aFeedMayBeAsOldAsBetweenTwoLooks() {
        assertThat(feed("format: lines, file: a, refresh: 2h, max-age: 2h")
                        .rules()
                        .maxAge())
                .contains(Duration.ofHours(2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "format: azure-service-tags, file: a, tag: ' ' | ' ' is not a name as the publisher writes it",
                "format: azure-service-tags, file: a, tag: Storage, region: '' | '' is not a name as the publisher writes it",
                "format: aws-ip-ranges, file: a, service: [S3, \"E\\u0007C2\"] | 'E?C2' is not a name as the publisher writes it",
                "format: aws-ip-ranges, file: a, service: [] | 'service' names none; leave it out where all are meant",
                "format: aws-ip-ranges, file: a, region: [] | 'region' names none; leave it out where all are meant",
                "format: google-ip-ranges, file: a, scope: [] | 'scope' names none; leave it out where all are meant",
                "format: aws-ip-ranges, file: a, service: {} | 'service' must be a list of a name",
            })
    void aPartThatIsNoneIsAnErrorAndNotAllOfIt(String feed, String message) {
        assertThat(errors(feed)).singleElement().asString().contains(message);
    }

    @Test
    void aNameHas256CharactersAtMost() {
        assertThat(feed("format: github-meta, file: a, key: " + "x".repeat(256)).selection())
                .isEqualTo(new Selection.GithubMeta("x".repeat(256)));
        assertThat(errors("format: github-meta, file: a, key: " + "x".repeat(257)))
                .hasSize(1);
    }

    private static Draft draft(String feed) {
        return Policies.COMPILER.read(
                new Document("policy.yaml", "zones: {z: {feed: {" + feed + "}}}\naccounts: {acme: {}}\n"));
    }

    private static FeedDeclaration feed(String feed) {
        Draft draft = draft(feed);
        assertThat(draft.errors()).isEmpty();
        List<FeedDeclaration> feeds = PolicyCompiler.feeds(List.of(draft));
        assertThat(feeds).hasSize(1);
        return feeds.getFirst();
    }

    private static List<String> errors(String feed) {
        return draft(feed).errors().stream().map(Problem::toString).toList();
    }
}
