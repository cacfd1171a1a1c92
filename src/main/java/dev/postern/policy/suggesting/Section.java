package dev.postern.policy.suggesting;

import dev.postern.policy.Names;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Subject;
import java.util.Comparator;
import java.util.Optional;

/**
 * Where a rule would stand: in the network section of an account, of one of its identities, or of the enterprise.
 *
 * @param account the account's name; empty for the enterprise
 * @param identity whose own section it is; empty for an account's and the enterprise's
 */
public record Section(Optional<String> account, Optional<Subject> identity) implements Comparable<Section> {

    private static final Comparator<Section> ORDER = Comparator.comparing(
                    (Section section) -> section.account.orElse(""))
            .thenComparing(section -> section.identity.map(Subject::toString).orElse(""));

    /** The section of this ruleset, as explanations name it ({@link NetworkSection}); empty where the text names none. */
    public static Optional<Section> of(String ruleset) {
        if (ruleset.equals(NetworkSection.ENTERPRISE)) {
            return Optional.of(new Section(Optional.empty(), Optional.empty()));
        }
        if (ruleset.startsWith(NetworkSection.ACCOUNT)) {
            return Optional.of(ruleset.substring(NetworkSection.ACCOUNT.length()))
                    .filter(Names::isName)
                    .map(name -> new Section(Optional.of(name), Optional.empty()));
        }
        return Subject.parse(ruleset).flatMap(Section::of);
    }

    /** The identity's own section; empty for groups, for callers with tokens and for the anonymous identity, who have none. */
    public static Optional<Section> of(Subject subject) {
        return switch (subject.kind()) {
            case SERVICE_ID, USER, FEDERATED ->
                Optional.of(new Section(Optional.of(subject.account()), Optional.of(subject)));
            case GROUP, OIDC, OIDC_GROUP, ANONYMOUS -> Optional.empty();
        };
    }

    /** By account, the enterprise first, an account before its identities. */
    @Override
    public int compareTo(Section other) {
        return ORDER.compare(this, other);
    }

    /** The ruleset's name in explanations. */
    @Override
    public String toString() {
        return identity.map(Subject::toString)
                .orElseGet(() -> account.map(NetworkSection::nameOf).orElse(NetworkSection.ENTERPRISE));
    }
}
