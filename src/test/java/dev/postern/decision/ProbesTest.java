package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.address.AddressSet;
import dev.postern.address.LinkId;
import dev.postern.decision.Probe.Originators;
import dev.postern.decision.Probe.Public;
import dev.postern.decision.Probe.Translated;
import dev.postern.decision.Probe.WithoutOriginator;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Rule;
import dev.postern.source.ListeningSocket;
import dev.postern.source.SourceSettings.PrivateEndpoint;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which sources an invariant speaks of. */
class ProbesTest {

    private static final LinkId AWS = link("aws:vpce-0a1b2c3d4e5f60718");
    private static final LinkId GCP = link("gcp:81985529216486895");
    private static final Probes PROBES = new Probes(List.of(
            new PrivateEndpoint("us-south", Set.of(), List.of(range("166.9.12.0/30")), Set.of(AWS), List.of()),
            new PrivateEndpoint(
                    "eu-de",
                    Set.of(),
                    List.of(range("166.9.40.0/31")),
                    Set.of(),
                    List.of(new ListeningSocket(Optional.empty(), 8443))),
            new PrivateEndpoint("tokyo", Set.of(), List.of(), Set.of(GCP), List.of())));
    private static final List<AddressRange> EVERYTHING = AddressRange.EVERYTHING;

    @Test
    void anAddressIsThatOfItsEndpointAndElsePublic() {
        assertThat(of(new Rule.AddressMatcher(range("166.9.12.0/29"))))
                .containsExactly(
                        new Translated("us-south", range("166.9.12.0/30")), new Public(range("166.9.12.4/30")));
    }

    @Test
    void aZoneIsAllOfItsAddresses() {
        assertThat(of(new Rule.ZoneMatcher("office")))
                .containsExactly(
                        new Translated("eu-de", range("166.9.40.1")),
                        new Public(range("166.9.40.2")),
                        new Public(range("203.0.113.0/24")));
        assertThat(of(new Rule.ZoneMatcher("nowhere"))).isEmpty();
    }

    @Test
    void anEndpointIsItsAddressesAndWhoeverComesByItsLinks() {
        assertThat(of(new Rule.EndpointMatcher("us-south")))
                .containsExactly(
                        new Translated("us-south", range("166.9.12.0/30")),
                        new WithoutOriginator("us-south", AWS),
                        new Originators("us-south", AWS, EVERYTHING.get(0)),
                        new Originators("us-south", AWS, EVERYTHING.get(1)));
    }

    @Test
    void whereAnEndpointHasAListenerItsCallersAreAtAnyAddressThatIsNotAnothers() {
        // When
        List<Probe> probes = of(new Rule.EndpointMatcher("eu-de"));
        // Then
        assertThat(probes)
                .allSatisfy(probe -> assertThat(probe)
                        .isInstanceOfSatisfying(
                                Translated.class,
                                it -> assertThat(it.endpoint()).isEqualTo("eu-de")));
        assertThat(probes.stream().map(Probe::range).toList())
                .isEqualTo(AddressSet.of(EVERYTHING)
                        .minus(AddressSet.of(List.of(range("166.9.12.0/30"))))
                        .ranges());
    }

    @Test
    void aLinkIsWhoeverComesByIt() {
        assertThat(of(new Rule.LinkMatcher(GCP)))
                .containsExactly(
                        new WithoutOriginator("tokyo", GCP),
                        new Originators("tokyo", GCP, EVERYTHING.get(0)),
                        new Originators("tokyo", GCP, EVERYTHING.get(1)));
        assertThat(of(new Rule.LinkMatcher(link("azure:16843009")))).isEmpty();
    }

    @Test
    void anOriginatorComesByTheLinksOfTheEndpointOrByTheLinkThatIsNamed() {
        // Given
        AddressRange branch = range("10.8.0.0/24");
        // Then
        assertThat(of(new Rule.OriginatorMatcher(branch, new Rule.ViaEndpoint("us-south"))))
                .containsExactly(new Originators("us-south", AWS, branch));
        assertThat(of(new Rule.OriginatorMatcher(branch, new Rule.ViaEndpoint("eu-de"))))
                .isEmpty();
        assertThat(of(new Rule.OriginatorMatcher(branch, new Rule.ViaLink(GCP))))
                .containsExactly(new Originators("tokyo", GCP, branch));
    }

    private static List<Probe> of(Rule.Matcher matcher) {
        return PROBES.of(matcher, policy());
    }

    private static Policy policy() {
        String text = "zones: {office: {addresses: [203.0.113.0/24, 166.9.40.1-166.9.40.2]}}\naccounts: {acme: {}}\n";
        return ((PolicyCompiler.Compiled)
                        new PolicyCompiler(Set.of()).compile(List.of(new Document("policy.yaml", text))))
                .policy();
    }

    private static LinkId link(String text) {
        return LinkId.parse(text).orElseThrow();
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }
}
