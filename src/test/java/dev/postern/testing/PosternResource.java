package dev.postern.testing;

import dev.postern.testing.secrets.Secrets;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A Postern of the test's own: on random ports of 127.0.0.1, with its policy and its generated key in a directory that
 * is deleted afterwards.
 *
 * <pre>{@code
 * @QuarkusTest
 * @WithTestResource(
 *         value = PosternResource.class,
 *         initArgs = @ResourceArg(name = "postern.region", value = "us-south"))
 * }</pre>
 *
 * <p>The argument {@link #POLICY} is the text of the policy, {@link TestPolicy#TEXT} where it is absent; each other one
 * is a setting.
 */
public final class PosternResource implements QuarkusTestResourceLifecycleManager {

    /** The argument that holds the policy's text. */
    public static final String POLICY = "policy";

    /** The argument, of any value, that has publishers of feeds trusted whose certificates are of {@link #AUTHORITY_FILE}. */
    public static final String AUTHORITY = "authority";

    /** The file beside the policy that holds the authority ({@link TestAuthority#load}). */
    public static final String AUTHORITY_FILE = "authority.p12";

    /** The argument that holds the text of the password file of the account {@code acme}, beside the policy. */
    public static final String HTPASSWD = "htpasswd";

    /** The argument that holds the token by which people sign in to the console, which is on then. */
    public static final String CONSOLE_TOKEN = "console-token";

    /** The argument that holds the token without which the management port shows no metrics. */
    public static final String MANAGEMENT_TOKEN = "management-token";

    private final Map<String, String> settings = new HashMap<>();
    private String policy = TestPolicy.TEXT;
    private Path directory = Path.of("");

    @Override
    public void init(Map<String, String> arguments) {
        settings.putAll(arguments);
        String own = settings.remove(POLICY);
        if (own != null) {
            policy = own;
        }
    }

    @Override
    public Map<String, String> start() {
        try {
            directory = Files.createTempDirectory("postern-test");
            Path file = directory.resolve("policy.yaml");
            write(file, policy);
            Map<String, String> all = new HashMap<>(Map.of(
                    "postern.policy", file.toString(),
                    "postern.data", directory.resolve("data").toString(),
                    "quarkus.http.host", "127.0.0.1",
                    "quarkus.http.test-port", "0",
                    "quarkus.management.host", "127.0.0.1",
                    "quarkus.management.test-port", "0",
                    // All tests come from one address, and many are wrong on purpose.
                    "postern.throttle.failures-per-source", "1000000",
                    "postern.throttle.failures-per-subject", "1000000"));
            all.putAll(settings);
            String users = all.remove(HTPASSWD);
            if (users != null) {
                all.put(
                        "postern.htpasswd.acme",
                        Files.writeString(directory.resolve("htpasswd"), users).toString());
            }
            String token = all.remove(CONSOLE_TOKEN);
            if (token != null) {
                all.put("postern.console.enabled", "true");
                all.put(
                        "postern.console.token-file",
                        Files.writeString(directory.resolve("console-token"), token)
                                .toString());
            }
            String managementToken = all.remove(MANAGEMENT_TOKEN);
            if (managementToken != null) {
                all.put(
                        "postern.management.token-file",
                        Files.writeString(directory.resolve("management-token"), managementToken)
                                .toString());
            }
            if (all.remove(AUTHORITY) != null) {
                TestAuthority authority = new TestAuthority("CN=Test Authority");
                authority.save(directory.resolve(AUTHORITY_FILE));
                Path pem = Files.writeString(directory.resolve("authority.pem"), authority.pem());
                all.put("postern.feeds.tls-configuration-name", "feeds");
                all.put("quarkus.tls.feeds.trust-store.pem.certs", pem.toString());
            }
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Replaces a policy file in one step, as an operator should: nobody reads half of it. */
    public static void write(Path file, String policy) {
        try {
            Path next = file.resolveSibling("." + file.getFileName() + ".next");
            Files.writeString(next, policy);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (directory.toString().isEmpty()) {
            return;
        }
        Secrets.keysBelow(directory);
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
