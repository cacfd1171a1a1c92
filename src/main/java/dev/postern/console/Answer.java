package dev.postern.console;

import java.util.Map;
import java.util.TreeMap;

/** What a browser is answered. */
record Answer(int status, String type, String body, Map<String, String> headers) {

    private static final String HTML = "text/html;charset=UTF-8";

    static Answer html(String body) {
        return html(200, body);
    }

    static Answer html(int status, String body) {
        return new Answer(status, HTML, body, Map.of());
    }

    static Answer json(String body) {
        return new Answer(200, "application/json", body, Map.of());
    }

    static Answer text(int status, String body) {
        return new Answer(status, "text/plain;charset=UTF-8", body + "\n", Map.of());
    }

    /** Another page of the console is to be asked for, by GET. */
    static Answer seeOther(String page) {
        return new Answer(303, "text/plain;charset=UTF-8", "", Map.of("Location", page));
    }

    Answer with(String name, String value) {
        Map<String, String> more = new TreeMap<>(headers);
        more.put(name, value);
        return new Answer(status, type, body, more);
    }
}
