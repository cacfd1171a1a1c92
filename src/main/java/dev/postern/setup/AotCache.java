package dev.postern.setup;

import java.lang.management.ManagementFactory;
import java.util.Optional;

/** Whether the JDK's AOT cache, which makes the start shorter, is used. */
public final class AotCache {

    private static final String OPTION = "-XX:AOTCache=";

    private AotCache() {}

    /** In words, for a log line or {@code --version}: whether there is one, and whether it is used. */
    public static String inWords() {
        return inWords(
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(argument -> argument.startsWith(OPTION))
                        .map(argument -> argument.substring(OPTION.length()))
                        .reduce((first, last) -> last),
                System.getProperty("java.vm.info", ""));
    }

    /**
     * The same of a JDK that says so.
     *
     * @param cache the file that was named for it, if any
     * @param info its {@code java.vm.info}: it shares classes when the cache was taken, and none when the cache was not
     */
    static String inWords(Optional<String> cache, String info) {
        if (cache.isEmpty()) {
            return "without an AOT cache";
        }
        return info.contains("sharing")
                ? "with the AOT cache " + cache.get()
                : "without the AOT cache " + cache.get() + ", which is not of this JDK and these jars";
    }
}
