package dev.postern.trial;

import dev.postern.decision.Scope;
import dev.postern.policy.Position;
import dev.postern.policy.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request, and what must come of it.
 *
 * @param name what the case shows
 * @param position where it stands
 * @param caller where the caller is
 * @param subject who it is; {@link Subject#ANONYMOUS} for nobody in particular
 * @param scopes what is asked for; none is a login
 * @param at when; empty for now
 * @param expected what must come of it
 */
public record Trial(
        String name,
        Position position,
        Caller caller,
        Subject subject,
        List<Scope> scopes,
        Optional<Instant> at,
        Expected expected) {
    /** Keeps its own copy. */
    public Trial {
        scopes = List.copyOf(scopes);
    }
}
