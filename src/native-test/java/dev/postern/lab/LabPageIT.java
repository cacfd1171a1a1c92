package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
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
    /** Ends the output of a command; what follows it up to the end of the line is how many microseconds it took. */
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
        List<Duration> took = Pattern.compile(END + "([0-9]+)")
                .matcher(output)
                .results()
                .map(end -> Duration.of(Long.parseLong(end.group(1)), ChronoUnit.MICROS))
                .toList();
        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(outputs).hasSameSizeAs(steps);
        for (int i = 0; i < Math.min(outputs.length, steps.size()); i++) {
            softly.assertThat(outputs[i].strip())
                    .as(steps.get(i).command())
                    .matches(steps.get(i).pattern());
        }
        softly.assertAll();
        if (page.equals("troubleshooting")) {
            toTheCause(steps, took);
        }
    }

    /** From the id in the refusal to its cause: what the three steps of the page take, and that a person has the rest of a minute. */
    private static void toTheCause(List<Step> steps, List<Duration> took) {
        Duration all = Duration.ZERO;
        for (int i = 0; i < steps.size(); i++) {
            if (steps.get(i).heading().matches("### [123][.] .*")) {
                all = all.plus(took.get(i));
                System.out.printf(
                        "%5.1f s  %s: %.70s%n",
                        took.get(i).toMillis() / 1000.0,
                        steps.get(i).heading().substring(4),
                        steps.get(i).command());
            }
        }
        System.out.printf(
                "%5.1f s  from the refusal to its cause, the reader's time left out%n", all.toMillis() / 1000.0);
        assertThat(all).isBetween(Duration.ofMillis(100), Duration.ofSeconds(30));
    }

    private static String script(Lab own, List<Step> steps) {
        return steps.stream()
                .map(step -> "began=${EPOCHREALTIME/[^0-9]/}; { "
                        + step.command().replace("./postern ", own.command() + " ") + "\n} 2>&1; printf '" + END
                        + "%s\\n' \"$((${EPOCHREALTIME/[^0-9]/} - began))\"\n")
                .collect(Collectors.joining(
                        "", "cd '" + own.base() + "'\nPATH=" + own.script().getParent() + ":$PATH\n", ""));
    }

    /** A command of the page, the heading that it is under, and what is printed below it; {@code …} stands for anything. */
    private record Step(String heading, String command, List<String> shown) {
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
        String heading = "";
        for (String line : page.lines().toList()) {
            if (line.startsWith("```")) {
                inside = line.equals("```console");
            } else if (!inside && line.startsWith("#")) {
                heading = line;
            } else if (inside && line.startsWith("$ ")) {
                steps.add(new Step(heading, line.substring(2), new ArrayList<>()));
            } else if (inside) {
                steps.getLast().shown().add(line);
            }
        }
        return steps;
    }
}
