package dev.postern.feed;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import dev.postern.address.Address.Family;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The forms that are JSON, each as its publisher documents it. */
final class JsonFeeds {

    /** So many names of what there is instead are kept for an error text. */
    private static final int MAX_SHOWN = 20;

    private JsonFeeds() {}

    static void read(Reader in, Selection selection, Prefixes out) throws IOException, Refusal {
        switch (selection) {
            case Selection.AzureServiceTags azure -> azure(in, azure, out);
            case Selection.AwsIpRanges aws -> aws(in, aws, out);
            case Selection.GoogleIpRanges google -> google(in, google, out);
            case Selection.GithubMeta github -> github(in, github, out);
            case Selection.Lines lines -> throw new IllegalArgumentException("not JSON: " + lines.format());
        }
    }

    private static void azure(Reader in, Selection.AzureServiceTags selection, Prefixes out)
            throws IOException, Refusal {
        Seen seen = new Seen("values");
        Set<String> meant = new HashSet<>();
        JsonInput.document(in, json -> name -> {
            if (!name.equals("values")) {
                json.skip();
                return;
            }
            seen.add(name);
            json.list(index -> azureTag(json, index, selection, meant, out));
        });
        seen.requireAll();
    }

    /** An entry's name may stand after its prefixes: these wait until it is known. */
    private static void azureTag(
            JsonInput json, int index, Selection.AzureServiceTags selection, Set<String> meant, Prefixes out)
            throws IOException, Refusal {
        Map<String, String> texts = new HashMap<>();
        List<Place> waiting = new ArrayList<>();
        json.object(name -> {
            switch (name) {
                case "name" -> texts.put(name, json.text());
                case "properties" ->
                    json.object(property -> {
                        switch (property) {
                            case "region" -> texts.put(property, json.text());
                            case "addressPrefixes" ->
                                json.list(i -> {
                                    out.requireRoom(waiting.size() + 1);
                                    waiting.add(json.place("/values/" + index + "/properties/addressPrefixes", i, ""));
                                });
                            default -> json.skip();
                        }
                    });
                default -> json.skip();
            }
        });
        if (isMeant(texts, selection)) {
            if (!meant.add(texts.getOrDefault("name", ""))) {
                throw new Refusal("has the tag " + Words.quoted(selection.tag()) + " twice, at /values/" + index);
            }
            for (Place prefix : waiting) {
                out.addBlock(prefix, Optional.empty());
            }
        }
    }

    private static boolean isMeant(Map<String, String> tag, Selection.AzureServiceTags selection) {
        String name = tag.getOrDefault("name", "");
        if (selection.region().isEmpty()) {
            return name.equals(selection.tag());
        }
        return (name.equals(selection.tag()) || name.startsWith(selection.tag() + "."))
                && tag.getOrDefault("region", "")
                        .equalsIgnoreCase(selection.region().get());
    }

    private static void aws(Reader in, Selection.AwsIpRanges selection, Prefixes out) throws IOException, Refusal {
        Seen seen = new Seen("prefixes", "ipv6_prefixes");
        JsonInput.document(in, json -> name -> {
            switch (name) {
                case "prefixes" ->
                    entries(
                            json,
                            seen.add(name),
                            Map.of("ip_prefix", Family.IPV4),
                            entry -> entry.isIn("service", selection.services())
                                    && entry.isIn("region", selection.regions()),
                            out);
                case "ipv6_prefixes" ->
                    entries(
                            json,
                            seen.add(name),
                            Map.of("ipv6_prefix", Family.IPV6),
                            entry -> entry.isIn("service", selection.services())
                                    && entry.isIn("region", selection.regions()),
                            out);
                default -> json.skip();
            }
        });
        seen.requireAll();
    }

    private static void google(Reader in, Selection.GoogleIpRanges selection, Prefixes out)
            throws IOException, Refusal {
        Seen seen = new Seen("prefixes");
        JsonInput.document(in, json -> name -> {
            if (name.equals("prefixes")) {
                entries(
                        json,
                        seen.add(name),
                        Map.of("ipv4Prefix", Family.IPV4, "ipv6Prefix", Family.IPV6),
                        entry -> entry.isIn("service", selection.services()) && entry.isIn("scope", selection.scopes()),
                        out);
            } else {
                json.skip();
            }
        });
        seen.requireAll();
    }

    /** One object of a list of prefixes: its prefixes, and the words by which it is chosen. */
    private record Entry(List<Place> prefixes, List<Family> families, Map<String, String> words) {
        boolean isIn(String word, List<String> wanted) {
            String own = words.get(word);
            return wanted.isEmpty() || own != null && wanted.contains(own);
        }
    }

    @FunctionalInterface
    private interface Choice {
        boolean isMeant(Entry entry);
    }

    private static void entries(JsonInput json, String list, Map<String, Family> prefixes, Choice choice, Prefixes out)
            throws IOException, Refusal {
        json.list(index -> {
            Entry entry = new Entry(new ArrayList<>(2), new ArrayList<>(2), new HashMap<>());
            json.object(name -> {
                Family family = prefixes.get(name);
                if (family != null) {
                    entry.prefixes().add(json.place("/" + list, index, "/" + name));
                    entry.families().add(family);
                } else if (name.equals("service") || name.equals("region") || name.equals("scope")) {
                    entry.words().put(name, json.text());
                } else {
                    json.skip();
                }
            });
            if (entry.prefixes().isEmpty()) {
                throw new Refusal("has no " + String.join(" or ", new TreeSet<>(prefixes.keySet())) + " at /" + list
                        + "/" + index);
            }
            if (choice.isMeant(entry)) {
                for (int i = 0; i < entry.prefixes().size(); i++) {
                    out.addBlock(
                            entry.prefixes().get(i),
                            Optional.of(entry.families().get(i)));
                }
            }
        });
    }

    private static void github(Reader in, Selection.GithubMeta selection, Prefixes out) throws IOException, Refusal {
        Seen seen = new Seen(selection.key());
        JsonInput.document(in, json -> name -> {
            if (json.isList()) {
                seen.add(name);
            }
            if (name.equals(selection.key())) {
                String list = "/" + Words.shown(name, 80);
                json.list(index -> out.addBlock(json.place(list, index, ""), Optional.empty()));
            } else {
                json.skip();
            }
        });
        seen.requireAll();
    }

    /** The lists that a document has: whether those that are needed are among them. */
    private static final class Seen {
        private final Set<String> needed;
        private final Set<String> found = new HashSet<>();
        private final Set<String> others = new TreeSet<>();

        Seen(String... needed) {
            this.needed = Set.of(needed);
        }

        String add(String name) {
            if (needed.contains(name)) {
                found.add(name);
            } else if (others.size() < MAX_SHOWN) {
                others.add(Words.shown(name, 40));
            }
            return name;
        }

        void requireAll() throws Refusal {
            for (String name : new TreeSet<>(needed)) {
                if (!found.contains(name)) {
                    String instead = others.isEmpty() ? "" : "; it has " + String.join(", ", others);
                    throw new Refusal("has no list " + Words.quoted(name) + ": is it a file of that format?" + instead);
                }
            }
        }
    }

    /** What the parser says, without its own words about itself. */
    static String explain(JacksonException e) {
        JsonLocation at = e.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        if (e.getOriginalMessage().startsWith("Unexpected end-of-input")) {
            return "ends in the middle" + where;
        }
        return switch (e) {
            case StreamConstraintsException tooMuch ->
                "is nested, or has a name, a number or a text, beyond what is read: " + tooMuch.getOriginalMessage();
            default -> "is not JSON" + where + ": " + e.getOriginalMessage();
        };
    }
}
