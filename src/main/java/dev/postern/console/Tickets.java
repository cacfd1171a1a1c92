package dev.postern.console;

import dev.postern.identity.oidc.CodeFlow.Attempt;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Attempts to sign in by the issuer. A ticket is 256 random bits and its end, in a cookie; what the issuer is told, and must say
 * again, follows from it under a key that only this process has. So nothing is kept for whoever begins, however often, and a
 * ticket of another process is none. Those that came back are remembered for their time, and do not come back twice.
 */
final class Tickets {

    /** So long may somebody take at the issuer. */
    static final Duration LIFE = Duration.ofMinutes(10);

    /** So many are remembered: one more forgets the oldest, whose code the issuer does not take again. */
    static final int MOST = 1024;

    private static final String HMAC = "HmacSHA256";
    private static final int RANDOM_BYTES = 32;
    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{43}\\.[0-9]{1,12})\\.([A-Za-z0-9_-]{43})");
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    private final SecureRandom random = new SecureRandom();
    private final SecretKeySpec key;
    private final Map<String, Instant> used = new LinkedHashMap<>();

    Tickets() {
        byte[] secret = new byte[RANDOM_BYTES];
        random.nextBytes(secret);
        this.key = new SecretKeySpec(secret, HMAC);
    }

    /** A ticket for the visitor's cookie, and what follows from it. */
    record Ticket(String text, Attempt attempt) {
        /** Leaves it out. */
        @Override
        public String toString() {
            return "Ticket[…]";
        }
    }

    /** What became of coming back. */
    sealed interface Outcome {}

    /** It is the browser that was sent. */
    record Back(Attempt attempt) implements Outcome {}

    /** It is not, or too late, or again. */
    record Stale(String why) implements Outcome {}

    Ticket issue(Instant now) {
        byte[] bytes = new byte[RANDOM_BYTES];
        random.nextBytes(bytes);
        String body = BASE64URL.encodeToString(bytes) + "." + now.plus(LIFE).getEpochSecond();
        return new Ticket(body + "." + derived("ticket", body), attempt(body));
    }

    /** Takes a ticket back, once. */
    Outcome takeBack(Optional<String> ticket, String state, Instant now) {
        Matcher form = FORM.matcher(ticket.orElse(""));
        if (!form.matches() || !isSame(form.group(2), derived("ticket", form.group(1)))) {
            return new Stale("no attempt was begun in this browser, or Postern was started anew since");
        }
        String body = form.group(1);
        Instant until = Instant.ofEpochSecond(Long.parseLong(body.substring(body.indexOf('.') + 1)));
        if (!now.isBefore(until)) {
            return new Stale("it took longer than " + LIFE.toMinutes() + " minutes");
        }
        Attempt attempt = attempt(body);
        if (!isSame(state, attempt.state())) {
            return new Stale("the answer is one to another attempt (state)");
        }
        return isFirst(attempt.state(), until, now) ? new Back(attempt) : new Stale("the answer came twice");
    }

    private synchronized boolean isFirst(String state, Instant until, Instant now) {
        used.values().removeIf(end -> !now.isBefore(end));
        if (used.putIfAbsent(state, until) != null) {
            return false;
        }
        if (used.size() > MOST) {
            used.remove(used.keySet().iterator().next());
        }
        return true;
    }

    private Attempt attempt(String body) {
        return new Attempt(derived("state", body), derived("nonce", body), derived("verifier", body));
    }

    private String derived(String what, String body) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            return BASE64URL.encodeToString(mac.doFinal((what + ":" + body).getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + HMAC, e);
        }
    }

    private static boolean isSame(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
