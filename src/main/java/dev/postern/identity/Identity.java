package dev.postern.identity;

import dev.postern.policy.Account;
import dev.postern.policy.Claims;
import dev.postern.policy.Role;
import dev.postern.policy.Subject;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Who is calling. Sealed: every place that judges identities must face a new kind of one. */
public sealed interface Identity {

    /** The subject that bindings and tokens name. */
    Subject subject();

    /** Its subject, and whatever else bindings may name that it is. */
    default Collection<Subject> names() {
        return List.of(subject());
    }

    /** A caller without credentials. */
    record Anonymous() implements Identity {
        @Override
        public Subject subject() {
            return Subject.ANONYMOUS;
        }
    }

    /**
     * A user or service id of an account.
     *
     * @param subject its account and name
     * @param credential what it was known by, for the audit: {@code password}, {@code api-key:k1}; never the credential
     */
    record Known(Subject subject, String credential) implements Identity {}

    /**
     * A caller to whom another token service has given a registry token: nobody of the policy's, whatever that service calls it.
     *
     * @param issuer that service, by its name in the settings
     * @param name what it calls the caller, printable; "" for nobody in particular
     * @param credential what it was known by, for the audit; never the credential
     */
    record Foreign(String issuer, String name, String credential) implements Identity {
        /** Who it is, for logs and whoever is told: {@code issuer:ISSUER/NAME}, which no subject of ours is called. */
        public String text() {
            return "issuer:" + issuer + "/" + name;
        }

        @Override
        public Subject subject() {
            return Subject.ANONYMOUS;
        }
    }

    /**
     * A caller with a token of an issuer.
     *
     * @param subject {@code oidc:ACCOUNT/ISSUER/SUB}
     * @param credential what it was known by, for the audit: {@code oidc:ISSUER}, {@code iam-api-key:ISSUER}; never the credential
     * @param entries the account's entries that take it for the account's own, by name; none where the issuer itself tells
     *     the account
     * @param groups the groups that the issuer says it to be of
     * @param roles the roles that the issuer says it to have, on its own account
     * @param claims what else the issuer says of it
     */
    record Federated(
            Subject subject,
            String credential,
            List<Account.Federated> entries,
            Set<Subject> groups,
            Set<Role> roles,
            Claims claims)
            implements Identity {

        /** Keeps its own copies. */
        public Federated {
            entries = List.copyOf(entries);
            groups = Set.copyOf(groups);
            roles = Set.copyOf(roles);
        }

        @Override
        public Collection<Subject> names() {
            Set<Subject> names = new LinkedHashSet<>();
            names.add(subject);
            entries.forEach(entry -> names.add(new Subject(Subject.Kind.FEDERATED, subject.account(), entry.name())));
            names.addAll(groups);
            return names;
        }

        /** Leaves the claims out. */
        @Override
        public String toString() {
            return "Federated[" + subject + ", " + credential + "]";
        }
    }
}
