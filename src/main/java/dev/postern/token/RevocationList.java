package dev.postern.token;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Revocations in memory. Immutable. */
final class RevocationList implements Revocations {

    static final RevocationList EMPTY = new RevocationList(List.of());

    private final Set<String> ids = new HashSet<>();
    private final Map<String, Instant> subjects = new HashMap<>();
    private final Map<String, Instant> accounts = new HashMap<>();

    RevocationList(List<Revocation> revocations) {
        for (Revocation revocation : revocations) {
            switch (revocation.kind()) {
                case TOKEN_ID -> ids.add(revocation.value());
                case SUBJECT -> subjects.merge(revocation.value(), revocation.before(), RevocationList::later);
                case ACCOUNT -> accounts.merge(revocation.value(), revocation.before(), RevocationList::later);
            }
        }
    }

    /** How many there are, of each subject and account one. */
    int count() {
        return ids.size() + subjects.size() + accounts.size();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    @Override
    public boolean isRevoked(Token token) {
        return ids.contains(token.id())
                || isBefore(token.issuedAt(), subjects.get(token.subject()))
                || isBefore(token.issuedAt(), accounts.get(token.account()));
    }

    private static boolean isBefore(Instant issuedAt, @Nullable Instant limit) {
        return limit != null && issuedAt.isBefore(limit);
    }
}
