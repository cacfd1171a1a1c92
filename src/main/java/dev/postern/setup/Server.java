package dev.postern.setup;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import jakarta.inject.Inject;
import java.net.BindException;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;

/** Runs the server until it is stopped, and turns what stops its start into one message and an exit code. */
public final class Server {

    private static final int CONFIGURATION_AT_FAULT = 78;
    /** What application.properties takes the number of event loops from, unless the operator sets it. */
    private static final String PROCESSORS = "available-processors";

    /** {@code EX_SOFTWARE} of sysexits. */
    private static final int OWN_FAULT = 70;

    private static final Logger LOG = Logger.getLogger(Server.class);

    private Server() {}

    /** Runs the server; returns the exit code when it has stopped. */
    public static int run() {
        oneEventLoopPerProcessor();
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(Body.class, (code, failure) -> {
            exitCode.set(failure == null ? code : explain(failure));
        });
        return exitCode.get();
    }

    /** No event loop ever waits here, so that a second one on a processor would only take turns with the first. */
    private static void oneEventLoopPerProcessor() {
        System.setProperty(PROCESSORS, String.valueOf(Runtime.getRuntime().availableProcessors()));
    }

    /** What runs once the server has started. */
    public static final class Body implements QuarkusApplication {
        @Inject
        House house;

        @Inject
        Config config;

        @Override
        public int run(String... args) {
            LOG.infof("Java %s, %s", Runtime.version(), AotCache.inWords());
            System.out.println(house.report().text(baseUrl(config)));
            System.out.flush();
            Quarkus.waitForExit();
            return 0;
        }
    }

    private static String baseUrl(Config config) {
        Listeners listeners = Listeners.of(config);
        return listeners.plain()
                ? "http://" + listeners.name() + ":" + listeners.plainPort()
                : "https://" + listeners.name() + ":"
                        + config.getOptionalValue("quarkus.http.ssl-port", Integer.class)
                                .orElse(8443);
    }

    private static int explain(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            switch (cause) {
                case StartFault fault -> {
                    return atFault(fault.why());
                }
                case ConfigValidationException invalid -> {
                    return atFault(SettingsMessages.of(invalid));
                }
                case BindException bind -> {
                    return atFault("a port is in use already, or the address is not this machine's ("
                            + message + "). Free it, or set quarkus.http.port, quarkus.http.host,"
                            + " quarkus.management.port or quarkus.management.host.");
                }
                case ConfigurationException invalid -> {
                    return atFault("the settings cannot be used: " + message);
                }
                default -> {}
            }
        }
        failure.printStackTrace();
        return OWN_FAULT;
    }

    private static int atFault(String why) {
        System.err.println("postern: " + why);
        return CONFIGURATION_AT_FAULT;
    }
}
