package dev.postern.console;

import java.util.List;

/**
 * What the page <em>now</em> shows.
 *
 * @param since since when is counted
 * @param policy the policy in force
 * @param troubles what is degraded, and why
 * @param states what was asked whether it is well
 * @param doors the decisions by door
 * @param reasons the decisions by reason, those that there were
 * @param lost how many audit events were lost
 */
public record NowView(
        String since,
        Policy policy,
        List<Trouble> troubles,
        List<State> states,
        List<Door> doors,
        List<ReasonRow> reasons,
        long lost) {

    /** The policy in force. */
    public record Policy(String version, String since, String accounts, String rules, String warnings) {}

    /** Something that is not as it should be. */
    public record Trouble(String what, String why) {}

    /** What was asked, and how it is: {@code well}, {@code degraded} or {@code down}. */
    public record State(String name, String state) {}

    /** A door, and how many decisions there were at it. */
    public record Door(String name, String granted, String empty, String refused) {}

    /** A reason, and how many decisions had it in the last minute, the last hour, and since the start. */
    public record ReasonRow(String reason, String minute, String hour, String all) {}
}
