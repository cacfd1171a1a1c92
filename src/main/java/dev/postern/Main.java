package dev.postern;

import dev.postern.cli.PlainServe;
import dev.postern.cli.PosternCommand;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The entry point: the command line. Only {@code serve} starts the server. */
@QuarkusMain
public final class Main {

    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String... args) {
        int code = PlainServe.execute(args).orElseGet(() -> PosternCommand.execute(args));
        if (code != PosternCommand.STILL_RUNNING) {
            System.exit(code);
        }
    }
}
