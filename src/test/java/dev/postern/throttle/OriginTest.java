package dev.postern.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.source.Source;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as one place. */
class OriginTest {

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static Origin publicly(String text) {
        return Origin.of(new PublicSource(address(text), List.of()));
    }

    private static Origin linked(String endpoint, String link, String originator) {
        return Origin.of(new PrivateSource(
                endpoint, new Linked(LinkId.parse(link).orElseThrow(), Optional.of(address(originator))), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, 2001:db8::ffff:ffff:ffff:ffff",
        "2001:db8:0:7::, 2001:0db8:0000:0007:1:2:3:4",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void oneSubnetOfIpv6IsOnePlace(String one, String other) {
        assertThat(publicly(one)).isEqualTo(publicly(other));
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.2",
        "192.0.2.1, 2001:db8::192.0.2.1",
        "2001:db8::1, 2001:db8:0:1::1",
        "::1, 0.0.0.1",
        "::, 0.0.0.0"
    })
    void othersAreTwo(String one, String other) {
        assertThat(publicly(one)).isNotEqualTo(publicly(other));
    }

    @Test
    void addressesBehindTwoEndpointsOrLinksAreNotTheSame() {
        // Given
        Address address = address("10.8.0.7");
        // When
        Set<Origin> places = new HashSet<>(List.of(
                publicly("10.8.0.7"),
                Origin.of(new PrivateSource("us-south", address, List.of())),
                Origin.of(new PrivateSource("eu-de", address, List.of())),
                linked("us-south", "azure:7", "10.8.0.7"),
                linked("us-south", "azure:8", "10.8.0.7"),
                linked("us-south", "azure:7", "10.8.0.8"),
                Origin.of(new Source.UnknownSource(Source.Why.UNKNOWN_LINK, List.of()))));
        // Then
        assertThat(places).hasSize(7);
    }
}
