package dev.postern.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An issuer of tokens, by the JDK's means only: ES256, and a key that is the same in every class loader of a test for the
 * same seed.
 *
 * @param keyId the key's id
 * @param keys the key
 */
public record TestIssuer(String keyId, KeyPair keys) {

    /** The issuer of all tests that need no more than one. */
    public static final TestIssuer SHARED = of("shared");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Encoder BASE64URL = Base64.getUrlEncoder().withoutPadding();

    /** The issuer of this key id, which is the seed of its key. */
    public static TestIssuer of(String keyId) {
        try {
            SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
            random.setSeed(keyId.getBytes(StandardCharsets.UTF_8));
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return new TestIssuer(keyId, generator.generateKeyPair());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A token with these claims. */
    public String token(Map<String, ?> claims) {
        Map<String, String> header = new LinkedHashMap<>();
        header.put("alg", "ES256");
        header.put("typ", "JWT");
        header.put("kid", keyId);
        return signed(header, claims);
    }

    /** A token with this header, signed with ES256 whatever it says. */
    public String signed(Map<String, ?> header, Map<String, ?> claims) {
        String content = part(header) + "." + part(claims);
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(content.getBytes(StandardCharsets.US_ASCII));
            return content + "." + BASE64URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** An object as a part of a token. */
    public static String part(Map<String, ?> object) {
        try {
            return BASE64URL.encodeToString(JSON.writeValueAsBytes(object));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The public key (RFC 7517). */
    public Map<String, String> jwk() {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        Map<String, String> jwk = new LinkedHashMap<>();
        jwk.put("kty", "EC");
        jwk.put("crv", "P-256");
        jwk.put("use", "sig");
        jwk.put("alg", "ES256");
        jwk.put("kid", keyId);
        jwk.put("x", coordinate(key.getW().getAffineX()));
        jwk.put("y", coordinate(key.getW().getAffineY()));
        return jwk;
    }

    private static String coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(bytes.length, 32);
        System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
        return BASE64URL.encodeToString(padded);
    }

    /** The public keys of issuers. */
    public static String jwks(TestIssuer... issuers) {
        try {
            return JSON.writeValueAsString(Map.of(
                    "keys", List.of(issuers).stream().map(TestIssuer::jwk).toList()));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The same in a file that is deleted at the end. */
    public static Path jwksFile(TestIssuer... issuers) {
        try {
            Path file = Files.createTempFile("postern-jwks", ".json");
            file.toFile().deleteOnExit();
            return Files.writeString(file, jwks(issuers));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
