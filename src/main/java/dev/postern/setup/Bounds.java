package dev.postern.setup;

/** Bounds of settings. */
final class Bounds {

    private Bounds() {}

    /**
     * Stops the start where a setting is out of its bounds.
     *
     * @param key the setting's whole name
     */
    static <T extends Comparable<T>> void check(String key, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new StartFault(key + " is " + value + "; expected " + least + " to " + most);
        }
    }
}
