package dev.postern.policy;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedLocation;
import dev.postern.feed.FeedRules;
import dev.postern.feed.Selection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the {@code feed} of a zone. */
final class FeedReader {

    private static final String FORMATS = "azure-service-tags, aws-ip-ranges, google-ip-ranges, github-meta, lines";
    private static final String NAME = "a name as the publisher writes it, of up to 256 characters";
    private static final String DURATION = "a time such as 30m, 1h or 7d";
    private static final Duration LONGEST = Duration.ofDays(3650);
    private static final Pattern DURATION_FORM = Pattern.compile("([1-9]\\d{0,5})([smhd])");
    private static final Pattern PERCENT_FORM = Pattern.compile("(\\d{1,6})%");

    private final Problems problems;

    private enum YesOrNo {
        FALSE,
        TRUE
    }

    FeedReader(Problems problems) {
        this.problems = problems;
    }

    /** The feed, where it can be read. */
    Optional<FeedDeclaration> read(String zone, YamlMap map, String document) {
        Optional<Selection> selection =
                map.text("format", "one of " + FORMATS).flatMap(format -> selection(format, map));
        if (!map.has("format")) {
            problems.error(map.position(), "a feed has a 'format': one of " + FORMATS);
        }
        Optional<FeedLocation> location = location(map, document);
        FeedRules rules = rules(map);
        map.rejectUnknownKeys(
                "a feed" + selection.map(s -> " of format " + s.format()).orElse(""));
        return selection.isPresent() && location.isPresent()
                ? Optional.of(new FeedDeclaration(zone, selection.get(), location.get(), rules))
                : Optional.empty();
    }

    private Optional<Selection> selection(String format, YamlMap map) {
        return switch (format) {
            case "azure-service-tags" -> {
                Optional<String> region = name("region", map);
                yield required("tag", map).map(tag -> new Selection.AzureServiceTags(tag, region));
            }
            case "aws-ip-ranges" -> Optional.of(new Selection.AwsIpRanges(names("service", map), names("region", map)));
            case "google-ip-ranges" ->
                Optional.of(new Selection.GoogleIpRanges(names("service", map), names("scope", map)));
            case "github-meta" -> required("key", map).map(Selection.GithubMeta::new);
            case "lines" -> Optional.of(new Selection.Lines());
            default -> {
                problems.error(
                        map.positionOf("format"),
                        "'format' is '" + YamlMap.shown(format) + "'; expected one of " + FORMATS);
                // What belongs to it cannot be known: these are not reported besides.
                List.of("tag", "region", "service", "scope", "key").forEach(map::has);
                yield Optional.empty();
            }
        };
    }

    private Optional<String> required(String key, YamlMap map) {
        if (!map.has(key)) {
            problems.error(map.position(), "a feed of this format has a '" + key + "': " + NAME);
        }
        return name(key, map);
    }

    private Optional<String> name(String key, YamlMap map) {
        return map.text(key, NAME).filter(text -> isName(text, map.positionOf(key)));
    }

    private List<String> names(String key, YamlMap map) {
        if (map.isEmptyList(key)) {
            // Without the key all are meant, and whoever writes none means none.
            problems.error(map.positionOf(key), "'" + key + "' names none; leave it out where all are meant");
        }
        return map.textOrTexts(key, NAME).stream()
                .filter(item -> isName(item.text(), item.position()))
                .map(YamlMap.ScalarItem::text)
                .toList();
    }

    private boolean isName(String text, Position position) {
        boolean good = !text.isBlank() && text.length() <= 256 && text.chars().noneMatch(Character::isISOControl);
        if (!good) {
            problems.error(position, "'" + YamlMap.shown(text) + "' is not " + NAME);
        }
        return good;
    }

    private Optional<FeedLocation> location(YamlMap map, String document) {
        if (map.has("url") == map.has("file")) {
            problems.error(
                    map.position(),
                    "a feed has either a 'url', " + FeedLocation.URL_FORM + "; or a 'file', " + FeedLocation.FILE_FORM);
        }
        Optional<FeedLocation> url = map.text("url", FeedLocation.URL_FORM)
                .flatMap(text -> location(FeedLocation.url(text), map.positionOf("url"), "the feed's 'url'"));
        Optional<FeedLocation> file = map.text("file", FeedLocation.FILE_FORM)
                .flatMap(text -> location(
                        FeedLocation.file(text, document), map.positionOf("file"), "'" + YamlMap.shown(text) + "'"));
        return url.or(() -> file);
    }

    /** A URL is not repeated: it may hold a secret. */
    private Optional<FeedLocation> location(FeedLocation.Syntax syntax, Position position, String what) {
        return switch (syntax) {
            case FeedLocation.Understood understood -> Optional.of(understood.location());
            case FeedLocation.Malformed malformed -> {
                problems.error(position, what + " " + malformed.why());
                yield Optional.empty();
            }
        };
    }

    private FeedRules rules(YamlMap map) {
        FeedRules unset = FeedRules.DEFAULTS;
        Duration refresh = duration("refresh", map, FeedRules.LEAST_REFRESH, FeedRules.MOST_REFRESH)
                .orElse(unset.refresh());
        Optional<Duration> maxAge = duration("max-age", map, FeedRules.LEAST_REFRESH, LONGEST);
        if (maxAge.isPresent() && maxAge.get().compareTo(refresh) < 0) {
            problems.error(
                    map.positionOf("max-age"),
                    "'max-age' is less than 'refresh' (" + text(refresh)
                            + "): the feed would be stale between two looks");
        }
        if (map.has("when-stale") && !map.has("max-age")) {
            problems.error(
                    map.positionOf("when-stale"), "'when-stale' goes with 'max-age': without it nothing gets stale");
        }
        return new FeedRules(
                refresh,
                maxAge,
                map.choice("when-stale", FeedRules.WhenStale.class, unset.whenStale()),
                percent("max-shrink", map, 100).orElse(unset.maxShrink()),
                percent("max-growth", map, 999_999).orElse(unset.maxGrowth()),
                map.choice("allow-wide", YesOrNo.class, YesOrNo.FALSE) == YesOrNo.TRUE);
    }

    private Optional<Duration> duration(String key, YamlMap map, Duration least, Duration most) {
        return map.text(key, DURATION).flatMap(text -> {
            Matcher form = DURATION_FORM.matcher(text);
            Optional<Duration> duration = form.matches()
                    ? Optional.of(duration(Long.parseLong(form.group(1)), form.group(2)))
                    : Optional.empty();
            Optional<Duration> good =
                    duration.filter(value -> value.compareTo(least) >= 0 && value.compareTo(most) <= 0);
            if (good.isEmpty()) {
                problems.error(
                        map.positionOf(key),
                        "'" + key + "' is '" + YamlMap.shown(text) + "'; expected " + DURATION + ", from " + text(least)
                                + " to " + text(most));
            }
            return good;
        });
    }

    private static Duration duration(long count, String unit) {
        return switch (unit) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    private static String text(Duration duration) {
        return duration.toHours() >= 48
                ? duration.toDays() + "d"
                : duration.toMinutesPart() == 0 ? duration.toHours() + "h" : duration.toMinutes() + "m";
    }

    private Optional<Integer> percent(String key, YamlMap map, int most) {
        return map.text(key, "a share such as 30%").flatMap(text -> {
            Matcher form = PERCENT_FORM.matcher(text);
            Optional<Integer> good = form.matches()
                    ? Optional.of(Integer.parseInt(form.group(1))).filter(value -> value <= most)
                    : Optional.empty();
            if (good.isEmpty()) {
                problems.error(
                        map.positionOf(key),
                        "'" + key + "' is '" + YamlMap.shown(text) + "'; expected a share such as 30%, up to " + most
                                + "%");
            }
            return good;
        });
    }
}
