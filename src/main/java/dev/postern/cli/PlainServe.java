package dev.postern.cli;

import dev.postern.setup.Server;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code postern serve} as it is nearly always written, read without picocli: to describe all the commands to it takes longer than much
 * of the rest of a start. What is written otherwise, mistakes included, is picocli's.
 */
public final class PlainServe {

    private PlainServe() {}

    /** Runs the server where the command line is of this form, and returns the exit code; empty where it is not. */
    public static OptionalInt execute(String... args) {
        Optional<ConfigOptions> plain = read(args);
        return plain.isPresent() ? OptionalInt.of(run(plain.get())) : OptionalInt.empty();
    }

    private static int run(ConfigOptions options) {
        try {
            options.apply();
            return Server.run();
        } catch (RuntimeException fault) {
            return Faults.said(new PrintWriter(System.err, true, System.err.charset()), false, fault);
        }
    }

    /**
     * The options of {@code serve}, {@code --config FILE}, {@code --profile NAME}, each once at most, or with {@code =}. Empty for anything
     * else.
     */
    static Optional<ConfigOptions> read(String... args) {
        if (args.length == 0 || !args[0].equals("serve")) {
            return Optional.empty();
        }
        ConfigOptions options = new ConfigOptions();
        for (int i = 1; i < args.length; i++) {
            String name = args[i];
            String value;
            int equals = name.indexOf('=');
            if (equals >= 0) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            } else if (++i < args.length) {
                value = args[i];
            } else {
                return Optional.empty();
            }
            if (!isPlain(value)) {
                return Optional.empty();
            }
            if (name.equals("--config") && options.config == null) {
                options.config = Path.of(value);
            } else if (name.equals("--profile") && options.profile == null) {
                options.profile = value;
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(options);
    }

    /** Whether it is a value to picocli, too, to which {@code @} names a file of arguments and quotes may be quotes. */
    private static boolean isPlain(String value) {
        return !value.isEmpty()
                && value.charAt(0) != '-'
                && value.charAt(0) != '@'
                && value.indexOf('"') < 0
                && value.indexOf('\0') < 0;
    }
}
