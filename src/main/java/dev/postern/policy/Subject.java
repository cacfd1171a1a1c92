package dev.postern.policy;

import java.util.Optional;

/**
 * Whom a binding speaks of, or who calls.
 *
 * <p>In a policy: {@code service-id:NAME}, {@code user:NAME}, {@code group:NAME}, {@code federated:NAME}, each of the
 * binding's own account or, as {@code KIND:ACCOUNT/NAME}, of another; {@code oidc-group:ISSUER/GROUP}; or {@code
 * anonymous}. A caller that is known by its issuer's word is {@code oidc:ACCOUNT/ISSUER/SUB}.
 *
 * @param kind which kind
 * @param account the account's name; of a group at an issuer, the issuer's; "" for anonymous
 * @param name the name within the account, "" for anonymous
 */
public record Subject(Kind kind, String account, String name) {

    /** Callers without credentials. */
    public static final Subject ANONYMOUS = new Subject(Kind.ANONYMOUS, "", "");

    /** The subjects of issuers that are taken are no longer than this. */
    public static final int MAX_FOREIGN = 512;

    /** Which kind of subject. */
    public enum Kind {
        SERVICE_ID("service-id"),
        USER("user"),
        GROUP("group"),
        /** An account's entry of whose tokens are its own. */
        FEDERATED("federated"),
        /** A caller with a token of an issuer. */
        OIDC("oidc"),
        /** A group that an issuer says its callers to be of. */
        OIDC_GROUP("oidc-group"),
        ANONYMOUS("anonymous");

        private final String documentName;

        Kind(String documentName) {
            this.documentName = documentName;
        }

        /** The name in policies and in the {@code sub} claim. */
        public String documentName() {
            return documentName;
        }

        /** Whether a policy can name one caller by it, and not several. */
        public boolean isCallerOfPolicy() {
            return switch (this) {
                case SERVICE_ID, USER, FEDERATED, ANONYMOUS -> true;
                case GROUP, OIDC, OIDC_GROUP -> false;
            };
        }
    }

    /**
     * A caller with a token of an issuer. Two callers are never the same text: what is not printable in the subject is
     * percent-encoded, and the percent sign is.
     *
     * @param subject what the issuer calls it
     * @return empty where the issuer's word is none, too long, or no text of Unicode
     */
    public static Optional<Subject> oidc(String account, String issuer, String subject) {
        return Printable.encode(subject, MAX_FOREIGN).map(text -> new Subject(Kind.OIDC, account, issuer + "/" + text));
    }

    /**
     * A group at an issuer.
     *
     * @return empty where the issuer's word is none, too long, or no text of Unicode
     */
    public static Optional<Subject> oidcGroup(String issuer, String group) {
        return Printable.encode(group, MAX_FOREIGN).map(text -> new Subject(Kind.OIDC_GROUP, issuer, text));
    }

    /** Reads a subject that stands in no account: {@code KIND:ACCOUNT/NAME} or {@code anonymous}. */
    public static Optional<Subject> parse(String text) {
        return parse(text, "");
    }

    /** Reads a subject of a binding that stands in this account. */
    static Optional<Subject> parse(String text, String ownAccount) {
        if (text.equals(Kind.ANONYMOUS.documentName())) {
            return Optional.of(ANONYMOUS);
        }
        for (Kind kind : Kind.values()) {
            String prefix = kind.documentName() + ":";
            if (kind != Kind.ANONYMOUS && text.startsWith(prefix)) {
                String rest = text.substring(prefix.length());
                int slash = rest.indexOf('/');
                String account = slash < 0 ? ownAccount : rest.substring(0, slash);
                String name = rest.substring(slash + 1);
                return Names.isName(account) ? named(kind, account, name, slash >= 0) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<Subject> named(Kind kind, String account, String name, boolean withAccount) {
        return switch (kind) {
            case OIDC_GROUP -> withAccount ? oidcGroup(account, name) : Optional.empty();
            case OIDC -> {
                int slash = name.indexOf('/');
                boolean readable = withAccount
                        && slash > 0
                        && Names.isName(name.substring(0, slash))
                        && Printable.isEncoded(name.substring(slash + 1));
                yield readable ? Optional.of(new Subject(kind, account, name)) : Optional.empty();
            }
            case SERVICE_ID, USER, GROUP, FEDERATED, ANONYMOUS ->
                Names.isName(name) ? Optional.of(new Subject(kind, account, name)) : Optional.empty();
        };
    }

    /** {@code kind:account/name}, the form of the {@code sub} claim; "" for anonymous. */
    @Override
    public String toString() {
        return kind == Kind.ANONYMOUS ? "" : kind.documentName() + ":" + account + "/" + name;
    }
}
