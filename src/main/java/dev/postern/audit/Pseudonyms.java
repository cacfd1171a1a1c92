package dev.postern.audit;

import dev.postern.address.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Pseudonyms by HMAC-SHA-256 (RFC 2104), cut to 64 bits: the same datum has the same one for as long as the key is the same, and
 * without the key nobody can tell whose it is, not even by trying every address.
 */
public final class Pseudonyms {

    private static final String ALGORITHM = "HmacSHA256";

    /** The discard-only block, 100::/64 (RFC 6666): no caller has an address of it. */
    private static final long DISCARD_ONLY = 0x0100_0000_0000_0000L;

    private final SecretKeySpec key;

    /** Pseudonyms under this key, which is kept nowhere else. */
    public Pseudonyms(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /** An address for an address: of {@code 100::/64}, so that it stays one for whoever reads the events. */
    Address of(Address address) {
        return Address.ipv6(DISCARD_ONLY, digest("address:" + address));
    }

    /** A name for a name: {@code h-} and 16 hexadecimal digits. */
    String of(String name) {
        return "h-" + HexFormat.of().toHexDigits(digest("name:" + name));
    }

    private long digest(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return ByteBuffer.wrap(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA-256", e);
        }
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "Pseudonyms";
    }
}
