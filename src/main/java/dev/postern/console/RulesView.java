package dev.postern.console;

import java.util.List;

/**
 * What the page <em>rules</em> shows.
 *
 * @param text what was looked for
 * @param in the ruleset that was chosen; empty for all
 * @param show which rules were asked for
 * @param shows which there are
 * @param sections the rulesets
 * @param moreSections how many rulesets there are besides
 * @param rules the rules
 * @param first the number of the first, from 1
 * @param last that of the last
 * @param total how many match
 * @param before the query that has those before them; empty where there are none
 * @param after the query that has those after them; empty where there are none
 */
public record RulesView(
        String text,
        String in,
        String show,
        List<Choice> shows,
        List<Section> sections,
        int moreSections,
        List<Row> rules,
        String first,
        String last,
        String total,
        String before,
        String after) {

    /** A choice of a form. */
    public record Choice(String value, String text, boolean isChosen) {}

    /** A ruleset: its name, the query that chooses it, what it says, where it stands. */
    public record Section(
            String name,
            String query,
            String enforcement,
            String publicAccess,
            String privateAccess,
            String fallback,
            String rules,
            String at) {}

    /** A rule: where it belongs, what it says, when it counts, how often it has decided, and would have. */
    public record Row(
            String section,
            String list,
            String rule,
            String note,
            String state,
            String tone,
            String hits,
            String reported,
            String last,
            String at) {}
}
