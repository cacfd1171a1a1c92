package dev.postern.identity;

/** Which passwords were found right a short while ago: that, and nothing else of them. Bounded in number and in time. */
public interface VerifiedPasswords {

    /** Whether it was. Answers at once. */
    boolean knows(PasswordDigest digest);

    /** It was, just now. */
    void remember(PasswordDigest digest);
}
