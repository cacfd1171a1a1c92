package dev.postern.source;

/**
 * One step of the evidence.
 *
 * @param address the address as it was read, in canonical form; for an element that is none, its text, cut short
 * @param by where it was read
 * @param finding what was made of it
 */
public record Hop(String address, By by, Finding finding) {

    /** Where an address was read. */
    public enum By {
        PEER("peer"),
        PROXY_PROTOCOL("proxy-protocol"),
        LINK("link"),
        METADATA("metadata"),
        X_FORWARDED_FOR("x-forwarded-for"),
        FORWARDED("forwarded"),
        HOST("host");

        private final String wireName;

        By(String wireName) {
            this.wireName = wireName;
        }

        /** The name in audit events. */
        public String wireName() {
            return wireName;
        }
    }

    /** What was made of it. */
    public enum Finding {
        /** A trusted proxy: stepped over. */
        TRUSTED_PROXY("trusted-proxy"),
        /** The caller. */
        CALLER("caller"),
        /** A trusted proxy that names nobody before it, hence itself the caller. */
        CALLER_ITSELF_TRUSTED("caller-itself-trusted"),
        /** An address or a link of a private endpoint, or one that came in by its listener. */
        PRIVATE_ENDPOINT("private-endpoint"),
        /** The caller's address on the other side of a private link, where it means nothing to this side. */
        ORIGINATOR("originator"),
        /** A link that no endpoint has. */
        UNKNOWN_LINK("unknown-link"),
        /** A host name that only a private endpoint has. */
        PRIVATE_HOSTNAME("private-hostname"),
        /** An address of which it cannot be said what it is, for the metadata beside it cannot be read. */
        UNDECIDED("undecided"),
        /** A key of metadata that gives no link that could be relied on. */
        NOT_A_LINK("not-a-link"),
        /** Not an address. */
        NOT_AN_ADDRESS("not-an-address");

        private final String wireName;

        Finding(String wireName) {
            this.wireName = wireName;
        }

        /** The name in audit events. */
        public String wireName() {
            return wireName;
        }
    }

    /** How much of a hostile text is kept. */
    private static final int MAX_TEXT = 64;

    /** Cuts the text short and takes control characters out of it. */
    public Hop {
        if (address.length() > MAX_TEXT) {
            address = address.substring(0, MAX_TEXT) + "…";
        }
        address = withoutControlCharacters(address);
    }

    /** {@code 10.0.0.1 (peer): trusted-proxy}. */
    String text() {
        return address + " (" + by.wireName() + "): " + finding.wireName();
    }

    private static String withoutControlCharacters(String text) {
        return text.chars().noneMatch(Character::isISOControl) ? text : text.replaceAll("\\p{Cc}", "?");
    }
}
