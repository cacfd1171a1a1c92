package dev.postern.identity.oidc;

import java.util.Optional;

/** What a token was found to be. */
sealed interface Verdict {

    /** Its issuer's word. */
    record Good(VerifiedToken token) implements Verdict {}

    /**
     * Not to be taken.
     *
     * @param issuer whose it says to be, by its name in the settings; empty where that is nobody's
     * @param why for the audit; nothing of the token
     */
    record Bad(Optional<String> issuer, String why) implements Verdict {}

    /** It cannot be known just now. */
    record Open(String why) implements Verdict {}
}
