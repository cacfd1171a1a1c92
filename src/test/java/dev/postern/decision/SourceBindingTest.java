package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.decision.SourceBinding.Width;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Subject;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** To what a token is bound, and from where it may be used then. */
class SourceBindingTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final Subject BOT = new Subject(Subject.Kind.SERVICE_ID, "acme", "bot");
    private static final Policy POLICY = policy("203.0.113.0/24");

    private static Policy policy(String office) {
        String text = """
                zones:
                  office: { addresses: [%s] }
                accounts:
                  acme:
                    service-ids: { bot: {} }
                    network: { allow: [{ zone: office }, { address: 198.51.100.0/25 }, { private-endpoint: us-south }] }
                """.formatted(office);
        return ((PolicyCompiler.Compiled) new PolicyCompiler(Set.of("us-south"))
                        .compile(List.of(new PolicyCompiler.Document("policy.yaml", text))))
                .policy();
    }

    @ParameterizedTest
    @CsvSource({
        "OFF, 203.0.113.9, ",
        "ADDRESS, 203.0.113.9, address:203.0.113.9",
        "ADDRESS, 2001:db8::1, address:2001:db8::1",
        "NETWORK, 203.0.113.9, zone:office",
        "NETWORK, 198.51.100.7, range:198.51.100.0/25",
        // No rule names a network of it
        "NETWORK, 192.0.2.1, address:192.0.2.1",
    })
    void aPublicSourceIsBoundTo(Width width, String address, String expected) {
        assertThat(SourceBinding.of(width, POLICY, BOT, from(address), NOW)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void aPrivateSourceIsBoundToItsEndpointOrLink() {
        assertThat(SourceBinding.of(Width.ADDRESS, POLICY, BOT, by("us-south", "166.9.12.227"), NOW))
                .contains("endpoint:us-south/166.9.12.227");
        assertThat(SourceBinding.of(Width.ADDRESS, POLICY, BOT, linked("10.8.0.7"), NOW))
                .contains("link:aws:vpce-0a1b2c3d4e5f60718/10.8.0.7");
        assertThat(SourceBinding.of(Width.NETWORK, POLICY, BOT, linked("10.8.0.7"), NOW))
                .contains("endpoint:us-south");
    }

    @Test
    void anAnonymousCallerIsBoundToItsAddress() {
        assertThat(SourceBinding.of(Width.NETWORK, POLICY, Subject.ANONYMOUS, from("203.0.113.9"), NOW))
                .contains("address:203.0.113.9");
    }

    @ParameterizedTest
    @CsvSource({
        "address:203.0.113.9, 203.0.113.9, true",
        "address:203.0.113.9, 203.0.113.10, false",
        "address:203.0.113.90, 203.0.113.9, false",
        "zone:office, 203.0.113.10, true",
        "zone:office, 203.0.114.10, false",
        "zone:nowhere, 203.0.113.10, false",
        "range:198.51.100.0/25, 198.51.100.127, true",
        "range:198.51.100.0/25, 198.51.100.128, false",
        "range:nonsense, 198.51.100.1, false",
        "endpoint:us-south, 203.0.113.9, false",
        "endpoint:us-south/203.0.113.9, 203.0.113.9, false",
        "'', 203.0.113.9, false",
        "203.0.113.9, 203.0.113.9, false",
        "anything, 203.0.113.9, false",
    })
    void aTokenIsTakenFromThePublicSource(String boundTo, String address, boolean taken) {
        assertThat(SourceBinding.admits(boundTo, POLICY, from(address))).isEqualTo(taken);
    }

    @ParameterizedTest
    @CsvSource({
        "endpoint:us-south/166.9.12.227, true",
        "endpoint:us-south, true",
        "endpoint:us-south/166.9.12.228, false",
        "endpoint:us, false",
        "endpoint:eu-de, false",
        "address:166.9.12.227, false",
        "range:166.9.0.0/16, false",
        "zone:office, false",
    })
    void aTokenIsTakenFromThePrivateSource(String boundTo, boolean taken) {
        assertThat(SourceBinding.admits(boundTo, POLICY, by("us-south", "166.9.12.227")))
                .isEqualTo(taken);
    }

    @Test
    void theZoneIsThatOfThePolicyInForce() {
        assertThat(SourceBinding.admits("zone:office", policy("203.0.113.0/28"), from("203.0.113.99")))
                .isFalse();
        assertThat(SourceBinding.admits("zone:office", policy("192.0.2.0/24"), from("192.0.2.9")))
                .isTrue();
    }

    @Test
    void anUnknownSourceIsNeverTaken() {
        Source unknown = new UnknownSource(Source.Why.UNKNOWN_LINK, List.of());
        for (String boundTo : List.of("zone:office", "range:0.0.0.0/0", "endpoint:us-south", "address:203.0.113.9")) {
            assertThat(SourceBinding.admits(boundTo, POLICY, unknown)).isFalse();
        }
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Source from(String address) {
        return new PublicSource(address(address), List.of());
    }

    private static Source by(String endpoint, String address) {
        return new PrivateSource(endpoint, address(address), List.of());
    }

    private static Source linked(String originator) {
        LinkId link = LinkId.parse("aws:vpce-0a1b2c3d4e5f60718").orElseThrow();
        return new PrivateSource("us-south", new Linked(link, Optional.of(address(originator))), List.of());
    }
}
