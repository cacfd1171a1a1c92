package dev.postern.feed;

/** Texts of others in our own. */
final class Words {

    private Words() {}

    /** Without control characters, and no longer than this: what a hostile file can put into a log line. */
    static String shown(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most) + "…" : text;
        return cut.replaceAll("[\\p{Cc}\\p{Cf}\\u2028\\u2029\\p{Cs}]", "?");
    }

    static String quoted(String text) {
        return "'" + shown(text, 80) + "'";
    }
}
