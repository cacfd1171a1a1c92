package dev.postern.policy;

import java.util.Set;

/** The forms of the names in a policy. */
public final class Names {

    /** For error texts. */
    public static final String NAME_FORM =
            "a name is 1 to 128 letters, digits, '.', '_', '-' or '@', and begins with a letter or digit";

    /** For error texts. */
    public static final String NAMESPACE_FORM = "a namespace is one or more path segments of a repository name:"
            + " lower-case letters and digits, joined by '.', '_' or '-', segments by '/'";

    /** The user names that go with a token of an issuer, and with nothing else. */
    public static final Set<String> TOKEN_USERS = Set.of("iambearer", "oauth2accesstoken", "oidc", "<token>");

    private Names() {}

    /** Whether the text can name an account, an identity, a group or a zone. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > 128 || !isAlphanumeric(text.charAt(0))) {
            return false;
        }
        return text.chars().allMatch(c -> isAlphanumeric((char) c) || "._-@".indexOf(c) >= 0);
    }

    /** Whether the text can be a namespace. */
    public static boolean isNamespace(String text) {
        if (text.isEmpty() || text.length() > 255) {
            return false;
        }
        for (String segment : text.split("/", -1)) {
            boolean inner = segment.chars().allMatch(c -> isLowerAlphanumeric((char) c) || "._-".indexOf(c) >= 0);
            if (segment.isEmpty()
                    || !inner
                    || !isLowerAlphanumeric(segment.charAt(0))
                    || !isLowerAlphanumeric(segment.charAt(segment.length() - 1))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAlphanumeric(char c) {
        return isLowerAlphanumeric(c) || c >= 'A' && c <= 'Z';
    }

    private static boolean isLowerAlphanumeric(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }
}
