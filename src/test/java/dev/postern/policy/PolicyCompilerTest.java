package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.policy.NetworkRules.DefaultAction;
import dev.postern.policy.NetworkRules.Enforcement;
import dev.postern.policy.NetworkRules.PrivateAccess;
import dev.postern.policy.NetworkRules.PublicAccess;
import dev.postern.policy.PolicyCompiler.Document;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Good documents, and what they mean once compiled. */
class PolicyCompilerTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final String EXAMPLE = """
            zones:
              office: { addresses: [203.0.113.0/24, "2001:db8:1::/48", 198.51.100.7-198.51.100.30], except: [203.0.113.66] }
            accounts:
              acme:
                namespaces: [acme, acme-labs]
                network:
                  enforcement: enforce
                  public-access: enabled
                  private-access: evaluate
                  default: deny
                  allow:
                    - zone: office
                    - private-endpoint: us-south
                    - { address: 192.0.2.14, until: 2026-12-31T00:00:00Z, note: a contractor's laptop }
                  deny:
                    - address: 203.0.113.99
                service-ids:
                  build-bot:
                    api-keys: [{ id: k1, digest: "sha-256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" }]
                    network: { allow: [{ zone: office }] }
                users:
                  alice: { password: "$2y$10$0123456789012345678901234567890123456789012345678901." }
                groups:
                  developers: [user:alice]
                bindings:
                  - { subjects: [service-id:build-bot], roles: [Writer], region: us-south, namespace: acme, repository: "app/**" }
                  - { subjects: [group:developers], roles: [Reader], namespace: acme }
                  - { subjects: [anonymous], roles: [Reader], namespace: acme-labs, repository: "public-*" }
            """;

    @Test
    void theExampleIsReadInFull() {
        // When
        Policy policy = Policies.good(EXAMPLE);
        // Then
        assertThat(policy.warnings()).isEmpty();
        assertThat(policy.ruleCount()).isEqualTo(5);
        assertThat(policy.highestBcryptCost()).isEqualTo(10);
        Account acme = policy.account("acme").orElseThrow();
        assertThat(acme.namespaces()).containsExactlyInAnyOrder("acme", "acme-labs");
        assertThat(acme.position()).hasToString("policy.yaml:4:3");
        assertThat(acme.serviceIds()).containsOnlyKeys("build-bot");
        assertThat(acme.groups()).containsEntry("developers", Set.of(new Subject(Subject.Kind.USER, "acme", "alice")));
        assertThat(acme.bindings()).hasSize(3);
        assertThat(acme.bindings().getFirst().region()).contains("us-south");
        assertThat(acme.bindings().getFirst().repository()).hasToString("app/**");
        assertThat(acme.bindings().getLast().subjects()).containsExactly(Subject.ANONYMOUS);
    }

    @Test
    void theNetworkSectionOfTheExampleMatchesWhatItLists() {
        // Given
        NetworkRules rules =
                Policies.good(EXAMPLE).account("acme").orElseThrow().network().orElseThrow();
        RuleList allow = rules.allow().orElseThrow();
        // Then
        assertThat(rules.enforcement()).isEqualTo(Enforcement.ENFORCE);
        assertThat(rules.fallback()).isEqualTo(DefaultAction.DENY);
        assertThat(match(allow, "203.0.113.65")).contains("zone office");
        assertThat(match(allow, "198.51.100.7")).contains("zone office");
        assertThat(match(allow, "198.51.100.30")).contains("zone office");
        assertThat(match(allow, "2001:db8:1:ffff::")).contains("zone office");
        assertThat(match(allow, "192.0.2.14")).contains("address 192.0.2.14");
        assertThat(allow.matchPrivate("us-south", Optional.empty(), Optional.empty(), NOW))
                .isPresent();
        assertThat(match(rules.deny(), "203.0.113.99")).contains("address 203.0.113.99");
        assertThat(match(allow, "203.0.113.66")).isEmpty();
        assertThat(match(allow, "198.51.100.6")).isEmpty();
        assertThat(match(allow, "198.51.100.31")).isEmpty();
        assertThat(match(allow, "2001:db8:2::")).isEmpty();
        assertThat(match(allow, "192.0.2.15")).isEmpty();
        assertThat(allow.matchPrivate("eu-de", Optional.empty(), Optional.empty(), NOW))
                .isEmpty();
        assertThat(match(rules.deny(), "203.0.113.98")).isEmpty();
    }

    @Test
    void aRuleNamesThePlaceWhereItStands() {
        // Given
        RuleList allow = Policies.good(EXAMPLE)
                .account("acme")
                .flatMap(Account::network)
                .flatMap(NetworkRules::allow)
                .orElseThrow();
        // When
        Rule rule = allow.matchAddress(address("192.0.2.14"), NOW).orElseThrow();
        // Then
        assertThat(rule.position()).hasToString("policy.yaml:14:11");
        assertThat(rule.note()).contains("a contractor's laptop");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:00Z, false",
        "2026-05-31T23:59:59.999Z, false",
        "2026-06-01T00:00:00Z, true",
        "2026-06-30T23:59:59Z, true",
        "2026-07-01T00:00:00Z, false",
        "2030-01-01T00:00:00Z, false"
    })
    void aRuleCountsFromIncludedUntilExcluded(Instant now, boolean counts) {
        // Given
        RuleList allow = allow("{address: 203.0.113.7, from: 2026-06-01T00:00:00Z, until: 2026-07-01T00:00:00Z}");
        // Then
        assertThat(allow.matchAddress(address("203.0.113.7"), now).isPresent()).isEqualTo(counts);
    }

    @Test
    void ofRulesWithATimeForOneAddressTheOneInForceCounts() {
        // Given
        RuleList list = allow(
                "{address: 203.0.113.0/24, until: 2026-06-01T12:00:00Z}",
                "{address: 203.0.113.0/25, from: 2026-06-01T12:00:00Z, until: 2026-06-02T12:00:00Z}",
                "{address: 203.0.0.0/16, from: 2026-06-03T12:00:00Z}");
        // Then
        assertThat(match(list, "203.0.113.7", NOW.minusMillis(1))).contains("address 203.0.113.0/24");
        assertThat(match(list, "203.0.113.7", NOW)).contains("address 203.0.113.0/25");
        assertThat(match(list, "203.0.113.200", NOW)).isEmpty();
        assertThat(match(list, "203.0.113.7", NOW.plus(Duration.ofDays(1)))).isEmpty();
        assertThat(match(list, "203.0.113.7", NOW.plus(Duration.ofDays(2)))).contains("address 203.0.0.0/16");
    }

    @Test
    void aRuleMayHaveAnEndOnlyOrABeginningOnly() {
        // Given
        RuleList ends = allow("{address: 203.0.113.7, until: 2026-06-01T12:00:00Z}");
        RuleList begins = allow("{private-endpoint: eu-de, from: 2026-06-01T12:00:00Z}");
        // Then
        assertThat(ends.matchAddress(address("203.0.113.7"), NOW.minusMillis(1)))
                .isPresent();
        assertThat(ends.matchAddress(address("203.0.113.7"), NOW)).isEmpty();
        assertThat(begins.matchPrivate("eu-de", Optional.empty(), Optional.empty(), NOW))
                .isPresent();
        assertThat(begins.matchPrivate("eu-de", Optional.empty(), Optional.empty(), NOW.minusMillis(1)))
                .isEmpty();
    }

    @Test
    void anEndedRuleDoesNotHideAnotherOfTheSameAddress() {
        // Given
        RuleList allow = allow("{address: 203.0.113.7, until: 2026-01-01T00:00:00Z}, {address: 203.0.113.0/24}");
        // Then
        assertThat(match(allow, "203.0.113.7")).contains("address 203.0.113.0/24");
    }

    // No list, an empty list, and a default

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                           | ALLOW | false",
                "{deny: []}                   | ALLOW | false",
                "{deny: [{address: '::/0'}]}  | ALLOW | false",
                "{default: allow}             | ALLOW | false",
                "{default: deny}              | DENY  | false",
                "{allow: []}                  | DENY  | true",
                "{allow: [], default: allow}  | ALLOW | true",
                "{allow: [{address: '::/0'}]} | DENY  | true",
                "{allow: [{address: '::/0'}], default: allow} | ALLOW | true",
                "{allow: [{address: '::/0'}], default: deny}  | DENY  | true"
            })
    void noListAnEmptyListAndADefaultAreThreeThings(String network, DefaultAction fallback, boolean list) {
        // When
        NetworkRules rules = network(network);
        // Then
        assertThat(rules.fallback()).isEqualTo(fallback);
        assertThat(rules.allow().isPresent()).isEqualTo(list);
    }

    @Test
    void anAccountWithoutANetworkSectionHasNoRules() {
        assertThat(Policies.good("accounts: {acme: {}}")
                        .account("acme")
                        .orElseThrow()
                        .network())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{allow: []}     | 1:29 | an empty 'allow' list admits no public source at all",
                "{default: deny} | 1:29 | 'default: deny' without an 'allow' list admits no public source at all",
                "{default: deny, allow: []} | 1:44 | an empty 'allow' list admits no public source at all"
            })
    void aSectionThatAdmitsNobodyIsWarnedOf(String network, String place, String message) {
        // When
        List<Problem> warnings =
                Policies.good("accounts: {acme: {network: " + network + "}}").warnings();
        // Then
        assertThat(warnings)
                .extracting(Problem::toString)
                .containsExactly("policy.yaml:" + place + ": warning: " + message);
    }

    @Test
    void everyChoiceOfANetworkSectionIsHonoured() {
        // When
        NetworkRules report =
                network("{enforcement: report, public-access: disabled, private-access: trust, default: allow}");
        NetworkRules off = network("{enforcement: off, public-access: enabled, private-access: disabled}");
        NetworkRules unset = network("{}");
        // Then
        assertThat(report.enforcement()).isEqualTo(Enforcement.REPORT);
        assertThat(report.publicAccess()).isEqualTo(PublicAccess.DISABLED);
        assertThat(report.privateAccess()).isEqualTo(PrivateAccess.TRUST);
        assertThat(off.enforcement()).isEqualTo(Enforcement.OFF);
        assertThat(off.privateAccess()).isEqualTo(PrivateAccess.DISABLED);
        assertThat(unset.enforcement()).isEqualTo(Enforcement.ENFORCE);
        assertThat(unset.publicAccess()).isEqualTo(PublicAccess.ENABLED);
        assertThat(unset.privateAccess()).isEqualTo(PrivateAccess.EVALUATE);
    }

    @Test
    void theEnterprisesRulesAreReadFromAnyDocumentAndCounted() {
        // When
        Policy policy = Policies.good(
                new Document("10-accounts.yaml", "accounts: {acme: {network: {deny: [{zone: bad}]}}}"),
                new Document(
                        "20-enterprise.yaml",
                        "enterprise: {network: {allow: [{address: 203.0.113.0/24}], deny: [{zone: bad}]}}\n"
                                + "zones: {bad: {addresses: [192.0.2.0/24]}}"));
        // Then
        NetworkRules ceiling = policy.enterprise().orElseThrow();
        assertThat(ceiling.fallback()).isEqualTo(DefaultAction.DENY);
        assertThat(match(ceiling.allow().orElseThrow(), "203.0.113.7")).contains("address 203.0.113.0/24");
        assertThat(match(ceiling.deny(), "192.0.2.7")).contains("zone bad");
        assertThat(ceiling.position()).hasToString("20-enterprise.yaml:1:23");
        assertThat(policy.ruleCount()).isEqualTo(3);
        assertThat(Policies.good("accounts: {acme: {}}").enterprise()).isEmpty();
    }

    // Rules on trial, and trusted services

    @Test
    void rulesInReportModeStandApartAndAreCounted() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  acme:
                    network:
                      allow:
                        - { address: 203.0.113.0/24 }
                        - { address: 198.51.100.0/24, enforcement: report, until: 2026-12-31T00:00:00Z }
                      deny:
                        - { address: 203.0.113.99, enforcement: report }
                        - { address: 203.0.113.98, enforcement: enforce }
                """);
        // Then
        NetworkRules rules = policy.account("acme").flatMap(Account::network).orElseThrow();
        assertThat(match(rules.allow().orElseThrow(), "203.0.113.7")).isPresent();
        assertThat(match(rules.allow().orElseThrow(), "198.51.100.7")).isEmpty();
        assertThat(match(rules.deny(), "203.0.113.98")).isPresent();
        assertThat(match(rules.deny(), "203.0.113.99")).isEmpty();
        assertThat(match(rules.onTrial().allow(), "198.51.100.7")).isPresent();
        assertThat(match(rules.onTrial().deny(), "203.0.113.99")).isPresent();
        assertThat(policy.ruleCount()).isEqualTo(4);
    }

    @Test
    void anAllowListOfRulesOnTrialAloneIsWarnedOf() {
        assertThat(Policies.good("accounts: {acme: {network: {allow: [{address: 203.0.113.7, enforcement: report}]}}}")
                        .warnings())
                .extracting(Problem::toString)
                .containsExactly(
                        "policy.yaml:1:29: warning: an 'allow' list of rules that are all in report mode admits"
                                + " no public source at all");
    }

    @Test
    void trustedServicesAreOfTheSectionsAccountUnlessTheySay() {
        // When
        Policy policy = Policies.good("""
                enterprise: { network: { trusted-services: [service-id:acme/bot] } }
                accounts:
                  acme:
                    network: { trusted-services: [service-id:bot, service-id:other/bot] }
                    service-ids: { bot: {} }
                  other: { service-ids: { bot: {} } }
                """);
        // Then
        Subject own = new Subject(Subject.Kind.SERVICE_ID, "acme", "bot");
        Subject others = new Subject(Subject.Kind.SERVICE_ID, "other", "bot");
        NetworkRules rules = policy.account("acme").flatMap(Account::network).orElseThrow();
        assertThat(rules.trustedServices()).containsOnlyKeys(own, others);
        assertThat(rules.trustedServices().get(others)).hasToString("policy.yaml:4:51");
        assertThat(policy.enterprise().orElseThrow().trustedServices()).containsOnlyKeys(own);
    }

    // Invariants

    @Test
    void invariantsAreReadWithWhoAsksAndForWhat() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  acme:
                    network:
                      must-admit:
                        - 203.0.113.10
                        - { private-endpoint: us-south, identity: service-id:bot }
                        - { originator: 10.8.0.0/24, via: "aws:vpce-0a1b2c3d4e5f60718" }
                      must-refuse:
                        - { address: 192.0.2.0/24, identity: anonymous, scope: "repository:acme/app:pull" }
                    service-ids: { bot: { network: { must-refuse: ["::/0"] } } }
                """);
        // Then
        Account acme = policy.account("acme").orElseThrow();
        assertThat(acme.network().orElseThrow().invariants())
                .extracting(invariant -> invariant.position() + " " + invariant.text())
                .containsExactly(
                        "policy.yaml:5:11 must-admit 203.0.113.10",
                        "policy.yaml:6:11 must-admit private-endpoint us-south for service-id:acme/bot",
                        "policy.yaml:7:11 must-admit originator 10.8.0.0/24 via aws:vpce-0a1b2c3d4e5f60718",
                        "policy.yaml:9:11 must-refuse 192.0.2.0/24 for anonymous, repository:acme/app:pull");
        assertThat(acme.serviceIds().get("bot").network().orElseThrow().invariants())
                .extracting(Invariant::text)
                .containsExactly("must-refuse ::/0 for service-id:acme/bot");
    }

    // Public namespaces

    @Test
    void aNamespaceIsPublicWhereItSaysSo() {
        // When
        Account acme = Policies.good("""
                accounts:
                  acme:
                    namespaces: [acme, { name: acme-public, public: true }, { name: acme-own, public: false }, { name: acme-x }]
                    bindings: [{ subjects: [anonymous], roles: [Reader] }]
                """).account("acme").orElseThrow();
        // Then
        assertThat(acme.namespaces()).containsExactlyInAnyOrder("acme", "acme-public", "acme-own", "acme-x");
        assertThat(acme.publicNamespaces()).containsOnlyKeys("acme-public");
        assertThat(acme.publicNamespaces().get("acme-public")).hasToString("policy.yaml:3:24");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]                                                                 | true",
                "[{subjects: [group:readers], roles: [Reader]}]                     | true",
                "[{subjects: [anonymous], roles: [Reader], namespace: acme}]        | true",
                "[{subjects: [anonymous], roles: [Reader], namespace: acme-public}] | false",
                "[{subjects: [anonymous], roles: [Reader], repository: open}]       | false"
            })
    void aPublicNamespaceThatNoBindingOpensIsWarnedOf(String bindings, boolean warned) {
        // When
        List<Problem> warnings = Policies.good(
                        "accounts: {acme: {groups: {readers: []}, namespaces: [acme, {name: acme-public, public: true}], bindings: "
                                + bindings + "}}")
                .warnings();
        // Then
        assertThat(warnings)
                .hasSize(warned ? 1 : 0)
                .allSatisfy(warning -> assertThat(warning)
                        .hasToString(
                                "policy.yaml:1:61: warning: the namespace 'acme-public' is public, and no binding gives"
                                        + " anonymous anything in it: nobody gains by it"));
    }

    // Zones

    @Test
    void aZoneIsItsAddressesAndZonesWithoutItsExceptions() {
        // When
        Policy policy = Policies.good("""
                zones:
                  all: {zones: [office, home], addresses: ["2001:db8::/32"], except: [10.0.0.5, 203.0.113.0/28]}
                  home: {addresses: [10.0.0.0/24]}
                  office: {addresses: [203.0.113.0/24], except: [10.0.0.0/8]}
                accounts:
                  acme: {network: {allow: [{zone: all}]}}
                """);
        // Then
        RuleList allow = policy.account("acme")
                .flatMap(Account::network)
                .flatMap(NetworkRules::allow)
                .orElseThrow();
        assertThat(List.of("10.0.0.4", "10.0.0.6", "203.0.113.16", "203.0.113.255", "2001:db8::1"))
                .allSatisfy(in -> assertThat(match(allow, in)).contains("zone all"));
        assertThat(List.of("10.0.0.5", "203.0.113.0", "203.0.113.15", "10.0.1.0", "2001:db9::"))
                .allSatisfy(out -> assertThat(match(allow, out)).isEmpty());
    }

    @Test
    void aZoneMayStandTwiceWithinAnotherWithoutBeingACycle() {
        // When
        Policy policy = Policies.good("""
                zones:
                  a: {zones: [b, c]}
                  b: {zones: [d]}
                  c: {zones: [d]}
                  d: {addresses: [203.0.113.1]}
                accounts: {acme: {}}
                """);
        // Then
        assertThat(policy.warnings()).isEmpty();
    }

    @Test
    void aZoneThatIsEmptyIsWarnedOf() {
        assertThat(Policies.good(
                                "zones: {none: {addresses: [203.0.113.1], except: [203.0.113.0/24]}}\naccounts: {a: {}}")
                        .warnings())
                .extracting(Problem::toString)
                .containsExactly("policy.yaml:1:9: warning: zone 'none' is empty: a rule that names it matches nobody");
    }

    // Texts stay texts

    @Test
    void namesThatYamlTakesForOtherThingsStayText() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  no:
                    namespaces: [no, on, 1e3, 0x10, 2026-01-01, yes]
                    service-ids: {on: {}, null: {}, 1.5: {}}
                    users:
                      off: {password: "$2y$04$0123456789012345678901234567890123456789012345678901."}
                    bindings:
                      - {subjects: [user:off, service-id:on, service-id:null], roles: [Reader], region: 1e3, namespace: 0x10, repository: 1e3}
                    network:
                      allow:
                        - {address: 203.0.113.7, note: ~x}
                        - {address: 203.0.113.8, note: 12:30:45}
                  1e3: {}
                """);
        // Then
        Account account = policy.account("no").orElseThrow();
        assertThat(policy.account("1e3")).isPresent();
        assertThat(account.namespaces()).containsExactlyInAnyOrder("no", "on", "1e3", "0x10", "2026-01-01", "yes");
        assertThat(account.serviceIds()).containsOnlyKeys("on", "null", "1.5");
        assertThat(policy.user("off")).isPresent();
        assertThat(account.bindings().getFirst().region()).contains("1e3");
        assertThat(account.bindings().getFirst().namespace()).contains("0x10");
        assertThat(account.network().orElseThrow().allow().orElseThrow().rules())
                .extracting(rule -> rule.note().orElseThrow())
                .containsExactly("~x", "12:30:45");
    }

    @Test
    void anAliasOfASingleValueIsRead() {
        // When
        Policy policy = Policies.good(
                "accounts:\n  acme: {namespaces: [&name acme]}\n  other: {namespaces: [other]}\n"
                        + "  third: {bindings: [{subjects: [anonymous], roles: [&role Reader]}, {subjects: [anonymous], roles: [*role]}]}\n");
        // Then
        assertThat(policy.account("third").orElseThrow().bindings())
                .allSatisfy(binding -> assertThat(binding.roles()).containsExactly(Role.READER));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeffaccounts: {acme: {}}",
                "accounts: {acme: {}}\r\nzones: {}\r\n",
                "# first\n---\naccounts: {acme: {}}\n...\n",
                "zones: {}\n---\naccounts: {acme: {}}\n",
                "{\"accounts\": {\"acme\": {\"namespaces\": []}}}",
                "accounts: {acme: {network: {allow: [], deny: []}, bindings: [], groups: {}, users: {}, service-ids: {}}}"
            })
    void otherFormsOfGoodDocumentsAreTaken(String text) {
        assertThat(Policies.good(text).account("acme")).isPresent();
    }

    @Test
    void severalFilesAreOnePolicy() {
        // When
        Policy policy = Policies.good(
                new Document("10-accounts.yaml", "accounts: {acme: {network: {allow: [{zone: office}]}}}"),
                new Document("20-zones.yaml", "zones: {office: {addresses: [203.0.113.0/24]}}"),
                new Document("30-empty.yaml", "{}"),
                new Document("40-groups.yaml", "accounts: {other: {groups: {devs: [service-id:third/bot]}}}"),
                new Document("50-bots.yaml", "accounts: {third: {service-ids: {bot: {}}}}"));
        // Then
        assertThat(policy.accounts()).extracting(Account::name).containsExactlyInAnyOrder("acme", "other", "third");
        assertThat(policy.account("other").orElseThrow().position().file()).isEqualTo("40-groups.yaml");
        assertThat(policy.groupsOf(new Subject(Subject.Kind.SERVICE_ID, "third", "bot")))
                .containsExactly(new Subject(Subject.Kind.GROUP, "other", "devs"));
        assertThat(policy.groupsOf(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot")))
                .isEmpty();
    }

    @Test
    void theVersionIsThatOfNamesAndTexts() {
        // Given
        Document one = new Document("a.yaml", "accounts: {acme: {}}");
        // Then
        assertThat(Policies.good(one).version())
                .isEqualTo(Policies.good(one).version())
                .matches("[0-9a-f]{16}");
        assertThat(Policies.good(new Document("a.yaml", "accounts: {acme: {}} "))
                        .version())
                .isNotEqualTo(Policies.good(one).version());
        assertThat(Policies.good(new Document("b.yaml", "accounts: {acme: {}}")).version())
                .isNotEqualTo(Policies.good(one).version());
    }

    // Owners

    @ParameterizedTest
    @CsvSource({
        "acme, acme, acme, ''",
        "acme/app, acme, acme, app",
        "acme/app/web, acme, acme, app/web",
        "acme/labs, other, acme/labs, ''",
        "acme/labs/x, other, acme/labs, x",
        "acme/labs/deep/x, third, acme/labs/deep, x",
        "acme/labs/deeper/x, other, acme/labs, deeper/x",
        "acme/labsx/y, acme, acme, labsx/y"
    })
    void theLongestNamespaceOwnsARepository(String repository, String account, String namespace, String rest) {
        // When
        Policy.Owned owned = owners().ownerOf(repository).orElseThrow();
        // Then
        assertThat(owned.account().name()).isEqualTo(account);
        assertThat(owned.namespace()).isEqualTo(namespace);
        assertThat(owned.rest()).isEqualTo(rest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "acm", "acmex", "acme-labs/x", "xacme/app", "other", "/acme", "registry:5000/acme/app", "/"})
    void otherRepositoriesHaveNoOwner(String repository) {
        assertThat(owners().ownerOf(repository)).isEmpty();
    }

    private static Policy owners() {
        return Policies.good("""
                accounts:
                  acme: {namespaces: [acme]}
                  other: {namespaces: [acme/labs]}
                  third: {namespaces: [acme/labs/deep]}
                """);
    }

    // Users

    @Test
    void aBareUserNameThatTwoAccountsHaveIsNobodysAndWarnedOf() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  acme: {users: {alice: {password: "$2y$04$0123456789012345678901234567890123456789012345678901."}}}
                  other:
                    users:
                      alice: {password: "$2y$12$0123456789012345678901234567890123456789012345678901."}
                      bob: {password: "$2b$05$0123456789012345678901234567890123456789012345678901."}
                """);
        // Then
        assertThat(policy.user("alice")).isEmpty();
        assertThat(policy.user("acme/alice").orElseThrow().account().name()).isEqualTo("acme");
        assertThat(policy.user("other/alice").orElseThrow().account().name()).isEqualTo("other");
        assertThat(policy.user("bob").orElseThrow().account().name()).isEqualTo("other");
        assertThat(policy.user("acme/bob")).isEmpty();
        assertThat(policy.highestBcryptCost()).isEqualTo(12);
        assertThat(policy.warnings())
                .extracting(Problem::message)
                .containsExactly("the accounts 'acme' and 'other' both have a user 'alice', who must now sign in as"
                        + " 'ACCOUNT/alice'");
    }

    @Test
    void secretsStayOutOfTexts() {
        // When
        String text = Policies.good(EXAMPLE).accounts().toString();
        // Then
        assertThat(text).doesNotContain("$2y$", "0123456789abcdef").contains("alice", "k1");
    }

    private static NetworkRules network(String section) {
        return Policies.good("accounts: {acme: {network: " + section + "}}")
                .account("acme")
                .flatMap(Account::network)
                .orElseThrow();
    }

    private static RuleList allow(String... rules) {
        return network("{allow: [" + String.join(", ", rules) + "]}").allow().orElseThrow();
    }

    private static Optional<String> match(RuleList list, String address) {
        return match(list, address, NOW);
    }

    private static Optional<String> match(RuleList list, String address, Instant now) {
        return list.matchAddress(address(address), now).map(Rule::text);
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    @Test
    void aUserWhoseNameIsForTokensIsWarnedOf() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  acme:
                    users: { oidc: { password: "$2y$10$0123456789012345678901234567890123456789012345678901." } }
                """);

        // Then
        assertThat(policy.warnings())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .startsWith("policy.yaml:3:20: warning: a user cannot sign in as 'oidc'"));
    }

    @Test
    void claimsThatNameNobodyAreWarnedOf() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  acme:
                    federated: { all: { issuer: github, claims: { sub: "**" } } }
                """);

        // Then
        assertThat(policy.warnings())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("name nobody in particular"));
    }
}
