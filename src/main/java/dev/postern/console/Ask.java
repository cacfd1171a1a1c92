package dev.postern.console;

import dev.postern.source.Source;
import java.util.Map;
import java.util.Optional;

/**
 * What a browser asks the console.
 *
 * @param method the method
 * @param page what follows {@code /console/}
 * @param fields the query's or the form's, the first of each name
 * @param source where it comes from
 * @param session what the cookie says; empty where there is none
 * @param ticket what the cookie of an attempt to sign in says; empty where there is none
 * @param bearer what the {@code Authorization} header says; empty where there is none
 * @param isSecure whether it came over TLS
 * @param isForeign whether the browser says that another site sent it
 */
record Ask(
        String method,
        String page,
        Map<String, String> fields,
        Source source,
        Optional<String> session,
        Optional<String> ticket,
        Optional<String> bearer,
        boolean isSecure,
        boolean isForeign) {

    /** A longer value is none of ours. */
    private static final int MOST = 1024;

    /** The field's value, blanks at its ends left out; the empty text where it is not there, or too long. */
    String field(String name) {
        return field(name, MOST);
    }

    /** The same, of another length. */
    String field(String name, int most) {
        String value = fields.getOrDefault(name, "").strip();
        return value.length() > most ? "" : value;
    }

    /** The number; the other where there is none from 0 to a million. */
    int number(String name, int other) {
        String text = field(name);
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : other;
    }

    @Override
    public String toString() {
        return method + " " + page;
    }
}
