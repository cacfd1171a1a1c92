package dev.postern.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of metrics in the text form of Prometheus.
 *
 * @param text the page
 */
public record MetricsPage(String text) {

    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** A family: its type, the names of its labels, and whether it is described. */
    public record Family(String type, TreeSet<String> labels, boolean described) {}

    /** The page of the server whose management port this is. */
    public static MetricsPage of(URI management) {
        try {
            URLConnection connection = management.resolve("/q/metrics").toURL().openConnection();
            connection.setRequestProperty("Accept", "text/plain");
            try (InputStream in = connection.getInputStream()) {
                return new MetricsPage(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of samples, each a series. */
    public List<String> series() {
        return text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList();
    }

    /** The value of the series that begins so. */
    public double value(String begin) {
        return series().stream()
                .filter(line -> line.startsWith(begin))
                .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The families by name: those that have a series. */
    public SortedMap<String, Family> families() {
        Map<String, String> types = new TreeMap<>();
        text.lines()
                .map(TYPE::matcher)
                .filter(Matcher::matches)
                .forEach(type -> types.put(type.group(1), type.group(2)));
        SortedMap<String, Family> families = new TreeMap<>();
        for (String line : series()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("not a sample: " + line);
            }
            String name = types.containsKey(sample.group(1))
                    ? sample.group(1)
                    : sample.group(1).replaceFirst("_(bucket|sum|count|max)$", "");
            Family family = families.computeIfAbsent(
                    name,
                    named -> new Family(
                            types.getOrDefault(named, "none"),
                            new TreeSet<>(),
                            text.contains("# HELP " + named + " ") && !text.contains("# HELP " + named + "  \n")));
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2))
                        .results()
                        .map(label -> label.group(1))
                        .filter(label -> !label.equals("le"))
                        .forEach(family.labels()::add);
            }
        }
        return families;
    }
}
