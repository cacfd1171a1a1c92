package dev.postern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What is reported of policies, {@code FILE:LINE:COLUMN: error: MESSAGE} and the like, for programs. */
final class Problems {

    private static final Pattern LINE =
            Pattern.compile("(?:(.*?)(?::([0-9]+))?(?::([0-9]+))?: )?(error|warning): (.*)");

    private Problems() {}

    /** An object for each line; one that has no severity of its own has this one. */
    static List<Json> of(List<String> lines, String severity) {
        List<Json> problems = new ArrayList<>();
        for (String line : lines) {
            Matcher form = LINE.matcher(line);
            if (form.matches()) {
                problems.add(new Json()
                        .with("severity", form.group(4))
                        .with("file", Optional.ofNullable(form.group(1)))
                        .with("line", number(form.group(2)))
                        .with("column", number(form.group(3)))
                        .with("message", form.group(5)));
            } else {
                problems.add(new Json().with("severity", severity).with("message", line));
            }
        }
        return problems;
    }

    private static Optional<Integer> number(@Nullable String digits) {
        return Optional.ofNullable(digits).filter(text -> text.length() < 10).map(Integer::valueOf);
    }
}
