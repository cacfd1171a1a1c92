package dev.postern.policy;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * From when on tokens of an account's identities count: those issued before are refused.
 *
 * @param all of every identity
 * @param own of single identities
 */
public record TokensNotBefore(Optional<Instant> all, Map<Subject, Instant> own) {

    /** Keeps its own copy. */
    public TokensNotBefore {
        own = Map.copyOf(own);
    }

    /** From when on tokens of this identity count: the later of the two. */
    public Optional<Instant> of(Subject subject) {
        Optional<Instant> identitys = Optional.ofNullable(own.get(subject));
        return identitys.isPresent() && all.isPresent() && all.get().isAfter(identitys.get())
                ? all
                : identitys.or(() -> all);
    }
}
