package dev.postern.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.policy.NetworkSection;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenSpaceTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static AddressSet open(String enterprise, String network) {
        String text = enterprise + "accounts:\n  acme:\n    network: " + network + "\n";
        Policy policy =
                ((Compiled) new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", text)))).policy();
        NetworkSection section = NetworkSection.of(policy)
                .filter(known -> known.account().isPresent())
                .findFirst()
                .orElseThrow();
        return OpenSpace.of(policy, section, NOW);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{allow: [{address: 203.0.113.0/24}]}                                              | [203.0.113.0/24]",
                "{allow: [{address: 203.0.113.0/24}], deny: [{address: 203.0.113.0/25}]}           |"
                        + " [203.0.113.128/25]",
                "{allow: []}                                                                       | []",
                "{allow: [{address: 203.0.113.0/24}], public-access: disabled}                     | []",
                "{allow: [{address: 203.0.113.7, until: 2026-01-01T00:00:00Z}, {address: 192.0.2.1}]} | [192.0.2.1]",
                "{allow: [{address: 203.0.113.7, enforcement: report}, {address: 192.0.2.1}]}      | [192.0.2.1]",
                "{enforcement: report, allow: [{address: 203.0.113.0/24}]}                         | [0.0.0.0/0, ::/0]",
                "{deny: [{address: 0.0.0.0/1}, {address: \"::/0\"}]}                               | [128.0.0.0/1]"
            })
    void it_is_what_the_rules_admit_now(String network, String expected) {
        assertThat(open("", network).ranges()).hasToString(expected);
    }

    @Test
    void the_ceiling_lies_over_it() {
        assertThat(open(
                                "enterprise: {network: {allow: [{address: 203.0.113.64/26}]}}\n",
                                "{allow: [{address: 203.0.113.0/24}, {address: 192.0.2.1}]}")
                        .ranges())
                .hasToString("[203.0.113.64/26]");
    }

    @Test
    void the_parts_of_a_block_add_up() {
        // Given
        AddressSet open =
                open("", "{allow: [{address: 203.0.112.0/23}, {address: 203.0.200.7}, {address: 10.0.0.0/8}]}");
        AddressRange everything = AddressRange.EVERYTHING.getFirst();
        AddressRange block = ((AddressRange.Parsed) AddressRange.parse("203.0.0.0/16")).range();

        // When
        long[] world = OpenSpace.parts(open, everything);
        long[] parts = OpenSpace.parts(open, block);

        // Then
        assertThat(world[10]).isEqualTo(1L << 24);
        assertThat(world[203]).isEqualTo(513);
        assertThat(world[11]).isZero();
        assertThat(parts[112]).isEqualTo(256);
        assertThat(parts[113]).isEqualTo(256);
        assertThat(parts[114]).isZero();
        assertThat(parts[200]).isEqualTo(1);
    }
}
