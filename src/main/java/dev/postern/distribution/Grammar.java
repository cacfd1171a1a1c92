package dev.postern.distribution;

/**
 * The names of the specification (OCI distribution specification 1.1, section "Pulling manifests"; OCI image specification,
 * "Digests"). Read without regular expressions: each request to a registry comes by here.
 */
final class Grammar {

    private static final int MAX_NAME = 255;
    private static final int MAX_TAG = 128;
    private static final int MAX_UPLOAD = 255;
    private static final int MAX_DIGEST = 300;

    private Grammar() {}

    /** {@code [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*}, of 255 characters at most. */
    static boolean isName(String text) {
        if (text.length() > MAX_NAME) {
            return false;
        }
        for (int at = 0; ; ) {
            int end = endOfWord(text, at);
            if (end == at) {
                return false;
            }
            if (end == text.length()) {
                return true;
            }
            at = endOfJoint(text, end);
            if (at == end) {
                return false;
            }
        }
    }

    private static int endOfWord(String text, int from) {
        int at = from;
        while (at < text.length() && isLowerOrDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Where ends what joins two words of a name. */
    private static int endOfJoint(String text, int from) {
        switch (text.charAt(from)) {
            case '.', '/' -> {
                return from + 1;
            }
            case '_' -> {
                return text.startsWith("__", from) ? from + 2 : from + 1;
            }
            case '-' -> {
                int at = from + 1;
                while (at < text.length() && text.charAt(at) == '-') {
                    at++;
                }
                return at;
            }
            default -> {
                return from;
            }
        }
    }

    /** {@code [a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}}. */
    static boolean isTag(String text) {
        if (text.isEmpty() || text.length() > MAX_TAG || !isWordCharacter(text.charAt(0))) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isWordCharacter(c) && c != '.' && c != '-') {
                return false;
            }
        }
        return true;
    }

    /**
     * {@code [a-z0-9]+([+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+}, of 300 characters at most; behind {@code sha256:} and {@code sha512:} as
     * many hexadecimal digits as they have.
     */
    static boolean isDigest(String text) {
        if (text.startsWith("sha256:")) {
            return isHexadecimal(text, 7, 64);
        }
        if (text.startsWith("sha512:")) {
            return isHexadecimal(text, 7, 128);
        }
        int colon = text.indexOf(':');
        return colon > 0 && text.length() <= MAX_DIGEST && isAlgorithm(text, colon) && isEncoded(text, colon + 1);
    }

    private static boolean isAlgorithm(String text, int to) {
        for (int at = 0; ; ) {
            int end = endOfWord(text, at);
            if (end == at) {
                return false;
            }
            if (end == to) {
                return true;
            }
            if ("+._-".indexOf(text.charAt(end)) < 0) {
                return false;
            }
            at = end + 1;
        }
    }

    private static boolean isEncoded(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isWordCharacter(c) && c != '=' && c != '-') {
                return false;
            }
        }
        return from < text.length();
    }

    private static boolean isHexadecimal(String text, int from, int digits) {
        if (text.length() != from + digits) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /**
     * {@code [a-zA-Z0-9_=-][a-zA-Z0-9._=-]{0,254}}. Opaque to clients; what registries make of it are UUIDs and texts of Base64.
     */
    static boolean isUpload(String text) {
        if (text.isEmpty() || text.length() > MAX_UPLOAD || text.charAt(0) == '.') {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isWordCharacter(c) && c != '.' && c != '=' && c != '-') {
                return false;
            }
        }
        return true;
    }

    private static boolean isWordCharacter(char c) {
        return isLowerOrDigit(c) || c >= 'A' && c <= 'Z' || c == '_';
    }

    private static boolean isLowerOrDigit(char c) {
        return c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
    }
}
