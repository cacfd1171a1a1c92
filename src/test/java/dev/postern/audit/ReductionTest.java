package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.address.Address;
import dev.postern.audit.AuditEvent.Form;
import dev.postern.audit.form.EcsForm;
import dev.postern.audit.form.IbmForm;
import dev.postern.audit.form.OcsfForm;
import dev.postern.audit.form.OtlpForm;
import dev.postern.audit.form.SyslogForm;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What is made less of, is so in every form and in every field. */
class ReductionTest {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final Pseudonyms PSEUDONYMS = new Pseudonyms(KEY);

    /** Those of the events: of callers, of proxies on the way, and in what callers wrote. */
    private static final List<String> ADDRESSES = List.of(
            "203.0.113.10",
            "203.0.113.66",
            "203.0.113.9",
            "192.0.2.50",
            "2001:db8:1:2::7",
            "166.9.20.31",
            "10.8.0.7",
            "10.0.0.1");

    private static final List<AuditForm> FORMS = List.of(
            AuditForm.POSTERN,
            new EcsForm(),
            new OcsfForm(),
            new IbmForm("registry.example.com", "us-south"),
            new SyslogForm(AuditForm.POSTERN, "host", 1),
            new OtlpForm(new EcsForm()));

    @ParameterizedTest
    @EnumSource(value = Form.class, mode = Mode.EXCLUDE, names = "FULL")
    void noAddressIsLeftInAnyFormOfAnyEvent(Form form) {
        // Given
        Reduction reduction = new Reduction(form, Form.FULL, PSEUDONYMS);
        for (Map.Entry<String, AuditEvent> event : Events.all().entrySet()) {
            for (AuditForm written : FORMS) {
                // When
                String line = text(written.line(reduction.apply(event.getValue())));
                // Then
                for (String address : ADDRESSES) {
                    assertThat(line).as(event.getKey()).doesNotContain("'" + address + "'", "\"" + address + "\"");
                    assertThat(line.replace("203.0.113.0/24", ""))
                            .as(event.getKey())
                            .doesNotContainPattern("(?<![0-9.])" + address.replace(".", "\\.") + "(?![0-9.])");
                }
            }
        }
    }

    @Test
    void theseEventsDoHaveThem() {
        String all = Events.all().values().stream().map(AuditJson::write).reduce("", String::concat);
        assertThat(ADDRESSES).allSatisfy(address -> assertThat(all).contains(address));
    }

    @Test
    void aTruncatedEventNamesNetworksAndSaysSo() throws Exception {
        // When
        JsonNode event = reduced("a refusal by a rule", Form.TRUNCATED, Form.FULL);
        // Then
        assertThat(event.at("/source/address").textValue()).isEqualTo("203.0.113.0");
        assertThat(event.at("/source/evidence/0/address").textValue()).isEqualTo("10.0.0.0");
        assertThat(event.at("/message").textValue()).startsWith("client with IP '203.0.113.0' is not allowed access.");
        assertThat(event.at("/rule/finding").textValue()).isEqualTo("denied by address 203.0.113.0");
        assertThat(event.at("/rule/at").textValue()).isEqualTo("policy.yaml:9:11");
        assertThat(event.at("/addresses").textValue()).isEqualTo("truncated");
        assertThat(event.has("subjects")).isFalse();
    }

    @Test
    void anIpv6AddressKeepsFortyEightBits() throws Exception {
        assertThat(reduced("IPv6", Form.TRUNCATED, Form.FULL)
                        .at("/source/address")
                        .textValue())
                .isEqualTo("2001:db8:1::");
    }

    @Test
    void aPseudonymIsTheSameForTheSameKeyAndOfNobodysBlock() throws Exception {
        // When
        String once =
                reduced("a grant", Form.HASHED, Form.FULL).at("/source/address").textValue();
        String again =
                reduced("a login", Form.HASHED, Form.FULL).at("/source/address").textValue();
        String another = reduced("a refusal by a rule", Form.HASHED, Form.FULL)
                .at("/source/address")
                .textValue();
        // Then
        assertThat(once).isEqualTo(again).isNotEqualTo(another).startsWith("100::");
        assertThat(new Pseudonyms(new byte[32]).of(Address.parse("203.0.113.10").orElseThrow()))
                .isNotEqualTo(once);
    }

    @Test
    void aPersonsNameIsHashedWhereverItStandsAndAServiceIdsIsNot() throws Exception {
        // When
        JsonNode alice = reduced("a login", Form.FULL, Form.HASHED);
        JsonNode bot = reduced("a grant", Form.FULL, Form.HASHED);
        JsonNode presented = reduced("a wrong token", Form.FULL, Form.HASHED);
        JsonNode foreign = reduced("a passage by another's token", Form.FULL, Form.HASHED);
        // Then
        assertThat(alice.toString()).doesNotContain("alice");
        assertThat(alice.at("/subject").textValue()).matches("user:acme/h-[0-9a-f]{16}");
        assertThat(alice.at("/client/account").textValue()).matches("h-[0-9a-f]{16}");
        assertThat(alice.at("/subjects").textValue()).isEqualTo("hashed");
        assertThat(foreign.at("/presented").textValue()).matches("h-[0-9a-f]{16}");
        assertThat(bot.at("/subject").textValue()).isEqualTo("service-id:acme/bot");
        assertThat(presented.at("/presented").textValue()).matches("h-[0-9a-f]{16}");
    }

    @Test
    void nothingIsReducedUnasked() {
        AuditEvent event = Events.all().get("a grant");
        assertThat(Reduction.NONE.apply(event)).isSameAs(event);
    }

    @Test
    void aNameIsNotTruncated() {
        assertThatThrownBy(() -> new Reduction(Form.FULL, Form.TRUNCATED, PSEUDONYMS))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theKeyIsInNoText() {
        assertThat(PSEUDONYMS).hasToString("Pseudonyms");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "denied by address 203.0.113.66 | denied by address 203.0.113.0",
                "allowed by address 203.0.113.0/24 | allowed by address 203.0.113.0/24",
                "allowed by address 203.0.0.0/16 | allowed by address 203.0.0.0/16",
                "allowed by address 203.0.113.64/26 | allowed by address 203.0.113.0",
                "allowed by address 2001:db8:1::/48 | allowed by address 2001:db8:1::/48",
                "allowed by address 2001:db8:1:2::/64 | allowed by address 2001:db8:1::",
                "198.51.100.7-198.51.100.30 | 198.51.100.0-198.51.100.0",
                "address:203.0.113.9 | address:203.0.113.0",
                "range:203.0.113.9/32 | range:203.0.113.0",
                "endpoint:us-south/166.9.12.227 | endpoint:us-south/166.9.12.0",
                "link:aws:vpce-0a1b/10.8.0.7 | link:aws:vpce-0a1b/10.8.0.0",
                "from 203.0.113.9. | from 203.0.113.0.",
                "203.0.113.9:443 | 203.0.113.0:443",
                "no rule allows it, and the default is deny | no rule allows it, and the default is deny",
                "service-id:acme/bot | service-id:acme/bot",
                "1.2.3 and 4:5 | 1.2.3 and 4:5"
            })
    void addressesInTextsAreFound(String text, String expected) {
        assertThat(new AddressTexts(AddressTexts::truncate).reduce(text)).isEqualTo(expected);
    }

    @Test
    void whatACallerWroteCannotMakeItSlow() {
        // Given
        String hostile = "1:".repeat(8_000) + "203.0.113.9." + ".".repeat(8_000);
        // When
        String reduced = new AddressTexts(AddressTexts::truncate).reduce(hostile);
        // Then
        assertThat(reduced).hasSizeGreaterThan(10_000);
    }

    private static JsonNode reduced(String name, Form addresses, Form subjects) throws Exception {
        AuditEvent event = Events.all().get(name);
        assertThat(event).isNotNull();
        return new ObjectMapper()
                .readTree(AuditJson.write(new Reduction(addresses, subjects, PSEUDONYMS).apply(event)));
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.US_ASCII);
    }
}
