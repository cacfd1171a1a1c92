package dev.postern.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.postern.audit.SourceJson;
import dev.postern.setup.Settings;
import dev.postern.setup.SourceCheck;
import dev.postern.source.Source;
import java.io.IOException;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern source}: where a caller would be found to be. */
@Command(
        name = "source",
        mixinStandardHelpOptions = true,
        description = "Says where a caller would be found to be, by the settings, and which hops would be believed.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it would be known", "1:it would be unknown: refused, whatever the rules say"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern source --config application.yaml --peer 10.0.0.1 --header 'X-Forwarded-For: 203.0.113.10'"
        })
final class SourceCommand implements Callable<Integer> {

    @Mixin
    ConfigOptions options;

    @Mixin
    ConnectionOptions caller;

    @Option(
            names = "--peer",
            paramLabel = "ADDRESS",
            required = true,
            description = "The transport peer: an address, or 'unix' for a Unix socket.")
    String peer;

    @Mixin
    OutputOption output;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        options.apply();
        Source source = SourceCheck.resolve(Settings.load(), caller.connection(peer));
        spec.commandLine()
                .getOut()
                .println(output.isJson() ? json(source) : Paint.on(spec.commandLine(), source.text()));
        return source instanceof Source.UnknownSource ? 1 : 0;
    }

    private static String json(Source source) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = new JsonFactory().createGenerator(text)) {
            SourceJson.write(out, source);
        }
        return text.toString();
    }
}
