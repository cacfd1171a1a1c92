package dev.postern.feed;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A published form, and which part of it a zone takes. */
public sealed interface Selection {

    /** The form's name in policies: {@code azure-service-tags} and so on. */
    String format();

    /** The part of it, for people: {@code tag AzureContainerRegistry.WestEurope}; empty where all of it is taken. */
    String part();

    /** Form and part, for people. */
    default String text() {
        return part().isEmpty() ? format() : format() + " " + part();
    }

    /**
     * Microsoft's {@code ServiceTags_*.json}.
     *
     * @param tag the name of a tag: {@code AzureContainerRegistry}, {@code AzureContainerRegistry.WestEurope}
     * @param region only those entries of the tag, {@code TAG} or {@code TAG.…}, whose region is this
     */
    record AzureServiceTags(String tag, Optional<String> region) implements Selection {
        @Override
        public String format() {
            return "azure-service-tags";
        }

        @Override
        public String part() {
            return "tag " + tag + region.map(name -> ", region " + name).orElse("");
        }
    }

    /**
     * Amazon's {@code ip-ranges.json}.
     *
     * @param services only the prefixes of these services; of all where none is named
     * @param regions only the prefixes of these regions; of all where none is named
     */
    record AwsIpRanges(List<String> services, List<String> regions) implements Selection {
        /** Brings the names in order: it means nothing. */
        public AwsIpRanges {
            services = sorted(services);
            regions = sorted(regions);
        }

        @Override
        public String format() {
            return "aws-ip-ranges";
        }

        @Override
        public String part() {
            return filters("service", services, "region", regions);
        }
    }

    /**
     * Google's {@code cloud.json} and {@code goog.json}.
     *
     * @param services only the prefixes of these services; of all, and those without one, where none is named
     * @param scopes only the prefixes of these scopes (regions); of all, and those without one, where none is named
     */
    record GoogleIpRanges(List<String> services, List<String> scopes) implements Selection {
        /** Brings the names in order: it means nothing. */
        public GoogleIpRanges {
            services = sorted(services);
            scopes = sorted(scopes);
        }

        @Override
        public String format() {
            return "google-ip-ranges";
        }

        @Override
        public String part() {
            return filters("service", services, "scope", scopes);
        }
    }

    /**
     * The answer of GitHub's {@code /meta}.
     *
     * @param key which of its lists: {@code actions}, {@code hooks}, {@code packages}
     */
    record GithubMeta(String key) implements Selection {
        @Override
        public String format() {
            return "github-meta";
        }

        @Override
        public String part() {
            return "key " + key;
        }
    }

    /** Plain text: an address, a block or a range a line; {@code #} begins a comment. */
    record Lines() implements Selection {
        @Override
        public String format() {
            return "lines";
        }

        @Override
        public String part() {
            return "";
        }
    }

    private static List<String> sorted(Collection<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }

    private static String filters(String first, List<String> firsts, String second, List<String> seconds) {
        String both = filter(first, firsts) + "\n" + filter(second, seconds);
        return both.lines().filter(line -> !line.isEmpty()).collect(Collectors.joining(", "));
    }

    private static String filter(String name, List<String> values) {
        return values.isEmpty() ? "" : name + " " + String.join(" or ", values);
    }
}
