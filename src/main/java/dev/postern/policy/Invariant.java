package dev.postern.policy;

import java.util.Locale;
import java.util.Optional;

/**
 * What an owner says must be so of network rules: a policy that breaks it is not taken.
 *
 * @param kind whether the source must be admitted or refused
 * @param of which sources
 * @param identity who asks; empty where only the rules are meant, whoever asks
 * @param scope what is asked for; empty where signing in is meant
 * @param position where it stands
 */
public record Invariant(
        Kind kind, Rule.Matcher of, Optional<Subject> identity, Optional<Asked> scope, Position position) {

    /** Whether the source must be admitted or refused. */
    public enum Kind {
        /** Every such source gets in, and is granted all that is asked for. */
        MUST_ADMIT,
        /** No such source gets in, or is granted anything of what is asked for. */
        MUST_REFUSE;

        /** The key in policies. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A scope, as it was written: reading it is the gate's.
     *
     * @param text the text
     * @param position where it stands
     */
    public record Asked(String text, Position position) {}

    /** Itself in words: {@code must-admit 203.0.113.10 for service-id:acme/bot, repository:acme/app:pull}. */
    public String text() {
        String sources =
                of instanceof Rule.AddressMatcher addresses ? addresses.range().toString() : of.toString();
        String who = identity.map(
                        subject -> subject.kind() == Subject.Kind.ANONYMOUS ? "anonymous" : subject.toString())
                .map(subject -> " for " + subject)
                .orElse("");
        return kind.key() + " " + sources + who
                + scope.map(asked -> ", " + YamlMap.shown(asked.text())).orElse("");
    }
}
