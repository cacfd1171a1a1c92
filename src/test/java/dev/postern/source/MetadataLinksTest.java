package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.LinkId;
import dev.postern.address.LinkId.Cloud;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.MetadataLinks.Links;
import dev.postern.source.MetadataLinks.Outcome;
import dev.postern.source.MetadataLinks.Refused;
import dev.postern.source.Source.Why;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links out of metadata. */
class MetadataLinksTest {

    private static final LinkKeys KEYS = new LinkKeys(
            "envoy",
            Map.of("aws", Cloud.AWS, "aws-too", Cloud.AWS, "azure", Cloud.AZURE, "gcp", Cloud.GCP),
            Set.of("name"));

    private static final MetadataLinks LINKS = new MetadataLinks(KEYS);

    private static final Pattern BASE64 =
            Pattern.compile("([A-Za-z0-9+/]{4})*" + "([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?");

    private static final String AWS = "\u0001vpce-0a1b2c3d4e5f60718";

    // Text

    /** A row's text has its escapes: backslash, u and four hexadecimal digits. */
    @ParameterizedTest
    @CsvSource({
        "aws, \\u0001vpce-0a1b2c3d4e5f60718, aws:vpce-0a1b2c3d4e5f60718",
        "aws, AXZwY2UtMGExYjJjM2Q0ZTVmNjA3MTg=, aws:vpce-0a1b2c3d4e5f60718",
        "aws, \\u0001vpce-01234567, aws:vpce-01234567",
        "aws, AXZwY2UtMDEyMzQ1Njc=, aws:vpce-01234567",
        "azure, Ae7/ACo=, azure:704708590",
        "azure, \\u0001\\u0001\\u0001\\u0001\\u0001, azure:16843009",
        "azure, AQEBAQE=, azure:16843009",
        "azure, \\u0001AQEB, azure:1111839041",
        "azure, \\u0001\\u0000\\u0000\\u0000\\u0000, azure:0",
        "azure, AQAAAAA=, azure:0",
        // UTF-8 of two and of four bytes, which Envoy leaves as it is.
        "azure, \\u0001\\u00e9\\u0000*, azure:704686531",
        "azure, \\u0001\\ud83d\\ude00, azure:2157486064",
        "gcp, ASNFZ4mrze8=, gcp:81985529216486895",
        "gcp, \\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0000\\u0001, gcp:1",
        "gcp, AAAAAAAAAAE=, gcp:1",
        // Eight bytes that no Base64 has: one of them is no letter of it, bits are set that it leaves out.
        "gcp, ________, gcp:6872316419617283935",
        "gcp, ASNFZ4m-, gcp:4707192099600362797",
        "gcp, //////9=, gcp:3399988123389606205",
        "gcp, AAA=AAAA, gcp:4702111217295114561"
    })
    void aTextInOneOfBothEncodingsIsALink(String key, String escaped, String link) {
        assertThat(text(key, unescape(escaped))).isEqualTo(new Links(List.of(Proxied.link(link))));
    }

    @ParameterizedTest
    @CsvSource({
        // The bytes EE FF 00 2A, and what else is 01 21 21 00 2A.
        "azure, \\u0001!!\\u0000*",
        "azure, \\u0001!!!!",
        "azure, \\u0001\\u0000\\u0000\\u0000!",
        "azure, \\u0001\\u00e9!*",
        "gcp, \\u0001#Eg!!!!",
        "gcp, !!!!!!!!",
        "gcp, ASNFZ4m!",
        // Eight bytes that may be the Base64 of six, of five and of four.
        "gcp, AAAAAAAA",
        "gcp, ASNFZ4mr",
        "gcp, //////8=",
        "gcp, /////w=="
    })
    void aTextThatLostBytesIsRefused(String key, String escaped) {
        assertRefused(text(key, unescape(escaped)), Why.LOSSY_LINK_METADATA, key);
    }

    @ParameterizedTest
    @CsvSource({
        "aws, ''",
        "aws, \\u0001",
        "aws, vpce-0a1b2c3d4e5f60718",
        "aws, \\u0002vpce-0a1b2c3d4e5f60718",
        "aws, \\u0001vpce-0a1b2c3d4e5f6071!",
        "aws, !vpce-0a1b2c3d4e5f60718",
        "aws, \\u0001vpce-0A1B2C3D4E5F60718",
        "aws, \\u0001vpce-0a1b2c3d4e5f60718\\u0000",
        // Base64 of a name without its subtype, without padding, for URLs, with a line feed, of Base64.
        "aws, dnBjZS0wYTFiMmMzZDRlNWY2MDcxOA==",
        "aws, AXZwY2UtMGExYjJjM2Q0ZTVmNjA3MTg",
        "aws, AXZwY2UtMGExYjJjM2Q0ZTVmNjA3MTg==",
        "aws, 'AXZwY2UtMGExYjJjM2Q0ZTVmNjA3MTg= '",
        "aws, AXZwY2UtMGExYjJjM2Q0ZTVmNjA3MTg=\\u000a",
        "aws, AXZwY2Ut\\u000aMGExYjJjM2Q0ZTVmNjA3MTg=",
        "aws, QVhad1kyVXRNR0V4WWpKak0yUTBaVFZtTmpBM01UZz0=",
        "azure, ''",
        "azure, \\u0001\\u0001\\u0001\\u0001",
        "azure, \\u0001\\u0001\\u0001\\u0001\\u0001\\u0001",
        "azure, \\u0002\\u0001\\u0001\\u0001\\u0001",
        "azure, \\u0001!!\\u0000",
        "azure, !\\u0001\\u0001\\u0001\\u0001",
        "azure, !!!!!",
        "azure, \\u0001\\u00e9\\u00e9*",
        "azure, Ae7/ACo",
        "azure, Ae7/ACp=",
        "azure, Ae7_ACo=",
        "azure, Ae7/AC!=",
        "azure, Ae7/ACo=Ae7/ACo=",
        "azure, AAe7/ACo=",
        "azure, 704708590",
        "gcp, ''",
        "gcp, 1234567",
        "gcp, 123456789",
        "gcp, !!!!!!!",
        "gcp, !!!!!!!!!",
        "gcp, ASNFZ4mrze8",
        "gcp, ASNFZ4mrze9=",
        "gcp, ASNFZ4mrz!8=",
        "gcp, 81985529216486895",
        "gcp, \\u00e9\\u00e9\\u00e9\\u00e9\\u00e9"
    })
    void aTextInNeitherIsMalformed(String key, String escaped) {
        assertRefused(text(key, unescape(escaped)), Why.MALFORMED_LINK, key);
    }

    @Test
    void aLongTextIsNotLookedInto() {
        // Given: in form, but for its length
        String zeros = "A".repeat(1 << 20);
        // Then
        for (String key : List.of("aws", "azure", "gcp")) {
            assertRefused(text(key, zeros), Why.MALFORMED_LINK, key);
            assertRefused(text(key, "!".repeat(1 << 20)), Why.MALFORMED_LINK, key);
        }
    }

    /** Every link, in each form in which it is sent, is itself or is refused for its lost bytes, and is never another. */
    @Property
    void aLinkIsItselfOrLossy(@ForAll("links") LinkId link) {
        // Given
        byte[] field = Proxied.tlv(link).value();
        String plain = asEnvoyWrites(field);
        Links itself = new Links(List.of(link));
        String key = key(link.cloud());
        // Then
        assertThat(bytes(key, field)).isEqualTo(itself);
        assertThat(text(key, base64(field))).isEqualTo(itself);
        assertThat(both(key, field, base64(field))).isEqualTo(itself);
        assertThat(both(key, field, plain)).isEqualTo(itself);
        if (plain.indexOf('!') >= 0 || BASE64.matcher(plain).matches()) {
            assertRefused(text(key, plain), Why.LOSSY_LINK_METADATA, key);
        } else {
            assertThat(text(key, plain)).isEqualTo(itself);
        }
    }

    /** What makes the encoding certain: no link is found in a text that could be Base64, but by Base64. */
    @Property
    void whatCanBeBase64IsNothingElse(@ForAll("links") LinkId link, @ForAll("keys") String key) {
        // Given
        byte[] field = Proxied.tlv(link).value();
        // When
        Outcome outcome = text(key, base64(field));
        // Then
        if (bytes(key, field) instanceof Links links) {
            assertThat(outcome).isEqualTo(links);
        } else {
            assertThat(outcome).isInstanceOf(Refused.class);
        }
    }

    @Property
    void whateverTheTextThereIsOneOutcome(@ForAll String text, @ForAll("keys") String key) {
        // When
        Outcome outcome = text(key, text);
        // Then
        assertThat(outcome).isEqualTo(text(key, text));
        if (outcome instanceof Refused refused) {
            assertThat(refused.why()).isIn(Why.LOSSY_LINK_METADATA, Why.MALFORMED_LINK);
        }
    }

    /** Short texts are more often links. */
    @Property
    void aLinkFoundInATextIsWhatEnvoyWouldHaveWrittenFor(
            @ForAll("shortTexts") String text, @ForAll("keys") String key) {
        if (text(key, text) instanceof Links links) {
            byte[] field = Proxied.tlv(links.ids().getFirst()).value();
            assertThat(text).isIn(base64(field), asEnvoyWrites(field));
            assertThat(text).doesNotContain("!");
            assertThat(BASE64.matcher(text).matches()).isEqualTo(text.equals(base64(field)));
        }
    }

    // Bytes

    @Test
    void bytesInAnotherFormAreMalformed() {
        assertRefused(bytes("azure", HexFormat.of().parseHex("01eeff00")), Why.MALFORMED_LINK, "azure");
        assertRefused(bytes("azure", HexFormat.of().parseHex("02eeff002a")), Why.MALFORMED_LINK, "azure");
        assertRefused(bytes("gcp", HexFormat.of().parseHex("0123456789abcd")), Why.MALFORMED_LINK, "gcp");
        assertRefused(bytes("aws", base64(ascii(AWS)).getBytes(StandardCharsets.US_ASCII)), Why.MALFORMED_LINK, "aws");
        // And: real exclamation marks are nothing special in bytes
        assertThat(bytes("azure", HexFormat.of().parseHex("0121212121")))
                .isEqualTo(new Links(List.of(Proxied.link("azure:555819297"))));
        assertRefused(bytes("azure", HexFormat.of().parseHex("2121212121")), Why.MALFORMED_LINK, "azure");
    }

    // Both

    @ParameterizedTest
    @CsvSource({
        "01eeff002a, \\u0001!!\\u0000*",
        "01eeff002a, Ae7/ACo=",
        "01c3a9002a, \\u0001\\u00e9\\u0000*",
        "0121ff002a, \\u0001!!\\u0000*",
        "0100000001, \\u0001\\u0000\\u0000\\u0000\\u0001"
    })
    void bytesWithTheirTextAreTheLink(String hex, String escaped) {
        byte[] field = HexFormat.of().parseHex(hex);
        assertThat(both("azure", field, unescape(escaped))).isEqualTo(bytes("azure", field));
    }

    @ParameterizedTest
    @CsvSource({
        "01eeff002a, \\u0001!!\\u0000+",
        "01eeff002a, \\u0001!!\\u0000!",
        "01eeff002a, \\u0001!!\\u0000",
        "01eeff002a, \\u0001!!\\u0000*\\u0000",
        "01eeff002a, Ae7/ACs=",
        "01eeff002a, Ae7/ACo",
        "01eeff002a, 'Ae7/ACo= '",
        "01eeff002a, ''",
        "0100000002, \\u0001\\u0000\\u0000\\u0000\\u0001",
        "0101010101, \\u0001!!!!",
        "010100002a, \\u0001\\u0001!\\u0000*",
        "01c3a9002a, \\u0001\\u00e8\\u0000*"
    })
    void bytesWithAnotherTextAreRefused(String hex, String escaped) {
        assertRefused(
                both("azure", HexFormat.of().parseHex(hex), unescape(escaped)),
                Why.CONTRADICTORY_LINK_METADATA,
                "azure");
    }

    @Test
    void theTextOfBytesInAnotherFormIsNoLink() {
        // Then: the bytes are believed, and what is lost in the text changes nothing of them
        assertRefused(both("azure", HexFormat.of().parseHex("01ff"), "\u0001!"), Why.MALFORMED_LINK, "azure");
        assertRefused(both("gcp", HexFormat.of().parseHex("ffffffffffffff"), "!!!!!!!"), Why.MALFORMED_LINK, "gcp");
    }

    @Test
    void aKeyInOneFormOnlyIsRefusedWhereBothAreThere() {
        assertRefused(
                read(Optional.of(Map.of()), Optional.of(Map.of("aws", AWS))), Why.CONTRADICTORY_LINK_METADATA, "aws");
        assertRefused(
                read(Optional.of(Map.of("aws", ascii(AWS))), Optional.of(Map.of())),
                Why.CONTRADICTORY_LINK_METADATA,
                "aws");
    }

    // Several

    @Test
    void noFieldsAreNoLinks() {
        Links none = new Links(List.of());
        assertThat(LINKS.read(new LinkMetadata.None())).isEqualTo(none);
        assertThat(read(Optional.empty(), Optional.empty())).isEqualTo(none);
        assertThat(read(Optional.of(Map.of()), Optional.of(Map.of()))).isEqualTo(none);
    }

    @Test
    void fieldsThatCarryNoLinkAreNotLookedInto() {
        // Given
        Map<String, String> texts = Map.of("name", "registry!", "aws", AWS);
        // Then
        Links aws = new Links(List.of(Proxied.link("aws:vpce-0a1b2c3d4e5f60718")));
        assertThat(read(Optional.empty(), Optional.of(texts))).isEqualTo(aws);
        assertThat(read(Optional.of(Map.of("name", new byte[] {0}, "aws", ascii(AWS))), Optional.of(texts)))
                .isEqualTo(aws);
        assertThat(read(Optional.of(Map.of("aws", ascii(AWS))), Optional.of(texts)))
                .isEqualTo(aws);
    }

    @Test
    void aKeyThatNoSettingNamesMayCarryALink() {
        assertRefused(text("vpce", AWS), Why.UNLISTED_LINK_METADATA, "vpce");
        assertRefused(bytes("AWS", ascii(AWS)), Why.UNLISTED_LINK_METADATA, "AWS");
        assertRefused(
                read(Optional.of(Map.of("aws", ascii(AWS), "ssl", new byte[0])), Optional.empty()),
                Why.UNLISTED_LINK_METADATA,
                "ssl");
    }

    @Test
    void twoKeysOfOneCloudAreOneTooMany() {
        // Given
        Map<String, String> texts = Map.of("aws", AWS, "aws-too", AWS);
        // Then: though they say the same
        assertRefused(read(Optional.empty(), Optional.of(texts)), Why.DUPLICATE_LINK, "aws-too");
        assertRefused(
                read(Optional.of(Map.of("aws", ascii(AWS), "aws-too", ascii(AWS))), Optional.of(texts)),
                Why.DUPLICATE_LINK,
                "aws-too");
        assertThat(text("aws-too", AWS)).isEqualTo(text("aws", AWS));
    }

    @Test
    void theLinksOfSeveralCloudsAreAllHandedOn() {
        // Given
        Map<String, String> texts = new LinkedHashMap<>();
        texts.put("gcp", "ASNFZ4mrze8=");
        texts.put("aws", AWS);
        texts.put("azure", "Ae7/ACo=");
        // Then: whichever stood first
        assertThat(read(Optional.empty(), Optional.of(texts)))
                .isEqualTo(new Links(Stream.of("aws:vpce-0a1b2c3d4e5f60718", "azure:704708590", "gcp:81985529216486895")
                        .map(Proxied::link)
                        .toList()));
    }

    @Test
    void whatCouldNotBeReadIsNamed() {
        assertRefused(
                LINKS.read(new LinkMetadata.Unreadable("typed metadata of another type")),
                Why.MALFORMED_LINK_METADATA,
                "typed metadata of another type");
    }

    // Of the tests

    @Provide
    Arbitrary<LinkId> links() {
        Arbitrary<LinkId> aws = Arbitraries.strings()
                .withChars("0123456789abcdef")
                .ofMinLength(8)
                .ofMaxLength(17)
                .map(digits -> LinkId.aws("vpce-" + digits).orElseThrow());
        // Half of them with bytes that are likely to be text.
        Arbitrary<Integer> asciis = Arbitraries.integers()
                .between(0, 127)
                .list()
                .ofSize(4)
                .map(bytes -> bytes.stream().reduce(0, (all, next) -> all << 8 | next));
        Arbitrary<LinkId> azure =
                Arbitraries.oneOf(Arbitraries.integers(), asciis).map(LinkId::azure);
        Arbitrary<LinkId> gcp = Arbitraries.oneOf(
                        Arbitraries.longs(),
                        asciis.tuple2().map(pair -> (long) pair.get1() << 32 | Integer.toUnsignedLong(pair.get2())))
                .map(LinkId::gcp);
        return Arbitraries.oneOf(aws, azure, gcp);
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of("aws", "azure", "gcp");
    }

    @Provide
    Arbitrary<String> shortTexts() {
        Arbitrary<String> alphabet =
                Arbitraries.strings().withChars("\u0001\u0000!AQ=/+0\u00e9").ofMaxLength(13);
        return Arbitraries.oneOf(
                alphabet,
                alphabet.map(text -> "\u0001" + text),
                alphabet.map(text -> "A" + text),
                alphabet.map(text -> text + "="));
    }

    /** By other means than the reader's: each byte that Java's decoder refuses is an exclamation mark. */
    private static String asEnvoyWrites(byte[] field) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(field);
        CharBuffer out = CharBuffer.allocate(field.length);
        while (decoder.reset().decode(in, out, true).isError()) {
            in.get();
            out.put('!');
        }
        return out.flip().toString();
    }

    private static String key(Cloud cloud) {
        return switch (cloud) {
            case AWS -> "aws";
            case AZURE -> "azure";
            case GCP -> "gcp";
        };
    }

    private static String unescape(String text) {
        return Pattern.compile("\\\\u([0-9a-f]{4})")
                .matcher(text)
                .replaceAll(found -> String.valueOf((char) HexFormat.fromHexDigits(found.group(1))));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static Outcome text(String key, String text) {
        return read(Optional.empty(), Optional.of(Map.of(key, text)));
    }

    private static Outcome bytes(String key, byte[] bytes) {
        return read(Optional.of(Map.of(key, Arrays.copyOf(bytes, bytes.length))), Optional.empty());
    }

    private static Outcome both(String key, byte[] bytes, String text) {
        return read(Optional.of(Map.of(key, bytes)), Optional.of(Map.of(key, text)));
    }

    private static Outcome read(Optional<Map<String, byte[]>> bytes, Optional<Map<String, String>> texts) {
        return LINKS.read(new LinkMetadata.Fields(bytes, texts));
    }

    private static void assertRefused(Outcome outcome, Why why, String what) {
        assertThat(outcome).isEqualTo(new Refused(why, new Hop(what, By.METADATA, Finding.NOT_A_LINK)));
    }
}
