package dev.postern.distribution;

import java.util.regex.Pattern;

/** The names of the specification (OCI distribution specification 1.1, section "Pulling manifests"; OCI image specification, "Digests"). */
final class Grammar {

    private static final int MAX_NAME = 255;
    private static final int MAX_DIGEST = 300;

    /* Each quantifier is possessive: a hostile name cannot make the matching backtrack. */
    private static final Pattern NAME = Pattern.compile(
            "[a-z0-9]++(?:(?:\\.|__?+|-++)[a-z0-9]++)*+(?:/[a-z0-9]++(?:(?:\\.|__?+|-++)[a-z0-9]++)*+)*+");
    private static final Pattern TAG = Pattern.compile("[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}+");
    private static final Pattern DIGEST = Pattern.compile("[a-z0-9]++(?:[+._-][a-z0-9]++)*+:[a-zA-Z0-9=_-]++");
    private static final Pattern SHA256 = Pattern.compile("sha256:[0-9a-f]{64}");
    private static final Pattern SHA512 = Pattern.compile("sha512:[0-9a-f]{128}");
    /** Opaque to clients; what registries make of it are UUIDs and texts of Base64. */
    private static final Pattern UPLOAD = Pattern.compile("[a-zA-Z0-9_=-][a-zA-Z0-9._=-]{0,254}+");

    private Grammar() {}

    static boolean isName(String text) {
        return text.length() <= MAX_NAME && NAME.matcher(text).matches();
    }

    static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    static boolean isDigest(String text) {
        if (text.startsWith("sha256:")) {
            return SHA256.matcher(text).matches();
        }
        if (text.startsWith("sha512:")) {
            return SHA512.matcher(text).matches();
        }
        return text.length() <= MAX_DIGEST && DIGEST.matcher(text).matches();
    }

    static boolean isUpload(String text) {
        return UPLOAD.matcher(text).matches();
    }
}
