package dev.postern.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.Linked;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import dev.postern.source.Source.Why;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A source in words, and the names by which its parts are known elsewhere. */
class SourceTextTest {

    private static final Address ADDRESS = Address.ipv4(0xcb007107);
    private static final List<Hop> EVIDENCE = List.of(
            new Hop("10.0.0.1", By.PEER, Finding.TRUSTED_PROXY), new Hop("203.0.113.7", By.FORWARDED, Finding.CALLER));

    @Test
    void aPublicSourceInWords() {
        assertThat(new PublicSource(ADDRESS, EVIDENCE).text())
                .isEqualTo("public, 203.0.113.7\n  10.0.0.1 (peer): trusted-proxy\n  203.0.113.7 (forwarded): caller");
    }

    @Test
    void aPrivateSourceInWords() {
        var link = Proxied.link("azure:704708590");
        assertThat(new PrivateSource("us-south", ADDRESS, List.of()).text())
                .isEqualTo("private, by endpoint us-south, as 203.0.113.7");
        assertThat(new PrivateSource("us-south", new Linked(link, Optional.of(ADDRESS)), List.of()).text())
                .isEqualTo("private, by endpoint us-south, link azure:704708590, originator 203.0.113.7");
        assertThat(new PrivateSource("us-south", new Linked(link, Optional.empty()), List.of()).text())
                .isEqualTo("private, by endpoint us-south, link azure:704708590");
    }

    @Test
    void anUnknownSourceInWords() {
        assertThat(new UnknownSource(Why.UNKNOWN_LINK, List.of()).text()).isEqualTo("unknown: unknown-link");
    }

    @Test
    void whatTheOperatorCanDoFollowsTheName() {
        assertThat(new UnknownSource(Why.UNLISTED_LINK_METADATA, List.of()).text())
                .isEqualTo("unknown: unlisted-link-metadata (the key may carry a link; name it under"
                        + " postern.envoy.link-metadata, as aws, azure, gcp or other)");
        assertThat(Why.LOSSY_LINK_METADATA.remedy().orElseThrow())
                .contains("typed_metadata_context_namespaces")
                .contains("value_string_encoding: BASE64");
        assertThat(Why.UNKNOWN_LINK.remedy()).isEmpty();
    }

    @Test
    void everyNameOnTheWireIsTheConstantsOwn() {
        assertThat(Stream.of(By.values()).map(By::wireName)).containsExactlyElementsOf(names(By.values()));
        assertThat(Stream.of(Finding.values()).map(Finding::wireName))
                .containsExactlyElementsOf(names(Finding.values()));
        assertThat(Stream.of(Why.values()).map(Why::wireName)).containsExactlyElementsOf(names(Why.values()));
    }

    @Test
    void textOfSixtyFourCharactersIsNotCut() {
        assertThat(new Hop("x".repeat(64), By.HOST, Finding.PRIVATE_HOSTNAME).address())
                .isEqualTo("x".repeat(64));
        assertThat(new Hop("x".repeat(65), By.HOST, Finding.PRIVATE_HOSTNAME).address())
                .isEqualTo("x".repeat(64) + "…");
    }

    private static List<String> names(Enum<?>[] constants) {
        return Arrays.stream(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();
    }
}
