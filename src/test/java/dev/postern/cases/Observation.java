package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cases.CaseFile.Expected;
import dev.postern.cases.CaseFile.Row;
import dev.postern.cases.CaseFile.Verdict;
import dev.postern.decision.Decision;
import dev.postern.decision.Explanation.Step;
import dev.postern.decision.Reason;
import dev.postern.policy.Position;
import dev.postern.source.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What came of a case, in the words of the case files.
 *
 * @param verdict the decision
 * @param reason the wire name of the reason
 * @param granted the actions granted, by scope; a scope that is granted nothing is left out
 * @param message what the caller reads; empty for a grant
 * @param rule the policy's line at which the last rule stands that was found; empty where none was
 * @param finding its ruleset, a colon, and what was found; empty where there was none
 * @param warning the refusal that there would be, were everything enforced; empty where there would be none
 * @param source {@code public ADDRESS}, {@code private ADDRESS by ENDPOINT} or {@code unknown WHY}
 */
record Observation(
        Verdict verdict,
        String reason,
        Map<String, List<String>> granted,
        String message,
        String rule,
        String finding,
        String warning,
        String source) {

    /** What the engine says. */
    static Observation of(Decision decision, Source source, String policy) {
        Map<String, List<String>> granted = new LinkedHashMap<>();
        String message = "";
        String warning = "";
        switch (decision) {
            case Decision.Granted grants -> {
                grants.grants().stream()
                        .filter(grant -> !grant.actions().isEmpty())
                        .forEach(grant -> granted.put(grant.scope().toString(), List.copyOf(grant.actions())));
                warning = grants.wouldBe().map(Decision.WouldBe::message).orElse("");
            }
            case Decision.Refused refused -> message = refused.message();
        }
        Verdict verdict = decision instanceof Decision.Granted
                ? Verdict.GRANTED
                : decision.reason() == Reason.SOURCE_UNKNOWN ? Verdict.UNKNOWN : Verdict.REFUSED;
        Optional<Step> step = decision.explanation().steps().stream()
                .filter(s -> s.position().isPresent())
                .reduce((earlier, later) -> later);
        return new Observation(
                verdict,
                decision.reason().wireName(),
                granted,
                message,
                step.flatMap(Step::position).map(at -> line(policy, at)).orElse(""),
                step.map(s -> s.ruleset() + ": " + s.finding()).orElse(""),
                warning,
                describe(source));
    }

    /** The same, but for what the wire said instead. */
    Observation onTheWire(Map<String, List<String>> granted, String message, String warning) {
        return new Observation(verdict, reason, granted, message, rule, finding, warning, source);
    }

    /** Holds it against what the case expects. */
    void assertIsExpectedOf(Row row) {
        Expected expected = row.golden().expected();
        Observation wanted = new Observation(
                expected.verdict(),
                expected.reason(),
                expected.granted(),
                expected.message().orElse(message),
                expected.rule().orElse(rule),
                expected.finding().orElse(finding),
                expected.warning().orElse(warning),
                expected.source().orElse(source));
        assertThat(this).as(row.toString()).isEqualTo(wanted);
    }

    private static String line(String policy, Position position) {
        return policy.lines().skip(position.line() - 1L).findFirst().orElse("").strip();
    }

    private static String describe(Source source) {
        return switch (source) {
            case Source.PublicSource known -> "public " + known.address();
            case Source.PrivateSource known ->
                "private " + known.observed().or(known::originator).orElseThrow() + " by " + known.endpoint();
            case Source.UnknownSource unknown -> "unknown " + unknown.why().wireName();
        };
    }
}
