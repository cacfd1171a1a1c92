package dev.postern.audit.replay;

import java.util.Locale;

/**
 * What would be decided otherwise.
 *
 * @param kind how
 * @param account whose caller it was, or whose repository it asked for where nobody was known
 * @param rule what decides now; of a grant that was a refusal, what had refused
 * @param source where from
 */
public record Change(Kind kind, String account, String rule, String source) {

    /** How a decision differs. */
    public enum Kind {
        /** It was granted, and would be refused. */
        REFUSED_NOW,
        /** It was refused, and would be granted. */
        GRANTED_NOW,
        /** Less would be granted. */
        LESS,
        /** More would be granted. */
        MORE,
        /** Neither less nor more, and not the same. */
        OTHER_ACTIONS,
        /** It would be refused as it was, for another reason. */
        OTHER_REASON;

        /** The name in reports. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
