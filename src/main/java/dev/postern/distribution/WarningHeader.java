package dev.postern.distribution;

/**
 * A warning beside an answer, in the form that the OCI distribution specification, section "Warnings", has its clients
 * show: code 299, {@code -} for the agent, no date (RFC 7234 section 5.5).
 */
public final class WarningHeader {

    /** Its name. */
    public static final String NAME = "Warning";

    private WarningHeader() {}

    /** The header's value: {@code 299 - "text"}, the text as a quoted-string of printable ASCII (RFC 9110 section 5.6.4). */
    public static String value(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append("299 - \"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else {
                quoted.append(c >= ' ' && c <= '~' ? c : '?');
            }
        }
        return quoted.append('"').toString();
    }
}
