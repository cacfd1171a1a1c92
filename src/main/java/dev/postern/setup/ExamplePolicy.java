package dev.postern.setup;

import dev.postern.identity.ApiKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * The policy of a Postern that nobody has configured: one account, reachable from this machine only.
 *
 * @param file where it is
 * @param newApiKey the API key, where the policy has just been made: the only time that it is known
 */
public record ExamplePolicy(Path file, Optional<String> newApiKey) {

    private static final String TEXT = """
            # An example to begin with. Postern made it because postern.policy was not set; the API key was printed once,
            # only its digest is here. A change takes effect within seconds; a mistake is reported, and changes nothing.
            zones:
              this-machine: { addresses: [127.0.0.0/8, "::1"] }

            accounts:
              example:
                namespaces: [example]
                network:
                  allow:
                    - zone: this-machine
                service-ids:
                  demo:
                    api-keys:
                      - { id: first, digest: "sha-256:%s" }
                bindings:
                  - { subjects: [service-id:demo], roles: [Manager] }
                  - { subjects: [anonymous], roles: [Reader], repository: "public-*" }
            """;

    /** The example under this directory; made with a new API key where there is none. */
    static ExamplePolicy in(Path directory) {
        Path file = directory.toAbsolutePath().resolve("policy.yaml");
        if (Files.exists(file)) {
            return new ExamplePolicy(file, Optional.empty());
        }
        String apiKey = ApiKeys.generate();
        try {
            Files.createDirectories(file.getParent());
            if (!create(file, TEXT.formatted(ApiKeys.digest(apiKey)))) {
                return new ExamplePolicy(file, Optional.empty());
            }
        } catch (IOException e) {
            throw new StartFault("the example policy cannot be written to " + file + " ("
                    + e.getClass().getSimpleName()
                    + "). Make the directory writable, or set postern.data to one that is, or postern.policy to a policy"
                    + " of your own.");
        }
        // At once, and not with the rest of the report: should the start fail after this, nobody would know the key.
        System.out.println("An example policy was made: " + file);
        System.out.println("Its API key, printed this once: " + apiKey);
        return new ExamplePolicy(file, Optional.of(apiKey));
    }

    /** Whole or not at all: of instances that start at once, one makes it, and the others read it. */
    private static boolean create(Path file, String text) throws IOException {
        Path whole = Files.createTempFile(file.getParent(), ".policy", ".new");
        try {
            Files.writeString(whole, text);
            try {
                Files.createLink(file, whole);
            } catch (UnsupportedOperationException noLinks) {
                Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
            }
            return true;
        } catch (FileAlreadyExistsException another) {
            return false;
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
