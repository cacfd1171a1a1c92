package dev.postern.policy;

import java.util.List;

/** What an issuer says of a caller, so far as policies ask. */
public interface Claims {

    /** Nothing is said. */
    Claims NONE = path -> List.of();

    /**
     * The texts of a claim: one of a text, a number or a truth value, as the token writes it; of a list, those of its
     * elements; none where there is no such claim.
     *
     * @param path its name; of a claim within another, the names joined by {@code /}
     */
    List<String> texts(String path);
}
