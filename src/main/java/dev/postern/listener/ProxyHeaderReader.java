package dev.postern.listener;

import dev.postern.address.Address;
import dev.postern.source.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a PROXY protocol header from the bytes of a connection, as they come.
 *
 * <p>The bytes are bounded, and netty decodes them once they are complete; what it is lenient about is refused here: an
 * address or a port in another than the strict form, another transport than TCP, an address family without addresses, and
 * fields that do not end where the header does.
 */
final class ProxyHeaderReader {

    /** The longest header that is read: as many bytes of fields as any load balancer sends, and some more. */
    static final int MAX_HEADER = 4096;

    /** "The PROXY protocol", section 2.1: the longest version 1 line, its end included. */
    private static final int MAX_V1 = 107;

    private static final byte[] V2_SIGNATURE = {0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A};
    private static final byte[] V1_PREFIX = {'P', 'R', 'O', 'X', 'Y', ' '};
    private static final int V2_FIXED = 16;
    private static final String MAPPED = "::ffff:";

    /** Section 2.2: the version and the command in one byte. */
    private static final int LOCAL = 0x20;

    private static final int PROXY = 0x21;

    /** Section 2.1: single blanks, and ports without zeros or a sign before them; 0 is nobody's. Addresses are read later. */
    private static final Pattern V1_LINE = Pattern.compile(
            "PROXY (?:UNKNOWN(?: .*)?|TCP[46] [^ ]+ [^ ]+ [1-9][0-9]{0,4} [1-9][0-9]{0,4})\r\n", Pattern.DOTALL);

    private final ByteArrayOutputStream received = new ByteArrayOutputStream(256);

    /** What the bytes so far are. */
    sealed interface Outcome {}

    /** The beginning of a header. */
    record Incomplete() implements Outcome {}

    /** Not a header that is taken; the why is for the operator. */
    record Refused(String why) implements Outcome {}

    /** A header, and the bytes after it. */
    record Complete(ProxyHeader header, byte[] rest) implements Outcome {}

    /** Takes the next bytes. */
    Outcome read(byte[] bytes) {
        received.writeBytes(bytes);
        byte[] all = received.toByteArray();
        if (startsLike(all, V2_SIGNATURE)) {
            return all.length < V2_FIXED ? new Incomplete() : version2(all);
        }
        if (startsLike(all, V1_PREFIX)) {
            return version1(all);
        }
        return new Refused("no PROXY header");
    }

    private static boolean startsLike(byte[] bytes, byte[] prefix) {
        int common = Math.min(bytes.length, prefix.length);
        return Arrays.equals(bytes, 0, common, prefix, 0, common);
    }

    private static Outcome version1(byte[] all) {
        int end = endOfLine(all);
        if (end < 0) {
            return all.length >= MAX_V1 ? new Refused("a version 1 header that is too long") : new Incomplete();
        }
        if (end > MAX_V1) {
            return new Refused("a version 1 header that is too long");
        }
        String line = new String(all, 0, end, StandardCharsets.ISO_8859_1);
        return V1_LINE.matcher(line).matches() ? decode(all, end, List.of()) : new Refused("a malformed header");
    }

    /** The index after the first CR LF, or -1. */
    private static int endOfLine(byte[] bytes) {
        for (int i = 1; i < bytes.length && i <= MAX_V1; i++) {
            if (bytes[i - 1] == '\r' && bytes[i] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static Outcome version2(byte[] all) {
        int command = all[12] & 0xff;
        if (command != LOCAL && command != PROXY) {
            return new Refused("a header with the signature of version 2, and another version or command");
        }
        int length = V2_FIXED + ((all[14] & 0xff) << 8 | all[15] & 0xff);
        if (length > MAX_HEADER) {
            return new Refused("a header of " + length + " bytes; at most " + MAX_HEADER + " are taken");
        }
        if (all.length < length) {
            return new Incomplete();
        }
        if (command == LOCAL) {
            // Whatever the fields of a LOCAL header are, they are to be left alone (section 2.2).
            return decode(all, length, List.of());
        }
        int family = all[13] & 0xff;
        int addresses = switch (family) {
            case 0x11 -> 12;
            case 0x21 -> 36;
            default -> -1;
        };
        if (addresses < 0) {
            return new Refused("a version 2 header of another family than TCP over IPv4 or IPv6");
        }
        return switch (ProxyFields.read(Arrays.copyOf(all, length), V2_FIXED + addresses)) {
            case ProxyFields.Malformed malformed -> new Refused(malformed.why());
            case ProxyFields.Fields fields -> decode(all, length, fields.tlvs());
        };
    }

    private static Outcome decode(byte[] all, int length, List<ProxyHeader.Tlv> tlvs) {
        byte[] rest = Arrays.copyOfRange(all, length, all.length);
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(all, 0, length));
            Object decoded = channel.readInbound();
            if (!(decoded instanceof HAProxyMessage message)) {
                if (decoded instanceof ByteBuf buffer) {
                    buffer.release();
                }
                return new Refused("a header that cannot be decoded");
            }
            try {
                return header(message, tlvs, rest);
            } finally {
                message.release();
            }
        } catch (DecoderException malformed) {
            return new Refused("a malformed header");
        } finally {
            release(channel);
        }
    }

    /** Bytes that the decoder has not taken are given to it once more when the channel closes, and may be refused again. */
    private static void release(EmbeddedChannel channel) {
        try {
            channel.finishAndReleaseAll();
        } catch (DecoderException malformedAgain) {
            channel.releaseInbound();
        }
    }

    private static Outcome header(HAProxyMessage message, List<ProxyHeader.Tlv> tlvs, byte[] rest) {
        int version = message.protocolVersion() == HAProxyProtocolVersion.V1 ? 1 : 2;
        boolean unknownInV1 = version == 1 && message.proxiedProtocol() == HAProxyProxiedProtocol.UNKNOWN;
        if (message.command() == HAProxyCommand.LOCAL || unknownInV1) {
            return new Complete(new ProxyHeader(version, Optional.empty(), List.of()), rest);
        }
        HAProxyProxiedProtocol protocol = message.proxiedProtocol();
        if (protocol != HAProxyProxiedProtocol.TCP4 && protocol != HAProxyProxiedProtocol.TCP6) {
            return new Refused("a header of another family than TCP over IPv4 or IPv6");
        }
        Optional<Address> source = strict(message.sourceAddress(), protocol);
        if (source.isEmpty() || strict(message.destinationAddress(), protocol).isEmpty()) {
            return new Refused("an address that is not in its family's strict form");
        }
        return new Complete(new ProxyHeader(version, source, tlvs), rest);
    }

    /**
     * The text must be of the family that the header names: {@code TCP6 1.2.3.4} is nobody's address. Section 2.1 has
     * hexadecimal digits alone for IPv6; senders write IPv4-mapped addresses with dots all the same, and nothing else.
     */
    private static Optional<Address> strict(String text, HAProxyProxiedProtocol protocol) {
        boolean ipv6Text = text.indexOf(':') >= 0;
        if (ipv6Text && text.indexOf('.') >= 0 && !text.regionMatches(true, 0, MAPPED, 0, MAPPED.length())) {
            return Optional.empty();
        }
        return ipv6Text == (protocol == HAProxyProxiedProtocol.TCP6) ? Address.parse(text) : Optional.empty();
    }
}
