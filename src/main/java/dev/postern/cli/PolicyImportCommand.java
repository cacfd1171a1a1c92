package dev.postern.cli;

import dev.postern.address.AddressRange;
import dev.postern.policy.Names;
import dev.postern.policy.importing.ImportFormat;
import dev.postern.policy.importing.ImportOptions;
import dev.postern.policy.importing.PolicyImport;
import dev.postern.policy.importing.PolicyImport.Imported;
import dev.postern.policy.importing.PolicyImport.Input;
import dev.postern.policy.importing.PolicyImport.Refused;
import dev.postern.setup.EndpointCheck;
import dev.postern.setup.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code postern policy import}. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Makes a policy of another system's allowlist, and opens nothing that is closed there. What cannot be"
                        + " said goes to standard error, with its place. Exits with 1 where leaving it out would open"
                        + " something.")
final class PolicyImportCommand implements Callable<Integer> {

    /** Bytes of all files together. */
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    @Mixin
    ConfigOptions config;

    @Parameters(
            index = "0",
            paramLabel = "FORMAT",
            converter = Formats.class,
            completionCandidates = Formats.class,
            description = "One of: ${COMPLETION-CANDIDATES}.")
    ImportFormat format;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "What belongs together, in one file or several; '-' is standard input.")
    List<Path> files = new ArrayList<>();

    @Option(
            names = "--account",
            paramLabel = "NAME",
            defaultValue = "imported",
            description = "The account that is written. Default: ${DEFAULT-VALUE}.")
    String account;

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description = "A namespace of the account, besides those that the input names; may be repeated.")
    List<String> namespaces = new ArrayList<>();

    @Option(
            names = "--private-endpoint",
            paramLabel = "[VPC=]NAME",
            description = "A private endpoint of your settings, which is meant where the input says 'private'; with an"
                    + " IBM Cloud VPC's CRN or id, the endpoint by which that VPC comes. May be repeated.")
    List<String> privateEndpoints = new ArrayList<>();

    @Option(
            names = "--push-as-writer",
            description = "Make a Writer, who may also delete, of whom docker-auth-acl lets pull and push.")
    boolean pushAsWriter;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Where the policy goes, in place of standard output.")
    @Nullable
    Path output;

    @Spec
    CommandSpec spec;

    /** The names of the formats. */
    static final class Formats implements ITypeConverter<ImportFormat>, Iterable<String> {
        private static final List<String> NAMES =
                Arrays.stream(ImportFormat.values()).map(ImportFormat::wireName).toList();

        @Override
        public ImportFormat convert(String text) {
            return ImportFormat.of(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "there is no format '" + text + "'; expected one of " + String.join(", ", NAMES)));
        }

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }

    /** A file cannot be read; the message says which and why. */
    private static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String why) {
            super(why, null, false, false);
        }
    }

    @Override
    public Integer call() {
        ImportOptions options = options();
        PrintWriter err = spec.commandLine().getErr();
        List<Input> inputs;
        try {
            inputs = inputs();
        } catch (Unreadable e) {
            err.println("postern: " + e.getMessage());
            return 1;
        }
        return switch (PolicyImport.run(format, inputs, options)) {
            case Imported imported -> {
                imported.warnings().forEach(err::println);
                yield write(imported.yaml(), err);
            }
            case Refused refused -> {
                refused.problems().forEach(err::println);
                yield 1;
            }
        };
    }

    private ImportOptions options() {
        if (!Names.isName(account)) {
            throw new ParameterException(spec.commandLine(), "--account expects a name: " + Names.NAME_FORM);
        }
        for (String namespace : namespaces) {
            if (!Names.isNamespace(namespace)) {
                throw new ParameterException(
                        spec.commandLine(), "--namespace expects a namespace: " + Names.NAMESPACE_FORM);
            }
        }
        List<String> endpoints = new ArrayList<>();
        Map<String, String> vpcs = new LinkedHashMap<>();
        for (String text : privateEndpoints) {
            int equals = text.lastIndexOf('=');
            String name = text.substring(equals + 1);
            if (name.isEmpty() || equals == 0) {
                throw new ParameterException(
                        spec.commandLine(), "--private-endpoint expects NAME or VPC=NAME, found '" + text + "'");
            }
            if (equals < 0) {
                endpoints.add(name);
            } else {
                vpcs.put(text.substring(0, equals), name);
            }
        }
        return new ImportOptions(
                account, namespaces, endpoints, vpcs, translatedAddresses(endpoints, vpcs), pushAsWriter);
    }

    /** Only settings that are named count: those that happen to be found may be others than the policy is for. */
    private Optional<List<AddressRange>> translatedAddresses(List<String> endpoints, Map<String, String> vpcs) {
        if (config.config == null) {
            return Optional.empty();
        }
        config.apply();
        Set<String> named = new HashSet<>(endpoints);
        named.addAll(vpcs.values());
        return EndpointCheck.translatedAddresses(Settings.load(), named);
    }

    private List<Input> inputs() throws Unreadable {
        List<Input> inputs = new ArrayList<>();
        int left = MAX_BYTES;
        for (Path file : files) {
            boolean standard = file.toString().equals("-");
            String name = standard ? "standard input" : file.toString();
            try (InputStream in = standard ? System.in : Files.newInputStream(file)) {
                byte[] bytes = in.readNBytes(left + 1);
                left -= bytes.length;
                if (left < 0) {
                    throw new Unreadable(name + ": the files hold more than " + MAX_BYTES / 1024 / 1024 + " MiB");
                }
                inputs.add(new Input(
                        name,
                        StandardCharsets.UTF_8
                                .newDecoder()
                                .decode(ByteBuffer.wrap(bytes))
                                .toString()));
            } catch (CharacterCodingException e) {
                throw new Unreadable(name + " is not UTF-8 text");
            } catch (NoSuchFileException e) {
                throw new Unreadable("there is no file " + name);
            } catch (IOException e) {
                throw new Unreadable(name + " cannot be read: " + e.getClass().getSimpleName());
            }
        }
        return inputs;
    }

    private int write(String yaml, PrintWriter err) {
        if (output == null) {
            spec.commandLine().getOut().print(yaml);
            spec.commandLine().getOut().flush();
            return 0;
        }
        try {
            // Never over a policy that may be in force.
            Files.writeString(output, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return 0;
        } catch (FileAlreadyExistsException e) {
            err.println("postern: " + output + " exists already; --output expects a file that does not");
        } catch (IOException e) {
            err.println("postern: cannot write " + output + " (" + e.getClass().getSimpleName() + ")");
        }
        return 1;
    }
}
