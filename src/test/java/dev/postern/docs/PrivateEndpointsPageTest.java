package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.setup.PosternConfig;
import dev.postern.setup.SourceCheck;
import dev.postern.source.Connection;
import dev.postern.source.LinkMetadata;
import dev.postern.source.Peer;
import dev.postern.source.ProxyHeader;
import dev.postern.source.ProxyHeader.Tlv;
import dev.postern.source.Source;
import dev.postern.source.Source.PrivateSource;
import dev.postern.source.Source.PublicSource;
import dev.postern.source.Source.UnknownSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.source.yaml.YamlConfigSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the page on private endpoints shows is what Postern takes, and does what the page says. */
class PrivateEndpointsPageTest {

    private static final Pattern BLOCK = Pattern.compile("```yaml (settings|policy)\n(.*?)```", Pattern.DOTALL);
    private static final List<Block> BLOCKS = blocks();
    private static final List<Block> SETTINGS = of("settings");
    private static final List<Block> POLICIES = of("policy");

    /** A sample of the page, and the settings nearest above it: its own, where it is one. */
    private record Block(String kind, String text, String settings) {
        @Override
        public String toString() {
            return kind + ": " + text.lines().skip(1).findFirst().orElse("").strip();
        }
    }

    @Test
    void the_page_has_samples_of_both_kinds() {
        assertThat(SETTINGS).hasSizeGreaterThanOrEqualTo(5);
        assertThat(POLICIES).hasSizeGreaterThanOrEqualTo(4);
    }

    @ParameterizedTest
    @FieldSource("SETTINGS")
    void a_settings_example_can_be_used(Block block) throws IOException {
        // When: what is unknown or contradicts itself is refused here
        Source source = resolve(block.settings(), "192.0.2.50", "postern.example.com");

        // Then
        assertThat(source).isInstanceOfAny(PublicSource.class, UnknownSource.class);
    }

    @ParameterizedTest
    @FieldSource("POLICIES")
    void a_policy_example_is_a_good_policy_beside_the_settings_above_it(Block block) throws IOException {
        // When
        PolicyCompiler.Outcome outcome = new PolicyCompiler(known(block.settings()))
                .compile(List.of(new Document("private-endpoints.md", block.text())));

        // Then
        assertThat(outcome).isInstanceOf(Compiled.class);
        assertThat(((Compiled) outcome).policy().warnings()).isEmpty();
    }

    @Test
    void a_caller_at_the_regions_address_came_by_the_endpoint_and_one_that_asks_for_its_name_did_not()
            throws IOException {
        // Given
        String settings = settingsWith("166.9.12.227");

        // When
        Source worker = resolve(settings, "166.9.12.227", "private.registry.example.com");
        Source stranger = resolve(settings, "192.0.2.50", "private.registry.example.com");

        // Then
        assertThat(worker)
                .isInstanceOfSatisfying(
                        PrivateSource.class, it -> assertThat(it.endpoint()).isEqualTo("us"));
        assertThat(stranger).isInstanceOf(UnknownSource.class);
    }

    @Test
    void a_caller_at_a_zones_address_came_by_the_endpoint_and_another_vpc_did_not() throws IOException {
        // Given
        String settings = settingsWith("vpc-frankfurt:");

        // When
        Source ours = resolve(settings, "198.51.100.4", "postern.example.com");
        Source other = resolve(settings, "198.51.100.200", "postern.example.com");

        // Then
        assertThat(ours)
                .isInstanceOfSatisfying(
                        PrivateSource.class, it -> assertThat(it.endpoint()).isEqualTo("vpc-frankfurt"));
        assertThat(other).isInstanceOf(PublicSource.class);
    }

    @Test
    void the_fields_of_the_three_clouds_are_read_as_the_table_writes_them() throws IOException {
        // Given
        String settings = settingsWith("acme-aws:");
        byte[] aws = "\u0001vpce-0a1b2c3d4e5f60718".getBytes(StandardCharsets.US_ASCII);
        byte[] azure = {1, 1, 1, 1, 1};
        byte[] google = {0x01, 0x23, 0x45, 0x67, (byte) 0x89, (byte) 0xab, (byte) 0xcd, (byte) 0xef};

        // When
        List<Source> sources = List.of(
                behindHeader(settings, new Tlv(0xEA, aws)),
                behindHeader(settings, new Tlv(0xEE, azure)),
                behindHeader(settings, new Tlv(0xE0, google)),
                behindHeader(settings, new Tlv(0xEE, azure), new Tlv(0xEE, azure)),
                behindHeader(settings));

        // Then
        assertThat(sources.subList(0, 3))
                .extracting(source -> ((PrivateSource) source).endpoint())
                .containsExactly("acme-aws", "acme-azure", "acme-google");
        assertThat(sources.get(3)).isInstanceOf(UnknownSource.class);
        assertThat(sources.get(4)).isInstanceOf(PublicSource.class);
    }

    @Test
    void the_keys_that_the_page_gives_envoy_are_those_that_it_gives_postern() throws IOException {
        // Given
        String settings = settingsWith("link-metadata:");

        // When
        Source base64 = handedOn(settings, "azure_pe", "Ae7/ACo=");
        Source lossy = handedOn(settings, "azure_pe", "\u0001!!\u0000*");
        Source aws = handedOn(settings, "aws_vpce", "\u0001vpce-0a1b2c3d4e5f60718");
        Source google = handedOn(settings, "gcp_psc", "ASNFZ4mrze8=");
        Source unlisted = handedOn(settings, "authority", "registry.example.com");

        // Then
        assertThat(List.of(base64, aws, google))
                .extracting(source -> ((PrivateSource) source).endpoint())
                .containsExactly("acme-azure", "acme-aws", "acme-google");
        assertThat(((UnknownSource) lossy).why().wireName()).isEqualTo("lossy-link-metadata");
        assertThat(((UnknownSource) unlisted).why().wireName()).isEqualTo("unlisted-link-metadata");
    }

    private static Source handedOn(String settings, String key, String text) throws IOException {
        Connection connection = new Connection(
                new Peer.Ip(Address.parse("10.1.0.4").orElseThrow()),
                Optional.empty(),
                name -> List.of(),
                Optional.empty(),
                Optional.empty(),
                new LinkMetadata.Fields(Optional.empty(), Optional.of(Map.of(key, text))));
        return SourceCheck.resolve(config(settings), connection);
    }

    private static Source behindHeader(String settings, Tlv... tlvs) throws IOException {
        ProxyHeader header = new ProxyHeader(2, Address.parse("10.8.0.5"), List.of(tlvs));
        return SourceCheck.resolve(
                config(settings), connection("10.0.1.4", Optional.of(header), "postern.example.com"));
    }

    private static Source resolve(String settings, String peer, String host) throws IOException {
        return SourceCheck.resolve(config(settings), connection(peer, Optional.empty(), host));
    }

    private static Connection connection(String peer, Optional<ProxyHeader> header, String host) {
        return new Connection(
                new Peer.Ip(Address.parse(peer).orElseThrow()),
                header,
                name -> List.of(),
                Optional.of(host),
                Optional.empty());
    }

    /** SmallRye Config refuses what the mapping does not have. */
    private static PosternConfig config(String settings) throws IOException {
        return new SmallRyeConfigBuilder()
                .withSources(new YamlConfigSource("private-endpoints.md", settings))
                .addDiscoveredConverters()
                .withMapping(PosternConfig.class)
                .build()
                .getConfigMapping(PosternConfig.class);
    }

    private static KnownEndpoints known(String settings) throws IOException {
        PosternConfig config = config(settings);
        Set<LinkId> links = config.privateEndpoints().values().stream()
                .flatMap(endpoint -> endpoint.linkIds().orElse(List.of()).stream())
                .map(text -> LinkId.parse(text).orElseThrow())
                .collect(Collectors.toSet());
        return new KnownEndpoints(config.privateEndpoints().keySet(), links);
    }

    private static String settingsWith(String text) {
        return SETTINGS.stream()
                .map(Block::text)
                .filter(block -> block.contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no settings have '" + text + "'"));
    }

    private static List<Block> of(String kind) {
        return BLOCKS.stream().filter(block -> block.kind().equals(kind)).toList();
    }

    private static List<Block> blocks() {
        String page;
        try {
            page = Files.readString(Path.of("docs/private-endpoints.md"));
        } catch (IOException e) {
            throw new AssertionError("the tests run in the directory of the README", e);
        }
        String[] settings = {""};
        return BLOCK.matcher(page)
                .results()
                .flatMap(found -> {
                    String text = found.group(2);
                    settings[0] = found.group(1).equals("settings") ? text : settings[0];
                    return Stream.of(new Block(found.group(1), text, settings[0]));
                })
                .toList();
    }
}
