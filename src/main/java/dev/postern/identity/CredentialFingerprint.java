package dev.postern.identity;

import dev.postern.policy.Account;
import dev.postern.policy.Policy;
import dev.postern.policy.Subject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/**
 * What a credential is in a policy, one-way: another key under the same id, or another password, has another fingerprint.
 *
 * <p>It is the beginning of a digest of what the policy holds, which is itself a digest: of 256 random bits, or with 128 bits
 * of salt that no holder of a token knows. So nothing can be guessed by it.
 */
final class CredentialFingerprint {

    static final String API_KEY = "api-key:";
    static final String PASSWORD = "password";

    private static final int BYTES = 16;

    private CredentialFingerprint() {}

    /** The fingerprint of the subject's credential of this name; none where the policy does not have it. */
    static Optional<String> of(Policy policy, Subject subject, String credential) {
        return policy.account(subject.account())
                .flatMap(account -> held(account, subject, credential))
                .map(held -> digest(subject, credential, held));
    }

    private static Optional<String> held(Account account, Subject subject, String credential) {
        return switch (subject.kind()) {
            case SERVICE_ID ->
                Optional.ofNullable(account.serviceIds().get(subject.name())).stream()
                        .flatMap(serviceId -> serviceId.apiKeys().stream())
                        .filter(key -> credential.equals(API_KEY + key.id()))
                        .map(Account.ApiKey::digest)
                        .findFirst();
            case USER ->
                Optional.ofNullable(account.users().get(subject.name()))
                        .filter(user -> credential.equals(PASSWORD))
                        .map(Account.User::passwordHash);
            case FEDERATED, OIDC, OIDC_GROUP, GROUP, ANONYMOUS -> Optional.empty();
        };
    }

    private static String digest(Subject subject, String credential, String held) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String text = "postern refresh token\n" + subject + "\n" + credential + "\n" + held;
            byte[] bytes = digest.digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(bytes, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
