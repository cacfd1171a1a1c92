package dev.postern.cli;

import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option of every command that prints what it found. */
final class OutputOption {

    /** Its name. */
    static final String NAME = "--output";

    @Option(
            names = NAME,
            paramLabel = "FORM",
            defaultValue = "text",
            converter = Forms.class,
            completionCandidates = Forms.class,
            description = "text, for people; or json: one document for programs, errors too. Default: text.")
    Output form = Output.TEXT;

    /** Whether a program reads it. */
    boolean isJson() {
        return form == Output.JSON;
    }

    /** The names of the forms. */
    static final class Forms implements ITypeConverter<Output>, Iterable<String> {
        private static final List<String> NAMES = List.of("text", "json");

        @Override
        public Output convert(String text) {
            return switch (text) {
                case "text" -> Output.TEXT;
                case "json" -> Output.JSON;
                default -> throw new TypeConversionException("expected text or json, found '" + text + "'");
            };
        }

        @Override
        public Iterator<String> iterator() {
            return NAMES.iterator();
        }
    }
}
