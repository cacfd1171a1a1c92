package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.address.LinkId.Cloud;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ids of private links: their text, and the numbers behind it. */
class LinkIdTest {

    @ParameterizedTest
    @CsvSource({
        "aws:vpce-0a1b2c3d4e5f60718, AWS, vpce-0a1b2c3d4e5f60718",
        "aws:vpce-01234567, AWS, vpce-01234567",
        "aws:vpce-ffffffffffffffff, AWS, vpce-ffffffffffffffff",
        "azure:0, AZURE, 0",
        "azure:16843009, AZURE, 16843009",
        "azure:2147483648, AZURE, 2147483648",
        "azure:4294967295, AZURE, 4294967295",
        "gcp:0, GCP, 0",
        "gcp:81985529216486895, GCP, 81985529216486895",
        "gcp:9223372036854775808, GCP, 9223372036854775808",
        "gcp:18446744073709551615, GCP, 18446744073709551615"
    })
    void aLinkIdIsACloudAndAValueOfItsForm(String text, Cloud cloud, String value) {
        // When
        LinkId link = LinkId.parse(text).orElseThrow();
        // Then
        assertThat(link).isEqualTo(new LinkId(cloud, value)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "aws",
                "aws:",
                "azure:",
                "gcp:",
                "vpce-0a1b2c3d4e5f60718",
                "aws:vpce-",
                "aws:vpce-0123456",
                "aws:vpce-0a1b2c3d4e5f607189",
                "aws:vpce-0A1B2C3D4E5F60718",
                "aws:vpce-0a1b2c3d4e5f6071g",
                "aws:vpc-0a1b2c3d4e5f60718",
                "aws:vpce_0a1b2c3d4e5f60718",
                "aws:vpce-0a1b2c3d4e5f60718\n",
                "aws:vpce-0a1b2c3d4e5f60718 ",
                "aws: vpce-0a1b2c3d4e5f60718",
                " aws:vpce-0a1b2c3d4e5f60718",
                "AWS:vpce-0a1b2c3d4e5f60718",
                "Aws:vpce-0a1b2c3d4e5f60718",
                "aws::vpce-0a1b2c3d4e5f60718",
                "aws:azure:1",
                "aws:16843009",
                "aws:vpce-*",
                "aws:vpce-0a1b2c3d4e5f60718,vpce-0a1b2c3d4e5f60719",
                "azure:4294967296",
                "azure:9999999999",
                "azure:10000000000",
                "azure:-1",
                "azure:+1",
                "azure:01",
                "azure:00",
                "azure:0x2a",
                "azure:1.0",
                "azure: 1",
                "azure:1 ",
                "azure:\u0661",
                "azure:vpce-0a1b2c3d4e5f60718",
                "gcp:18446744073709551616",
                "gcp:99999999999999999999",
                "gcp:100000000000000000000",
                "gcp:-1",
                "gcp:007",
                "gcp:1e3",
                "gcp:1/24",
                "gcp:\uff11",
                "google:1",
                "ibm:1",
                "10.8.0.0/24",
                "us-south"
            })
    void anythingElseIsNoLinkId(String text) {
        assertThat(LinkId.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"vpce-", "1", "vpce-0a1b2c3d4e5f6071899999999999999999999999999999999999999999999999999999"})
    void awsHasItsOwnForm(String text) {
        assertThat(LinkId.aws(text)).isEmpty();
        assertThatThrownBy(() -> new LinkId(Cloud.AWS, text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a link id of AWS");
    }

    @Test
    void anAwsIdIsItsText() {
        assertThat(LinkId.aws("vpce-0a1b2c3d4e5f60718"))
                .contains(new LinkId(Cloud.AWS, "vpce-0a1b2c3d4e5f60718"))
                .hasValueSatisfying(link -> assertThat(link).hasToString("aws:vpce-0a1b2c3d4e5f60718"));
    }

    @Test
    void theSameNumberOfTwoCloudsIsTwoLinks() {
        assertThat(LinkId.azure(7)).isNotEqualTo(LinkId.gcp(7));
        assertThat(LinkId.azure(7)).isEqualTo(LinkId.parse("azure:7").orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({
        "0, azure:0, gcp:0",
        "1, azure:1, gcp:1",
        "2147483647, azure:2147483647, gcp:2147483647",
        "-2147483648, azure:2147483648, gcp:18446744071562067968",
        "-1, azure:4294967295, gcp:18446744073709551615"
    })
    void numbersAreUnsigned(int bits, String azure, String gcp) {
        assertThat(LinkId.azure(bits)).hasToString(azure);
        assertThat(LinkId.gcp(bits)).hasToString(gcp);
    }

    @Property
    void printingAndParsingAreInverse(@ForAll("links") LinkId link) {
        assertThat(LinkId.parse(link.toString())).contains(link);
    }

    @Property
    void whatIsReadPrintsAsItWasWritten(@ForAll("texts") String text) {
        LinkId.parse(text).ifPresent(link -> assertThat(link).hasToString(text));
    }

    @Property
    void aNumberIsReadUpToItsWidthAndNoFurther(@ForAll("numbers") BigInteger number) {
        assertThat(LinkId.parse("azure:" + number).isPresent())
                .isEqualTo(number.signum() >= 0 && number.bitLength() <= 32);
        assertThat(LinkId.parse("gcp:" + number).isPresent())
                .isEqualTo(number.signum() >= 0 && number.bitLength() <= 64);
    }

    @Provide
    Arbitrary<LinkId> links() {
        return Arbitraries.oneOf(
                Arbitraries.integers().map(LinkId::azure),
                Arbitraries.longs().map(LinkId::gcp),
                Arbitraries.strings()
                        .withChars("0123456789abcdef")
                        .ofMinLength(8)
                        .ofMaxLength(17)
                        .map(digits -> LinkId.aws("vpce-" + digits).orElseThrow()));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("aws:", "azure:", "gcp:", "aws:vpce-", "")
                .flatMap(prefix -> Arbitraries.strings()
                        .withChars("0123456789abcdef-: ")
                        .ofMaxLength(22)
                        .map(rest -> prefix + rest));
    }

    @Provide
    Arbitrary<BigInteger> numbers() {
        BigInteger two32 = BigInteger.ONE.shiftLeft(32);
        BigInteger two64 = BigInteger.ONE.shiftLeft(64);
        Arbitrary<BigInteger> near = Arbitraries.integers()
                .between(-3, 3)
                .flatMap(off ->
                        Arbitraries.of(BigInteger.ZERO, two32, two64).map(edge -> edge.add(BigInteger.valueOf(off))));
        return Arbitraries.oneOf(
                near,
                Arbitraries.bigIntegers().between(two64.negate(), two64.shiftLeft(3)),
                Arbitraries.longs().map(BigInteger::valueOf));
    }
}
