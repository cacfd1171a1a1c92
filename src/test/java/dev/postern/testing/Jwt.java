package dev.postern.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;

/**
 * A compact JWT, taken apart by the JDK's means only.
 *
 * @param header the JOSE header
 * @param claims the claims
 * @param text the compact text
 */
public record Jwt(JsonNode header, JsonNode claims, String text) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Base64.Decoder BASE64URL = Base64.getUrlDecoder();

    /** Takes the token apart; verifies nothing. */
    public static Jwt decode(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != 3 || token.contains("=")) {
            throw new AssertionError("not a compact JWT");
        }
        return new Jwt(json(parts[0]), json(parts[1]), token);
    }

    /** Whether the signature is that of a key of the JWK set with the header's {@code alg}. */
    public boolean isSignedByOneOf(JsonNode jwks) {
        for (JsonNode jwk : jwks.path("keys")) {
            if (jwk.path("alg").asText().equals(header.path("alg").asText()) && isSignedBy(jwk)) {
                return true;
            }
        }
        return false;
    }

    private boolean isSignedBy(JsonNode jwk) {
        try {
            boolean elliptic = jwk.path("kty").asText().equals("EC");
            Signature signature = Signature.getInstance(elliptic ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
            signature.initVerify(elliptic ? elliptic(jwk) : rsa(jwk));
            int lastDot = text.lastIndexOf('.');
            signature.update(text.substring(0, lastDot).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(BASE64URL.decode(text.substring(lastDot + 1)));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("the key cannot be used", e);
        }
    }

    private static PublicKey elliptic(JsonNode jwk) throws GeneralSecurityException {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(jwk, "x"), number(jwk, "y"));
        return KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
    }

    private static PublicKey rsa(JsonNode jwk) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(number(jwk, "n"), number(jwk, "e")));
    }

    private static BigInteger number(JsonNode jwk, String member) {
        return new BigInteger(1, BASE64URL.decode(jwk.path(member).asText()));
    }

    private static JsonNode json(String part) {
        try {
            return JSON.readTree(BASE64URL.decode(part));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
