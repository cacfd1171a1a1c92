package dev.postern.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of a bcrypt hash as {@code htpasswd -B} writes it: {@code $2y$10$} and 53 characters. */
public final class BcryptHash {

    /** The lowest cost that bcrypt has. */
    static final int MIN_COST = 4;

    /** A cost over this takes seconds to check: a few sign-ins would occupy the server. */
    static final int MAX_COST = 14;

    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    private BcryptHash() {}

    /** Whether a user of a policy can have it. */
    public static boolean isUsable(String hash) {
        int cost = cost(hash);
        return cost >= MIN_COST && cost <= MAX_COST;
    }

    /** The cost of a well-formed hash, else -1. */
    static int cost(String hash) {
        Matcher matcher = FORM.matcher(hash);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
