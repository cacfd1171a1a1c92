package dev.postern.cli;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code postern health}: for a container's health check, where there is no shell and no curl. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        description = "Asks a running server on this host whether it is ready.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:it is", "1:it is not, or nobody answers"},
        footerHeading = "%nExamples:%n",
        footer = {"  postern health", "  postern health --url https://localhost:9443/q/health/ready"})
final class HealthCommand implements Callable<Integer> {

    private static final int MILLISECONDS = 4000;
    private static final int OK = 200;

    @Spec
    CommandSpec spec;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://localhost:9000/q/health/ready",
            description =
                    "What to ask, http or https. Default: ${DEFAULT-VALUE}. /q/health/live says only that it lives.")
    URI url;

    @Override
    public Integer call() {
        String scheme = url.getScheme();
        if (url.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
            throw new ParameterException(
                    spec.commandLine(), "--url " + url + " is no URL of a server; expected http://HOST:PORT/PATH");
        }
        CommandLine line = spec.commandLine();
        try {
            int status = status(url);
            if (status == OK) {
                line.getOut().println("ready");
                return 0;
            }
            line.getErr().println("postern: not ready: " + url + " answered with " + status);
        } catch (IOException e) {
            line.getErr()
                    .println("postern: not ready: nobody answers at " + url + " ("
                            + e.getClass().getSimpleName() + ")");
        }
        return 1;
    }

    private static int status(URI url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(MILLISECONDS);
        connection.setReadTimeout(MILLISECONDS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
