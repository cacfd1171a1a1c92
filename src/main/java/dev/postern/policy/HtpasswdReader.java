package dev.postern.policy;

import dev.postern.policy.Draft.DeclaredUser;
import dev.postern.policy.Draft.DeclaredUsers;
import dev.postern.policy.PolicyCompiler.Document;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a password file: on each line a name, a colon and a bcrypt hash, as {@code htpasswd -B} writes it. Empty lines and
 * those that begin with {@code #} are left out. No line is ever repeated in a problem, for who knows what somebody has put
 * there.
 */
final class HtpasswdReader {

    private static final int MAX_USERS = 100_000;
    private static final String LINE_FORM = "NAME:HASH, as 'htpasswd -nB NAME' prints it";

    private final String account;
    private final Document document;
    private final int maxBcryptCost;
    private final Problems problems = new Problems();
    private final Map<String, DeclaredUser> users = new HashMap<>();

    HtpasswdReader(String account, Document document, int maxBcryptCost) {
        this.account = account;
        this.document = document;
        this.maxBcryptCost = maxBcryptCost;
    }

    Draft read() {
        int number = 0;
        for (String line : (Iterable<String>) document.text().lines()::iterator) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                read(line.stripTrailing(), number);
            }
            if (users.size() > MAX_USERS) {
                problems.error(at(number, 1), "more users than " + MAX_USERS);
                break;
            }
        }
        return new Draft(
                document.name(),
                PolicyCompiler.digest(document),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(new DeclaredUsers(account, at(1, 1), List.copyOf(users.values()))),
                problems.sorted());
    }

    private void read(String line, int number) {
        int colon = line.indexOf(':');
        String name = line.substring(0, Math.max(0, colon));
        if (colon < 0) {
            problems.error(at(number, 1), "there is no colon; expected " + LINE_FORM);
        } else if (!Names.isName(name)) {
            problems.error(at(number, 1), "what stands before the colon is not the name of a user: " + Names.NAME_FORM);
        } else {
            user(name, line.substring(colon + 1), at(number, 1), at(number, colon + 2))
                    .ifPresent(user -> users.put(name, user));
        }
    }

    private Optional<DeclaredUser> user(String name, String hash, Position position, Position hashPosition) {
        int cost = BcryptHash.cost(hash);
        if (cost < 0) {
            problems.error(
                    hashPosition,
                    "what user '" + name + "' has is not " + BcryptHash.FORM_TEXT + "; no other kind is taken");
        } else if (cost < BcryptHash.MIN_COST || cost > maxBcryptCost) {
            problems.error(
                    hashPosition,
                    "the bcrypt cost is " + cost + "; expected " + BcryptHash.MIN_COST + " to " + maxBcryptCost);
        } else if (users.containsKey(name)) {
            problems.error(
                    position,
                    "the user '" + name + "' stands twice; the first is at line "
                            + users.get(name).position().line());
        } else {
            return Optional.of(new DeclaredUser(new Account.User(name, hash, Optional.empty()), position));
        }
        return Optional.empty();
    }

    private Position at(int line, int column) {
        return new Position(document.name(), line, column);
    }
}
