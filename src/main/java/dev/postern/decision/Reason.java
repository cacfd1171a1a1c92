package dev.postern.decision;

/**
 * Why a decision is what it is. The wire name is the tag of the metric, the field of the audit event and the heading in
 * the documentation.
 */
public enum Reason {
    /** A token is issued with something in it, or none was asked for. */
    GRANTED("granted"),
    /** A token is issued, and nothing of what was asked for is in it. */
    NOT_PERMITTED("not-permitted"),
    /** No rule admits the address, and without one the default is to refuse. */
    ADDRESS_NOT_LISTED("address-not-listed"),
    /** A rule refuses the address. */
    ADDRESS_DENIED("address-denied"),
    /** The account admits no public source. */
    PUBLIC_ACCESS_DISABLED("public-access-disabled"),
    /** The account admits no private source. */
    PRIVATE_ACCESS_DISABLED("private-access-disabled"),
    /** It cannot be known where the request comes from. */
    SOURCE_UNKNOWN("source-unknown"),
    /** The token was issued to another source, to which it is bound. */
    BOUND_ELSEWHERE("bound-elsewhere"),
    /** Credentials are needed, and none were shown. */
    NO_CREDENTIALS("no-credentials"),
    /** The credentials are wrong. */
    BAD_CREDENTIALS("bad-credentials"),
    /** Too many credentials were wrong that count together with the caller's. */
    TOO_MANY_FAILURES("too-many-failures"),
    /** The request cannot be read. */
    MALFORMED_REQUEST("malformed-request"),
    /** No policy is loaded, or something that is needed is down. */
    UNAVAILABLE("unavailable");

    private final String wireName;

    Reason(String wireName) {
        this.wireName = wireName;
    }

    /** Whether it is a refusal by network rules. */
    boolean ofNetwork() {
        return switch (this) {
            case ADDRESS_NOT_LISTED, ADDRESS_DENIED, PUBLIC_ACCESS_DISABLED, PRIVATE_ACCESS_DISABLED -> true;
            case GRANTED,
                    NOT_PERMITTED,
                    SOURCE_UNKNOWN,
                    BOUND_ELSEWHERE,
                    NO_CREDENTIALS,
                    BAD_CREDENTIALS,
                    TOO_MANY_FAILURES,
                    MALFORMED_REQUEST,
                    UNAVAILABLE -> false;
        };
    }

    /** The name in metrics, audit events and documentation. */
    public String wireName() {
        return wireName;
    }
}
