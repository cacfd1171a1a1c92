package dev.postern.setup;

import dev.postern.listener.BoundedTransport;
import dev.postern.listener.Intake;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.spi.VertxServiceProvider;
import org.eclipse.microprofile.config.ConfigProvider;

/** Has every server of this process count what it holds. Vert.x finds it by the service loader, before there is anything else. */
@RegisterForReflection
public final class IntakeProvider implements VertxServiceProvider {

    static final String MAX_CONNECTIONS = "quarkus.http.limits.max-connections";

    /** The service loader makes objects for nobody: what it has made is known here. */
    private static volatile Intake last = new Intake(0, 0);

    /** What the servers that were started last count by. */
    static Intake intake() {
        return last;
    }

    @Override
    public void init(VertxBuilder builder) {
        long heap = Runtime.getRuntime().maxMemory();
        int connections = ConfigProvider.getConfig()
                .getOptionalValue(MAX_CONNECTIONS, Integer.class)
                .orElseGet(() -> Room.connections(heap));
        Intake intake = new Intake(Room.unanswered(heap), connections);
        last = intake;
        builder.findTransport(new BoundedTransport(builder.findTransport(), intake));
    }
}
