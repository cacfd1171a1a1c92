package dev.postern.setup;

import dev.postern.policy.Similar;
import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.ConfigValidationException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with settings in words that an operator can act on. */
final class SettingsMessages {

    private static final Pattern UNKNOWN = Pattern.compile(".*SRCFG00050: (\\S+) in (.*) does not map to any root");
    private static final Pattern BAD_VALUE = Pattern.compile(
            ".*SRCFG00039: The config property (\\S+) with the config value \"(.*)\" threw an Exception whilst being"
                    + " converted (.*)",
            Pattern.DOTALL);
    private static final Pattern CHOICE =
            Pattern.compile(".*Cannot convert .* to enum class .*, allowed values: (.*)", Pattern.DOTALL);
    private static final Pattern CODE = Pattern.compile("^(?:[\\w.]*(?:Exception|Error): )?SRCFG\\d+: ");
    private static final Pattern SOURCE = Pattern.compile(".*\\[source=(.*)]");

    private SettingsMessages() {}

    static String of(ConfigValidationException e) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < e.getProblemCount(); i++) {
            lines.add(line(e.getProblem(i).getMessage()));
        }
        return "the settings cannot be used:\n  " + String.join("\n  ", lines);
    }

    private static String line(String problem) {
        Matcher unknown = UNKNOWN.matcher(problem);
        if (unknown.matches()) {
            Matcher source = SOURCE.matcher(unknown.group(2));
            String where = source.matches() ? source.group(1) : unknown.group(2);
            String hint = Similar.to(unknown.group(1), known())
                    .map(near -> "; did you mean '" + near + "'?")
                    .orElse("; known are: " + String.join(", ", known()));
            return "unknown setting '" + unknown.group(1) + "' in " + where + hint;
        }
        Matcher bad = BAD_VALUE.matcher(problem);
        if (bad.matches()) {
            Matcher choice = CHOICE.matcher(bad.group(3));
            String why = choice.matches()
                    ? "expected one of " + choice.group(1)
                    : CODE.matcher(bad.group(3)).replaceAll("");
            return bad.group(1) + " is '" + bad.group(2) + "': " + why;
        }
        return CODE.matcher(problem).replaceAll("");
    }

    private static Set<String> known() {
        return new TreeSet<>(ConfigMappings.getProperties(ConfigClass.configClass(PosternConfig.class))
                .keySet());
    }
}
