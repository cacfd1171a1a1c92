package dev.postern.policy;

import java.util.List;
import java.util.Optional;

/**
 * One document, read by itself: what it declares, and what is wrong with that. Which of its names stand for something, the
 * other documents say; so a draft is good as long as its document does not change, whatever happens to others. Immutable.
 */
public final class Draft {

    private final String name;
    private final String digest;
    private final List<DeclaredZone> zones;
    private final List<DeclaredAccount> accounts;
    private final List<DeclaredEnterprise> enterprises;
    private final List<ZoneUse> zoneUses;
    private final List<DeclaredUsers> users;
    private final List<Problem> problems;

    /** A zone as the document declares it; without its parts where they have mistakes. */
    record DeclaredZone(String name, Position position, Optional<ZoneParts> parts) {}

    /** An account as the document declares it: its rules match no zone yet; empty where it cannot be read. */
    record DeclaredAccount(String name, Position position, Optional<Account> account) {}

    /** An enterprise section as the document declares it; without rules where they cannot be read. */
    record DeclaredEnterprise(Position position, Optional<NetworkRules> network) {}

    /** The users of a password file, for the account that has it. */
    record DeclaredUsers(String account, Position position, List<DeclaredUser> users) {
        DeclaredUsers {
            users = List.copyOf(users);
        }
    }

    /** A line of a password file. */
    record DeclaredUser(Account.User user, Position position) {}

    /** A zone's name in a rule. */
    record ZoneUse(String name, Position position) {}

    Draft(
            String name,
            String digest,
            List<DeclaredZone> zones,
            List<DeclaredAccount> accounts,
            List<DeclaredEnterprise> enterprises,
            List<ZoneUse> zoneUses,
            List<DeclaredUsers> users,
            List<Problem> problems) {
        this.name = name;
        this.digest = digest;
        this.zones = List.copyOf(zones);
        this.accounts = List.copyOf(accounts);
        this.enterprises = List.copyOf(enterprises);
        this.zoneUses = List.copyOf(zoneUses);
        this.users = List.copyOf(users);
        this.problems = List.copyOf(problems);
    }

    /** What problems call the document. */
    public String name() {
        return name;
    }

    /** A digest of the document's name and text, in hexadecimal. */
    public String digest() {
        return digest;
    }

    List<DeclaredZone> zones() {
        return zones;
    }

    List<DeclaredAccount> accounts() {
        return accounts;
    }

    List<DeclaredEnterprise> enterprises() {
        return enterprises;
    }

    List<ZoneUse> zoneUses() {
        return zoneUses;
    }

    List<DeclaredUsers> users() {
        return users;
    }

    /** What is wrong with the document, whatever the others say; none where it is good by itself. */
    public List<Problem> errors() {
        return problems.stream()
                .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                .toList();
    }

    List<Problem> problems() {
        return problems;
    }
}
