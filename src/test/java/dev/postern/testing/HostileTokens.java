package dev.postern.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/** Random and mutated signed tokens (RFC 7515), made of such as are right. */
public final class HostileTokens {

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    /** Headers that token servers were tricked with, and such as cannot be read. */
    private static final List<String> HEADERS = List.of(
            "{\"alg\":\"none\"}",
            "{\"alg\":\"None\",\"typ\":\"JWT\"}",
            "{\"alg\":\"HS256\",\"kid\":\"github\"}",
            "{\"alg\":\"RS256\",\"kid\":\"github\"}",
            "{\"alg\":\"ES384\",\"kid\":\"github\"}",
            "{\"alg\":\"ES256\",\"kid\":\"another\"}",
            "{\"alg\":\"ES256\",\"kid\":\"../../../etc/passwd\"}",
            "{\"alg\":\"ES256\",\"kid\":\"github\",\"crit\":[\"exp\"],\"exp\":1}",
            "{\"alg\":\"ES256\",\"kid\":\"github\",\"b64\":false,\"crit\":[\"b64\"]}",
            "{\"alg\":\"ES256\",\"kid\":\"github\",\"jku\":\"http://127.0.0.1:1/keys\"}",
            "{\"alg\":\"ES256\",\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}}",
            "{\"alg\":\"ES256\",\"x5c\":[\"AAAA\"]}",
            "{\"alg\":[\"ES256\"],\"kid\":{}}",
            "{\"alg\":\"ES256\",\"alg\":\"none\"}",
            "{",
            "[]",
            "null",
            "");

    private final Mutations mutations;
    private final SplittableRandom random;
    private final List<String> right;
    private final KeyPair own;

    /**
     * Tokens made of these.
     *
     * @param right tokens that are right somewhere
     */
    public HostileTokens(Mutations mutations, List<String> right) {
        this.mutations = mutations;
        this.random = mutations.random();
        this.right = List.copyOf(right);
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            this.own = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** The next one; one in fifty is right. */
    public String next() {
        String token = right.get(random.nextInt(right.size()));
        String[] parts = token.split("\\.");
        return switch (random.nextInt(50)) {
            case 0 -> token;
            case 1, 2, 3, 4, 5, 6, 7, 8 -> mutations.mutated(token);
            case 9, 10, 11, 12 ->
                new String(mutations.mutated(token.getBytes(StandardCharsets.US_ASCII)), StandardCharsets.ISO_8859_1);
            case 13, 14, 15, 16 -> mutations.visible(random.nextInt(200));
            case 17, 18, 19, 20, 21 -> part(random.nextInt(60)) + "." + part(random.nextInt(200)) + "." + part(64);
            case 22, 23, 24, 25, 26, 27, 28, 29 ->
                encoded(HEADERS.get(random.nextInt(HEADERS.size()))) + "." + parts[1] + "."
                        + (random.nextBoolean() ? parts[2] : "");
            case 30, 31, 32, 33 -> parts[0] + "." + encoded(mutations.mutated(decoded(parts[1]))) + "." + parts[2];
            case 34, 35 -> parts[0] + "." + parts[1] + "." + signature();
            case 36, 37, 38, 39 -> {
                String[] others = right.get(random.nextInt(right.size())).split("\\.");
                yield parts[0] + "." + others[1] + "." + (random.nextBoolean() ? parts[2] : others[2]);
            }
            case 40, 41 -> parts[0] + "." + parts[1] + ".";
            case 42, 43 -> "...".substring(random.nextInt(3)) + parts[random.nextInt(3)];
            case 44, 45 -> token + "." + parts[random.nextInt(3)];
            case 46 -> "A".repeat(random.nextInt(40_000));
            case 47 -> signedByUs(parts[0] + "." + parts[1]);
            default -> encoded(nested(random.nextInt(1, 5_000))) + "." + parts[1] + "." + parts[2];
        };
    }

    private String part(int bytes) {
        return encoded(mutations.bytes(bytes));
    }

    /** Zeros, which were once right for everything; any; and those of another form. */
    private String signature() {
        return switch (random.nextInt(4)) {
            case 0 -> encoded(new byte[64]);
            case 1 -> part(64);
            case 2 -> part(random.nextInt(200));
            default -> encoded(new byte[] {0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01});
        };
    }

    private String signedByUs(String content) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(own.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + encoded(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String nested(int depth) {
        return "{\"alg\":" + "[".repeat(depth) + "]".repeat(depth) + "}";
    }

    private static byte[] decoded(String part) {
        return Base64.getUrlDecoder().decode(part);
    }

    private static String encoded(String text) {
        return encoded(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(byte[] bytes) {
        return URL.encodeToString(bytes);
    }
}
