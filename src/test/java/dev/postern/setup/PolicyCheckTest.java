package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.Feeds;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code postern policy check} says what a server would say of a policy. */
class PolicyCheckTest {

    @TempDir
    Path directory;

    @Test
    void a_broken_invariant_makes_a_policy_unusable_and_names_the_rule_at_fault() throws IOException {
        // When
        PolicyCheck.Result result = check("""
                accounts:
                  acme:
                    network:
                      allow: [{ address: 203.0.113.0/24 }]
                      deny: [{ address: 203.0.113.8/29 }]
                      must-admit: [203.0.113.10]
                """);
        // Then
        assertThat(result)
                .isInstanceOfSatisfying(
                        PolicyCheck.Unusable.class,
                        unusable -> assertThat(unusable.why())
                                .isEqualTo(directory.resolve("acme.yaml") + ":6:20: error: must-admit 203.0.113.10 is"
                                        + " broken: denied by address 203.0.113.8/29 ("
                                        + directory.resolve("acme.yaml") + ":5:14)"));
    }

    @Test
    void an_invariant_that_the_region_decides_is_held_against_this_region() throws IOException {
        // Given
        String policy = """
                accounts:
                  acme:
                    namespaces: [acme]
                    network: { must-admit: [{ address: 203.0.113.10, identity: service-id:bot, scope: "repository:acme/app:pull" }] }
                    service-ids: { bot: {} }
                    bindings: [{ subjects: [service-id:bot], roles: [Reader], region: %s }]
                """;
        // Then
        assertThat(check(policy.formatted("us-south"))).isInstanceOf(PolicyCheck.Usable.class);
        assertThat(check(policy.formatted("eu-de"))).isInstanceOf(PolicyCheck.Unusable.class);
    }

    @Test
    void an_invariant_of_an_endpoint_is_held_against_its_addresses() throws IOException {
        // Given
        String policy = """
                accounts:
                  acme:
                    network:
                      allow: [{ address: %s }]
                      must-admit: [{ private-endpoint: us }]
                """;
        // Then
        assertThat(check(policy.formatted("166.9.12.0/24"))).isInstanceOf(PolicyCheck.Usable.class);
        assertThat(check(policy.formatted("166.9.12.0/30"))).isInstanceOf(PolicyCheck.Unusable.class);
    }

    @Test
    void an_invariant_that_will_be_broken_leaves_the_policy_usable_and_is_told() throws IOException {
        // When
        PolicyCheck.Result result = check("""
                accounts:
                  acme:
                    network:
                      allow: [{ address: 203.0.113.10, until: 2999-01-01T00:00:00Z }]
                      must-admit: [203.0.113.10]
                """);
        // Then
        assertThat(result)
                .isInstanceOfSatisfying(
                        PolicyCheck.Usable.class,
                        usable -> assertThat(usable.warnings())
                                .singleElement()
                                .asString()
                                .contains("warning: must-admit 203.0.113.10 will be broken from 2999-01-01T00:00:00Z"));
    }

    private PolicyCheck.Result check(String policy) throws IOException {
        Files.writeString(directory.resolve("acme.yaml"), policy);
        PosternConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of(
                                "postern.region",
                                "us-south",
                                "postern.private-endpoints.us.translated-addresses",
                                "166.9.12.0/28"),
                        "test",
                        100))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
        return PolicyCheck.run(config, Optional.of(directory.toString()), Feeds.Tolerance.NOWHERE);
    }
}
