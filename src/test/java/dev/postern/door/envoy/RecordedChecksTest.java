package dev.postern.door.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.LinkId;
import dev.postern.source.LinkKeys;
import dev.postern.source.Source;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a real Envoy 1.40 sent ({@code cases/envoy-check}), with the answers worked out by hand. The caller was always on
 * loopback, where Envoy appends its own address 192.0.2.2 to {@code X-Forwarded-For} in place of the caller's; a PROXY header
 * named the other addresses.
 */
class RecordedChecksTest {

    /**
     * A recording and its sources.
     *
     * @param name the recording's
     * @param nobody the source where no proxy is trusted
     * @param node the source where the node is, at 127.0.0.1 and 192.0.2.2
     */
    record Recording(String name, String nobody, String node) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final String LOOPBACK = "public, 127.0.0.1\n  127.0.0.1 (peer): caller";
    private static final String NODE = """
            public, 192.0.2.2
              127.0.0.1 (peer): trusted-proxy
              192.0.2.2 (x-forwarded-for): caller-itself-trusted""";
    private static final String BEHIND_LOOPBACK = """
            public, 203.0.113.7
              127.0.0.1 (peer): trusted-proxy
              203.0.113.7 (x-forwarded-for): caller""";
    private static final String BEHIND_NODE = """
            public, 203.0.113.7
              127.0.0.1 (peer): trusted-proxy
              192.0.2.2 (x-forwarded-for): trusted-proxy
              203.0.113.7 (x-forwarded-for): caller""";
    private static final String NAMED = "public, 203.0.113.7\n  203.0.113.7 (peer): caller";
    private static final String AWS = """
            private, by endpoint acme-aws, link aws:vpce-0a1b2c3d4e5f60718, originator 10.0.5.23
              10.0.5.23 (peer): originator
              aws:vpce-0a1b2c3d4e5f60718 (link): private-endpoint""";
    private static final String AZURE = """
            private, by endpoint acme-azure, link azure:704708590, originator 10.1.0.4
              10.1.0.4 (peer): originator
              azure:704708590 (link): private-endpoint""";
    private static final String GOOGLE = """
            private, by endpoint acme-google, link gcp:81985529216486895, originator 10.2.0.4
              10.2.0.4 (peer): originator
              gcp:81985529216486895 (link): private-endpoint""";

    static final List<Recording> RECORDINGS = List.of(
            new Recording("direct-ura_false", LOOPBACK, "public, 127.0.0.1\n  127.0.0.1 (peer): caller-itself-trusted"),
            new Recording("direct-ura_true", LOOPBACK, NODE),
            new Recording("dotdot-path", LOOPBACK, NODE),
            new Recording("mtls", LOOPBACK, NODE),
            new Recording("non-v2-route", LOOPBACK, NODE),
            new Recording("post-body", LOOPBACK, NODE),
            // Envoy took the header from whoever sent one, and its message does not tell: a forged link is a link.
            same("pp-optional-spoof", """
                    private, by endpoint acme-aws, link aws:vpce-0a1b2c3d4e5f60718, originator 203.0.113.66
                      203.0.113.66 (peer): originator
                      aws:vpce-0a1b2c3d4e5f60718 (link): private-endpoint"""),
            same("ppv1-tcp4", NAMED),
            // The caller wrote 198.51.100.1,203.0.113.7 into the forwarding header: behind a link it is not read.
            same("ppv2-aws-vpce-base64-raw", AWS),
            same("ppv2-aws-vpce", AWS),
            same("ppv2-azure-linkid-base64", AZURE),
            // Its text is lossy; its bytes are not.
            same("ppv2-azure-linkid", AZURE),
            same("ppv2-gcp-psc-base64", GOOGLE),
            new Recording("ppv2-local", LOOPBACK, NODE),
            same("ppv2-spoofxff", NAMED),
            same("ppv2-v4", NAMED),
            same("ppv2-v6", "public, 2001:db8::7\n  2001:db8::7 (peer): caller"),
            new Recording("spoofxff-hops1-ura_true", LOOPBACK, BEHIND_NODE),
            new Recording("spoofxff-ura_false", LOOPBACK, BEHIND_LOOPBACK),
            new Recording("spoofxff-ura_true", LOOPBACK, BEHIND_NODE),
            new Recording("xff-cidrs", LOOPBACK, """
                    public, 10.9.9.9
                      127.0.0.1 (peer): trusted-proxy
                      10.9.9.9 (x-forwarded-for): caller"""),
            new Recording("xff-garbage-last-ura_false", LOOPBACK, """
                    unknown: malformed-forwarding-header
                      127.0.0.1 (peer): trusted-proxy
                      unknown (x-forwarded-for): not-an-address"""),
            new Recording("xff-mapped-ura_false", LOOPBACK, BEHIND_LOOPBACK),
            new Recording("xff-two-lines-ura_false", LOOPBACK, BEHIND_LOOPBACK));

    /** The recordings with links, and those of them whose text alone is enough. */
    static final Map<String, Boolean> LINKED = Map.of(
            "pp-optional-spoof", true,
            "ppv2-aws-vpce-base64-raw", true,
            "ppv2-aws-vpce", true,
            "ppv2-azure-linkid-base64", true,
            "ppv2-azure-linkid", false,
            "ppv2-gcp-psc-base64", true);

    private static Recording same(String name, String source) {
        return new Recording(name, source, source);
    }

    @Test
    void everyRecordingIsInTheTable() {
        assertThat(RECORDINGS).extracting(Recording::name).containsExactlyInAnyOrderElementsOf(Checks.recordings());
        assertThat(RECORDINGS.stream()
                        .filter(recording -> recording.node().startsWith("private"))
                        .map(Recording::name))
                .containsExactlyInAnyOrderElementsOf(LINKED.keySet());
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void theSourceWhereNoProxyIsTrusted(Recording recording) {
        assertThat(Checks.source(Checks.recorded(recording.name())).text()).isEqualTo(recording.nobody());
    }

    @ParameterizedTest
    @FieldSource("RECORDINGS")
    void theSourceWhereTheNodeIsTrusted(Recording recording) {
        assertThat(Checks.source(Checks.recorded(recording.name()), "127.0.0.1", "192.0.2.2")
                        .text())
                .isEqualTo(recording.node());
    }

    @Test
    void eachTrustedHopOfAChainIsSteppedOver() {
        // When: Envoy's own answer to this one was 203.0.113.7, too
        Source source = Checks.source(Checks.recorded("xff-cidrs"), "127.0.0.1", "10.0.0.0/8");
        // Then
        assertThat(source.text()).isEqualTo("""
                        public, 203.0.113.7
                          127.0.0.1 (peer): trusted-proxy
                          10.9.9.9 (x-forwarded-for): trusted-proxy
                          203.0.113.7 (x-forwarded-for): caller""");
    }

    /** Behind a link, an address of the consumer's own is no proxy of ours, though it be equal to one. */
    @ParameterizedTest
    @CsvSource({
        "ppv2-aws-vpce-base64-raw, 10.0.5.23",
        "ppv2-aws-vpce, 10.0.5.23",
        "ppv2-azure-linkid, 10.1.0.4",
        "ppv2-gcp-psc-base64, 10.2.0.4",
        "pp-optional-spoof, 203.0.113.66"
    })
    void noForwardingHeaderIsReadBehindALink(String name, String originator) {
        assertThat(Checks.source(Checks.recorded(name), originator).text())
                .isEqualTo(Checks.source(Checks.recorded(name)).text());
    }

    // One form of the metadata alone

    static List<String> linked() {
        return LINKED.keySet().stream().sorted().toList();
    }

    static List<String> readableAsText() {
        return linked().stream().filter(LINKED::get).toList();
    }

    @ParameterizedTest
    @MethodSource("linked")
    void typedMetadataAreEnough(String name) {
        assertThat(Checks.source(without(Checks.recorded(name), false, true)))
                .isEqualTo(Checks.source(Checks.recorded(name)));
    }

    /** Plain and Base64 alike: which of them a listener writes cannot be seen from here. */
    @ParameterizedTest
    @MethodSource("readableAsText")
    void untypedMetadataAreEnoughWhereNothingIsLost(String name) {
        assertThat(Checks.source(without(Checks.recorded(name), true, false)))
                .isEqualTo(Checks.source(Checks.recorded(name)));
    }

    @Test
    void lossyTextIsRefusedWithTheOptionThatIsMissing() {
        // When
        Source source = Checks.source(without(Checks.recorded("ppv2-azure-linkid"), true, false));
        // Then
        assertThat(source.text()).isEqualTo("""
                        unknown: lossy-link-metadata (the text does not say of which bytes it was made; in Envoy, list the \
                        namespace in ext_authz under typed_metadata_context_namespaces, or set value_string_encoding: BASE64 \
                        beside the key in proxy_protocol)
                          10.1.0.4 (peer): undecided
                          azure_pe (metadata): not-a-link""");
    }

    @ParameterizedTest
    @MethodSource("linked")
    void withoutMetadataTheSameAddressIsAnOrdinaryPeer(String name) {
        // When: case 89, nothing but the address is there
        Source source = Checks.source(without(Checks.recorded(name), false, false));
        // Then
        assertThat(source).isInstanceOf(Source.PublicSource.class);
    }

    // Settings that do not fit the listener

    @ParameterizedTest
    @MethodSource("linked")
    void aLinkUnderAKeyThatNoSettingNamesIsNotPassedOver(String name) {
        // Given
        LinkKeys none = new LinkKeys(Checks.NAMESPACE, Map.of(), Set.of());
        // When
        Source source = Checks.source(Checks.recorded(name), none);
        // Then
        assertThat(source).isInstanceOfSatisfying(Source.UnknownSource.class, unknown -> {
            assertThat(unknown.why()).isEqualTo(Source.Why.UNLISTED_LINK_METADATA);
            assertThat(unknown.text()).contains("postern.envoy.link-metadata").contains(" (metadata): not-a-link");
        });
    }

    @ParameterizedTest
    @MethodSource("linked")
    void aLinkUnderAnotherCloudsKeyIsMalformed(String name) {
        // Given: Azure's and Google's are exchanged, and AWS's is Azure's
        Map<String, LinkId.Cloud> exchanged = Checks.KEYS.clouds().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> switch (entry.getValue()) {
                    case AWS, GCP -> LinkId.Cloud.AZURE;
                    case AZURE -> LinkId.Cloud.GCP;
                }));
        // When
        Source source = Checks.source(Checks.recorded(name), new LinkKeys(Checks.NAMESPACE, exchanged, Set.of()));
        // Then
        assertThat(source)
                .isInstanceOfSatisfying(
                        Source.UnknownSource.class,
                        unknown -> assertThat(unknown.why()).isEqualTo(Source.Why.MALFORMED_LINK));
    }

    private static CheckRequest without(CheckRequest request, boolean keepText, boolean keepBytes) {
        CheckRequest.Builder changed = request.toBuilder();
        var metadata = changed.getAttributesBuilder().getMetadataContextBuilder();
        if (!keepText) {
            metadata.clearFilterMetadata();
        }
        if (!keepBytes) {
            metadata.clearTypedFilterMetadata();
        }
        return changed.build();
    }
}
