package dev.postern.cli;

import dev.postern.setup.Server;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code postern serve}. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description =
                "Answers registries' clients. With nothing configured: on loopback, with a key and an example policy"
                        + " that it makes under ./data.")
final class ServeCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Override
    public Integer call() {
        options.apply();
        return Server.run();
    }
}
