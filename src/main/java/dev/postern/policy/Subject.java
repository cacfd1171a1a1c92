package dev.postern.policy;

import java.util.Optional;

/**
 * Whom a binding speaks of: {@code service-id:NAME}, {@code user:NAME}, {@code group:NAME}, each of the binding's own
 * account or, as {@code KIND:ACCOUNT/NAME}, of another; or {@code anonymous}.
 *
 * @param kind which kind
 * @param account the account's name, "" for anonymous
 * @param name the name within the account, "" for anonymous
 */
public record Subject(Kind kind, String account, String name) {

    /** Callers without credentials. */
    public static final Subject ANONYMOUS = new Subject(Kind.ANONYMOUS, "", "");

    /** Which kind of subject. */
    public enum Kind {
        SERVICE_ID("service-id"),
        USER("user"),
        GROUP("group"),
        ANONYMOUS("anonymous");

        private final String documentName;

        Kind(String documentName) {
            this.documentName = documentName;
        }

        /** The name in policies and in the {@code sub} claim. */
        public String documentName() {
            return documentName;
        }
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
                return Names.isName(account) && Names.isName(name)
                        ? Optional.of(new Subject(kind, account, name))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** {@code kind:account/name}, the form of the {@code sub} claim; "" for anonymous. */
    @Override
    public String toString() {
        return kind == Kind.ANONYMOUS ? "" : kind.documentName() + ":" + account + "/" + name;
    }
}
