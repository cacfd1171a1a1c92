package dev.postern.cli;

/** Texts of others, as a terminal may have them. */
final class Shown {

    private Shown() {}

    /** Without anything that is not printable ASCII, line ends included. */
    static String plain(String text) {
        return text.replaceAll("[^ -~]", "?");
    }

    /** The same, with its line ends. */
    static String lines(String text) {
        return text.replaceAll("[^ -~\\n…]", "?");
    }
}
