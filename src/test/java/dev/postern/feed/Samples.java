package dev.postern.feed;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Small files in the forms of their publishers, and short ways to read them. */
public final class Samples {

    /** The selections of the samples, one for each form. */
    public static final List<Selection> SELECTIONS = List.of(
            new Selection.AzureServiceTags("AzureContainerRegistry", Optional.empty()),
            new Selection.AzureServiceTags("AzureContainerRegistry", Optional.of("westeurope")),
            new Selection.AwsIpRanges(List.of("CODEBUILD"), List.of()),
            new Selection.GoogleIpRanges(List.of(), List.of("europe-west1")),
            new Selection.GithubMeta("actions"),
            new Selection.Lines());

    private Samples() {}

    /** The sample in this selection's form. */
    public static byte[] of(Selection selection) {
        return file(
                switch (selection) {
                    case Selection.AzureServiceTags azure -> "azure-service-tags.json";
                    case Selection.AwsIpRanges aws -> "aws-ip-ranges.json";
                    case Selection.GoogleIpRanges google -> "google-cloud.json";
                    case Selection.GithubMeta github -> "github-meta.json";
                    case Selection.Lines lines -> "lines.txt";
                });
    }

    /** A file of {@code src/test/resources/feeds}. */
    public static byte[] file(String name) {
        try (InputStream in = Samples.class.getResourceAsStream("/feeds/" + name)) {
            if (in == null) {
                throw new AssertionError("there is no sample " + name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FeedParser.Result parse(byte[] file, Selection selection) {
        return FeedParser.parse(new ByteArrayInputStream(file), selection, FeedParser.Limits.DEFAULTS);
    }

    static FeedParser.Result parse(String file, Selection selection) {
        return parse(file.getBytes(StandardCharsets.UTF_8), selection);
    }

    /** The set of these ranges. */
    public static AddressSet set(String... ranges) {
        return AddressSet.of(Arrays.stream(ranges).map(Samples::range).toList());
    }

    /** The range of this text. */
    public static AddressRange range(String text) {
        return switch (AddressRange.parse(text)) {
            case AddressRange.Parsed parsed -> parsed.range();
            case AddressRange.Malformed malformed -> throw new AssertionError(malformed.why());
        };
    }

    static List<String> texts(AddressSet addresses) {
        return addresses.ranges().stream().map(AddressRange::toString).toList();
    }
}
