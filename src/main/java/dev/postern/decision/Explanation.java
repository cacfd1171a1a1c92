package dev.postern.decision;

import dev.postern.policy.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was consulted, in order, and what each step found. The last step that is not {@link Outcome#PASSED} decided.
 *
 * @param steps the steps
 */
public record Explanation(List<Step> steps) {

    /** The finding of a ruleset that would admit, had it another rule. No other refusal has it. */
    public static final String NOT_LISTED = "no rule allows it, and the default is deny";

    /** What the finding begins with where a ruleset lets a pull from a public namespace pass, whoever it is. */
    public static final String PUBLIC_NAMESPACE = "public namespace ";

    /** What a step found. */
    public enum Outcome {
        /** Goes on to the next step. */
        PASSED,
        /** Lets a trusted service in past rules that refuse it. */
        TRUSTED,
        /** Would have refused, were it enforced. */
        WOULD_REFUSE,
        /** Would have admitted whom the next step refuses, were it enforced. */
        WOULD_PASS,
        /** Takes away what another binding gives. */
        DENIED,
        /** Refuses. */
        REFUSED,
        /** Grants. */
        GRANTED;

        private final String wireName = name().toLowerCase(Locale.ROOT).replace('_', '-');

        /** The name in events and answers: lower case, with hyphens. */
        public String wireName() {
            return wireName;
        }
    }

    /**
     * One step.
     *
     * @param ruleset what was consulted: {@code account acme}, {@code service-id:acme/bot}, {@code scope …}
     * @param finding what was found, in words
     * @param outcome what followed
     * @param position the place in the policy that decided the step, where one did
     */
    public record Step(String ruleset, String finding, Outcome outcome, Optional<Position> position) {

        /** The step on a line: {@code account acme: denied by zone office [refuses] (policy.yaml:7:11)}. */
        public String text() {
            return ruleset + ": " + finding
                    + switch (outcome) {
                        case PASSED -> "";
                        case TRUSTED -> " [lets past]";
                        case WOULD_PASS -> " [would let pass]";
                        case WOULD_REFUSE -> " [would refuse]";
                        case DENIED -> " [takes away]";
                        case REFUSED -> " [refuses]";
                        case GRANTED -> " [grants]";
                    }
                    + position.map(at -> " (" + at + ")").orElse("");
        }
    }

    /** Keeps its own copy. */
    public Explanation {
        steps = List.copyOf(steps);
    }

    /** The step that decided, if one did. */
    public Optional<Step> deciding() {
        for (int i = steps.size() - 1; i >= 0; i--) {
            if (steps.get(i).outcome() != Outcome.PASSED) {
                return Optional.of(steps.get(i));
            }
        }
        return Optional.empty();
    }

    /** The steps that would have refused, were they enforced. */
    public List<Step> reported() {
        return steps.stream()
                .filter(step -> step.outcome() == Outcome.WOULD_REFUSE)
                .toList();
    }

    /** How many steps had this outcome. */
    public long count(Outcome outcome) {
        long count = 0;
        for (Step step : steps) {
            count += step.outcome() == outcome ? 1 : 0;
        }
        return count;
    }

    /** Collects steps while a decision is made. */
    static final class Builder {
        private final List<Step> steps = new ArrayList<>(4);

        void add(String ruleset, String finding, Outcome outcome, Optional<Position> position) {
            steps.add(new Step(ruleset, finding, outcome, position));
        }

        Explanation build() {
            return new Explanation(steps);
        }
    }
}
