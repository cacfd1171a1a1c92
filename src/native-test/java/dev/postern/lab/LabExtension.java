package dev.postern.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Makes the lab when the first test class asks for it, and takes it down when the last one is done. */
final class LabExtension implements BeforeAllCallback, ParameterResolver {
    /** The exit code of a lab that cannot be made on this machine, after {@code EX_UNAVAILABLE} of sysexits. */
    private static final int UNAVAILABLE = 69;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        Shared shared = shared(context);
        if (shared.failure() != null) {
            throw new AssertionError("the network lab could not be made", shared.failure());
        }
        String reason = shared.reason() == null ? missing(context, shared.lab()) : shared.reason();
        if (reason == null) {
            return;
        }
        if ("true".equals(System.getenv("CI"))) {
            throw new AssertionError("the network lab cannot be made here: " + reason);
        }
        leftOut(
                shared.reason() == null
                        ? context.getRequiredTestClass().getSimpleName() + ": " + reason
                        : "the network lab (Lab*IT): " + reason);
        Assumptions.abort("the network lab cannot be made here: " + reason);
    }

    /** What the class needs besides the lab, and is not there. */
    private static @Nullable String missing(ExtensionContext context, Lab lab) {
        InLab inLab = context.getRequiredTestClass().getAnnotation(InLab.class);
        if (inLab == null || inLab.needs().length == 0) {
            return null;
        }
        Lab.Result check = lab.lab(Lab.concat(List.of("check"), inLab.needs()));
        if (check.code() == UNAVAILABLE) {
            return check.err().strip().replaceFirst("^lab: ", "");
        }
        check.succeeded();
        return null;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Lab.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return shared(context).lab();
    }

    private static Shared shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(LabExtension.class))
                .computeIfAbsent(Shared.class, key -> Shared.make(), Shared.class);
    }

    /** What {@code ./check} lists at its end, each line once. */
    private static void leftOut(String line) throws IOException {
        Path file = base().resolve("target/left-out.txt");
        Files.createDirectories(file.getParent());
        if (!Files.exists(file) || !Files.readAllLines(file).contains(line)) {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    private static Path base() {
        return Path.of(System.getProperty("postern.basedir", "")).toAbsolutePath();
    }

    /** The jar where there is one, otherwise the native executable. */
    private static Path artifact() {
        Path jar = base().resolve(System.getProperty("postern.artifact", "target/quarkus-app/quarkus-run.jar"));
        Path executable = Path.of(System.getProperty("native.image.path", ""));
        return !Files.exists(jar) && Files.isExecutable(executable) ? executable : jar;
    }

    /** The one lab of the run; or why there can be none here; or what went wrong, so that it is not tried again. */
    private record Shared(
            Lab lab, @Nullable String reason, @Nullable Throwable failure) implements AutoCloseable {
        static Shared make() {
            // A name of this source tree's and this process's own: a lab that a killed run left standing is found
            // again,
            // another's is not.
            String name = "postern-it-" + Integer.toHexString(base().hashCode()) + "-"
                    + Integer.getInteger("postern.fork", 0);
            Lab lab = new Lab(base(), artifact(), name);
            String system = System.getProperty("os.name");
            if (!"Linux".equals(system)) {
                return new Shared(lab, "network namespaces need Linux; this is " + system, null);
            }
            try {
                Lab.Result check = lab.lab("check");
                if (check.code() == UNAVAILABLE) {
                    return new Shared(lab, check.err().strip().replaceFirst("^lab: ", ""), null);
                }
                check.succeeded();
                Runtime.getRuntime().addShutdownHook(new Thread(lab::down));
                lab.up();
                lab.postern();
                return new Shared(lab, null, null);
            } catch (RuntimeException | AssertionError e) {
                return new Shared(lab, null, e);
            }
        }

        @Override
        public void close() {
            if (reason == null) {
                lab.keepMetrics();
                lab.down();
            }
        }
    }
}
