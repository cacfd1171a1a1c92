package dev.postern.cli;

import java.io.Console;
import java.lang.reflect.InvocationTargetException;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Whether somebody looks at what is printed, and wants it in colours. */
final class Terminal {

    private Terminal() {}

    /** Whether input and output are a terminal's that can be written over. Java does not tell the error output from them. */
    static boolean isThere() {
        return isThere(System::getenv);
    }

    /** Whether colours are wanted: on a terminal alone, and not where {@code NO_COLOR} is set (no-color.org). */
    static boolean isColoured() {
        return isThere() && wantsColours(System::getenv);
    }

    static boolean isThere(UnaryOperator<@Nullable String> environment) {
        return !isDumb(environment) && isTerminal(System.console());
    }

    static boolean wantsColours(UnaryOperator<@Nullable String> environment) {
        String no = environment.apply("NO_COLOR");
        return !isDumb(environment) && (no == null || no.isEmpty());
    }

    private static boolean isDumb(UnaryOperator<@Nullable String> environment) {
        boolean isWindows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        String term = environment.apply("TERM");
        return term == null ? !isWindows : term.isEmpty() || term.equals("dumb");
    }

    /** From Java 22 on, there may be a console without a terminal, and a method that says so. */
    private static boolean isTerminal(@Nullable Console console) {
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return false;
        }
    }
}
