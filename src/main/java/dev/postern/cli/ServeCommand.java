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
                        + " of its own making, under data/.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it was stopped",
            "78:the configuration is at fault",
            "130:it was interrupted (Ctrl-C)",
            "143:it was told to end (SIGTERM)"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern serve",
            "  postern serve --config /etc/postern/application.yaml",
            "",
            "The main settings, in a file or as variables such as POSTERN_SERVICE:",
            "  postern.service                  the registry's name: the audience of tokens",
            "  postern.issuer                   the name that tokens are issued under",
            "  postern.policy                   the accounts' policy: a file, a directory, or",
            "                                   the https URL of a bundle",
            "  postern.data                     where keys, copies and the example are kept",
            "  postern.refer-url                where the refused may ask for access",
            "  postern.token.lifetime           how long tokens are good: 5m",
            "  postern.source.trusted-proxies   whose word on callers is believed",
            "  postern.registry.realm           this token service's URL, for challenges",
            "  postern.audit.sinks              where decisions are written: stdout, file,",
            "                                   syslog, otlp",
            "  quarkus.http.host, .port         where it listens: localhost, 8080",
            "  quarkus.management.port          health and metrics: 9000",
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Override
    public Integer call() {
        options.apply();
        return Server.run();
    }
}
