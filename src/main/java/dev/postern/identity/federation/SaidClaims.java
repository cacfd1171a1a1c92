package dev.postern.identity.federation;

import dev.postern.policy.Claims;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The claims of a token, as a tree of texts.
 *
 * <p>A path names a claim, or one within another by the names joined with {@code /}. A name may itself have a slash, as
 * {@code https://example.com/groups} has: what stands in the token under the whole of the rest comes first.
 */
public final class SaidClaims implements Claims {

    /** A claim's value. Sealed: what cannot be compared as text is not kept. */
    public sealed interface Value {}

    /** A text, or a number or truth value as the token writes it. */
    public record Text(String text) implements Value {}

    /** The texts of a list; whatever else it holds is left out. */
    public record Texts(List<String> texts) implements Value {
        /** Keeps its own copy. */
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    /** Claims within a claim. */
    public record Nested(Map<String, Value> claims) implements Value {
        /** Keeps its own copy. */
        public Nested {
            claims = Collections.unmodifiableMap(new LinkedHashMap<>(claims));
        }
    }

    private final Nested all;

    /** The claims at the top of a token. */
    public SaidClaims(Map<String, Value> claims) {
        this.all = new Nested(claims);
    }

    @Override
    public List<String> texts(String path) {
        List<String> found = new ArrayList<>();
        find(all, path, found);
        return found;
    }

    /** Whether there is a claim of this name at the top, whatever it holds. */
    public boolean has(String name) {
        return all.claims().containsKey(name);
    }

    /** Whether the path leads to texts; the first way that does is taken. */
    private static boolean find(Nested within, String path, List<String> found) {
        switch (within.claims().get(path)) {
            case Text text -> {
                found.add(text.text());
                return true;
            }
            case Texts texts -> {
                found.addAll(texts.texts());
                return true;
            }
            case Nested nested -> {
                return false;
            }
            case null -> {}
        }
        for (int slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
            if (within.claims().get(path.substring(0, slash)) instanceof Nested nested
                    && find(nested, path.substring(slash + 1), found)) {
                return true;
            }
        }
        return false;
    }

    /** Leaves the claims out. */
    @Override
    public String toString() {
        return "SaidClaims[…]";
    }
}
