package dev.postern.decision;

import dev.postern.decision.Side.Slice;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import dev.postern.policy.RuleList;
import dev.postern.policy.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A ruleset, laid out for questions about blocks. It answers as {@link NetworkVerdict} does, address by address. */
final class Layout {

    private final NetworkRules rules;
    private final Side allow;
    private final Side deny;
    private final Side allowOnTrial;
    private final Side denyOnTrial;

    Layout(NetworkRules rules) {
        this.rules = rules;
        this.allow = new Side(rules.allow().orElse(RuleList.EMPTY));
        this.deny = new Side(rules.deny());
        this.allowOnTrial = new Side(rules.onTrial().allow());
        this.denyOnTrial = new Side(rules.onTrial().deny());
    }

    /** How many rules a look-up may have to try one by one. */
    long slowRules() {
        return Stream.of(allow, deny, allowOnTrial, denyOnTrial)
                .mapToLong(Side::slowRules)
                .sum();
    }

    /** What the ruleset has to do with the sources of a probe. */
    On on(Probe probe, Trial trial, Work work) {
        List<Slice> allowing = new ArrayList<>(List.of(allow.on(probe, work)));
        List<Slice> denying = new ArrayList<>(List.of(deny.on(probe, work)));
        switch (trial) {
            case AS_WRITTEN -> {}
            case REFUSALS_ENFORCED -> denying.add(denyOnTrial.on(probe, work));
            case ADMISSIONS_ENFORCED -> allowing.add(allowOnTrial.on(probe, work));
        }
        return new On(rules, probe, allowing, denying);
    }

    /** What the ruleset says of the sources of a probe. */
    record On(NetworkRules rules, Probe probe, List<Slice> allowing, List<Slice> denying) {

        /** Where it admits, at this instant, the subject or, where that is empty, whoever asks. */
        Line admitting(Optional<Subject> subject, Instant now, Work work) {
            boolean trusted = subject.map(rules.trustedServices()::containsKey).orElse(false);
            if (rules.enforcement() == Enforcement.OFF || trusted) {
                return Line.everywhere();
            }
            boolean isPublic = probe instanceof Probe.Public;
            if (isPublic
                    ? rules.publicAccess() == PublicAccess.DISABLED
                    : rules.privateAccess() == PrivateAccess.DISABLED) {
                return Line.everywhere().not();
            }
            if (!isPublic && rules.privateAccess() == PrivateAccess.TRUST) {
                return Line.everywhere();
            }
            Line denied = lineOf(denying, now, work);
            return rules.fallback() == DefaultAction.ALLOW
                    ? denied.not()
                    : Line.allOf(List.of(denied.not(), lineOf(allowing, now, work)));
        }

        /** The lines at whose ends its verdict may change, whoever asks for what. */
        Stream<Line> edges(Instant now, Work work) {
            return Stream.of(lineOf(denying, now, work), lineOf(allowing, now, work));
        }

        private static Line lineOf(List<Slice> slices, Instant now, Work work) {
            return Line.anyOf(slices.stream().map(slice -> slice.at(now, work)).toList());
        }

        /** The instants at which its verdict may change. */
        Stream<Instant> changes() {
            return Stream.of(allowing, denying).flatMap(List::stream).flatMap(Slice::changes);
        }
    }
}
