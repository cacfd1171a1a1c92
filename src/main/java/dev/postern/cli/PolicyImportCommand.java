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
                        + " said goes to standard error, with its place.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:the policy was made; warnings say what it does not have",
            "1:leaving out what cannot be said would open something",
            "73:--to cannot be written, or exists already"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  postern policy import github-allow-list --account acme allow-list.json",
            "  postern policy import docker-auth-acl --to policy.d/acme.yaml auth.yml"
        })
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
            names = "--to",
            paramLabel = "FILE",
            description = "Where the policy goes, in place of standard output: a file that is not there yet.")
    @Nullable
    Path to;

    @Mixin
    OutputOption output;

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
            throw new CommandFault(ExitCode.UNREADABLE, String.valueOf(e.getMessage()));
        }
        return switch (PolicyImport.run(format, inputs, options)) {
            case Imported imported -> {
                List<String> warnings =
                        imported.warnings().stream().map(Object::toString).toList();
                if (!output.isJson()) {
                    warnings.forEach(err::println);
                }
                write(imported.yaml(), warnings);
                yield 0;
            }
            case Refused refused -> {
                List<String> problems =
                        refused.problems().stream().map(Object::toString).toList();
                if (output.isJson()) {
                    print(new Json()
                                    .with("imported", false)
                                    .with("problems", Problems.of(problems, "error"))
                                    .text()
                            + "\n");
                } else {
                    problems.forEach(err::println);
                }
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

    private void write(String yaml, List<String> warnings) {
        Optional<Path> file = Optional.ofNullable(to);
        file.ifPresent(path -> create(path, yaml));
        if (output.isJson()) {
            print(new Json()
                            .with("imported", true)
                            .with("file", file)
                            .with("policy", file.isPresent() ? Optional.empty() : Optional.of(yaml))
                            .with("problems", Problems.of(warnings, "warning"))
                            .text()
                    + "\n");
        } else if (file.isEmpty()) {
            print(yaml);
        }
    }

    private void print(String text) {
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
    }

    private static void create(Path file, String yaml) {
        try {
            // Never over a policy that may be in force.
            Files.writeString(file, yaml, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new CommandFault(ExitCode.NOT_CREATED, file + " exists already; --to expects a file that does not");
        } catch (IOException e) {
            throw new CommandFault(
                    ExitCode.NOT_CREATED,
                    "cannot write " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }
}
