package dev.postern.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Types all that pages tell their reader to type, and compares what comes with what they show. */
@InLab(needs = {"nginx", "haproxy", "caddy", "envoy", "traefik", "send-proxy", "mirror"})
class LabPageIT {
    /** Ends the output of a command; what follows it up to the end of the line is the exit code. */
    private static final String END = "\u0001";

    /** Postern is started nine times on the way. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Lab lab;

    LabPageIT(Lab lab) {
        this.lab = lab;
    }

    @ParameterizedTest
    @ValueSource(strings = {"lab", "troubleshooting"})
    void whatThePageShowsIsWhatHappens(String page) throws IOException {
        // Given
        Lab own = lab.beside(page.equals("lab") ? "page" : "help");
        List<Step> steps = steps(Files.readString(own.base().resolve("docs/" + page + ".md")));
        Path script = Files.createTempFile("lab-page", ".sh");
        Files.writeString(script, script(own, steps));
        // When
        String output;
        try {
            own.down();
            output = Lab.Running.start(new String[] {"bash", script.toString()}, own.environment())
                    .await(LIMIT)
                    .out();
        } finally {
            own.down();
            Files.delete(script);
        }
        // Then
        String[] outputs = output.replace("'" + own.name() + "'", "'postern'").split(END + "[^\n]*\n");
        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(outputs).hasSameSizeAs(steps);
        for (int i = 0; i < Math.min(outputs.length, steps.size()); i++) {
            softly.assertThat(outputs[i].strip())
                    .as(steps.get(i).command())
                    .matches(steps.get(i).pattern());
        }
        softly.assertAll();
    }

    private static String script(Lab own, List<Step> steps) {
        return steps.stream()
                .map(step -> "{ " + step.command().replace("./postern ", own.command() + " ") + "\n} 2>&1; printf '"
                        + END + "%s\\n' \"$?\"\n")
                .collect(Collectors.joining(
                        "", "cd '" + own.base() + "'\nPATH=" + own.script().getParent() + ":$PATH\n", ""));
    }

    /** A command of the page, and what is printed below it; {@code …} stands for anything. */
    private record Step(String command, List<String> shown) {
        Pattern pattern() {
            return Pattern.compile(
                    Stream.of(String.join("\n", shown).split("…", -1))
                            .map(Pattern::quote)
                            .collect(Collectors.joining(".*")),
                    Pattern.DOTALL);
        }
    }

    private static List<Step> steps(String page) {
        List<Step> steps = new ArrayList<>();
        boolean inside = false;
        for (String line : page.lines().toList()) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (inside && line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), new ArrayList<>()));
            } else if (inside) {
                steps.getLast().shown().add(line);
            }
        }
        return steps;
    }
}
