package dev.postern.listener;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.address.Address;
import dev.postern.listener.PlainProxyHeader.Verdict;
import dev.postern.listener.ProxyHeaderReader.Complete;
import dev.postern.listener.ProxyHeaderReader.Incomplete;
import dev.postern.listener.ProxyHeaderReader.Outcome;
import dev.postern.listener.ProxyHeaderReader.Refused;
import dev.postern.source.ProxyHeader.Tlv;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/** PROXY headers from data: bytes that are one or are refused, and headers that must be one, however they arrive. */
class ProxyHeaderFuzzTest {

    private static final byte[] SIGNATURE = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a");
    private static final int CHECKSUM = 0x03;
    private static final int SSL = 0x20;

    @FuzzTest(maxDuration = "2m")
    void anyBytesHaveADocumentedOutcome(byte[] bytes) {
        // Given
        PlainProxyHeader plain = PlainProxyHeader.read(bytes);

        // When
        Outcome whole = new ProxyHeaderReader().read(bytes);

        // Then
        switch (whole) {
            case Incomplete incomplete -> {
                assertThat(plain.verdict()).isEqualTo(Verdict.INCOMPLETE);
                assertThat(bytes.length).isLessThan(ProxyHeaderReader.MAX_HEADER);
            }
            case Refused refused -> {
                assertThat(plain.verdict()).isEqualTo(Verdict.REFUSED);
                assertThat(refused.why()).isNotBlank();
            }
            case Complete complete -> {
                assertThat(plain.verdict()).isEqualTo(Verdict.COMPLETE);
                assertThat(complete.header().source()).isEqualTo(plain.source());
                assertThat(told(complete.header().tlvs())).isEqualTo(told(plain.tlvs()));
                assertThat(complete.rest()).isEqualTo(Arrays.copyOfRange(bytes, plain.length(), bytes.length));
                assertThat(plain.length()).isLessThanOrEqualTo(ProxyHeaderReader.MAX_HEADER);
                // One byte less is not yet a header.
                assertThat(new ProxyHeaderReader().read(Arrays.copyOf(bytes, plain.length() - 1)))
                        .isInstanceOf(Incomplete.class);
            }
        }
    }

    /** Fields as texts, for a record's equality does not reach into its bytes. */
    private static List<String> told(List<Tlv> tlvs) {
        return tlvs.stream()
                .map(tlv -> tlv.type() + ":" + HexFormat.of().formatHex(tlv.value()))
                .toList();
    }

    @FuzzTest(maxDuration = "2m")
    void aHeaderIsReadHoweverItArrives(FuzzedDataProvider data) {
        // Given
        boolean ipv4 = data.consumeBoolean();
        Address source = address(ipv4, data);
        Address destination = address(ipv4, data);
        boolean ipv6Text = source.family() == Address.Family.IPV6 && destination.family() == Address.Family.IPV6;
        boolean version1 = (ipv4 || ipv6Text) && data.consumeBoolean();
        List<Tlv> tlvs = version1 ? List.of() : tlvs(data);
        byte[] header = version1
                ? line(ipv4, source, destination, data.consumeInt(1, 65535), data.consumeInt(1, 65535))
                : binary(ipv4, source, destination, tlvs, data.consumeBoolean());
        byte[] rest = data.consumeBytes(32);

        // When
        Outcome outcome = inPieces(header, rest, data);

        // Then
        assertThat(outcome).isInstanceOf(Complete.class);
        Complete complete = (Complete) outcome;
        assertThat(complete.header().source()).contains(source);
        assertThat(told(complete.header().tlvs().stream()
                        .filter(tlv -> tlv.type() != CHECKSUM)
                        .toList()))
                .isEqualTo(told(tlvs));
    }

    /** The pieces end with the header's last byte, or after it. */
    private static Outcome inPieces(byte[] header, byte[] rest, FuzzedDataProvider data) {
        ProxyHeaderReader reader = new ProxyHeaderReader();
        int at = 0;
        while (header.length - at > 1 && data.consumeBoolean()) {
            int piece = data.consumeInt(1, header.length - at - 1);
            assertThat(reader.read(Arrays.copyOfRange(header, at, at + piece))).isInstanceOf(Incomplete.class);
            at += piece;
        }
        ByteArrayOutputStream last = new ByteArrayOutputStream();
        last.write(header, at, header.length - at);
        last.writeBytes(rest);
        Outcome outcome = reader.read(last.toByteArray());
        if (outcome instanceof Complete complete) {
            assertThat(complete.rest()).isEqualTo(rest);
        }
        return outcome;
    }

    private static Address address(boolean ipv4, FuzzedDataProvider data) {
        return ipv4 ? Address.ipv4(data.consumeInt()) : Address.ipv6(data.consumeLong(), data.consumeLong());
    }

    private static List<Tlv> tlvs(FuzzedDataProvider data) {
        List<Tlv> tlvs = new ArrayList<>();
        while (tlvs.size() < 8 && data.consumeBoolean()) {
            int type = data.consumeInt(0, 255);
            byte[] value = data.consumeBytes(data.consumeInt(0, 64));
            if (type == SSL) {
                tlvs.add(new Tlv(type, ssl(value)));
            } else if (type != CHECKSUM) {
                tlvs.add(new Tlv(type, value));
            }
        }
        return tlvs;
    }

    /** The field that says which TLS the caller spoke (section 2.2.6), with a common name. */
    private static byte[] ssl(byte[] name) {
        return ByteBuffer.allocate(8 + name.length)
                .put((byte) 1)
                .putInt(0)
                .put((byte) 0x22)
                .putShort((short) name.length)
                .put(name)
                .array();
    }

    private static byte[] line(boolean ipv4, Address source, Address destination, int sourcePort, int port) {
        return ("PROXY " + (ipv4 ? "TCP4 " : "TCP6 ") + source + " " + destination + " " + sourcePort + " " + port
                        + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] binary(boolean ipv4, Address source, Address destination, List<Tlv> tlvs, boolean checksum) {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        for (Address address : List.of(source, destination)) {
            rest.writeBytes(
                    ipv4
                            ? ByteBuffer.allocate(4).putInt((int) address.low()).array()
                            : ByteBuffer.allocate(16)
                                    .putLong(address.high())
                                    .putLong(low(address))
                                    .array());
        }
        rest.writeBytes(new byte[] {1, 2, 3, 4});
        int checksumAt = SIGNATURE.length + 4 + rest.size() + 3;
        if (checksum) {
            rest.writeBytes(new byte[] {CHECKSUM, 0, 4, 0, 0, 0, 0});
        }
        for (Tlv tlv : tlvs) {
            rest.write(tlv.type());
            rest.write(tlv.value().length >> 8);
            rest.write(tlv.value().length);
            rest.writeBytes(tlv.value());
        }
        byte[] header = ByteBuffer.allocate(SIGNATURE.length + 4 + rest.size())
                .put(SIGNATURE)
                .put((byte) 0x21)
                .put((byte) (ipv4 ? 0x11 : 0x21))
                .putShort((short) rest.size())
                .put(rest.toByteArray())
                .array();
        if (checksum) {
            CRC32C crc = new CRC32C();
            crc.update(header);
            ByteBuffer.wrap(header).putInt(checksumAt, (int) crc.getValue());
        }
        return header;
    }

    /** An IPv4-mapped address is an IPv4 address here; in the header's family it is written mapped. */
    private static long low(Address address) {
        return address.family() == Address.Family.IPV4 ? 0x0000_ffff_0000_0000L | address.low() : address.low();
    }
}
