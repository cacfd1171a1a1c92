package dev.postern.policy;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The form of a bcrypt hash as {@code htpasswd -B} writes it: {@code $2y$10$} and 53 characters. */
public final class BcryptHash {

    /** The lowest cost that bcrypt has. */
    public static final int MIN_COST = 4;

    /** A cost over this takes seconds to check: a few sign-ins would occupy the server. The operator may say otherwise. */
    public static final int MAX_COST = 14;

    /** For error texts. */
    static final String FORM_TEXT = "a bcrypt hash as 'htpasswd -nB NAME' prints it after the colon";

    /** 22 characters of salt and 31 of hash that no password has. */
    private static final String NOBODYS = "......................///////////////////////////////";

    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$(\\d\\d)\\$[./A-Za-z0-9]{53}");

    private BcryptHash() {}

    /** A hash of this cost that no password has: to be held against one, so that it takes as long as with a real one. */
    public static String ofNobody(int cost) {
        return (cost < 10 ? "$2y$0" : "$2y$") + cost + "$" + NOBODYS;
    }

    /** Whether a user of a policy can have it, where the operator says nothing of costs. */
    public static boolean isUsable(String hash) {
        int cost = cost(hash);
        return cost >= MIN_COST && cost <= MAX_COST;
    }

    /** The cost of a well-formed hash, else -1. */
    public static int cost(String hash) {
        Matcher matcher = FORM.matcher(hash);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
    }
}
