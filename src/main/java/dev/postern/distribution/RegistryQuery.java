package dev.postern.distribution;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The parameters of a query that say what is asked for: {@code mount}, {@code from} and {@code digest}. Others are the
 * registry's own, such as an upload's state or containerd's {@code ns}, and only looked at for being no second spelling of
 * these.
 */
final class RegistryQuery {

    /** What became of reading one. */
    sealed interface Outcome {}

    /** Each stands once at most. */
    record Read(Optional<String> mount, Optional<String> from, Optional<String> digest) implements Outcome {}

    /** They cannot be read in one way. */
    record Malformed(String why) implements Outcome {}

    private static final Set<String> TELLING = Set.of("mount", "from", "digest");
    private static final int MAX_PARAMETERS = 32;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._~-]{1,64}+");

    private RegistryQuery() {}

    static Outcome read(String query) {
        Map<String, String> telling = new HashMap<>();
        int count = 0;
        for (String parameter : query.split("&", -1)) {
            if (parameter.isEmpty()) {
                continue;
            }
            if (++count > MAX_PARAMETERS) {
                return new Malformed("the query has more than " + MAX_PARAMETERS + " parameters");
            }
            int equals = parameter.indexOf('=');
            String name = equals < 0 ? parameter : parameter.substring(0, equals);
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches() || TELLING.contains(lower) && !name.equals(lower)) {
                return new Malformed("the query has a parameter whose name is not letters, digits and . _ ~ -,"
                        + " or one of mount, from and digest in another spelling");
            }
            if (!TELLING.contains(name)) {
                continue;
            }
            Optional<String> value = decoded(equals < 0 ? "" : parameter.substring(equals + 1));
            if (value.isEmpty()) {
                return new Malformed("the parameter '" + name + "' is empty, or not percent-encoded ASCII");
            }
            if (telling.put(name, value.get()) != null) {
                return new Malformed("the parameter '" + name + "' stands more than once");
            }
        }
        return new Read(
                Optional.ofNullable(telling.get("mount")),
                Optional.ofNullable(telling.get("from")),
                Optional.ofNullable(telling.get("digest")));
    }

    /** Percent-encoded (RFC 3986 section 2.1). A '+' is a blank to some and a '+' to others: it must be encoded. */
    private static Optional<String> decoded(String text) {
        StringBuilder decoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length()
                        || !HexFormat.isHexDigit(text.charAt(i + 1))
                        || !HexFormat.isHexDigit(text.charAt(i + 2))) {
                    return Optional.empty();
                }
                c = (char) HexFormat.fromHexDigits(text, i + 1, i + 3);
                i += 2;
            } else if (c == '+') {
                return Optional.empty();
            }
            if (c <= ' ' || c >= 0x7f) {
                return Optional.empty();
            }
            decoded.append(c);
        }
        return Optional.of(decoded.toString()).filter(value -> !value.isEmpty());
    }
}
