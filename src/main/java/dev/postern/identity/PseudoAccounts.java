package dev.postern.identity;

import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.Optional;

/**
 * The account by whose rules guesses at a name that nobody has are counted: always the same for a name, the one that the name
 * says where it says one, or any. Were such guesses counted otherwise than those at a real name, it would tell which is which.
 */
final class PseudoAccounts {

    Account of(Policy policy, String login) {
        int slash = login.indexOf('/');
        Optional<Account> named = slash < 0 ? Optional.empty() : policy.account(login.substring(0, slash));
        return named.orElseGet(() -> any(policy, login));
    }

    /** By the policy's version, which callers do not know: who knows the accounts' names cannot tell which it will be. */
    private static Account any(Policy policy, String login) {
        long number = digest(policy.version() + "/" + login);
        Iterator<Account> accounts = policy.accounts().iterator();
        Account chosen = accounts.next();
        for (long left = Math.floorMod(number, (long) policy.accounts().size()); left > 0; left--) {
            chosen = accounts.next();
        }
        return chosen;
    }

    private static long digest(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
