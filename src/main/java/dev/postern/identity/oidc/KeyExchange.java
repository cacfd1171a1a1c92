package dev.postern.identity.oidc;

import java.util.concurrent.CompletionStage;

/** Exchanges an API key of an IAM for a token at the IAM, and shows it to nobody else. */
@FunctionalInterface
public interface KeyExchange {

    /** What came of it. */
    sealed interface Answer {}

    /** The IAM gave a token for it. */
    record Given(String token) implements Answer {
        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Given[…]";
        }
    }

    /** The IAM does not know it. */
    record Refused() implements Answer {}

    /** The IAM does not answer, or not so that it could be understood. */
    record Silent(String why) implements Answer {}

    /** Asks the IAM; never fails otherwise than by the answer, and takes no longer than its limits say. */
    CompletionStage<Answer> exchange(String key);
}
