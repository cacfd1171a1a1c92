package dev.postern.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.listener.ProxyHeaderReader.Complete;
import dev.postern.listener.ProxyHeaderReader.Incomplete;
import dev.postern.listener.ProxyHeaderReader.Outcome;
import dev.postern.listener.ProxyHeaderReader.Refused;
import dev.postern.source.ProxyHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY protocol headers, versions 1 and 2: what is taken, and the longer list of what is not. */
class ProxyHeaderReaderTest {

    private static final byte[] REQUEST = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String ADDRESSES_4 = "cb007109" + "c6120014" + "c738" + "01bb";

    // Version 1

    @ParameterizedTest
    @CsvSource({
        "PROXY TCP4 203.0.113.9 198.18.0.20 51234 443, 203.0.113.9",
        "PROXY TCP6 2001:db8:1::9 2001:db8:f::20 51234 443, 2001:db8:1::9",
        "PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535, 255.255.255.255",
        "PROXY TCP6 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535,"
                + " ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "PROXY TCP6 ::1 ::1 1 1, ::1",
        "PROXY TCP6 ::ffff:203.0.113.9 ::ffff:198.18.0.20 51234 443, 203.0.113.9",
        "PROXY TCP6 ::FFFF:203.0.113.9 ::1 51234 443, 203.0.113.9"
    })
    void a_version_1_line_names_the_source(String line, String source) {
        // When
        Complete complete = complete(bytes(line + "\r\n"), REQUEST);

        // Then
        assertThat(complete.header().version()).isEqualTo(1);
        assertThat(complete.header().source().orElseThrow()).hasToString(source);
        assertThat(complete.header().tlvs()).isEmpty();
        assertThat(complete.rest()).isEqualTo(REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"PROXY UNKNOWN", "PROXY UNKNOWN 203.0.113.7 198.18.0.20 1 2", "PROXY UNKNOWN ffff::1 ::1 1 2"})
    void unknown_names_nobody_whatever_follows(String line) {
        assertThat(complete(bytes(line + "\r\n"), REQUEST).header().source()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 010.0.0.1 198.18.0.20 1 2\r\n",
                "PROXY TCP4 10.0.0.01 198.18.0.20 1 2\r\n",
                "PROXY TCP4 10.1 198.18.0.20 1 2\r\n",
                "PROXY TCP4 0x0a000001 198.18.0.20 1 2\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
                "PROXY TCP6 203.0.113.7 198.18.0.20 1 2\r\n",
                "PROXY TCP6 fe80::1%eth0 fe80::2 1 2\r\n",
                "PROXY TCP6 2001:db8::203.0.113.7 ::1 1 2\r\n",
                "PROXY TCP6 ::1 ::203.0.113.7 1 2\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 1\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20\r\n",
                "PROXY TCP4\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 99999 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 -1 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 +1 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 1 +443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 01 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 1 0443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 0 443\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 1 65536\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 1 2 \r\n",
                "PROXY UNKNOWNS\r\n",
                "PROXY TCP4 203.0.113.7 198.18.0.20 1 2 3\r\n",
                "PROXY TCP4  203.0.113.7 198.18.0.20 1 2\r\n",
                "PROXY UDP4 203.0.113.7 198.18.0.20 1 2\r\n",
                "PROXY tcp4 203.0.113.7 198.18.0.20 1 2\r\n",
                "PROXY TCP4 localhost 198.18.0.20 1 2\r\n",
                "PROXY TCP4 203.0.113.7, 198.18.0.20 1 2\r\n",
                "proxy TCP4 203.0.113.7 198.18.0.20 1 2\r\n",
                "PROXYTCP4 203.0.113.7 198.18.0.20 1 2\r\n",
                "GET /token HTTP/1.1\r\n\r\n",
                " PROXY TCP4 203.0.113.7 198.18.0.20 1 2\r\n",
                "\r\nPROXY TCP4 203.0.113.7 198.18.0.20 1 2\r\n",
            })
    void a_version_1_line_in_another_form_is_refused(String line) {
        assertThat(new ProxyHeaderReader().read(bytes(line))).isInstanceOf(Refused.class);
    }

    @Test
    void a_version_1_line_without_an_end_is_refused_at_107_bytes() {
        // Given
        String endless = "PROXY TCP4 203.0.113.7 198.18.0.20 1 2" + " ".repeat(200);

        // When, Then: with a line feed alone, too
        assertThat(new ProxyHeaderReader().read(bytes(endless))).isInstanceOf(Refused.class);
        assertThat(new ProxyHeaderReader().read(bytes(endless.substring(0, 100))))
                .isInstanceOf(Incomplete.class);
        assertThat(new ProxyHeaderReader().read(bytes("PROXY TCP4 203.0.113.7 198.18.0.20 1 2\n" + "x".repeat(100))))
                .isInstanceOf(Refused.class);
        assertThat(new ProxyHeaderReader().read(bytes("PROXY UNKNOWN " + "x".repeat(100) + "\r\n")))
                .isInstanceOf(Refused.class);
    }

    // Version 2

    @Test
    void a_version_2_header_names_the_source_and_keeps_its_fields() {
        // When
        Complete four = complete(v2("21", "11", ADDRESSES_4 + "ea0003" + "01aabb"), REQUEST);
        Complete six = complete(
                v2("21", "21", "20010db8000100000000000000000009" + "20010db8000f00000000000000000020" + "c73801bb"),
                REQUEST);

        // Then
        assertThat(four.header().version()).isEqualTo(2);
        assertThat(four.header().source().orElseThrow()).hasToString("203.0.113.9");
        assertThat(four.header().tlvs()).hasSize(1);
        assertThat(four.header().tlvs().getFirst().type()).isEqualTo(0xEA);
        assertThat(four.header().tlvs().getFirst().value()).containsExactly(0x01, 0xAA, 0xBB);
        assertThat(four.rest()).isEqualTo(REQUEST);
        assertThat(six.header().source().orElseThrow()).hasToString("2001:db8:1::9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "200005" + "0100000000",
                "200008" + "0100000000" + "220000",
                "20000c" + "0100000000" + "21000454" + "4c5376"
            })
    void a_field_of_tls_is_kept_with_its_own_fields_in_it(String field) {
        // When
        Complete complete = complete(v2("21", "11", ADDRESSES_4 + field + "ee0005" + "0101010101"), REQUEST);

        // Then
        assertThat(complete.header().tlvs()).extracting(ProxyHeader.Tlv::type).containsExactly(0x20, 0xEE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 1", "1 65535", "65535 1"})
    void a_port_is_a_number_of_16_bits_but_0(String ports) {
        assertThat(complete(bytes("PROXY TCP4 203.0.113.9 198.18.0.20 " + ports + "\r\n"), REQUEST)
                        .header()
                        .source()
                        .orElseThrow())
                .hasToString("203.0.113.9");
    }

    @Test
    void a_mapped_source_is_the_ipv4_address() {
        assertThat(complete(v2("21", "21", "00000000000000000000ffffcb007109" + "00".repeat(16) + "c73801bb"), REQUEST)
                        .header()
                        .source()
                        .orElseThrow())
                .hasToString("203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource({"00, ''", "11, " + ADDRESSES_4, "11, " + ADDRESSES_4 + "ea000401ffffff", "31, ffff", "21, ff"})
    void local_names_nobody_whatever_follows(String family, String rest) {
        // When
        Complete complete = complete(v2("20", family, rest), REQUEST);

        // Then
        assertThat(complete.header().source()).isEmpty();
        assertThat(complete.header().tlvs()).isEmpty();
        assertThat(complete.rest()).isEqualTo(REQUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "21, 00, ''",
        "21, 31, " + ADDRESSES_4,
        "21, 12, " + ADDRESSES_4,
        "21, 10, " + ADDRESSES_4,
        "21, 22, " + ADDRESSES_4,
        "21, 41, " + ADDRESSES_4,
        "22, 11, " + ADDRESSES_4,
        "11, 11, " + ADDRESSES_4,
        "31, 11, " + ADDRESSES_4,
        "01, 11, " + ADDRESSES_4,
        "00, 11, " + ADDRESSES_4,
        "10, 11, " + ADDRESSES_4,
        "2f, 11, " + ADDRESSES_4,
        "21, 11, cb007109c61200",
        "21, 11, ''",
        "21, 21, " + ADDRESSES_4,
        "21, 11, " + ADDRESSES_4 + "ea",
        "21, 11, " + ADDRESSES_4 + "ea00",
        "21, 11, " + ADDRESSES_4 + "ea0005" + "01aabb",
        "21, 11, " + ADDRESSES_4 + "eaffff" + "01aabb",
        "21, 11, " + ADDRESSES_4 + "04000000",
        "21, 11, " + ADDRESSES_4 + "030004" + "00000000",
        "21, 11, " + ADDRESSES_4 + "030003" + "000000",
        "21, 11, " + ADDRESSES_4 + "200000",
        "21, 11, " + ADDRESSES_4 + "200004" + "01000000",
        "21, 11, " + ADDRESSES_4 + "200006" + "0100000000" + "22",
        "21, 11, " + ADDRESSES_4 + "200009" + "0100000000" + "22000261",
        "21, 11, " + ADDRESSES_4 + "20000b" + "0100000000" + "22000161" + "2200",
        "21, 11, " + ADDRESSES_4 + "20000d" + "0100000000" + "200005" + "0100000000"
    })
    void a_version_2_header_in_another_form_is_refused(String command, String family, String rest) {
        assertThat(new ProxyHeaderReader().read(v2(command, family, rest))).isInstanceOf(Refused.class);
    }

    @Test
    void a_checksum_is_held_against_the_header() {
        // Given
        byte[] good = v2("21", "11", ADDRESSES_4 + "030004" + "00000000" + "ee0005" + "0101010101");
        CRC32C checksum = new CRC32C();
        checksum.update(good);
        ByteBuffer.wrap(good).putInt(16 + 12 + 3, (int) checksum.getValue());
        byte[] changed = good.clone();
        changed[16]++;

        // When, Then
        assertThat(complete(good, REQUEST).header().tlvs()).hasSize(2);
        assertThat(new ProxyHeaderReader().read(changed)).isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "02"})
    void the_command_proxy_without_a_family_is_refused(String family) {
        for (String rest : List.of("", ADDRESSES_4, "ee0005" + "0101010101")) {
            assertThat(new ProxyHeaderReader().read(v2("21", family, rest)))
                    .as(rest)
                    .isInstanceOf(Refused.class);
        }
    }

    /** As long as its two paths are, so that nothing but the family is wrong. */
    @ParameterizedTest
    @ValueSource(strings = {"30", "31", "32"})
    void a_unix_socket_is_refused(String family) {
        // Given
        String path = "2f72756e2f70656572" + "00".repeat(99);

        // When, Then
        assertThat(new ProxyHeaderReader().read(v2("21", family, path + path))).isInstanceOf(Refused.class);
        assertThat(new ProxyHeaderReader().read(v2("21", family, path + path + "ee0005" + "0101010101")))
                .isInstanceOf(Refused.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0xf000, 0xffff - 12 - 3})
    void a_header_over_the_limit_is_refused_before_it_has_come(int field) {
        // Given
        String header = ADDRESSES_4 + "05%04x".formatted(field) + "00".repeat(field);
        byte[] beginning = Arrays.copyOf(v2("21", "11", header), 16);

        // When, Then
        assertThat(new ProxyHeaderReader().read(beginning)).isInstanceOf(Refused.class);
    }

    /** However much comes before it, a link is in the header or the header is refused. */
    @Test
    void a_header_of_4096_bytes_is_taken_and_a_longer_one_is_not() {
        // Given
        String link = "ee0005" + "0101010101";
        int most = 4096 - 16 - 12 - 3 - 8;
        IntFunction<byte[]> padded =
                field -> v2("21", "11", ADDRESSES_4 + "05%04x".formatted(field) + "00".repeat(field) + link);

        // When
        Complete complete = complete(padded.apply(most), REQUEST);
        Outcome longer = new ProxyHeaderReader().read(padded.apply(most + 1));
        Outcome huge = new ProxyHeaderReader().read(padded.apply(64_000));

        // Then
        assertThat(padded.apply(most)).hasSize(4096);
        assertThat(complete.header().tlvs()).extracting(ProxyHeader.Tlv::type).containsExactly(0x05, 0xEE);
        assertThat(longer)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("4097 bytes; at most 4096"));
        assertThat(huge).isInstanceOf(Refused.class);
    }

    @Test
    void bytes_that_come_one_by_one_make_the_same_header() {
        for (byte[] header : new byte[][] {
            v2("21", "11", ADDRESSES_4 + "ea0003" + "01aabb"), bytes("PROXY TCP4 203.0.113.9 198.18.0.20 1 2\r\n")
        }) {
            // Given
            ProxyHeaderReader reader = new ProxyHeaderReader();

            // When, Then
            for (int i = 0; i < header.length - 1; i++) {
                assertThat(reader.read(new byte[] {header[i]})).isInstanceOf(Incomplete.class);
            }
            Outcome last = reader.read(new byte[] {header[header.length - 1]});
            assertThat(((Complete) last).header().source().orElseThrow()).hasToString("203.0.113.9");
        }
    }

    @Property
    void any_bytes_after_a_signature_end_in_a_documented_outcome(@ForAll @Size(max = 80) byte[] bytes) {
        // Given
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a"));
        all.writeBytes(bytes);

        // When, Then: no exception comes out
        assertThat(new ProxyHeaderReader().read(all.toByteArray())).isInstanceOf(Outcome.class);
        assertThat(new ProxyHeaderReader().read(concat(bytes("PROXY TCP4 "), bytes)))
                .isInstanceOf(Outcome.class);
        assertThat(new ProxyHeaderReader().read(bytes)).isInstanceOf(Outcome.class);
    }

    private static Complete complete(byte[] header, byte[] rest) {
        Outcome outcome = new ProxyHeaderReader().read(concat(header, rest));
        assertThat(outcome).isInstanceOf(Complete.class);
        ProxyHeader read = ((Complete) outcome).header();
        assertThat(read).isNotNull();
        return (Complete) outcome;
    }

    private static byte[] v2(String command, String family, String rest) {
        byte[] payload = HexFormat.of().parseHex(rest);
        return ByteBuffer.allocate(16 + payload.length)
                .put(HexFormat.of().parseHex("0d0a0d0a000d0a515549540a" + command + family))
                .putShort((short) payload.length)
                .put(payload)
                .array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
