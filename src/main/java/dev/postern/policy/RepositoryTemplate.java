package dev.postern.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A repository pattern with places for what is known of a caller: <code>${subject.name}</code>, the name of a user or
 * service id; <code>${claim.NAME}</code>, a claim that is one path segment; <code>${claim.NAME:path}</code>, one that may
 * be several.
 *
 * <p>A value is put in as it is, and only where it is a repository's path by the Distribution specification: no wildcard,
 * no empty segment, no dots for directories, no upper case. Any other value matches nothing. In a segment there stands one
 * place at most and no wildcard beside it, and in a pattern one path at most: two values never make one pattern.
 */
public final class RepositoryTemplate {

    /** Matches every repository of the namespace. */
    static final RepositoryTemplate ANY = new RepositoryTemplate("**", List.of(), RepositoryPattern.ANY);

    private static final String SUBJECT = "subject.name";
    private static final String CLAIM = "claim.";
    private static final String PATH = ":path";
    private static final String NAMES =
            "${subject.name}, ${claim.NAME} or, for a claim of several path segments, ${claim.NAME:path}";
    /** In the place of a template, while the pattern around it is looked at. */
    private static final char SEGMENT_HERE = '\u0001';

    private static final char SEGMENTS_HERE = '\u0002';
    private static final int MOST = 1024;
    private static final int MOST_OF_A_NAME = 256;

    /** A path segment of the Distribution specification; possessive, so that nothing is tried twice. */
    private static final Pattern SEGMENT = Pattern.compile("[a-z0-9]++(?:(?:\\.|_|__|-++)[a-z0-9]++)*+");

    private final String text;
    private final List<Part> parts;
    /** The pattern itself, where there are no places. */
    private final RepositoryPattern plain;

    private RepositoryTemplate(String text, List<Part> parts, RepositoryPattern plain) {
        this.text = text;
        this.parts = List.copyOf(parts);
        this.plain = plain;
    }

    private sealed interface Part {}

    private record Text(String text) implements Part {}

    /** A place: the name of the claim, empty for the subject's name; and whether several segments may stand there. */
    private record Place(Optional<String> claim, boolean path) implements Part {}

    /** What is known of a caller. */
    public interface Values {
        /** The name of a user or service id; nothing of other callers. */
        Optional<String> subjectName();

        /** What its issuer says of it. */
        Claims claims();
    }

    /** What became of reading a template. */
    sealed interface Parsed {
        /** It is one. */
        record Template(RepositoryTemplate template) implements Parsed {}

        /** It is none. */
        record Malformed(String why) implements Parsed {}
    }

    static Parsed parse(String text) {
        if (text.indexOf(SEGMENT_HERE) >= 0 || text.indexOf(SEGMENTS_HERE) >= 0) {
            return new Parsed.Malformed("a repository pattern has no control characters");
        }
        if (text.length() > MOST) {
            return new Parsed.Malformed(
                    "a repository pattern has at most " + MOST + " characters, its templates included");
        }
        List<Part> parts = new ArrayList<>();
        StringBuilder shape = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf("${", at);
            if (open != at) {
                String piece = text.substring(at, open < 0 ? text.length() : open);
                parts.add(new Text(piece));
                shape.append(piece);
                at += piece.length();
                continue;
            }
            int close = text.indexOf('}', open);
            Optional<Place> place = close < 0 ? Optional.empty() : place(text.substring(open + 2, close));
            if (place.isEmpty()) {
                String found = text.substring(open, close < 0 ? text.length() : close + 1);
                return new Parsed.Malformed("'" + YamlMap.shown(found) + "' is no template; expected " + NAMES);
            }
            parts.add(place.get());
            shape.append(place.get().path() ? SEGMENTS_HERE : SEGMENT_HERE);
            at = close + 1;
        }
        return whole(text, parts, shape.toString());
    }

    private static Parsed whole(String text, List<Part> parts, String shape) {
        RepositoryPattern example;
        switch (RepositoryPattern.parse(shape.replace(SEGMENT_HERE, 'x').replace(SEGMENTS_HERE, 'x'))) {
            case RepositoryPattern.Parsed.Malformed malformed -> {
                return new Parsed.Malformed(malformed.why());
            }
            case RepositoryPattern.Parsed.Pattern parsed -> example = parsed.pattern();
        }
        if (parts.stream().noneMatch(Place.class::isInstance)) {
            return new Parsed.Template(new RepositoryTemplate(text, List.of(), example));
        }
        for (String segment : shape.split("/", -1)) {
            long places = count(segment, SEGMENT_HERE) + count(segment, SEGMENTS_HERE);
            if (places > 1 || places == 1 && segment.indexOf('*') >= 0) {
                return new Parsed.Malformed(
                        "in a path segment there is one template at most, and no wildcard beside it: else the values of"
                                + " one caller could make the pattern of another");
            }
            if (segment.indexOf(SEGMENTS_HERE) >= 0 && segment.length() > 1) {
                return new Parsed.Malformed("a template with ':path' stands alone between slashes");
            }
        }
        return count(shape, SEGMENTS_HERE) > 1
                ? new Parsed.Malformed("a pattern has one template with ':path' at most")
                : new Parsed.Template(new RepositoryTemplate(text, parts, example));
    }

    private static long count(String text, char wanted) {
        return text.chars().filter(c -> c == wanted).count();
    }

    private static Optional<Place> place(String name) {
        if (name.equals(SUBJECT)) {
            return Optional.of(new Place(Optional.empty(), false));
        }
        boolean path = name.endsWith(PATH);
        String claim = path ? name.substring(0, name.length() - PATH.length()) : name;
        boolean known = claim.startsWith(CLAIM)
                && claim.length() > CLAIM.length()
                && claim.length() <= MOST_OF_A_NAME
                && claim.chars().allMatch(c -> c > 0x20 && c < 0x7f && "\"\\${}*".indexOf(c) < 0);
        return known ? Optional.of(new Place(Optional.of(claim.substring(CLAIM.length())), path)) : Optional.empty();
    }

    /** Whether it has places for what is known of a caller. */
    public boolean hasPlaces() {
        return !parts.isEmpty();
    }

    /** Whether the name, without its namespace, matches for a caller of whom this is known. */
    public boolean matches(String name, Values values) {
        return parts.isEmpty()
                ? plain.matches(name)
                : filled(values).map(pattern -> pattern.matches(name)).orElse(false);
    }

    /** The pattern for this caller; empty where something is not known of it, or is no path. */
    Optional<RepositoryPattern> filled(Values values) {
        if (parts.isEmpty()) {
            return Optional.of(plain);
        }
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case Text piece -> filled.append(piece.text());
                case Place place -> {
                    Optional<String> value = value(place, values);
                    if (value.isEmpty()) {
                        return Optional.empty();
                    }
                    filled.append(value.get());
                }
            }
        }
        return RepositoryPattern.parse(filled.toString()) instanceof RepositoryPattern.Parsed.Pattern parsed
                ? Optional.of(parsed.pattern())
                : Optional.empty();
    }

    private static Optional<String> value(Place place, Values values) {
        // Of a list it could not be said which of its elements is meant.
        List<String> texts = place.claim()
                .map(claim -> values.claims().texts(claim))
                .orElseGet(() -> values.subjectName().stream().toList());
        return texts.size() == 1 && isPath(texts.getFirst(), place.path())
                ? Optional.of(texts.getFirst())
                : Optional.empty();
    }

    private static boolean isPath(String value, boolean several) {
        if (value.length() > 255) {
            return false;
        }
        for (String segment : value.split("/", -1)) {
            if (!SEGMENT.matcher(segment).matches()) {
                return false;
            }
        }
        return several || value.indexOf('/') < 0;
    }

    /** The template as it was written. */
    @Override
    public String toString() {
        return text;
    }
}
