package dev.postern.policy.suggesting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.policy.suggesting.Sightings.Taken;
import dev.postern.policy.writing.PolicyWriter;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sightings to allow lists: what was seen is admitted, and each rule says of what it was made. */
class SuggestionsTest {

    private static final Instant MONDAY = Instant.parse("2026-06-01T08:00:00.123Z");
    private static final Instant FRIDAY = Instant.parse("2026-06-05T17:30:00Z");
    private static final String AWS = "aws:vpce-0a1b2c3d4e5f60718";

    private final Sightings sightings = new Sightings(100);

    @Test
    void eachRuleSaysOfWhatItWasMade() {
        // Given
        see("account acme", "203.0.113.7", FRIDAY);
        see("account acme", "203.0.113.7", MONDAY);
        see("account acme", "203.0.113.5", MONDAY);
        see("account acme", "2001:db8::1", MONDAY);
        // When
        String yaml = suggested(new CoverLimits(OptionalInt.empty(), OptionalInt.of(24), OptionalInt.empty()));
        // Then
        assertThat(yaml).isEqualTo("""
                accounts:
                  acme:
                    network:
                      allow:
                        - { address: 203.0.113.4/30, note: "3 requests from 2 addresses, 2026-06-01T08:00:00Z to 2026-06-05T17:30:00Z; admits 2 unseen" }
                        - { address: "2001:db8::1", note: "1 request from 1 address, 2026-06-01T08:00:00Z to 2026-06-01T08:00:00Z; admits 0 unseen" }
                """);
    }

    @Test
    void eachSectionHasItsOwnList() {
        // Given
        see("service-id:acme/bot", "203.0.113.1", MONDAY);
        see("user:acme/alice", "203.0.113.2", MONDAY);
        see("account acme", "203.0.113.3", MONDAY);
        see("account labs", "203.0.113.4", MONDAY);
        see("enterprise", "203.0.113.5", MONDAY);
        see("service-id:acme/other", "203.0.113.6", MONDAY);
        // Then
        assertThat(suggested(CoverLimits.NONE).replaceAll(", note: .* }", " }")).isEqualTo("""
                enterprise:
                  network:
                    allow:
                      - { address: 203.0.113.5 }
                accounts:
                  acme:
                    network:
                      allow:
                        - { address: 203.0.113.3 }
                    service-ids:
                      bot:
                        network:
                          allow:
                            - { address: 203.0.113.1 }
                      other:
                        network:
                          allow:
                            - { address: 203.0.113.6 }
                    users:
                      alice:
                        network:
                          allow:
                            - { address: 203.0.113.2 }
                  labs:
                    network:
                      allow:
                        - { address: 203.0.113.4 }
                """);
    }

    @Test
    void originatorsAreCoveredByLink() {
        // Given
        see("account acme", byLink("us-south", AWS, "10.8.0.4"), MONDAY);
        see("account acme", byLink("us-south", AWS, "10.8.0.5"), MONDAY);
        see("account acme", byLink("us-south", "azure:7", "10.8.0.4"), MONDAY);
        // Then
        assertThat(suggested(CoverLimits.NONE))
                .contains("- { originator: 10.8.0.4/31, via: \"" + AWS + "\", note: \"2 requests from 2 addresses")
                .contains("- { originator: 10.8.0.4, via: \"azure:7\", note: \"1 request from 1 address")
                .contains("admits 0 unseen, endpoint us-south")
                .doesNotContain("address: 10.8", "private-endpoint:");
    }

    @Test
    void aLinkWithoutAnOriginatorTakesTheLinkWhole() {
        // Given
        see("account acme", byLink("us-south", AWS, ""), MONDAY);
        see("account acme", byLink("us-south", AWS, "10.8.0.5"), FRIDAY);
        // Then
        assertThat(rules(suggested(CoverLimits.NONE)))
                .singleElement()
                .asString()
                .contains("- { link: \"" + AWS + "\", note: \"2 requests from 1 originator and others without one, ")
                .endsWith("admits whoever comes by the link, of endpoint us-south\" }");
    }

    @Test
    void aTranslatedAddressTakesTheEndpointAndWithItItsLinks() {
        // Given
        see("account acme", new PrivateSource("us-south", address("166.9.12.227"), List.of()), MONDAY);
        see("account acme", byLink("us-south", AWS, "10.8.0.5"), FRIDAY);
        see("account acme", byLink("eu-de", AWS, "10.8.0.5"), FRIDAY);
        // Then
        assertThat(rules(suggested(CoverLimits.NONE)))
                .hasSize(2)
                .anyMatch(rule ->
                        rule.startsWith("- { originator: 10.8.0.5, via: ") && rule.endsWith("endpoint eu-de\" }"))
                .anyMatch(rule ->
                        rule.startsWith("- { private-endpoint: us-south, note: \"2 requests from 1 translated address"
                                + " and 1 originator, 2026-06-01T08:00:00Z to 2026-06-05T17:30:00Z; admits whoever"));
    }

    @Test
    void anUnknownSourceIsNeverSuggested() {
        // When
        Taken taken =
                sightings.add(section("account acme"), new UnknownSource(Source.Why.UNKNOWN_LINK, List.of()), MONDAY);
        // Then
        assertThat(taken).isEqualTo(Taken.UNKNOWN_SOURCE);
        assertThat(sightings.isEmpty()).isTrue();
        see("account acme", "203.0.113.7", MONDAY);
        assertThat(sightings.isEmpty()).isFalse();
    }

    @Test
    void moreSourcesThanItHoldsAreRefusedAndThoseItHasAreNot() {
        // Given
        Sightings two = new Sightings(2);
        Source first = new PublicSource(address("203.0.113.1"), List.of());
        two.add(section("account acme"), first, MONDAY);
        two.add(section("account labs"), first, MONDAY);
        // Then
        assertThat(two.add(section("account acme"), new PublicSource(address("203.0.113.2"), List.of()), MONDAY))
                .isEqualTo(Taken.TOO_MANY_SOURCES);
        assertThat(two.add(section("enterprise"), first, MONDAY)).isEqualTo(Taken.TOO_MANY_SOURCES);
        assertThat(two.add(section("account acme"), first, FRIDAY)).isEqualTo(Taken.YES);
    }

    @Test
    void limitsThatLeaveNoCoverNameTheSectionAndWhatItTakes() {
        // Given
        see("account acme", "203.0.113.1", MONDAY);
        see("account acme", "198.51.100.1", MONDAY);
        // When
        Suggestions.Outcome outcome =
                Suggestions.of(sightings, new CoverLimits(OptionalInt.of(1), OptionalInt.of(24), OptionalInt.empty()));
        // Then
        assertThat(outcome)
                .isEqualTo(new Suggestions.Impossible(
                        "account acme: its addresses take 2 blocks of IPv4 that are no wider;"
                                + " allow more blocks, or wider ones"));
    }

    @ParameterizedTest
    @CsvSource({
        "enterprise, true",
        "account acme, true",
        "service-id:acme/bot, true",
        "user:acme/alice@example.com, true",
        "source, false",
        "credentials, false",
        "scope repository:acme/app:pull, false",
        "account ../x, false",
        "'account ', false",
        "account a: {}, false",
        "group:acme/g, false",
        "anonymous, false",
        "service-id:bot, false",
        "service-id:acme/b/c, false",
        "'', false",
    })
    void aRulesetIsASectionOrNone(String ruleset, boolean isSection) {
        assertThat(Section.of(ruleset).map(Section::toString))
                .isEqualTo(isSection ? Optional.of(ruleset) : Optional.empty());
    }

    private void see(String ruleset, String address, Instant time) {
        see(ruleset, new PublicSource(address(address), List.of()), time);
    }

    private void see(String ruleset, Source source, Instant time) {
        assertThat(sightings.add(section(ruleset), source, time)).isEqualTo(Taken.YES);
    }

    private String suggested(CoverLimits limits) {
        return PolicyWriter.allowLists(List.of(), ((Suggestions.Suggested) Suggestions.of(sightings, limits)).lists());
    }

    private static List<String> rules(String yaml) {
        return yaml.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("- "))
                .toList();
    }

    private static Source byLink(String endpoint, String link, String originator) {
        return new PrivateSource(
                endpoint, new Linked(LinkId.parse(link).orElseThrow(), Address.parse(originator)), List.of());
    }

    private static Section section(String ruleset) {
        return Section.of(ruleset).orElseThrow();
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }
}
