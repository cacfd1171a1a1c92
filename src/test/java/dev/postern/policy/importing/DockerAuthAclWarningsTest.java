package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.DOCKER_AUTH_ACL;
import static dev.postern.policy.importing.ImportedPolicy.ACCOUNT;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the import of docker_auth's list says: all that is another thing here than there, and nothing else. */
class DockerAuthAclWarningsTest {

    private static final String PART = " is taken over in part or not at all. ";

    /** Signs in as nobody: what is said of that is left out of what is compared here. */
    private static final String NO_KEY = "without a bcrypt hash in the file: as service ids that nobody can sign in as;"
            + " give them API keys (postern key create), or make them users";

    private static ImportOptions options(String... namespaces) {
        return new ImportOptions(ACCOUNT, List.of(namespaces), List.of(), Map.of(), Optional.empty(), false);
    }

    private static ImportedPolicy imported(String acl, String... namespaces) {
        return ImportedPolicy.ofText(DOCKER_AUTH_ACL, options(namespaces), acl);
    }

    private static List<String> warnings(String acl, String... namespaces) {
        return imported(acl, namespaces).warnings().stream()
                .filter(warning -> !warning.endsWith(NO_KEY))
                .toList();
    }

    private static String warning(int line, String text) {
        return "input:" + line + ":3: warning: " + text;
    }

    @Test
    void aListThatIsTakenOverWholeIsNoReasonToWarn() {
        assertThat(warnings("""
                - {match: {account: alice, name: acme/app}, actions: [pull]}
                - {match: {account: alice, name: "acme/web-*"}, actions: [pull, push, delete]}
                """)).isEmpty();
    }

    // Entries that cannot be said

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "labels: {group: x} | it has 'labels', which cannot be said",
                "labels: | it has 'labels', which cannot be said",
                "service: x | it has 'service', which cannot be said",
                "email: x | it has 'email', which cannot be said",
                "team: x | it has 'team', which cannot be said",
                "weather: rain | it has a condition that is not known, 'weather', which cannot be said",
                "type: \"/(?i)repository/\" | one of its patterns cannot be said",
            })
    void anEntryWithAConditionThatCannotBeSaidIsLeftOut(String condition, String why) {
        // When
        ImportedPolicy imported =
                imported("- {match: {account: alice, name: acme/app, " + condition + "}, actions: [pull]}\n", "acme");
        // Then
        assertThat(imported.warnings()).contains(warning(1, "entry 1" + PART + "left out: " + why + " (for 'alice')"));
        assertThat(imported.granted("alice", "192.0.2.1", "repository:acme/app:pull"))
                .isEmpty();
    }

    @Test
    void aNameThatCannotBeSaidIsLeftOut() {
        assertThat(warnings("- {match: {account: alice, name: \"acme/${labels:x}\"}, actions: [pull]}\n", "acme"))
                .containsExactly(
                        warning(1, "entry 1" + PART + "left out: one of its patterns cannot be said (for 'alice')"));
    }

    @Test
    void whatGivesNothingIsNoLossWhereItCannotBeSaid() {
        assertThat(warnings("""
                - {match: {account: alice, name: acme/app}, actions: [pull]}
                - {match: {account: alice, name: acme/web, labels: {}}, actions: []}
                """)).isEmpty();
    }

    @Test
    void aDenialThatCannotBeSaidIsNoMatterForWhoComesFromElsewhere() {
        // When
        ImportedPolicy imported = imported("""
                - {match: {account: alice, ip: 192.0.2.0/24, labels: {group: suspended}}, actions: []}
                - {match: {account: alice, ip: 203.0.113.0/24, name: acme/app}, actions: [pull]}
                """);
        // Then
        assertThat(imported.granted("alice", "203.0.113.9", "repository:acme/app:pull"))
                .containsExactly("pull");
    }

    // The order

    @Test
    void whatIsGivenFromElsewhereOnlyIsSaid() {
        assertThat(warnings("""
                - {match: {account: alice, ip: 192.0.2.0/24, name: acme/app}, actions: []}
                - {match: {account: alice, name: "acme/*"}, actions: [pull]}
                """))
                .contains(warning(
                        2,
                        "entry 2" + PART + "only from elsewhere: entry 1 comes first for a part of it, and gives"
                                + " nothing; here, bindings add up (for 'alice')"));
    }

    @Test
    void whatIsGivenInPartIsSaidWithThePart() {
        assertThat(warnings("""
                - {match: {account: alice, name: acme/app}, actions: [pull]}
                - {match: {account: alice, name: "acme/*"}, actions: [pull, push, delete]}
                """))
                .contains(warning(
                        2,
                        "entry 2" + PART + "only pull: entry 1 comes first for a part of it, and gives pull; here,"
                                + " bindings add up (for 'alice')"));
    }

    // Actions

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[pull, push] | entry 1 gives pull,push, which is Reader here: a Writer may also delete; --push-as-writer makes it a Writer",
                "[push] | entry 1 is taken over in part or not at all. left out: no role gives no more than push",
                "[pull, frobnicate] | entry 1 is taken over in part or not at all. as Reader: no role gives frobnicate,pull and no more",
            })
    void actionsOfNoRoleAreSaid(String actions, String warning) {
        assertThat(warnings("- {match: {account: alice, name: acme/app}, actions: " + actions + "}\n", "acme"))
                .containsExactly(warning(1, warning + " (for 'alice')"));
    }

    // Names

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acme/[a-c] | left out: no pattern here says which repositories it means",
                "other?/app | left out: its repositories are below no namespace of the account; --namespace adds some",
                "app | left out: its repositories are below no namespace of the account; --namespace adds some",
            })
    void aNameOfWhichNoPatternComesIsSaid(String name, String why) {
        assertThat(warnings("- {match: {account: alice, name: \"" + name + "\"}, actions: [pull]}\n", "acme"))
                .containsExactly(warning(1, "entry 1" + PART + why + " (for 'alice')"));
    }

    @ParameterizedTest
    @CsvSource({"acme/*, true", "acme/app, false", "acme/app-*, false"})
    void onlyAnAsteriskByItselfIsForARepositoryThatIsCalledAsItsNamespace(String name, boolean said) {
        assertThat(warnings("- {match: {account: alice, name: \"" + name + "\"}, actions: [pull]}\n"))
                .isEqualTo(
                        said
                                ? List.of(warning(
                                        1,
                                        "entry 1 is for repositories below 'acme'; here it is for one that is called just"
                                                + " that, too: an asterisk may stand for nothing"))
                                : List.of());
    }

    // Listing the registry

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{match: {account: alice, type: registry, name: catalog}, actions: [`*`]} | 1",
                "{match: {account: alice, name: acme/app}, actions: [pull]}%n- {match: {account: alice, type: registry}, actions: [`*`]} | 2",
                "{match: {account: alice, type: registry, ip: 192.0.2.1}, actions: [`*`]}%n- {match: {account: alice, type: repository}, actions: [pull]} | 1",
                "{match: {account: alice, type: registry, ip: 192.0.2.1}, actions: [`*`]}%n- {match: {account: alice, type: registry, ip: 192.0.2.2}, actions: [`*`]} | 1",
                "{match: {account: alice}, actions: [`*`]} | 0",
                "{match: {account: alice, type: registry}, actions: [`*`]}%n- {match: {account: alice, type: repository}, actions: [pull]} | 0",
                "{match: {account: alice, type: registry}, actions: []}%n- {match: {account: alice, type: registry}, actions: [`*`]} | 0",
                "{match: {account: alice, type: registry}, actions: [pull]} | 0",
                "{match: {account: alice, type: registry, name: other}, actions: [`*`]} | 0",
            })
    void theRightToListThatIsLeftOutIsSaid(String acl, int entry) {
        assertThat(warnings("- " + acl.replace("%n", "\n").replace('`', '"') + "\n", "acme"))
                .filteredOn(warning -> !warning.contains("is for repositories below"))
                .isEqualTo(
                        entry == 0
                                ? List.of()
                                : List.of(warning(
                                        entry,
                                        "entry " + entry + " allows to list the registry (registry:catalog:*), which is"
                                                + " left out: it takes Reader or Manager on all repositories, from the same"
                                                + " addresses (for 'alice')")));
    }

    @Test
    void aRightToListThatCannotBeSaidIsLeftOut() {
        assertThat(warnings(
                        "- {match: {account: alice, type: registry, labels: {group: x}}, actions: [\"*\"]}\n", "acme"))
                .containsExactly(
                        warning(1, "entry 1" + PART + "left out: it has 'labels', which cannot be said (for 'alice')"));
    }

    // Accounts

    @Test
    void manyAccountsOfWhichTheSameIsSaidAreCounted() {
        // Given
        String acl = """
                users: {"": {}, a: {}, b: {}, c: {}, d: {}}
                acl:
                - {match: {account: "/^[a-d]?$/", name: acme/app}, actions: [push]}
                """;
        // Then
        assertThat(warnings(acl))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(warning(3, "entry 1" + PART + "left out: no role gives no more than push"))
                        .endsWith(" (for 'a', 'b', 'c' and 2 more)"));
    }

    @Test
    void callersWithoutCredentialsAreCalledAnonymous() {
        assertThat(warnings("- {match: {account: \"\", name: acme/app}, actions: [push]}\n", "acme"))
                .containsExactly(
                        warning(1, "entry 1" + PART + "left out: no role gives no more than push (for anonymous)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'/^a/' | true | true",
                "'a*' | true | true",
                "'[ab]' | true | true",
                "'/(?i)a/' | true | true",
                "'/^a$/' | true | false",
                "alice | true | false",
                "'a*' | false | false",
            })
    void aPatternOfAccountsIsForThoseThatTheFileNames(String account, boolean gives, boolean said) {
        // Given: it stands on its own line, as 'account' has quotes of its own
        String acl = "- match: {name: acme/app, account: \"" + account.replace("'", "") + "\"}\n  actions: "
                + (gives ? "[pull]" : "[]") + "\n";
        // Then
        String warning = warning(
                1,
                "entry 1 is for whoever '" + account.replace("'", "")
                        + "' matches; here it is for those that the file names");
        assertThat(warnings(acl, "acme").contains(warning)).isEqualTo(said);
    }

    @Test
    void anAccountWhoseNameIsNoneHereIsLeftOut() {
        assertThat(warnings("- {match: {account: \"alice smith\", name: acme/app}, actions: [pull]}\n"))
                .anySatisfy(warning ->
                        assertThat(warning).startsWith("input:1:1: warning: the account 'alice smith' is left out: "));
    }

    @ParameterizedTest
    @CsvSource({"1, 1 account", "2, 2 accounts"})
    void accountsThatNobodyCanSignInAsAreCounted(int accounts, String count) {
        // Given
        String acl = IntStream.range(0, accounts)
                .mapToObj(i -> "- {match: {account: a" + i + ", name: acme/app}, actions: [pull]}\n")
                .collect(Collectors.joining());
        // Then
        assertThat(imported(acl).warnings()).containsExactly("input:1:1: warning: " + count + " " + NO_KEY);
    }

    @Test
    void whereTheFileLetsNobodyInWithoutCredentialsItIsSaid() {
        assertThat(warnings("""
                users: {alice: {}}
                acl: [{match: {name: acme/app}, actions: [pull]}]
                """))
                .containsExactly("input:1:1: warning: the file's users have no \"\": callers without credentials get"
                        + " nothing");
    }

    @ParameterizedTest
    @CsvSource({"'', true", "alice, false"})
    void whatIsBoundToAnonymousIsForEveryone(String account, boolean said) {
        assertThat(warnings("- {match: {account: \"" + account + "\", name: acme/app}, actions: [pull]}\n"))
                .isEqualTo(
                        said
                                ? List.of(
                                        "input:1:1: warning: what is bound to 'anonymous' is for everyone here, signed in"
                                                + " or not")
                                : List.of());
    }

    @Test
    void anAccountWithoutNamespacesIsSaid() {
        assertThat(warnings("- {match: {account: alice}, actions: [\"*\"]}\n"))
                .containsExactly("input:1:1: warning: no namespaces: name those of the account with --namespace");
        assertThat(warnings("- {match: {account: alice}, actions: [\"*\"]}\n", "acme"))
                .isEmpty();
    }

    // Addresses

    @Test
    void whatCallersWithoutCredentialsHaveFromAFewAddressesIsLeftOutWhereOthersComeFromMore() {
        assertThat(warnings("""
                - {match: {account: "", ip: 192.0.2.0/24, name: acme/app}, actions: [pull]}
                - {match: {account: alice, name: acme/web}, actions: [pull]}
                """))
                .containsExactly(warning(
                        1,
                        "entry 1" + PART + "left out: for callers without credentials addresses are a condition of the"
                                + " whole account here, and others come from more (for anonymous)"));
    }

    @Test
    void fromEverywhereIsNoRule() {
        assertThat(imported("""
                - {match: {account: "", name: acme/app}, actions: [pull]}
                - {match: {account: alice, name: acme/web}, actions: [pull]}
                """).yaml()).doesNotContain("network:");
        assertThat(imported("- {match: {account: alice, name: acme/web}, actions: [pull]}\n")
                        .yaml())
                .doesNotContain("network:");
    }

    @Test
    void addressesThatAllHaveInCommonAreTheRulesOfTheAccountAndStandOnce() {
        // When: bob has no grants, and is no reason to repeat them
        ImportedPolicy imported = imported("""
                - {match: {account: bob}, actions: []}
                - {match: {account: alice, ip: 192.0.2.0/24, name: acme/app}, actions: [pull]}
                - {match: {account: carol, ip: 192.0.2.0/24, name: acme/app}, actions: [pull]}
                """);
        // Then
        assertThat(imported.yaml())
                .contains("    network:\n      allow:\n        - { address: 192.0.2.0/24 }\n")
                .containsOnlyOnce("192.0.2.0/24");
    }

    @Test
    void ofSeveralAddressesThoseAreKeptThatMostGrantsHave() {
        // When
        ImportedPolicy imported = imported("""
                - {match: {account: alice, ip: 192.0.2.0/24, name: acme/a}, actions: [pull]}
                - {match: {account: alice, ip: 203.0.113.0/24, name: acme/b}, actions: [pull]}
                - {match: {account: alice, ip: 203.0.113.9, name: acme/c}, actions: [pull]}
                - {match: {account: alice, ip: 203.0.113.0/24, name: acme/d}, actions: [pull]}
                """);
        // Then: what holds from one of them only is left out with what holds from others
        assertThat(imported.granted("alice", "203.0.113.9", "repository:acme/b:pull"))
                .containsExactly("pull");
        assertThat(imported.granted("alice", "203.0.113.9", "repository:acme/d:pull"))
                .containsExactly("pull");
        assertThat(imported.granted("alice", "203.0.113.9", "repository:acme/c:pull"))
                .isEmpty();
        assertThat(imported.granted("alice", "192.0.2.1", "repository:acme/a:pull"))
                .isEmpty();
        String why =
                PART + "left out: addresses are a condition of an identity here, and another of its grants holds from"
                        + " more (for 'alice')";
        assertThat(imported.warnings()).contains(warning(1, "entry 1" + why), warning(3, "entry 3" + why));
    }

    @Test
    void ofAddressesThatAsManyGrantsHaveTheFirstAreKept() {
        // When
        ImportedPolicy imported = imported("""
                - {match: {account: alice, ip: 192.0.2.0/24, name: acme/a}, actions: [pull]}
                - {match: {account: alice, ip: 203.0.113.0/24, name: acme/b}, actions: [pull]}
                """);
        // Then
        assertThat(imported.granted("alice", "192.0.2.1", "repository:acme/a:pull"))
                .containsExactly("pull");
        assertThat(imported.granted("alice", "203.0.113.9", "repository:acme/b:pull"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.0.0.0/0 | allow: 0.0.0.0/0",
                "192.0.2.0/24 | allow: 192.0.2.0/24",
            })
    void aFamilyOrABlockIsListedAsItIs(String ip, String rules) {
        assertThat(rules(imported("- {match: {account: alice, ip: " + ip + ", name: acme/a}, actions: [pull]}\n")))
                .isEqualTo(rules);
    }

    @Test
    void everythingButAFewIsWrittenSo() {
        assertThat(rules(imported("""
                - {match: {account: alice, ip: 192.0.2.0/24}, actions: []}
                - {match: {account: alice, name: acme/a}, actions: [pull]}
                """))).isEqualTo("allow: 0.0.0.0/0 \"::/0\" deny: 192.0.2.0/24");
    }

    /** {@code allow: 192.0.2.0/24 deny: 192.0.2.1} */
    private static String rules(ImportedPolicy imported) {
        return imported.yaml()
                .lines()
                .map(String::strip)
                .filter(line -> line.matches("(allow|deny):|- \\{ address: .*"))
                .map(line -> line.replaceAll("- \\{ address: (.*) }", "$1"))
                .collect(Collectors.joining(" "));
    }

    // What is no list

    @ParameterizedTest
    @CsvSource({"acl_mongo", "acl_xorm", "ext_authz", "plugin_authz", "casbin_authz"})
    void whatElseMayAllowSomethingThereIsNotInTheFile(String key) {
        assertThat(warnings("acl: [{match: {account: alice, name: acme/app}, actions: [pull]}]\n" + key + ": {x: y}\n"))
                .containsExactly("input:2:" + (key.length() + 3) + ": warning: what '" + key
                        + "' allows is not in the file; left out");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{match: {}, actions: [[pull]]}] | 1:24 | found a list; expected an action",
                "[{match: {}, actions: [~]}] | 1:24 | found nothing; expected an action",
                "[{match: {}, actions: [], expires: 2020-01-01}] | 1:2 | unknown key 'expires' in an entry",
                "[[]] | 1:2 | found a list; expected an entry with 'match' and 'actions'",
                "[~] | 1:2 | found nothing; expected an entry with 'match' and 'actions'",
            })
    void whatIsNoEntryStopsTheImport(String text, String place, String error) {
        assertThat(refused(DOCKER_AUTH_ACL, options(), text)).containsExactly("input:" + place + ": error: " + error);
    }

    @Test
    void aSecondListStopsTheImport() {
        // Given
        String list = "[{match: {account: alice, name: acme/app}, actions: [pull]}]";
        // Then
        assertThat(refused(DOCKER_AUTH_ACL, options(), list, list))
                .containsExactly("input:1:1: error: a second list; import each into an account of its own");
    }

    @ParameterizedTest
    @CsvSource({"2000, true", "2001, false"})
    void soManyEntriesAreTaken(int entries, boolean taken) {
        // Given
        String list = "- {match: {account: alice, name: acme/app}, actions: [pull]}\n".repeat(entries);
        // Then
        if (taken) {
            assertThat(imported(list).granted("alice", "192.0.2.1", "repository:acme/app:pull"))
                    .containsExactly("pull");
        } else {
            assertThat(refused(DOCKER_AUTH_ACL, options(), list))
                    .containsExactly("input:2001:3: error: more than 2000 entries");
        }
    }

    @ParameterizedTest
    @CsvSource({"5000, true", "5001, false"})
    void soManyAccountsAreTaken(int accounts, boolean taken) {
        // Given
        String users = IntStream.range(0, accounts)
                .mapToObj(i -> "u" + i + ": {}")
                .collect(Collectors.joining(", ", "users: {", "}\nacl: []\n"));
        // Then
        if (taken) {
            assertThat(imported(users).policy().account(ACCOUNT).orElseThrow().serviceIds())
                    .hasSize(5000);
        } else {
            assertThat(refused(DOCKER_AUTH_ACL, options(), users))
                    .contains("input:1:1: error: more than 5000 accounts");
        }
    }

    @Test
    void aBlankCommentIsNone() {
        assertThat(imported("- {match: {account: alice, name: acme/app}, actions: [pull], comment: \" \"}\n")
                        .yaml())
                .contains("repository: app }  # acl 1, input:1:3\n");
    }

    @Test
    void noHashIsInTheTextOfWhatWasRead() {
        // Given
        Findings findings = new Findings();
        Value root = YamlReader.read("input", "{users: {alice: {password: $2y$10$secret}}, acl: []}", findings)
                .getFirst();
        // Then
        assertThat(new AclReader(findings).read(root)).hasToString("Acl[0]");
    }
}
