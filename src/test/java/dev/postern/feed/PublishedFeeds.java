package dev.postern.feed;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Files of full size in the forms of their publishers: their fields, their order, their indentation. Half of the prefixes
 * are for somebody else.
 */
public final class PublishedFeeds {

    /** What to ask a generated file for. */
    public static final List<Selection> SELECTIONS = List.of(
            new Selection.AzureServiceTags("AzureContainerRegistry.WestEurope", java.util.Optional.empty()),
            new Selection.AwsIpRanges(List.of("EC2"), List.of("eu-west-1")),
            new Selection.GoogleIpRanges(List.of("Google Cloud"), List.of("europe-west1")),
            new Selection.GithubMeta("actions"),
            new Selection.Lines());

    private PublishedFeeds() {}

    /** Blocks of IPv4 and IPv6 that do not overlap, the same for the same number. */
    public static List<AddressRange> prefixes(int count) {
        Random random = new Random(count);
        List<AddressRange> prefixes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            if (i % 4 == 3) {
                prefixes.add(block("2600:" + Integer.toHexString(i >>> 8 & 0xffff) + ":"
                        + Integer.toHexString((i & 0xff) << 8) + "::/" + (40 + random.nextInt(9))));
            } else {
                int network = 0x0b000000 + i * 256;
                int prefix = 24 + random.nextInt(9);
                prefixes.add(block(Address.ipv4(network) + "/" + prefix));
            }
        }
        return prefixes;
    }

    private static AddressRange block(String text) {
        return Samples.range(text);
    }

    /** A file of this selection's form: of the prefixes, every second is for somebody else where the form can say so. */
    public static String file(Selection selection, List<AddressRange> prefixes) {
        return switch (selection) {
            case Selection.AzureServiceTags azure -> azure(azure, prefixes);
            case Selection.AwsIpRanges aws -> aws(aws, prefixes);
            case Selection.GoogleIpRanges google -> google(google, prefixes);
            case Selection.GithubMeta github -> github(github, prefixes);
            case Selection.Lines lines -> lines(prefixes);
        };
    }

    /** What the selection should get of the file. */
    public static List<AddressRange> selected(Selection selection, List<AddressRange> prefixes) {
        return selection instanceof Selection.Lines ? prefixes : half(prefixes, 0);
    }

    private static List<AddressRange> half(List<AddressRange> prefixes, int which) {
        List<AddressRange> half = new ArrayList<>();
        for (int i = which; i < prefixes.size(); i += 2) {
            half.add(prefixes.get(i));
        }
        return half;
    }

    private static String text(AddressRange block) {
        String text = block.toString();
        int bits = block.family().bits();
        return text.indexOf('/') < 0 ? text + "/" + bits : text;
    }

    private static String azure(Selection.AzureServiceTags selection, List<AddressRange> prefixes) {
        return "{\n  \"changeNumber\": 391,\n  \"cloud\": \"Public\",\n  \"values\": [\n"
                + azureTag("ActionGroup", "", half(prefixes, 1))
                + ",\n"
                + azureTag(selection.tag(), "westeurope", half(prefixes, 0))
                + "\n  ]\n}";
    }

    private static String azureTag(String name, String region, List<AddressRange> prefixes) {
        StringBuilder out = new StringBuilder();
        out.append("    {\n      \"name\": \"")
                .append(name)
                .append("\",\n      \"id\": \"")
                .append(name);
        out.append("\",\n      \"properties\": {\n        \"changeNumber\": 7,\n        \"region\": \"")
                .append(region);
        out.append("\",\n        \"regionId\": 18,\n        \"platform\": \"Azure\",\n        \"systemService\": \"");
        out.append(name).append("\",\n        \"addressPrefixes\": [\n");
        list(out, "          ", prefixes);
        out.append(
                "        ],\n        \"networkFeatures\": [\n          \"API\",\n          \"NSG\"\n        ]\n      }\n    }");
        return out.toString();
    }

    private static String aws(Selection.AwsIpRanges selection, List<AddressRange> prefixes) {
        StringBuilder out = new StringBuilder("{\n  \"syncToken\": \"1767225600\",\n");
        out.append("  \"createDate\": \"2026-01-01-00-00-00\",\n  \"prefixes\": [");
        awsEntries(out, selection, prefixes, Address.Family.IPV4, "ip_prefix");
        out.append("\n  ],\n  \"ipv6_prefixes\": [");
        awsEntries(out, selection, prefixes, Address.Family.IPV6, "ipv6_prefix");
        return out.append("\n  ]\n}").toString();
    }

    private static void awsEntries(
            StringBuilder out,
            Selection.AwsIpRanges selection,
            List<AddressRange> prefixes,
            Address.Family family,
            String key) {
        String separator = "\n";
        for (int i = 0; i < prefixes.size(); i++) {
            if (prefixes.get(i).family() == family) {
                String region = i % 2 == 0 ? selection.regions().getFirst() : "us-east-1";
                out.append(separator).append("    {\n      \"").append(key).append("\": \"");
                out.append(text(prefixes.get(i)))
                        .append("\",\n      \"region\": \"")
                        .append(region);
                out.append("\",\n      \"service\": \"")
                        .append(selection.services().getFirst());
                out.append("\",\n      \"network_border_group\": \"")
                        .append(region)
                        .append("\"\n    }");
                separator = ",\n";
            }
        }
    }

    private static String google(Selection.GoogleIpRanges selection, List<AddressRange> prefixes) {
        StringBuilder out = new StringBuilder("{\n  \"syncToken\": \"1767225600000\",\n");
        out.append("  \"creationTime\": \"2026-01-01T00:00:00.000000\",\n  \"prefixes\": [");
        for (int i = 0; i < prefixes.size(); i++) {
            boolean ipv4 = prefixes.get(i).family() == Address.Family.IPV4;
            out.append(i == 0 ? "{\n" : ", {\n").append("    \"").append(ipv4 ? "ipv4Prefix" : "ipv6Prefix");
            out.append("\": \"").append(text(prefixes.get(i))).append("\",\n    \"service\": \"");
            out.append(selection.services().getFirst()).append("\",\n    \"scope\": \"");
            out.append(i % 2 == 0 ? selection.scopes().getFirst() : "us-central1")
                    .append("\"\n  }");
        }
        return out.append("]\n}").toString();
    }

    private static String github(Selection.GithubMeta selection, List<AddressRange> prefixes) {
        StringBuilder out = new StringBuilder("{\n  \"verifiable_password_authentication\": false,\n");
        out.append("  \"ssh_keys\": [\n    \"ssh-ed25519 AAAA\"\n  ],\n  \"web\": [\n");
        list(out, "    ", half(prefixes, 1));
        out.append("  ],\n  \"").append(selection.key()).append("\": [\n");
        list(out, "    ", half(prefixes, 0));
        return out.append("  ],\n  \"domains\": {\n    \"website\": [\n      \"*.github.example\"\n    ]\n  }\n}")
                .toString();
    }

    private static void list(StringBuilder out, String indent, List<AddressRange> prefixes) {
        for (int i = 0; i < prefixes.size(); i++) {
            out.append(indent).append('"').append(text(prefixes.get(i)));
            out.append(i == prefixes.size() - 1 ? "\"\n" : "\",\n");
        }
    }

    private static String lines(List<AddressRange> prefixes) {
        StringBuilder out = new StringBuilder("# one a line\n");
        prefixes.forEach(prefix -> out.append(prefix).append('\n'));
        return out.toString();
    }
}
