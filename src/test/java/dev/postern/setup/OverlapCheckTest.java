package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.source.SourceSettings;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rule that admits a trusted proxy's own address is warned of, and no other. */
class OverlapCheckTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow: [{ address: 10.0.1.7 }]",
                "allow: [{ address: 10.0.0.0/8 }]",
                "allow: [{ address: 10.0.0.0-10.0.1.0 }]",
                "allow: [{ zone: proxies }]"
            })
    void a_rule_that_admits_a_proxy_is_warned_of(String network) {
        assertThat(warnings(network))
                .singleElement()
                .asString()
                .startsWith("acme.yaml:2:")
                .contains(" admits 10.0.1.0/24 of postern.source.trusted-proxies");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "allow: [{ address: 10.0.0.255 }]",
                "allow: [{ address: 10.0.2.0/24 }]",
                "deny: [{ address: 10.0.1.7 }]",
                "allow: [{ zone: others }]"
            })
    void a_rule_that_does_not_is_not(String network) {
        assertThat(warnings(network)).isEmpty();
    }

    @Test
    void a_hundred_are_told_and_the_others_counted() {
        // Given
        String rules = IntStream.range(0, 250)
                .mapToObj(i -> "{ address: 10.0.1." + i + " }")
                .collect(Collectors.joining(", "));

        // Then
        assertThat(warnings("allow: [" + rules + "]"))
                .hasSize(101)
                .last()
                .isEqualTo("warning: and 150 more rules that admit a trusted proxy");
    }

    private static List<String> warnings(String network) {
        String text = "zones: { proxies: { addresses: [10.0.0.0/16], except: [10.0.1.0/25] }, others: { addresses:"
                + " [10.0.0.0/16], except: [10.0.1.0/24] } }\naccounts: { acme: { network: { " + network + " } } }";
        Compiled compiled = (Compiled) new PolicyCompiler(Set.of()).compile(List.of(new Document("acme.yaml", text)));
        AddressRange proxies = new AddressRange(
                Address.parse("10.0.1.0").orElseThrow(),
                Address.parse("10.0.1.255").orElseThrow());
        return OverlapCheck.run(
                compiled.policy(), new SourceSettings(List.of(proxies), ForwardingHeader.NONE, List.of()));
    }
}
