package dev.postern.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.setup.Settings;
import dev.postern.setup.SigningKeys;
import dev.postern.setup.StartFault;
import dev.postern.token.Jwks;
import dev.postern.token.KeyFault;
import dev.postern.token.KeyFiles;
import dev.postern.token.PublishedKey;
import dev.postern.token.SigningAlgorithm;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code postern keys}: signing keys. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = "Makes signing keys, and writes what registries need to check tokens.",
        subcommands = {KeysCommand.Create.class, KeysCommand.Export.class})
final class KeysCommand {

    /** {@code postern keys create}. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Generates a signing key, readable for its owner only, and its self-signed certificate.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:written"},
            footerHeading = "%nExamples:%n",
            footer = {"  postern keys create --key key.pem --certificate cert.pem --issuer postern.example.com"})
    static final class Create implements Callable<Integer> {

        @Option(names = "--key", paramLabel = "FILE", required = true, description = "Where the private key goes.")
        Path key;

        @Option(
                names = "--certificate",
                paramLabel = "FILE",
                required = true,
                description = "Where the certificate goes: the registry's rootcertbundle.")
        Path certificate;

        @Option(
                names = "--algorithm",
                paramLabel = "ALGORITHM",
                defaultValue = "ES256",
                description = "ES256 or RS256. Default: ${DEFAULT-VALUE}.")
        SigningAlgorithm algorithm;

        @Option(
                names = "--issuer",
                paramLabel = "NAME",
                defaultValue = "postern",
                description = "The name in the certificate. Default: ${DEFAULT-VALUE}.")
        String issuer;

        @Mixin
        OutputOption output;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() {
            try {
                KeyFiles.write(KeyFiles.generate(algorithm, issuer, Instant.now()), key, certificate);
            } catch (KeyFault fault) {
                throw new StartFault(fault.why());
            }
            PrintWriter out = spec.commandLine().getOut();
            if (output.isJson()) {
                out.println(new Json()
                        .with("key", key.toAbsolutePath())
                        .with("certificate", certificate.toAbsolutePath())
                        .text());
                return 0;
            }
            out.println("postern.token.key: " + key.toAbsolutePath());
            out.println("postern.token.certificate: " + certificate.toAbsolutePath());
            return 0;
        }
    }

    /** {@code postern keys export}. */
    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = "Writes the registry's rootcertbundle (PEM) and the JWK set of the signing key.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0:written", "73:a file cannot be written"},
            footerHeading = "%nExamples:%n",
            footer = {"  postern keys export --config application.yaml --directory /etc/registry"})
    static final class Export implements Callable<Integer> {

        @Mixin
        ConfigOptions options;

        @Option(
                names = "--directory",
                paramLabel = "DIRECTORY",
                defaultValue = ".",
                description = "Where rootcertbundle.pem and jwks.json go. Default: the current one.")
        Path directory;

        @Mixin
        OutputOption output;

        @Spec
        CommandSpec spec;

        @Override
        public Integer call() {
            options.apply();
            SigningKeys keys = SigningKeys.load(Settings.load(), Instant.now());
            Path bundle = directory.resolve("rootcertbundle.pem");
            Path jwks = directory.resolve("jwks.json");
            try {
                Files.createDirectories(directory);
                Files.writeString(bundle, bundle(keys));
                Files.writeString(
                        jwks,
                        new ObjectMapper()
                                        .writerWithDefaultPrettyPrinter()
                                        .writeValueAsString(Jwks.of(keys.ring().published()))
                                + "\n");
            } catch (KeyFault fault) {
                throw new StartFault(fault.why());
            } catch (IOException e) {
                throw new CommandFault(
                        ExitCode.NOT_CREATED,
                        "cannot write to " + directory.toAbsolutePath() + " ("
                                + e.getClass().getSimpleName() + "); --directory expects one that can be written to");
            }
            PrintWriter out = spec.commandLine().getOut();
            if (output.isJson()) {
                out.println(new Json()
                        .with("rootcertbundle", bundle.toAbsolutePath())
                        .with("jwks", jwks.toAbsolutePath())
                        .text());
                return 0;
            }
            out.println("rootcertbundle: " + bundle.toAbsolutePath());
            out.println("jwks: " + jwks.toAbsolutePath());
            return 0;
        }

        /** Of keys that Postern makes, the file that it keeps; of the operator's, the certificates of all that are published. */
        private static String bundle(SigningKeys keys) throws KeyFault, IOException {
            if (keys.generated()) {
                return Files.readString(keys.bundle().orElseThrow());
            }
            StringBuilder text = new StringBuilder();
            for (PublishedKey key : keys.ring().published()) {
                text.append(KeyFiles.pem(key.certificate()));
            }
            return text.toString();
        }
    }
}
