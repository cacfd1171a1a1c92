package dev.postern.feed;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256, in hexadecimal. */
final class Digests {

    private Digests() {}

    static String of(List<String> texts) {
        MessageDigest digest = sha256();
        for (String text : texts) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            digest.update(bytes);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The same for two sets with the same addresses, in whichever way they were written. */
    static String of(AddressSet addresses) {
        MessageDigest digest = sha256();
        ByteBuffer buffer = ByteBuffer.allocate(33);
        for (AddressRange range : addresses.ranges()) {
            buffer.clear();
            buffer.put((byte) (range.family() == Address.Family.IPV4 ? 4 : 6));
            buffer.putLong(range.first().high()).putLong(range.first().low());
            buffer.putLong(range.last().high()).putLong(range.last().low());
            digest.update(buffer.flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
