package dev.postern.policy.writing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.address.LinkId;
import dev.postern.policy.Account;
import dev.postern.policy.Binding;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.Role;
import dev.postern.policy.Rule;
import dev.postern.policy.Subject;
import dev.postern.policy.writing.AccountText.BindingText;
import dev.postern.policy.writing.AccountText.ServiceIdText;
import dev.postern.policy.writing.AccountText.UserText;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is written is what the policy's own reader reads: every field of it, and nothing else. */
class PolicyWriterTest {

    private static final String HASH = "$2y$10$JP4mzq8XTO2Iu7tCUjJGNu5jYXJ4PYs/KT1cICa.3evPbVMpNBsrq";
    private static final String LINK = "aws:vpce-0a1b2c3d4e5f60718";

    // Every field

    private static final AccountText ACCOUNT = new AccountText(
            "acme",
            List.of("acme", "acme-labs"),
            Optional.of(new NetworkText(
                    Optional.of(Enforcement.REPORT),
                    Optional.of(PublicAccess.DISABLED),
                    Optional.of(PrivateAccess.TRUST),
                    Optional.of(DefaultAction.ALLOW),
                    Optional.of(List.of(
                            rule(new Rule.AddressMatcher(range("203.0.113.0/24"))),
                            new RuleText(
                                    new Rule.AddressMatcher(range("2001:db8::/32")),
                                    Optional.of("the office, \"north\""),
                                    Optional.of("list.json:3:1")),
                            rule(new Rule.ZoneMatcher("office")),
                            rule(new Rule.EndpointMatcher("vpc")),
                            rule(new Rule.LinkMatcher(LinkId.parse(LINK).orElseThrow())),
                            rule(new Rule.OriginatorMatcher(range("10.8.0.0/24"), new Rule.ViaEndpoint("vpc"))),
                            rule(new Rule.OriginatorMatcher(
                                    range("10.9.0.7"),
                                    new Rule.ViaLink(LinkId.parse(LINK).orElseThrow()))))),
                    List.of(rule(new Rule.AddressMatcher(range("203.0.113.66")))),
                    List.of("a rule without an address\nallow: []"))),
            List.of(
                    new UserText("alice", HASH, Optional.empty()),
                    new UserText("bob", HASH, Optional.of(onlyFrom("192.0.2.1")))),
            List.of(
                    new ServiceIdText("bot", Optional.empty()),
                    new ServiceIdText("off", Optional.of(onlyFrom("192.0.2.2")))),
            List.of(
                    new BindingText(
                            List.of("user:alice", "service-id:bot"),
                            Role.WRITER,
                            Optional.of("acme"),
                            Optional.of("app/**"),
                            Optional.of("acl 1: both")),
                    new BindingText(
                            List.of("anonymous"), Role.READER, Optional.empty(), Optional.empty(), Optional.empty())));

    private static final ZoneText OFFICE = new ZoneText(
            "office",
            List.of(range("198.51.100.0/24"), range("2001:db8:1::7")),
            List.of(range("198.51.100.66")),
            List.of("zone 1\nzones: {}"));

    @Test
    void aPolicyIsWrittenSo() {
        // Given
        ZoneText nobody = new ZoneText("nobody", List.of(), List.of(), List.of());
        // Then
        assertThat(PolicyWriter.write(new PolicyText(List.of("Imported."), List.of(OFFICE, nobody), ACCOUNT)))
                .isEqualTo("""
                        # Imported.
                        zones:
                          # zone 1?zones: {}
                          office:
                            addresses:
                              - 198.51.100.0/24
                              - "2001:db8:1::7"
                            except:
                              - 198.51.100.66
                          nobody:
                            addresses: []
                        accounts:
                          acme:
                            namespaces: [acme, acme-labs]
                            network:
                              enforcement: report
                              public-access: disabled
                              private-access: trust
                              default: allow
                              # left out: a rule without an address?allow: []
                              allow:
                                - { address: 203.0.113.0/24 }
                                - { address: "2001:db8::/32", note: "the office, \\"north\\"" }  # list.json:3:1
                                - { zone: office }
                                - { private-endpoint: vpc }
                                - { link: "aws:vpce-0a1b2c3d4e5f60718" }
                                - { originator: 10.8.0.0/24, via: vpc }
                                - { originator: 10.9.0.7, via: "aws:vpce-0a1b2c3d4e5f60718" }
                              deny:
                                - { address: 203.0.113.66 }
                            users:
                              alice:
                                password: "HASH"
                              bob:
                                password: "HASH"
                                network:
                                  allow:
                                    - { address: 192.0.2.1 }
                            service-ids:
                              bot: {}
                              "off":
                                network:
                                  allow:
                                    - { address: 192.0.2.2 }
                            bindings:
                              - { subjects: ["user:alice", "service-id:bot"], roles: [Writer], namespace: acme, repository: "app/**" }  # acl 1: both
                              - { subjects: [anonymous], roles: [Reader] }
                        """.replace("HASH", HASH));
    }

    @Test
    void theNetworkRulesAreReadBack() {
        // When
        NetworkRules network = account(read(ACCOUNT)).network().orElseThrow();
        // Then
        assertThat(network.enforcement()).isEqualTo(Enforcement.REPORT);
        assertThat(network.publicAccess()).isEqualTo(PublicAccess.DISABLED);
        assertThat(network.privateAccess()).isEqualTo(PrivateAccess.TRUST);
        assertThat(network.fallback()).isEqualTo(DefaultAction.ALLOW);
        assertThat(network.allow().orElseThrow().rules())
                .extracting(Rule::text)
                .containsExactly(
                        "address 203.0.113.0/24",
                        "address 2001:db8::/32",
                        "zone office",
                        "private-endpoint vpc",
                        "link " + LINK,
                        "originator 10.8.0.0/24 via vpc",
                        "originator 10.9.0.7 via " + LINK);
        assertThat(network.allow().orElseThrow().rules().get(1).note()).contains("the office, \"north\"");
        assertThat(network.deny().rules()).extracting(Rule::text).containsExactly("address 203.0.113.66");
    }

    @Test
    void theZonesAreReadBack() {
        assertThat(read(ACCOUNT).zone("office").orElseThrow().addresses().ranges())
                .extracting(AddressRange::toString)
                .containsExactly("198.51.100.0-198.51.100.65", "198.51.100.67-198.51.100.255", "2001:db8:1::7");
    }

    @Test
    void theIdentitiesAreReadBack() {
        // When
        Account account = account(read(ACCOUNT));
        // Then
        assertThat(account.namespaces()).containsExactlyInAnyOrder("acme", "acme-labs");
        assertThat(account.users()).containsOnlyKeys("alice", "bob");
        assertThat(account.users().get("alice").passwordHash()).isEqualTo(HASH);
        assertThat(account.users().get("alice").network()).isEmpty();
        assertThat(allowed(account.users().get("bob").network())).containsExactly("address 192.0.2.1");
        assertThat(account.serviceIds()).containsOnlyKeys("bot", "off");
        assertThat(account.serviceIds().get("bot").network()).isEmpty();
        assertThat(account.serviceIds().get("bot").apiKeys()).isEmpty();
        assertThat(allowed(account.serviceIds().get("off").network())).containsExactly("address 192.0.2.2");
    }

    @Test
    void theBindingsAreReadBack() {
        // When
        List<Binding> bindings = account(read(ACCOUNT)).bindings();
        // Then
        assertThat(bindings).hasSize(2);
        assertThat(bindings.getFirst().subjects())
                .containsExactlyInAnyOrder(
                        new Subject(Subject.Kind.USER, "acme", "alice"),
                        new Subject(Subject.Kind.SERVICE_ID, "acme", "bot"));
        assertThat(bindings.getFirst().roles()).isEqualTo(Set.of(Role.WRITER));
        assertThat(bindings.getFirst().namespace()).contains("acme");
        assertThat(bindings.getFirst().repository()).hasToString("app/**");
        assertThat(bindings.getLast().subjects()).isEqualTo(Set.of(Subject.ANONYMOUS));
        assertThat(bindings.getLast().roles()).isEqualTo(Set.of(Role.READER));
        assertThat(bindings.getLast().coversAccount()).isTrue();
    }

    // Every value of a setting

    @ParameterizedTest
    @EnumSource(Enforcement.class)
    void anEnforcementIsReadBack(Enforcement value) {
        assertThat(network(new NetworkText(
                                Optional.of(value),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(List.of()),
                                List.of(),
                                List.of()))
                        .enforcement())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(PublicAccess.class)
    void aPublicAccessIsReadBack(PublicAccess value) {
        assertThat(network(new NetworkText(
                                Optional.empty(),
                                Optional.of(value),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(List.of()),
                                List.of(),
                                List.of()))
                        .publicAccess())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(PrivateAccess.class)
    void aPrivateAccessIsReadBack(PrivateAccess value) {
        assertThat(network(new NetworkText(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(value),
                                Optional.empty(),
                                Optional.of(List.of()),
                                List.of(),
                                List.of()))
                        .privateAccess())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(DefaultAction.class)
    void aDefaultIsReadBack(DefaultAction value) {
        assertThat(network(new NetworkText(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(value),
                                Optional.of(List.of()),
                                List.of(),
                                List.of()))
                        .fallback())
                .isEqualTo(value);
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aRoleIsReadBack(Role role) {
        // Given
        BindingText binding =
                new BindingText(List.of("user:alice"), role, Optional.of("acme"), Optional.empty(), Optional.empty());
        AccountText text = new AccountText(
                "acme",
                List.of("acme"),
                Optional.empty(),
                List.of(new UserText("alice", HASH, Optional.empty())),
                List.of(),
                List.of(binding));
        // Then
        assertThat(account(read(text)).bindings().getFirst().roles()).isEqualTo(Set.of(role));
    }

    // What is not there

    @Test
    void anEmptyAllowListIsAnotherThingThanNone() {
        // Given
        NetworkText none = new NetworkText(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(DefaultAction.ALLOW),
                Optional.empty(),
                List.of(rule(new Rule.AddressMatcher(range("192.0.2.1")))),
                List.of());
        // Then
        assertThat(network(NetworkText.of(List.of(), List.of()))
                        .allow()
                        .orElseThrow()
                        .rules())
                .isEmpty();
        assertThat(network(none).allow()).isEmpty();
        assertThat(network(none).deny().rules()).hasSize(1);
    }

    @Test
    void anAccountWithNothingInItIsReadBack() {
        // Given
        AccountText nothing = new AccountText("acme", List.of(), Optional.empty(), List.of(), List.of(), List.of());
        // When
        String yaml = PolicyWriter.write(new PolicyText(List.of(), List.of(), nothing));
        // Then
        assertThat(yaml).isEqualTo("accounts:\n  acme: {}\n");
        assertThat(account(compiled(yaml)).network()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"namespaces", "network", "users", "service-ids"})
    void anAccountWithOneThingInItIsReadBack(String thing) {
        // Given
        AccountText one = new AccountText(
                "acme",
                thing.equals("namespaces") ? List.of("acme") : List.of(),
                thing.equals("network") ? Optional.of(onlyFrom("192.0.2.1")) : Optional.empty(),
                thing.equals("users") ? List.of(new UserText("alice", HASH, Optional.empty())) : List.of(),
                thing.equals("service-ids") ? List.of(new ServiceIdText("bot", Optional.empty())) : List.of(),
                List.of());
        // When
        String yaml = PolicyWriter.write(new PolicyText(List.of(), List.of(), one));
        // Then
        assertThat(yaml).startsWith("accounts:\n  acme:\n    " + thing + ":");
        Account account = account(compiled(yaml));
        assertThat(account.namespaces().size()
                        + account.network().stream().count()
                        + account.users().size()
                        + account.serviceIds().size())
                .isEqualTo(1);
    }

    // Lists by themselves

    @Test
    void listsAreWrittenUnderTheKeysThatTheyHaveInCommon() {
        // Given
        List<RuleText> rules = List.of(rule(new Rule.ZoneMatcher("office")));
        List<AllowListText> lists = List.of(
                new AllowListText(Optional.empty(), Optional.empty(), rules),
                new AllowListText(Optional.of("acme"), Optional.empty(), List.of()),
                own(Subject.Kind.SERVICE_ID, "acme", rules),
                own(Subject.Kind.USER, "acme", rules),
                own(Subject.Kind.FEDERATED, "acme", rules),
                own(Subject.Kind.USER, "no", rules));
        // Then
        assertThat(PolicyWriter.allowLists(List.of("Seen."), lists)).isEqualTo("""
                # Seen.
                enterprise:
                  network:
                    allow:
                      - { zone: office }
                accounts:
                  acme:
                    network:
                      allow: []
                    service-ids:
                      x:
                        network:
                          allow:
                            - { zone: office }
                    users:
                      x:
                        network:
                          allow:
                            - { zone: office }
                    federated:
                      x:
                        network:
                          allow:
                            - { zone: office }
                  "no":
                    users:
                      x:
                        network:
                          allow:
                            - { zone: office }
                """);
    }

    private static AllowListText own(Subject.Kind kind, String account, List<RuleText> rules) {
        return new AllowListText(Optional.of(account), Optional.of(new Subject(kind, account, "x")), rules);
    }

    @Test
    void noHashIsInAText() {
        assertThat(ACCOUNT.toString()).contains("UserText[alice]").doesNotContain("$2y$");
    }

    // Helpers

    private static RuleText rule(Rule.Matcher matcher) {
        return new RuleText(matcher, Optional.empty(), Optional.empty());
    }

    private static NetworkText onlyFrom(String address) {
        return NetworkText.of(List.of(rule(new Rule.AddressMatcher(range(address)))), List.of());
    }

    private static AddressRange range(String text) {
        return ((AddressRange.Parsed) AddressRange.parse(text)).range();
    }

    private static List<String> allowed(Optional<NetworkRules> network) {
        return network.orElseThrow().allow().orElseThrow().rules().stream()
                .map(Rule::text)
                .toList();
    }

    private static NetworkRules network(NetworkText network) {
        return account(read(AccountText.of("acme", List.of(), network)))
                .network()
                .orElseThrow();
    }

    private static Account account(Policy policy) {
        return policy.account("acme").orElseThrow();
    }

    private static Policy read(AccountText account) {
        return compiled(PolicyWriter.write(new PolicyText(List.of("x: y"), List.of(OFFICE), account)));
    }

    private static Policy compiled(String yaml) {
        return switch (new PolicyCompiler(Set.of("vpc")).compile(List.of(new Document("written.yaml", yaml)))) {
            case PolicyCompiler.Compiled compiled -> compiled.policy();
            case PolicyCompiler.Rejected rejected -> throw new AssertionError(rejected.problems() + "\n" + yaml);
        };
    }
}
