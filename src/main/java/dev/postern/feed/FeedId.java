package dev.postern.feed;

import java.util.List;

/**
 * What a feed's copy is known by.
 *
 * @param zone the zone that follows the feed
 * @param source a digest of form, part and location: another source is another feed, whatever the zone is called
 */
public record FeedId(String zone, String source) {

    static FeedId of(String zone, Selection selection, FeedLocation location) {
        List<String> lists = switch (selection) {
            case Selection.AzureServiceTags azure ->
                List.of(
                        azure.tag(),
                        azure.region().isPresent() ? "in" : "",
                        azure.region().orElse(""));
            case Selection.AwsIpRanges aws -> List.of(Digests.of(aws.services()), Digests.of(aws.regions()));
            case Selection.GoogleIpRanges google -> List.of(Digests.of(google.services()), Digests.of(google.scopes()));
            case Selection.GithubMeta github -> List.of(github.key());
            case Selection.Lines lines -> List.of();
        };
        String source = Digests.of(List.of(selection.format(), Digests.of(lists), location.exact()));
        return new FeedId(zone, source.substring(0, 16));
    }

    /** A name for its files, which says the zone to people: letters, digits, {@code .}, {@code _}, {@code -}, {@code @}. */
    public String fileName() {
        return zone + "." + source;
    }
}
