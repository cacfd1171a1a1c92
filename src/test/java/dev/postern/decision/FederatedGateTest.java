package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.identity.federation.Federation;
import dev.postern.identity.federation.IssuerRules;
import dev.postern.identity.federation.SaidClaims;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.source.Source.PublicSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A policy that changed between the moment that somebody was known and the decision: nobody passes by what is gone. */
class FederatedGateTest {

    private static final String ENTRY = "{ issuer: github, claims: { sub: bot } }";
    private static final Gate GATE = new Gate("local", Optional.empty());

    @Test
    void an_entry_that_stayed_admits() {
        assertThat(decide(policy(ENTRY), knownBy(policy(ENTRY))).reason()).isEqualTo(Reason.GRANTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ issuer: github, claims: { sub: bot, ref: main } }",
                "{ issuer: github, claims: { sub: another } }",
                "{ issuer: cluster, claims: { sub: bot } }"
            })
    void an_entry_that_changed_does_not(String changed) {
        assertThat(decide(policy(changed), knownBy(policy(ENTRY))).reason()).isEqualTo(Reason.BAD_CREDENTIALS);
    }

    @Test
    void an_entry_that_is_gone_does_not() {
        // Given
        Policy gone = compile("accounts: { acme: {} }");

        // Then
        assertThat(decide(gone, knownBy(policy(ENTRY))).reason()).isEqualTo(Reason.BAD_CREDENTIALS);
    }

    @Test
    void an_account_that_is_gone_does_not() {
        // Given
        Policy gone = compile("accounts: { other: {} }");

        // Then
        assertThat(decide(gone, knownBy(policy(ENTRY))).reason()).isEqualTo(Reason.BAD_CREDENTIALS);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.9, GRANTED", "192.0.2.1, ADDRESS_NOT_LISTED"})
    void the_rules_of_the_policy_of_this_moment_hold(String address, Reason reason) {
        // Given
        Policy narrowed =
                policy("{ issuer: github, claims: { sub: bot }, network: { allow: [{ address: 203.0.113.0/24 }] } }");

        // Then
        assertThat(decide(narrowed, knownBy(policy(ENTRY)), address).reason()).isEqualTo(reason);
    }

    private static Decision decide(Policy policy, Identity identity) {
        return decide(policy, identity, "203.0.113.9");
    }

    private static Decision decide(Policy policy, Identity identity, String address) {
        return GATE.decide(
                policy,
                new AccessRequest(
                        new PublicSource(Address.parse(address).orElseThrow(), List.of()),
                        new Authentication.Authenticated(identity),
                        List.of()),
                Instant.EPOCH);
    }

    private static Identity knownBy(Policy policy) {
        return switch (Federation.find(
                policy,
                IssuerRules.of("github"),
                new SaidClaims(Map.of("sub", new Text("bot"))),
                "oidc:github",
                Optional.empty())) {
            case Federation.Found found -> found.identity();
            case Federation.Nobody nobody -> throw new AssertionError(nobody.why());
        };
    }

    private static Policy policy(String entry) {
        return compile("accounts: { acme: { federated: { ci: " + entry + " } } }");
    }

    private static Policy compile(String text) {
        return ((Compiled) new PolicyCompiler(new KnownEndpoints(Set.of(), Set.of(), Set.of("github", "cluster")))
                        .compile(List.of(new Document("policy.yaml", text))))
                .policy();
    }
}
