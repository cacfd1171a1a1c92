package dev.postern.audit.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.audit.Events;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same facts under the names of common schemas. */
class FormsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AuditForm IBM = new IbmForm("registry.example.com", "us-south");
    private static final List<AuditForm> FORMS = List.of(
            AuditForm.POSTERN,
            new EcsForm(),
            new OcsfForm(),
            IBM,
            new SyslogForm(AuditForm.POSTERN, "host", 1),
            new OtlpForm(AuditForm.POSTERN));

    @Test
    void eachEventIsOneLineOfPrintableAsciiInEachForm() {
        for (AuditEvent event : Events.all().values()) {
            for (AuditForm form : FORMS) {
                String line = text(form.line(event));
                assertThat(line).endsWith("\n");
                assertThat(line.substring(0, line.length() - 1).chars().allMatch(c -> c >= 0x20 && c < 0x7f))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a grant                      | success | allowed | granted              | 203.0.113.10     | service-id:acme/bot",
                "a grant of nothing           | failure | denied  | not-permitted        | 203.0.113.10     | user:acme/alice",
                "a refusal for want of a rule | failure | denied  | address-not-listed   | 192.0.2.50       | user:acme/alice",
                "a refusal by a rule          | failure | denied  | address-denied       | 203.0.113.66     | service-id:acme/bot",
                "what would be refused        | success | allowed | granted              | 192.0.2.50       | -",
                "by a private endpoint        | success | allowed | granted              | 166.9.20.31      | service-id:acme/bot",
                "by a link                    | success | allowed | granted              | 10.8.0.7         | service-id:acme/bot",
                "from an unknown source       | failure | denied  | source-unknown       | -                | -",
                "wrong credentials            | failure | denied  | bad-credentials      | 203.0.113.10     | -",
                "without a policy             | failure | denied  | unavailable          | 192.0.2.50       | -",
                "a passage by another's token | success | allowed | granted              | 203.0.113.10     | -",
            })
    void ecsHasTheFacts(String name, String outcome, String type, String reason, String ip, String user)
            throws Exception {
        // When
        JsonNode event = read(new EcsForm(), name);
        // Then
        assertThat(event.at("/event/outcome").textValue()).isEqualTo(outcome);
        assertThat(event.at("/event/type")).hasToString("[\"access\",\"" + type + "\"]");
        assertThat(event.at("/event/reason").textValue()).isEqualTo(reason);
        assertThat(event.at("/event/id").textValue()).isEqualTo("0123456789abcdef");
        assertThat(event.at("/@timestamp").textValue()).isEqualTo("2026-06-01T12:00:00.123Z");
        assertThat(event.at("/source/ip").textValue()).isEqualTo(ip);
        assertThat(event.at("/user/id").textValue()).isEqualTo(user);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a grant                      | 600301 | 1 | 1 | granted            | 203.0.113.10",
                "a refusal for want of a rule | 600301 | 2 | 2 | address-not-listed | 192.0.2.50",
                "a grant of nothing           | 600301 | 2 | 2 | not-permitted      | 203.0.113.10",
                "a passage by a token         | 600399 | 1 | 1 | granted            | 203.0.113.10",
                "a passage by the source      | 600399 | 2 | 2 | address-not-listed | 192.0.2.50",
                "from an unknown source       | 600301 | 2 | 2 | source-unknown     | -",
            })
    void ocsfHasTheFacts(String name, int type, int status, int action, String reason, String ip) throws Exception {
        // When
        JsonNode event = read(new OcsfForm(), name);
        // Then
        assertThat(event.at("/class_uid").intValue()).isEqualTo(6003);
        assertThat(event.at("/type_uid").intValue()).isEqualTo(type);
        assertThat(event.at("/status_id").intValue()).isEqualTo(status);
        assertThat(event.at("/action_id").intValue()).isEqualTo(action);
        assertThat(event.at("/status_code").textValue()).isEqualTo(reason);
        assertThat(event.at("/src_endpoint/ip").textValue()).isEqualTo(ip);
        assertThat(event.at("/time").longValue()).isEqualTo(Events.NOW.toEpochMilli());
        assertThat(event.at("/metadata/uid").textValue()).isEqualTo("0123456789abcdef");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "a grant                      | success | 200 | Permit | true  | 203.0.113.10",
                "a refusal for want of a rule | failure | 403 | Deny   | true  | 192.0.2.50",
                "what would be refused        | success | 200 | Deny   | false | 192.0.2.50",
                "wrong credentials            | failure | 401 | Deny   | true  | 203.0.113.10",
                "too many wrong ones          | failure | 429 | Deny   | true  | 203.0.113.10",
                "without a policy             | failure | 503 | Deny   | true  | 192.0.2.50",
                "from an unknown source       | failure | 403 | Deny   | true  | -",
            })
    void ibmHasTheFacts(String name, String outcome, int code, String decision, boolean enforced, String ip)
            throws Exception {
        // When
        JsonNode event = read(IBM, name);
        // Then
        assertThat(event.at("/outcome").textValue()).isEqualTo(outcome);
        assertThat(event.at("/reason/reasonCode").intValue()).isEqualTo(code);
        assertThat(event.at("/responseData/decision").textValue()).isEqualTo(decision);
        assertThat(event.at("/responseData/isEnforced").booleanValue()).isEqualTo(enforced);
        assertThat(event.at("/initiator/host/address").textValue()).isEqualTo(ip);
        assertThat(event.at("/correlationId").textValue()).isEqualTo("0123456789abcdef");
    }

    @Test
    void theRuleThatDecidedStandsInEachWithItsPlace() throws Exception {
        assertThat(read(new EcsForm(), "a refusal by a rule")
                        .at("/rule/reference")
                        .textValue())
                .isEqualTo("policy.yaml:9:11");
        assertThat(read(new OcsfForm(), "a refusal by a rule").at("/policy/uid").textValue())
                .isEqualTo("policy.yaml:9:11");
        assertThat(read(IBM, "a refusal by a rule").at("/responseData/rule/at").textValue())
                .isEqualTo("policy.yaml:9:11");
    }

    @Test
    void whomAnotherTokenServiceNamesIsNobodyOfOurs() throws Exception {
        assertThat(read(IBM, "a passage by another's token").at("/initiator/id").textValue())
                .isEqualTo("issuer:hub/service-id:acme/bot");
        assertThat(read(AuditForm.POSTERN, "a passage by another's token").has("subject"))
                .isFalse();
    }

    @Test
    void aSyslogLineHasTheHeaderOfItsStandard() {
        // When
        String refused = text(new SyslogForm(AuditForm.POSTERN, "a host\n", 42)
                .line(Events.all().get("IPv6")));
        String granted =
                text(new SyslogForm(AuditForm.POSTERN, "", 42).line(Events.all().get("a login")));
        // Then: 13 is "log audit"; a warning, and information
        assertThat(refused).startsWith("<108>1 2026-06-01T12:00:00.123Z ahost postern 42 decision - {\"time\"");
        assertThat(granted).startsWith("<110>1 2026-06-01T12:00:00.123Z - postern 42 decision - {\"time\"");
    }

    @Test
    void aLogRecordHasTheTimeAsATextAndTheEventAsItsBody() throws Exception {
        // When
        JsonNode record = read(new OtlpForm(AuditForm.POSTERN), "a refusal by a rule");
        // Then
        assertThat(record.at("/timeUnixNano").textValue()).isEqualTo(Events.NOW.toEpochMilli() + "000000");
        assertThat(record.at("/severityText").textValue()).isEqualTo("WARN");
        assertThat(JSON.readTree(record.at("/body/stringValue").textValue())
                        .get("reason")
                        .textValue())
                .isEqualTo("address-denied");
        assertThat(record.at("/attributes").toString()).contains("postern.reason", "address-denied");
    }

    private static JsonNode read(AuditForm form, String name) throws Exception {
        AuditEvent event = Events.all().get(name);
        assertThat(event).as(name).isNotNull();
        return JSON.readTree(form.line(event));
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.US_ASCII);
    }
}
