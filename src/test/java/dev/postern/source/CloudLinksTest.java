package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.source.CloudLinks.Duplicate;
import dev.postern.source.CloudLinks.Links;
import dev.postern.source.CloudLinks.Malformed;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Link ids out of the fields of PROXY headers: a type, two colons and hexadecimal digits. */
class CloudLinksTest {

    /** {@code vpce-0a1b2c3d4e5f60718} with its subtype. */
    private static final String AWS = "EA::01" + "767063652d30613162326333643465356636303731" + "38";

    @ParameterizedTest
    @CsvSource({
        AWS + ", aws:vpce-0a1b2c3d4e5f60718",
        "EA::01767063652d3031323334353637, aws:vpce-01234567",
        "EE::01eeff002a, azure:704708590",
        "EE::0101010101, azure:16843009",
        "EE::0100000000, azure:0",
        "EE::0100000080, azure:2147483648",
        "EE::01ffffffff, azure:4294967295",
        "EE::0101000000, azure:1",
        "E0::0123456789abcdef, gcp:81985529216486895",
        "E0::0000000000000000, gcp:0",
        "E0::0000000000000001, gcp:1",
        "E0::ffffffffffffffff, gcp:18446744073709551615",
        "E0::8000000000000000, gcp:9223372036854775808"
    })
    void aFieldInItsCloudsFormIsALink(String field, String link) {
        assertThat(read(field)).isEqualTo(links(link));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EA::",
                "EA::01",
                "EA::00767063652d30613162326333643465356636303731" + "38",
                "EA::02767063652d30613162326333643465356636303731" + "38",
                "EA::767063652d30613162326333643465356636303731" + "38",
                "EA::0176706365",
                "EA::01767063652d30313233343536",
                "EA::01767063652d3061316232633364346535663630373138" + "00",
                "EA::01767063652d30613162326333643465356636303731" + "3820",
                "EA::01767063652d30613162326333643465356636303731" + "380a",
                "EA::01767063652d30413142324333443445354636303731" + "38",
                "EA::01767063652d3061316232633364346535663630373138" + "39",
                "EA::01767063652d30613162ff3333643465356636303731" + "38",
                "EE::",
                "EE::01",
                "EE::01eeff00",
                "EE::01eeff002a00",
                "EE::00eeff002a",
                "EE::02eeff002a",
                "EE::ffeeff002a",
                "EE::eeff002a",
                "E0::",
                "E0::01",
                "E0::0123456789abcd",
                "E0::0123456789abcdef00",
                "E0::010123456789abcdef"
            })
    void aFieldThatHasNotTheFormIsMalformed(String field) {
        assertThat(read(field)).isEqualTo(new Malformed());
        assertThat(read("02::6578616d706c65", field, AWS.equals(field) ? "04::" : "04::00"))
                .isEqualTo(new Malformed());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x20, 0x30, 0xDF, 0xE1, 0xE9, 0xEB, 0xED, 0xEF, 0xF0, 0xFF})
    void fieldsOfOtherTypesSayNothing(int type) {
        // Given
        String other = Integer.toHexString(type) + "::0101010101";
        // Then
        assertThat(read(other)).isEqualTo(links());
        assertThat(read(other, other, "EE::0101010101", other)).isEqualTo(links("azure:16843009"));
    }

    @Test
    void noFieldsAreNoLinks() {
        assertThat(read()).isEqualTo(links());
    }

    @ParameterizedTest
    @CsvSource({
        AWS + "," + AWS,
        "EE::0101010101, EE::0101010101",
        "EE::0101010101, EE::0102020202",
        "E0::0123456789abcdef, E0::0000000000000000",
        "EE::0101010101, EE::",
        "EE::0101010101, EE::0001010101"
    })
    void aSecondFieldOfATypeIsADuplicateWhateverItSays(String first, String second) {
        assertThat(read(first, second)).isEqualTo(new Duplicate());
        assertThat(read(first, "04::00", second)).isEqualTo(new Duplicate());
    }

    @Test
    void ofAMalformedFieldAndItsDoubleTheFirstIsReported() {
        assertThat(read("EE::", "EE::0101010101")).isEqualTo(new Malformed());
    }

    @Test
    void theFieldsOfTwoCloudsAreTwoLinksInOrder() {
        assertThat(read("E0::0000000000000007", AWS, "EE::0107000000"))
                .isEqualTo(links("gcp:7", "aws:vpce-0a1b2c3d4e5f60718", "azure:7"));
    }

    @Property
    void whateverTheBytesThereIsAnOutcome(@ForAll byte[] value) {
        for (int type : List.of(CloudLinks.AWS, CloudLinks.AZURE, CloudLinks.GCP)) {
            assertThat(CloudLinks.read(List.of(new ProxyHeader.Tlv(type, value))))
                    .satisfies(outcome -> {
                        if (outcome instanceof Links found) {
                            assertThat(found.ids()).hasSize(1);
                        } else {
                            assertThat(outcome).isEqualTo(new Malformed());
                        }
                    });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws:vpce-0a1b2c3d4e5f60718",
                "azure:704708590",
                "azure:4294967295",
                "gcp:81985529216486895",
                "gcp:0"
            })
    void aLinkIsWrittenAsItsCloudWritesIt(String text) {
        // When
        ProxyHeader header = ProxyHeader.of(Address.ipv4(0x0a08_0001), List.of(Proxied.link(text)));
        // Then
        assertThat(header.tlvs()).singleElement().satisfies(field -> {
            assertThat(field.type()).isEqualTo(Proxied.tlv(Proxied.link(text)).type());
            assertThat(field.value()).isEqualTo(Proxied.tlv(Proxied.link(text)).value());
        });
        assertThat(CloudLinks.read(header.tlvs())).isEqualTo(links(text));
    }

    private static CloudLinks.Outcome read(String... fields) {
        return CloudLinks.read(Arrays.stream(fields).map(Proxied::tlv).toList());
    }

    private static Links links(String... texts) {
        return new Links(Arrays.stream(texts).map(Proxied::link).toList());
    }
}
