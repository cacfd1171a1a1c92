package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/** Bad documents, each with every problem that is reported, where it stands and what it says. */
class PolicyErrorsTest {

    /** A row of {@code policy-errors.txt}: a title, a document, and one line {@code > line:column fragment} a problem. */
    private record Case(String title, String document, List<String> expected) {}

    @TestFactory
    Stream<DynamicTest> aBadDocumentIsRefusedWithAllItsMistakes() {
        return cases().stream()
                .map(row -> dynamicTest(row.title(), () -> {
                    // When
                    List<Problem> problems = Policies.bad(row.document());
                    // Then
                    assertThat(problems)
                            .as("problems of:%n%s%s", row.document(), problems)
                            .hasSameSizeAs(row.expected());
                    for (int i = 0; i < problems.size(); i++) {
                        Problem problem = problems.get(i);
                        String[] expected = row.expected().get(i).split(" ", 2);
                        assertThat(problem.position() + ": " + problem.message())
                                .startsWith("policy.yaml:" + expected[0] + ": ");
                        assertThat(problem.message()).contains(expected[1]);
                        assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> noMistakeRepeatsASecretOrAControlCharacter() {
        return cases().stream()
                .map(row -> dynamicTest(row.title(), () -> {
                    // When
                    List<Problem> problems = Policies.bad(row.document());
                    // Then
                    assertThat(problems).allSatisfy(problem -> {
                        assertThat(problem.toString()).doesNotContain("TopSecret", "0123456789abcdef");
                        assertThat(problem.toString().chars().noneMatch(Character::isISOControl))
                                .isTrue();
                    });
                }));
    }

    @Test
    void theTableIsLong() {
        assertThat(cases()).hasSizeGreaterThanOrEqualTo(60);
        assertThat(cases().stream().map(Case::title)).doesNotHaveDuplicates();
    }

    // Several documents

    @Test
    void theSameZoneInTwoFilesIsAnError() {
        // Given
        String first = "zones: {office: {addresses: [203.0.113.0/24]}}\naccounts: {acme: {}}\n";
        String second = "zones:\n  office: {addresses: [0.0.0.0/0]}\n";
        // When
        List<Problem> problems = Policies.bad(first, second);
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "policy2.yaml:2:3: error: zone 'office' is declared twice; the first is at policy.yaml:1:9");
    }

    @Test
    void theSameAccountInTwoDocumentsOfAFileIsAnError() {
        // When
        List<Problem> problems = Policies.bad("accounts: {acme: {}}\n---\naccounts: {acme: {namespaces: [acme]}}\n");
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "policy.yaml:3:12: error: account 'acme' is declared twice; the first is at policy.yaml:1:12");
    }

    @Test
    void twoEnterprisesInTwoFilesAreAnErrorThatNamesBothPlaces() {
        // Given
        String first = "accounts: {acme: {}}\nenterprise: {network: {}}\n";
        String second = "# a comment\n\n  \nenterprise: {network: {}}\n";
        // When
        List<Problem> problems = Policies.bad(first, second);
        // Then
        assertThat(problems)
                .extracting(Problem::toString)
                .containsExactly(
                        "policy2.yaml:4:1: error: 'enterprise' is declared twice; the first is at policy.yaml:2:1");
    }

    @Test
    void mistakesOfSeveralFilesAreReportedTogetherAndSorted() {
        // Given
        String second = "accounts:\n  other: {namespaces: [Other], network: {allow: [{zone: ofice}]}}\n";
        String first = "zones: {office: {addresses: [203.0.113.7/24]}}\naccounts: {acme: {namespaces: acme}}\n";
        // When
        List<Problem> problems = Policies.bad(second, first);
        // Then
        assertThat(problems)
                .extracting(problem -> problem.position().toString())
                .containsExactly("policy.yaml:2:24", "policy.yaml:2:51", "policy2.yaml:1:30", "policy2.yaml:2:31");
    }

    @Test
    void oneBadFileAmongGoodOnesRefusesAllOfThem() {
        // When
        var outcome = Policies.COMPILER.compile(List.of(
                new Document("good.yaml", "accounts: {acme: {}}"), new Document("bad.yaml", "acounts: {other: {}}")));
        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problems())
                                .extracting(Problem::toString)
                                .containsExactly(
                                        "bad.yaml:1:1: error: unknown key 'acounts' in a policy document; did you mean 'accounts'?"
                                                + " Known are: zones, accounts, enterprise"));
    }

    @Test
    void noDocumentsAreNoPolicy() {
        assertThat(Policies.COMPILER.compile(List.of())).isInstanceOf(Rejected.class);
    }

    @Test
    void withoutPrivateEndpointsARuleIsToldSo() {
        // Given
        var compiler = new PolicyCompiler(java.util.Set.of());
        // When
        var outcome = compiler.compile(List.of(
                new Document("policy.yaml", "accounts: {acme: {network: {allow: [{private-endpoint: us-south}]}}}")));
        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Rejected.class,
                        rejected -> assertThat(rejected.problems().getFirst().message())
                                .isEqualTo(
                                        "there is no private endpoint 'us-south'; none is configured under postern.private-endpoints"));
    }

    // Hostile documents

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aBillionLaughsAreRefused() {
        // Given
        StringBuilder bomb = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a" + i + ": &a" + i + " [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(8)).append("*a" + (i - 1) + "]\n");
        }
        // When
        List<Problem> problems = Policies.bad(bomb.toString());
        // Then
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().message()).startsWith("aliases (*name) of lists and maps are not read");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aDeepDocumentIsRefused() {
        // When
        List<Problem> lists = Policies.bad("accounts: " + "[".repeat(100_000));
        List<Problem> maps = Policies.bad("{a: ".repeat(100_000));
        // Then
        assertThat(lists).hasSize(1).first().asString().contains("not YAML");
        assertThat(maps).hasSize(1).first().asString().contains("not YAML");
    }

    @Test
    @Timeout(value = 20, unit = TimeUnit.SECONDS)
    void aLongChainOfZonesIsRefusedAndNeverACrash() {
        // Given
        int length = 20_000;
        // When
        List<Problem> problems = Policies.bad(chainOfZones(length));
        // Then
        assertThat(problems)
                .hasSize(100)
                .allSatisfy(problem ->
                        assertThat(problem.message()).isEqualTo("zones within zones are read 64 deep, no deeper"));
    }

    @Test
    void sixtyFourZonesMayStandWithinEachOther() {
        assertThat(Policies.good(chainOfZones(63)).warnings()).isEmpty();
        assertThat(Policies.bad(chainOfZones(64))).hasSize(1);
    }

    private static String chainOfZones(int length) {
        StringBuilder zones = new StringBuilder("accounts: {acme: {}}\nzones:\n");
        for (int i = 0; i < length; i++) {
            zones.append("  z" + i + ": {zones: [z" + (i + 1) + "]}\n");
        }
        return zones.append("  z" + length + ": {addresses: [203.0.113.1]}\n").toString();
    }

    @Test
    void controlCharactersAreNotYaml() {
        // When
        List<Problem> problems = Policies.bad("# é\naccounts: {acme: {}} # \u0007\n");
        // Then
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().toString()).startsWith("policy.yaml:2:24: error: not YAML: ");
        assertThat(problems.getFirst().toString().chars().noneMatch(Character::isISOControl))
                .isTrue();
    }

    @Test
    void aLongNameIsCutInTheMessage() {
        // When
        List<Problem> problems = Policies.bad("accounts: {" + "x".repeat(1000) + ": {}}");
        // Then
        assertThat(problems.getFirst().message()).startsWith("'" + "x".repeat(80) + "…' is not the name of an account");
    }

    @Test
    void aBindingThatGivesNothingToAnybodyIsWarnedOf() {
        for (String binding : List.of(
                "{subjects: [], roles: [Reader]}",
                "{subjects: [anonymous], roles: []}",
                "{subjects: [anonymous], deny: []}")) {
            assertThat(Policies.good("accounts: {acme: {namespaces: [acme], bindings: [" + binding + "]}}")
                            .warnings())
                    .extracting(Problem::toString)
                    .containsExactly("policy.yaml:1:50: warning: the binding gives nothing to anybody");
        }
        assertThat(Policies.good("accounts: {acme: {namespaces: [acme], bindings: ["
                                + "{subjects: [anonymous], roles: [Reader]}, {subjects: [anonymous], deny: [pull]}]}}")
                        .warnings())
                .isEmpty();
    }

    @Test
    void anAllowListBesideADefaultThatAllowsIsWarnedOf() {
        assertThat(Policies.good("accounts: {acme: {network: {allow: [{address: 203.0.113.7}], default: allow}}}")
                        .warnings())
                .extracting(Problem::toString)
                .containsExactly("policy.yaml:1:62: warning: 'default: allow' admits whoever is not denied:"
                        + " the 'allow' list decides nothing");
        assertThat(Policies.good("accounts: {acme: {network: {deny: [{address: 203.0.113.7}], default: allow}}}")
                        .warnings())
                .isEmpty();
    }

    @Test
    void aDocumentOfManyMegabytesIsRead() {
        assertThat(Policies.good("# " + "x".repeat(4_000_000) + "\naccounts: {acme: {}}\n")
                        .accounts())
                .hasSize(1);
    }

    @Test
    void aNameOf80CharactersIsShownWhole() {
        assertThat(YamlMap.shown("x".repeat(80))).isEqualTo("x".repeat(80));
        assertThat(YamlMap.shown("x".repeat(81))).isEqualTo("x".repeat(80) + "…");
    }

    @Test
    void aMessageIsNoLongerThanAPageWhateverTheDocumentHas() {
        // When
        List<Problem> problems = Policies.bad("accounts: *" + "x".repeat(100_000));
        // Then
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().message())
                .startsWith("not YAML: found undefined alias x")
                .endsWith("x…")
                .hasSize(2_001);
    }

    @Test
    void aMessageOfThatLengthIsWhole() {
        assertThat(new Problem(Problem.Severity.ERROR, new Position("policy.yaml", 1, 1), "x".repeat(2_000)).message())
                .isEqualTo("x".repeat(2_000));
    }

    @Test
    void whatTurnsTheOrderOfLettersAroundOrEndsALineIsNotRepeated() {
        // When
        List<Problem> problems = Policies.bad("accounts: {acme: {\"al\\u202elow\\u2028\\u200b\\ud800\": 1}}");
        // Then
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().message()).startsWith("unknown key 'al?low???'");
    }

    @Test
    void wordsThatNobodyIsToldAreNotLookedFor() {
        // Given
        Problems problems = new Problems();
        AtomicInteger made = new AtomicInteger();
        // When
        for (int i = 0; i < 1_000; i++) {
            problems.error(new Position("policy.yaml", 1, 1), () -> "mistake " + made.incrementAndGet());
        }
        // Then
        assertThat(problems.sorted()).hasSize(100).extracting(Problem::message).contains("mistake 1", "mistake 100");
        assertThat(made).hasValue(100);
    }

    @Test
    void moreMistakesThanAnybodyReadsAreCutOff() {
        // Given
        String rule = "{address: 203.0.113.7/24}, ";
        // When
        List<Problem> problems = Policies.bad("accounts: {acme: {network: {allow: [" + rule.repeat(1000) + "]}}}");
        // Then
        assertThat(problems).hasSize(100);
    }

    @Test
    void manyWarningsDoNotHideTheError() {
        // Given
        StringBuilder text = new StringBuilder("zones:\n");
        for (int i = 0; i < 200; i++) {
            text.append("  z" + i + ": {addresses: []}\n");
        }
        text.append("accounts: {acme: {namespaces: [Acme]}}\n");
        // When
        List<Problem> problems = Policies.bad(text.toString());
        // Then
        assertThat(problems)
                .filteredOn(problem -> problem.severity() == Problem.Severity.ERROR)
                .extracting(problem -> problem.position().line())
                .containsExactly(202);
    }

    @Property(tries = 500)
    void randomTextIsAPolicyOrHasAProblem(@ForAll("texts") String text) {
        switch (Policies.COMPILER.compile(List.of(new Document("policy.yaml", text)))) {
            case Compiled compiled -> assertThat(compiled.policy().accounts()).isNotEmpty();
            case Rejected rejected -> {
                assertThat(rejected.problems()).isNotEmpty();
                assertThat(rejected.problems()).anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
                assertThat(rejected.problems())
                        .allSatisfy(
                                problem -> assertThat(problem.toString().chars().noneMatch(Character::isISOControl))
                                        .isTrue());
            }
        }
    }

    /** Random characters, and shuffled pieces of documents. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> pieces = Arbitraries.of(
                "accounts:",
                "zones:",
                "acme:",
                "network:",
                "allow:",
                "deny:",
                "namespaces:",
                "users:",
                "bindings:",
                "subjects:",
                "roles:",
                "zone:",
                "address:",
                "203.0.113.0/24",
                "Reader",
                "anonymous",
                "{",
                "}",
                "[",
                "]",
                ",",
                " ",
                " ",
                "\n",
                "\n  ",
                "\n    ",
                "\n      - ",
                "- ",
                "&a ",
                "*a ",
                "~",
                "null",
                "\"",
                "'",
                "!!binary ",
                "!!set ",
                "? ",
                ": ",
                "|",
                ">",
                "---\n",
                "\u0085",
                "\"\\e[31m\"",
                "1e3",
                "<<: ");
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(80),
                pieces.list().ofMaxSize(30).map(parts -> String.join("", parts)),
                pieces.list().ofMaxSize(12).map(parts -> "accounts: {acme: {" + String.join("", parts) + "}}"));
    }

    private static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String section : table().split("(?m)^## ")) {
            if (section.isBlank()) {
                continue;
            }
            List<String> lines = new ArrayList<>(section.lines().toList());
            String title = lines.removeFirst();
            while (lines.getLast().isEmpty()) {
                lines.removeLast();
            }
            List<String> expected = lines.stream()
                    .filter(line -> line.startsWith("> "))
                    .map(line -> line.substring(2))
                    .toList();
            lines.removeIf(line -> line.startsWith("> "));
            cases.add(new Case(title, lines.isEmpty() ? "" : String.join("\n", lines) + "\n", expected));
        }
        return cases;
    }

    private static String table() {
        try (InputStream text = PolicyErrorsTest.class.getResourceAsStream("/policy-errors.txt")) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
