package dev.postern.token;

import java.util.Base64;

/**
 * The headers of tokens, encoded (RFC 7515 section 7.1). A key has one for each kind of token and each form of its id, and
 * it is always the same text. So a token is read by looking its header up as it stands: what is not one of these texts
 * ({@code alg: none}, another algorithm, another kind of token, a key of the caller's own) is nobody's, and is never parsed.
 */
final class JwsHeader {

    /** The {@code typ} of refresh tokens. No registry knows it, and no registry token has it. */
    static final String REFRESH_TYPE = "postern-refresh+jwt";

    /** Before the thumbprint in a refresh token's {@code kid}, so that a registry finds no key by it. */
    static final String REFRESH_KEY = "refresh:";

    private JwsHeader() {}

    static String ofRegistryToken(PublishedKey key, KeyIdForm form) {
        return encoded(Json.write(out -> {
            out.writeStartObject();
            out.writeStringField("typ", "JWT");
            out.writeStringField("alg", key.algorithm().name());
            switch (form) {
                case X5C -> {
                    out.writeArrayFieldStart("x5c");
                    for (String certificate : key.x5c()) {
                        out.writeString(certificate);
                    }
                    out.writeEndArray();
                }
                case LIBTRUST -> out.writeStringField("kid", key.libtrustId());
                case THUMBPRINT -> out.writeStringField("kid", key.thumbprint());
            }
            out.writeEndObject();
        }));
    }

    static String ofRefreshToken(PublishedKey key) {
        return encoded(Json.write(out -> {
            out.writeStartObject();
            out.writeStringField("typ", REFRESH_TYPE);
            out.writeStringField("alg", key.algorithm().name());
            out.writeStringField("kid", REFRESH_KEY + key.thumbprint());
            out.writeEndObject();
        }));
    }

    private static String encoded(byte[] json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
    }
}
