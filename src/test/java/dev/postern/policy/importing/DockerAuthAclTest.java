package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportFormat.DOCKER_AUTH_ACL;
import static dev.postern.policy.importing.ImportedPolicy.ACCOUNT;
import static dev.postern.policy.importing.ImportedPolicy.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docker_auth: the first entry that matches decides. Here bindings add up, and must never add up to more. */
class DockerAuthAclTest {

    private static final Set<String> EVERYTHING = Set.of("pull", "push", "delete", "*");
    private static final ImportOptions OPTIONS = options("acme", "labs");

    private static ImportOptions options(String... namespaces) {
        return new ImportOptions(ACCOUNT, List.of(namespaces), List.of(), Map.of(), Optional.empty(), false);
    }

    // The sample: what is granted there is granted here, and nothing else

    @ParameterizedTest
    @CsvSource({
        "admin, 192.0.2.1, acme/app, '*,delete,pull,push'",
        "admin, 192.0.2.1, public/tool, '*,delete,pull,push'",
        "alice, 192.0.2.1, alice/tool, '*,delete,pull,push'",
        "alice, 192.0.2.1, acme/app/web, pull",
        "alice, 192.0.2.1, acme/web/x/y, pull",
        "build, 203.0.113.9, acme/app, 'delete,pull,push'",
        "build, 198.51.100.7, acme/app, 'delete,pull,push'",
        "'', 192.0.2.1, public/tool, pull",
        "alice, 192.0.2.1, acme/app, ''",
        "alice, 192.0.2.1, acme/other/x, ''",
        "alice, 192.0.2.1, build/tool, ''",
        "alice, 192.0.2.1, alice/tool/x, ''",
        "mallory, 192.0.2.1, mallory/tool, ''",
        "mallory, 192.0.2.1, acme/app/web, ''",
        "build, 192.0.2.1, acme/app, ''",
        "build, 203.0.113.200, acme/app, ''",
        "build, 203.0.113.9, acme/app/web, ''",
        "build, 203.0.113.9, alice/tool, ''",
        "'', 192.0.2.1, acme/app/web, ''",
        "'', 192.0.2.1, public/tool/x, ''",
    })
    void whatIsGrantedThereIsGrantedHere(String account, String from, String repository, String actions) {
        // Given
        String sample = ImportedPolicy.resource("docker-auth.yml").text();
        ImportedPolicy imported = ImportedPolicy.of(DOCKER_AUTH_ACL, ImportedPolicy.options(), "docker-auth.yml");
        Set<String> expected = actions.isEmpty() ? Set.of() : new TreeSet<>(List.of(actions.split(",")));
        // When
        Set<String> there = new DockerAuth(sample).allowed(account, "repository", repository, from, EVERYTHING);
        Set<String> here = imported.granted(account, from, "repository:" + repository + ":*,delete,pull,push");
        // Then
        assertThat(there).isEqualTo(expected);
        assertThat(here).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                // ip: from where the entry holds, and from nowhere else
                "build | 203.0.113.9 | acme/app | pull,push | service-id:acme/build: allowed by address 203.0.113.0/25 [- { address: 203.0.113.0/25 }]",
                "build | 198.51.100.7 | acme/app | pull,push | service-id:acme/build: allowed by address 198.51.100.7 [- { address: 198.51.100.7 }]",
                "build | 203.0.113.200 | acme/app | '' | service-id:acme/build: no rule allows it, and the default is deny [allow:]",
                "build | 203.0.113.9 | acme/app/web | '' | scope repository:acme/app/web:pull,push: nothing",
                // ${account}, an account by name, an expression, and a suspension that comes first
                "alice | 192.0.2.1 | alice/tool | pull,push | scope repository:alice/tool:pull,push: pull,push",
                "alice | 192.0.2.1 | admin/tool | '' | scope repository:admin/tool:pull,push: nothing",
                "alice | 192.0.2.1 | acme/app/web | pull | scope repository:acme/app/web:pull,push: pull",
                "mallory | 192.0.2.1 | mallory/tool | '' | scope repository:mallory/tool:pull,push: nothing",
                "'' | 192.0.2.1 | public/tool | pull | scope repository:public/tool:pull,push: pull",
                "'' | 192.0.2.1 | alice/tool | '' | scope repository:alice/tool:pull,push: nothing",
            })
    void theExplanationNamesWhatDecided(
            String account, String from, String repository, String actions, String explanation) {
        // Given
        ImportedPolicy imported = ImportedPolicy.of(DOCKER_AUTH_ACL, ImportedPolicy.options(), "docker-auth.yml");
        String who = account.replace("''", "");
        String scope = "repository:" + repository + ":pull,push";
        // Then
        assertThat(String.join(",", imported.granted(who, from, scope))).isEqualTo(actions.replace("''", ""));
        assertThat(imported.explained(who, from, scope).lines()).contains(explanation);
    }

    @Test
    void whatIsLeftOutOfTheSampleIsSaid() {
        // When
        ImportedPolicy imported = ImportedPolicy.of(DOCKER_AUTH_ACL, ImportedPolicy.options(), "docker-auth.yml");
        // Then
        assertThat(imported.warnings())
                .noneMatch(warning -> warning.contains("is taken over in part"))
                .anyMatch(warning -> warning.contains("entry 6 is for whoever '/.+/' matches"))
                .anyMatch(warning -> warning.contains("1 account without a bcrypt hash in the file"))
                .anyMatch(warning -> warning.contains("what is bound to 'anonymous' is for everyone here"));
        assertThat(imported.yaml())
                .contains("namespaces: [acme, admin, alice, public]", "      build:\n        network:\n")
                .contains("- { address: 198.51.100.7 }", "- { address: 203.0.113.0/25 }")
                .contains("# acl 3, docker-auth.yml:25:5: The build pushes from where it runs.");
    }

    @Test
    void whatAnybodyMayWithoutCredentialsIsForTheSuspendedToo() {
        // Given: there, too, they need only leave their credentials out
        String acl = acl("{account: alice}:none {}:pull");
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(DOCKER_AUTH_ACL, OPTIONS, acl);
        // Then
        assertThat(new DockerAuth(acl).allowed("", "repository", "acme/app", "192.0.2.1", EVERYTHING))
                .containsExactly("pull");
        assertThat(imported.granted("alice", "192.0.2.1", "repository:acme/app:pull"))
                .containsExactly("pull");
        assertThat(imported.warnings()).anyMatch(warning -> warning.contains("signed in or not"));
    }

    @Test
    void whatHoldsFromAnAddressOnlyIsLeftOutBesideWhatHoldsFromEverywhere() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                DOCKER_AUTH_ACL,
                OPTIONS,
                acl("{account: alice, ip: 192.0.2.0/24}:* {account: alice, name: acme/*}:pull"));
        // Then
        assertThat(imported.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(
                                "input:1:3: warning: entry 1 is taken over in part or not at all. left out: addresses are a")
                        .endsWith("(for 'alice')"));
    }

    @Test
    void noPasswordIsInAWarning() {
        // When
        ImportedPolicy imported = ImportedPolicy.of(DOCKER_AUTH_ACL, ImportedPolicy.options(), "docker-auth.yml");
        // Then
        assertThat(imported.yaml()).contains("$2y$10$");
        assertThat(imported.warnings()).noneMatch(warning -> warning.contains("$2"));
    }

    // The order

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // A denial first: what it covers is closed, what it does not is open, or closed with it.
                "{account: alice}:none {account: /./}:pull {account: bob}:none | bob | 192.0.2.1 | acme/app | pull",
                "{account: alice}:none {account: /./}:pull | alice | 192.0.2.1 | acme/app | ``",
                "{account: alice, name: acme/secret}:none {account: alice}:pull | alice | 192.0.2.1 | acme/secret | ``",
                "{account: alice, name: acme/secret}:none {account: alice, name: labs/*}:pull | alice | 192.0.2.1 | labs/x | pull",
                "{account: alice, ip: 192.0.2.0/24}:none {account: alice}:pull | alice | 192.0.2.1 | acme/app | ``",
                "{account: alice, ip: 192.0.2.0/24}:none {account: alice}:pull | alice | 203.0.113.1 | acme/app | pull",
                "{account: alice, ip: 192.0.2.0/24}:none {account: alice}:pull | alice | 2001:db8::1 | acme/app | pull",
                // Less first: more behind it is not given where both match.
                "{account: alice, name: acme/app}:pull {account: alice}:* | alice | 192.0.2.1 | acme/app | pull",
                "{account: alice, name: acme/app}:pull {account: alice}:* | alice | 192.0.2.1 | labs/x | pull",
                // More first: less behind it adds nothing.
                "{account: alice, name: acme/app}:* {account: alice}:pull | alice | 192.0.2.1 | acme/app | `*,delete,pull,push`",
                "{account: alice, name: acme/app}:* {account: alice}:pull | alice | 192.0.2.1 | labs/x | pull",
                // Entries that have no name in common do not meet.
                "{account: alice, name: acme/*}:pull {account: alice, name: labs/*}:* | alice | 192.0.2.1 | labs/x | `*,delete,pull,push`",
                "{account: alice, name: acme/*}:pull {account: alice, name: labs/*}:* | alice | 192.0.2.1 | acme/x | pull",
                // An entry that can never be reached.
                "{}:pull {account: alice}:* | alice | 192.0.2.1 | acme/app | pull",
                // An entry that cannot be said may come first.
                "{labels: {group: trainee}}:pull {account: alice}:* | alice | 192.0.2.1 | acme/app | pull",
                "{labels: {group: trainee}}:pull {account: alice, name: acme/*}:pull | alice | 192.0.2.1 | acme/app | pull",
            })
    void theFirstMatchDecides(String acl, String account, String from, String repository, String actions) {
        assertThat(ImportedPolicy.ofText(DOCKER_AUTH_ACL, OPTIONS, acl(acl))
                        .granted(account, from, "repository:" + repository + ":*,delete,pull,push"))
                .isEqualTo(actions.isEmpty() ? Set.of() : new TreeSet<>(List.of(actions.split(","))));
    }

    @Test
    void whereTheOrderMattersItIsSaid() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                DOCKER_AUTH_ACL, OPTIONS, acl("{account: alice, name: acme/secret}:none {account: alice}:pull"));
        // Then
        assertThat(imported.warnings())
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(
                                "input:2:3: warning: entry 2 is taken over in part or not at all. left out: entry 1 comes")
                        .contains("bindings add up", "(for 'alice')"));
    }

    @Test
    void anEntryThatIsNeverReachedIsNoLoss() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                DOCKER_AUTH_ACL, OPTIONS, acl("{account: alice}:none {account: alice, name: acme/*}:pull"));
        // Then
        assertThat(imported.warnings()).noneMatch(warning -> warning.contains("entry 2"));
    }

    @Test
    void aDenialThatCannotBeSaidStopsTheImportWhereItMatters() {
        assertThat(refused(
                        DOCKER_AUTH_ACL,
                        OPTIONS,
                        acl("{labels: {group: suspended}}:none {account: alice, name: acme/*}:pull")))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("input:1:3: error: entry 1 denies by a condition that cannot be said")
                        .contains("let entry 2 open what it closes"));
    }

    @Test
    void aDenialThatCannotBeSaidIsNoMatterWhereNothingFollows() {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                DOCKER_AUTH_ACL, OPTIONS, acl("{account: alice, name: acme/*}:pull {labels: {group: suspended}}:none"));
        // Then
        assertThat(imported.granted("alice", "192.0.2.1", "repository:acme/app:pull"))
                .containsExactly("pull");
    }

    // Addresses

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // One condition for everybody: the account's.
                "{ip: 192.0.2.0/24, name: acme/*}:pull | `` | 192.0.2.1 | pull",
                "{ip: 192.0.2.0/24, name: acme/*}:pull | `` | 203.0.113.1 | ``",
                "{ip: 192.0.2.0/24, name: acme/*}:pull | `` | 2001:db8::1 | ``",
                // Host bits say nothing, as in Go.
                "{ip: 192.0.2.77/24, name: acme/*}:pull | `` | 192.0.2.1 | pull",
                "{ip: 192.0.2.77/24, name: acme/*}:pull | `` | 192.0.3.77 | ``",
                "{ip: `192.0.2.1`, name: acme/*}:pull | `` | 192.0.2.1 | pull",
                "{ip: `192.0.2.1`, name: acme/*}:pull | `` | 192.0.2.2 | ``",
                "{ip: `2001:db8::/48`, name: acme/*}:pull | `` | 2001:db8::1 | pull",
                "{ip: `2001:db8::/48`, name: acme/*}:pull | `` | 2001:db9::1 | ``",
                // More from an address than from elsewhere: only what holds from everywhere.
                "{account: alice, ip: 192.0.2.0/24}:* {account: alice, name: acme/*}:pull | alice | 192.0.2.1 | pull",
                "{account: alice, ip: 192.0.2.0/24}:* {account: alice, name: acme/*}:pull | alice | 203.0.113.1 | pull",
                // Several addresses of one grant.
                "{account: alice, ip: 192.0.2.1, name: acme/*}:pull {account: alice, ip: 192.0.2.2, name: acme/*}:pull | alice | 192.0.2.1 | pull",
                "{account: alice, ip: 192.0.2.1, name: acme/*}:pull {account: alice, ip: 192.0.2.2, name: acme/*}:pull | alice | 192.0.2.2 | pull",
                "{account: alice, ip: 192.0.2.1, name: acme/*}:pull {account: alice, ip: 192.0.2.2, name: acme/*}:pull | alice | 192.0.2.3 | ``",
                // The anonymous account's addresses are not to keep out alice.
                "{account: ``, ip: 192.0.2.0/24, name: acme/*}:pull {account: alice, name: acme/*}:pull | alice | 203.0.113.1 | pull",
                "{account: ``, ip: 192.0.2.0/24, name: acme/*}:pull {account: alice, name: acme/*}:pull | `` | 203.0.113.1 | ``",
                // Nor are they alice's, where hers are fewer.
                "{account: alice, ip: 192.0.2.1, name: acme/*}:pull {account: ``, ip: 192.0.2.0/24, name: acme/tool}:pull | alice | 192.0.2.1 | pull",
                "{account: alice, ip: 192.0.2.1, name: acme/*}:pull {account: ``, ip: 192.0.2.0/24, name: acme/tool}:pull | alice | 192.0.2.2 | ``",
            })
    void anAddressIsAConditionOfTheIdentity(String acl, String account, String from, String actions) {
        assertThat(ImportedPolicy.ofText(
                                DOCKER_AUTH_ACL,
                                OPTIONS,
                                acl(acl.replace("``", "\"\"").replace('`', '"')))
                        .granted(account.equals("``") ? "" : account, from, "repository:acme/app:pull"))
                .isEqualTo(actions.isEmpty() || actions.equals("``") ? Set.of() : Set.of(actions));
    }

    // Names

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "acme/app | acme/app | true",
                "acme/* | acme/app | true",
                "acme/app-* | acme/app-x | true",
                "`*/*` | acme/app | true",
                "`*/*` | labs/app | true",
                "`*/app` | labs/app | true",
                "/^acme/ | acme/app/web | true",
                "/^acme\\/.*$/ | acme/app/web | true",
                "/^acme\\/[^\\/]+$/ | acme/app | false",
                "/^acme/[^/]+$/ | acme/app | true",
                "/^acme/.+$/ | acme/app/web | true",
                "`/^(acme|labs)/app$/` | labs/app | true",
                "/app$/ | acme/x/app | true",
                "acme/app | acme/application | false",
                "acme/app | acme/app/web | false",
                "acme/* | acme/app/web | false",
                "acme/* | labs/app | false",
                "acme/a?p | acme/app | false",
                "acme/[a-z]* | acme/app | false",
                "`*/app` | labs/x/app | false",
                "/^acme/[^/]+$/ | acme/app/web | false",
                "/^acme/.+$/ | labs/app | false",
                "`/^(acme|labs)/app$/` | other/app | false",
                "`/^(acme|labs)/app$/` | labs/app/x | false",
                "/^acme/[a-z]+$/ | acme/app | false",
                "/^acme/(app){2}$/ | acme/appapp | false",
                "${labels:group}/* | acme/app | false",
                "hello-world | hello-world | false",
                "test-* | test-x | false",
            })
    void aNameIsTakenOverOrLeftOut(String name, String repository, boolean granted) {
        // When
        ImportedPolicy imported = ImportedPolicy.ofText(
                DOCKER_AUTH_ACL, OPTIONS, "- {match: {account: alice, name: '" + name + "'}, actions: [pull]}\n");
        // Then
        assertThat(imported.granted("alice", "192.0.2.1", "repository:" + repository + ":pull"))
                .isEqualTo(granted ? Set.of("pull") : Set.of());
    }

    @Test
    void aRepositoryThatIsCalledAsItsNamespaceIsSaid() {
        // When
        ImportedPolicy imported =
                ImportedPolicy.ofText(DOCKER_AUTH_ACL, OPTIONS, acl("{account: alice, name: acme/*}:pull"));
        // Then
        assertThat(imported.warnings())
                .anyMatch(warning ->
                        warning.contains("for repositories below 'acme'; here it is for one that is called"));
    }

    @ParameterizedTest
    @CsvSource({
        "alice, alice/x, true",
        "alice, bob/x, false",
        "bob, bob/x, true",
        "bob, alice/x, false",
        "a.b, a.b/x, true",
        "a.b, axb/x, false",
        "'', alice/x, false",
    })
    void theVariableForTheAccountIsItsName(String account, String repository, boolean granted) {
        // Given
        String acl = """
                users: {alice: {}, bob: {}, a.b: {}}
                acl: [{match: {account: "/.+/", name: "${account}/*"}, actions: [pull]}]
                """;
        // Then
        assertThat(ImportedPolicy.ofText(DOCKER_AUTH_ACL, ImportedPolicy.options(), acl)
                        .granted(account, "192.0.2.1", "repository:" + repository + ":pull"))
                .isEqualTo(granted ? Set.of("pull") : Set.of());
    }

    // Actions and roles

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[pull] | false | pull",
                "[pull, push, delete] | false | `delete,pull,push`",
                "[\"*\"] | false | `*,delete,pull,push`",
                "[pull, push] | true | `delete,pull,push`",
                "[pull, push] | false | pull",
                "[push] | false | ``",
                "[delete] | true | ``",
                "[push, delete] | true | ``",
                "[pull, frobnicate] | false | pull",
                "[pull, \"*\"] | false | pull",
                "[] | true | ``",
            })
    void aRoleGivesNoMoreThanItsEntry(String actions, boolean pushAsWriter, String granted) {
        // Given
        ImportOptions options =
                new ImportOptions(ACCOUNT, List.of("acme"), List.of(), Map.of(), Optional.empty(), pushAsWriter);
        String acl = "- {match: {account: alice, name: acme/*}, actions: " + actions + "}\n";
        // Then
        assertThat(ImportedPolicy.ofText(DOCKER_AUTH_ACL, options, acl)
                        .granted("alice", "192.0.2.1", "repository:acme/app:*,delete,pull,push"))
                .isEqualTo(granted.isEmpty() ? Set.of() : new TreeSet<>(List.of(granted.split(","))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{account: alice}:* | true",
                "{account: alice, type: registry, name: catalog}:* {account: alice, type: repository}:pull | true",
                "{account: alice}:pull | false",
                "{account: alice, type: repository}:* | false",
                "{account: alice, type: registry}:none {account: alice}:* | false",
                "{account: alice, type: registry, name: catalog}:* | false",
                "{account: alice, type: registry, name: catalog}:* {account: alice, name: acme/*}:pull | false",
                "{account: alice, type: registry, ip: 192.0.2.2}:* {account: alice, type: repository}:pull | false",
            })
    void listingTakesTheRightToListAndToReadAll(String acl, boolean granted) {
        assertThat(ImportedPolicy.ofText(DOCKER_AUTH_ACL, OPTIONS, acl(acl))
                        .granted("alice", "192.0.2.1", "registry:catalog:*"))
                .isEqualTo(granted ? Set.of("*") : Set.of());
    }

    // Callers without credentials

    @ParameterizedTest
    @CsvSource({"true, true", "false, false"})
    void whoHasNoCredentialsGetsSomethingWhereTheFileLetsThemIn(boolean anonymousUser, boolean granted) {
        // Given
        String acl = """
                users: {alice: {}%s}
                acl: [{match: {}, actions: [pull]}]
                """.formatted(anonymousUser ? ", \"\": {}" : "");
        // Then
        assertThat(ImportedPolicy.ofText(DOCKER_AUTH_ACL, OPTIONS, acl)
                        .granted("", "192.0.2.1", "repository:acme/app:pull"))
                .isEqualTo(granted ? Set.of("pull") : Set.of());
    }

    // What is refused

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7 | expected docker_auth's configuration",
                "{server: {}} | no 'acl'",
                "[7] | found a text; expected an entry",
                "[{actions: []}] | an entry without 'match'",
                "[{match: {}}] | an entry without 'actions'",
                "[{match: {}, actions: }] | an entry without 'actions'",
                "[{match: {}, actions: pull}] | 'actions' is a text; expected a list",
                "[{match: {account: }, actions: []}] | 'account' has no value, which matches everything",
                "[{match: {name: ~}, actions: []}] | 'name' has no value",
                "[{match: {ip: }, actions: []}] | 'ip' has no value",
                "[{match: {ip: example.com}, actions: []}] | 'example.com' is no address and no CIDR block",
                "[{match: {ip: 192.0.2.0/33}, actions: []}] | is no address and no CIDR block",
                "[{match: {ip: 192.0.2.*}, actions: []}] | is no address and no CIDR block",
                "[{match: {name: /(/}, actions: []}] | '/(/' is no pattern",
                "[{match: {account: /foo?*/}, actions: []}] | not YAML",
                "[{match: {}, actions: [], labels: {}}] | ok",
                "[{match: {}, actions: [], match: {}}] | the key 'match' stands twice",
                "[{match: {}, actions: &a [], x: *a}] | aliases (*name) are not read",
                "[!!set {match: {}}] | tags (!name) are not read",
            })
    void whatDockerAuthWouldNotTakeIsRefused(String text, String problem) {
        if (problem.equals("ok")) {
            assertThat(ImportedPolicy.ofText(DOCKER_AUTH_ACL, OPTIONS, text).yaml())
                    .isNotEmpty();
        } else {
            assertThat(refused(DOCKER_AUTH_ACL, OPTIONS, text))
                    .anySatisfy(line -> assertThat(line).startsWith("input:").contains("error: ", problem));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "[]\n---\n[]\n"})
    void whatIsNoSingleDocumentIsRefused(String text) {
        assertThat(refused(DOCKER_AUTH_ACL, OPTIONS, text)).isNotEmpty();
    }

    // Never more than there, whatever the list

    @Property(tries = 400)
    void nothingIsGrantedThatIsNotGrantedThere(@ForAll("lists") String list) {
        // Given
        ImportOptions options = options("acme", "labs", "alice");
        if (!(PolicyImport.run(DOCKER_AUTH_ACL, List.of(new PolicyImport.Input("input", list)), options)
                instanceof PolicyImport.Imported)) {
            return;
        }
        DockerAuth there = new DockerAuth(list);
        // When
        ImportedPolicy here = ImportedPolicy.ofText(DOCKER_AUTH_ACL, options, list);
        // Then: but for what anybody gets without credentials
        for (String account : List.of("alice", "bob", "")) {
            for (String from : List.of("192.0.2.1", "192.0.2.130", "203.0.113.9", "2001:db8::1")) {
                for (String name : List.of("acme/app", "acme/web", "acme/app/x", "labs/app", "alice/app", "bob/app")) {
                    Set<String> allowed = new TreeSet<>(there.allowed(account, "repository", name, from, EVERYTHING));
                    allowed.addAll(there.allowed("", "repository", name, from, EVERYTHING));
                    assertThat(allowed)
                            .as("%s from %s on %s%n%s%n%s", account, from, name, list, here.yaml())
                            .containsAll(here.granted(account, from, "repository:" + name + ":*,delete,pull,push"));
                }
                Set<String> listing = new TreeSet<>(there.allowed(account, "registry", "catalog", from, Set.of("*")));
                listing.addAll(there.allowed("", "registry", "catalog", from, Set.of("*")));
                assertThat(listing)
                        .as("%s from %s%n%s%n%s", account, from, list, here.yaml())
                        .containsAll(here.granted(account, from, "registry:catalog:*"));
            }
        }
    }

    @Provide
    Arbitrary<String> lists() {
        Arbitrary<String> account = Arbitraries.of(
                "",
                "account: alice, ",
                "account: bob, ",
                "account: \"\", ",
                "account: \"/.+/\", ",
                "account: \"*\", ",
                "account: \"/^(alice|bob)$/\", ",
                "account: \"/[a-c]/\", ");
        Arbitrary<String> type = Arbitraries.of("", "", "type: repository, ", "type: registry, ", "type: \"re*\", ");
        Arbitrary<String> name = Arbitraries.of(
                "",
                "name: acme/app, ",
                "name: \"acme/*\", ",
                "name: \"*/app\", ",
                "name: \"*/*\", ",
                "name: \"/^acme/.+/\", ",
                "name: \"/app/\", ",
                "name: \"${account}/*\", ",
                "name: \"/^(acme|labs)/[^/]+$/\", ",
                "name: \"/^acme/a?p*/\", ",
                "name: \"acme/[a-b]pp\", ",
                "name: catalog, ",
                "name: \"${labels:x}/*\", ");
        Arbitrary<String> ip = Arbitraries.of(
                "",
                "",
                "",
                "ip: 192.0.2.0/24, ",
                "ip: 192.0.2.128/25, ",
                "ip: 203.0.113.9, ",
                "ip: \"2001:db8::/32\", ");
        Arbitrary<String> labels = Arbitraries.of("", "", "", "", "", "labels: {group: x}, ");
        Arbitrary<String> actions = Arbitraries.of(
                "[]", "[pull]", "[pull]", "[pull, push, delete]", "[\"*\"]", "[\"*\"]", "[pull, push]", "[push]");
        return Combinators.combine(account, type, name, ip, labels, actions)
                .as((a, t, n, i, l, x) -> "- {match: {" + a + t + n + i + l + "}, actions: " + x + "}\n")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6)
                .map(entries -> String.join("", entries));
    }

    /** {@code {account: alice}:pull {}:none} as a list; actions are separated by commas. */
    private static String acl(String text) {
        StringBuilder yaml = new StringBuilder();
        List<String> entries = new ArrayList<>(List.of(text.split("(?<=[a-z*]) (?=\\{)")));
        for (String entry : entries) {
            int end = entry.lastIndexOf("}:");
            String actions = entry.substring(end + 2);
            yaml.append("- {match: ")
                    .append(entry, 0, end + 1)
                    .append(", actions: [")
                    .append(actions.equals("none") ? "" : actions.equals("*") ? "\"*\"" : actions)
                    .append("]}\n");
        }
        return yaml.toString();
    }
}
