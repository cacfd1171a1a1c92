package dev.postern.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How integration tests run the package: the jar by the JDK of this run, with the launcher's options, or the native executable. With the
 * profile {@code aot}, the jar with its cache, and not at all without.
 */
public final class Packaged {

    private static final String ARTIFACT = System.getProperty("postern.artifact", "target/quarkus-app/quarkus-run.jar");

    private Packaged() {}

    /** Whether it is the native executable. */
    public static boolean isNative() {
        return !ARTIFACT.endsWith(".jar");
    }

    /** Whether it is run with its AOT cache. */
    public static boolean hasCache() {
        return Boolean.getBoolean("postern.aot") && !isNative();
    }

    /** The command with these arguments. */
    public static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        if (!isNative()) {
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("-Xmx256m");
            command.addAll(options());
            if (hasCache()) {
                // A cache that is missing or does not fit is a failure.
                command.add("-XX:AOTCache=" + Path.of(ARTIFACT).resolveSibling("app.aot"));
                command.add("-XX:AOTMode=on");
            }
            command.add("-jar");
        }
        command.add(ARTIFACT);
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * The options for its Java, but for that of the cache. Tests' servers live for seconds, and what the second compiler makes of them
     * would never be worth its time: without it, a start costs half. With the cache all is as it is in earnest.
     */
    public static List<String> options() {
        List<String> options = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xms32m", "-Xss512k"));
        options.addAll(
                hasCache()
                        ? List.of(
                                "-XX:Tier4InvocationThreshold=20000",
                                "-XX:Tier4MinInvocationThreshold=2400",
                                "-XX:Tier4CompileThreshold=60000",
                                "-XX:Tier4BackEdgeThreshold=160000",
                                "-XX:Tier2InvokeNotifyFreqLog=13",
                                "-XX:Tier2BackedgeNotifyFreqLog=16")
                        : List.of("-XX:TieredStopAtLevel=1"));
        return options;
    }
}
