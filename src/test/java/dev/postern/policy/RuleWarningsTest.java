package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.AddressRange;
import dev.postern.feed.Feeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules that look like a mistake, those that do not, and that a million of them are looked at in no time. */
class RuleWarningsTest {

    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Ended
                "allow: [{address: 203.0.113.7, until: 2026-06-01T12:00:00Z}] | 4:15: address 203.0.113.7 ended at 2026-06-01T12:00:00Z: it matches nobody any more",
                "deny: [{private-endpoint: us-south, until: 2020-01-01T00:00:00Z}] | 4:14: private-endpoint us-south ended at 2020-01-01T00:00:00Z: it matches nobody any more",
                // Twice
                "allow: [{address: 203.0.113.7}, {address: 203.0.113.7}] | 4:39: address 203.0.113.7 stands twice in the 'allow' list; the first is at policy.yaml:4:15",
                "deny: [{address: '2001:db8::/32'}, {address: 203.0.113.7}, {address: '2001:DB8::/32'}] | 4:66: address 2001:db8::/32 stands twice in the 'deny' list; the first is at policy.yaml:4:14",
                "allow: [{zone: office}, {zone: office}] | 4:31: zone office stands twice in the 'allow' list; the first is at policy.yaml:4:15",
                "allow: [{link: 'aws:vpce-0a1b2c3d4e5f60718'}, {link: 'aws:vpce-0a1b2c3d4e5f60718'}] | 4:53: link aws:vpce-0a1b2c3d4e5f60718 stands twice in the 'allow' list; the first is at policy.yaml:4:15",
                "allow: [{originator: 10.8.0.0/24, via: us-south}, {originator: 10.8.0.0/24, via: us-south}] | 4:57: originator 10.8.0.0/24 via us-south stands twice in the 'allow' list; the first is at policy.yaml:4:15",
                // Within another
                "allow: [{address: 203.0.112.7}, {address: 203.0.112.0/24}] | 4:15: address 203.0.112.7 adds nothing to the 'allow' list: address 203.0.112.0/24 has all of it (policy.yaml:4:39)",
                "allow: [{address: 203.0.112.0/24}, {address: 203.0.112.8/30, until: 2027-01-01T00:00:00Z}] | 4:42: address 203.0.112.8/30 adds nothing to the 'allow' list: address 203.0.112.0/24 has all of it (policy.yaml:4:15)",
                "allow: [{address: 203.0.112.0/24}, {address: 203.0.112.0/24, until: 2027-01-01T00:00:00Z}] | 4:42: address 203.0.112.0/24 adds nothing to the 'allow' list: address 203.0.112.0/24 has all of it (policy.yaml:4:15)",
                "allow: [{address: 203.0.112.0/24}, {address: 203.0.112.0/25, enforcement: report}] | 4:42: address 203.0.112.0/25 adds nothing to the 'allow' list: address 203.0.112.0/24 has all of it (policy.yaml:4:15)",
                "allow: [{address: 203.0.113.9}, {zone: office}] | 4:15: address 203.0.113.9 adds nothing to the 'allow' list: zone office has all of it (policy.yaml:4:39)",
                "allow: [{private-endpoint: us-south}, {private-endpoint: us-south, from: 2027-01-01T00:00:00Z}] | 4:45: private-endpoint us-south adds nothing to the 'allow' list: private-endpoint us-south has all of it (policy.yaml:4:15)",
                "deny: [{originator: 10.8.0.0/16, via: us-south}, {originator: 10.8.1.0/24, via: us-south}] | 4:56: originator 10.8.1.0/24 via us-south adds nothing to the 'deny' list: originator 10.8.0.0/16 via us-south has all of it (policy.yaml:4:14)",
                "allow: [{originator: 10.8.1.0/24, via: us-south}, {private-endpoint: us-south}] | 4:15: originator 10.8.1.0/24 via us-south adds nothing to the 'allow' list: private-endpoint us-south has all of it (policy.yaml:4:57)",
                "allow: [{address: 203.0.113.0-203.0.113.65}, {zone: office}] | 4:15: address 203.0.113.0-203.0.113.65 adds nothing to the 'allow' list: zone office has all of it (policy.yaml:4:52)",
                // Denied
                "allow: [{address: 203.0.112.7}], deny: [{address: 203.0.112.0/24}] | 4:15: address 203.0.112.7 admits nobody: the 'deny' list has all of it, by address 203.0.112.0/24 (policy.yaml:4:47)",
                "allow: [{address: 203.0.112.0/24}], deny: [{address: 203.0.112.0/25}, {address: 203.0.112.128-203.0.113.9}] | 4:15: address 203.0.112.0/24 admits nobody: the 'deny' list has all of it, by address 203.0.112.0/25 (policy.yaml:4:50)",
                "allow: [{address: 203.0.112.0/25}], deny: [{address: 203.0.114.0/24}, {address: 203.0.112.0/24}] | 4:15: address 203.0.112.0/25 admits nobody: the 'deny' list has all of it, by address 203.0.112.0/24 (policy.yaml:4:77)",
                "allow: [{zone: office}], deny: [{address: 203.0.113.0/24}] | 4:15: zone office admits nobody: the 'deny' list has all of it, by address 203.0.113.0/24 (policy.yaml:4:39)",
                "allow: [{private-endpoint: us-south}], deny: [{private-endpoint: us-south}] | 4:15: private-endpoint us-south admits nobody: the 'deny' list has all of it, by private-endpoint us-south (policy.yaml:4:53)",
                "allow: [{originator: 10.8.1.0/24, via: us-south}], deny: [{private-endpoint: us-south}] | 4:15: originator 10.8.1.0/24 via us-south admits nobody: the 'deny' list has all of it, by private-endpoint us-south (policy.yaml:4:65)",
                "allow: [{originator: 10.8.1.0/24, via: 'aws:vpce-0a1b2c3d4e5f60718'}], deny: [{originator: 10.8.0.0/16, via: 'aws:vpce-0a1b2c3d4e5f60718'}] | 4:15: originator 10.8.1.0/24 via aws:vpce-0a1b2c3d4e5f60718 admits nobody: the 'deny' list has all of it, by originator 10.8.0.0/16 via aws:vpce-0a1b2c3d4e5f60718 (policy.yaml:4:85)",
                "allow: [{address: 203.0.113.9}], deny: [{zone: office}] | 4:15: address 203.0.113.9 admits nobody: the 'deny' list has all of it, by zone office (policy.yaml:4:47)",
                "allow: [{address: 203.0.112.7, enforcement: report}], deny: [{address: 203.0.112.7}] | 4:15: address 203.0.112.7 admits nobody: the 'deny' list has all of it, by address 203.0.112.7 (policy.yaml:4:68)",
                // Wide
                "allow: [{address: 0.0.0.0/0}] | 4:15: address 0.0.0.0/0 admits every IPv4 address",
                "allow: [{address: '::/0'}] | 4:15: address ::/0 admits every IPv6 address",
                "allow: [{address: 10.0.0.0-11.0.0.0}] | 4:15: address 10.0.0.0-11.0.0.0 admits more IPv4 addresses than a /8",
                "allow: [{address: '2000::/3'}] | 4:15: address 2000::/3 admits more IPv6 addresses than a /16",
                "allow: [{zone: world}] | 4:15: zone world admits more IPv4 addresses than a /8 (64.0.0.0/2)",
            })
    void aRuleThatLooksLikeAMistakeIsWarnedOf(String network, String warning) {
        assertThat(warnings(network)).containsExactly("policy.yaml:" + warning.replaceFirst(": ", ": warning: "));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "allow: [{address: 203.0.113.7, until: 2026-06-01T12:00:01Z}]",
                "allow: [{address: 203.0.113.7, from: 2027-01-01T00:00:00Z}]",
                "allow: [{address: 203.0.113.7}, {address: 203.0.113.8}]",
                "allow: [{address: 203.0.113.7}], deny: [{address: 203.0.113.8}]",
                "allow: [{address: 203.0.112.7, until: 2027-01-01T00:00:00Z}, {address: 203.0.112.7, from: 2028-01-01T00:00:00Z}]",
                "allow: [{address: 203.0.112.0/24, until: 2027-01-01T00:00:00Z}, {address: 203.0.112.7}]",
                "allow: [{address: 203.0.112.0/24, enforcement: report}, {address: 203.0.112.7}]",
                "allow: [{address: 203.0.112.0/24}, {address: 203.0.112.128-203.0.113.7}]",
                "allow: [{address: 203.0.112.0/25}, {address: 203.0.112.128/25}, {address: 203.0.112.1-203.0.112.129}]",
                "allow: [{address: '::/16'}, {address: 0.0.0.0/8}]",
                "allow: [{zone: office}, {address: 203.0.113.66}]",
                "allow: [{zone: office, until: 2027-01-01T00:00:00Z}, {address: 203.0.113.9}]",
                "allow: [{private-endpoint: us-south}, {private-endpoint: eu-de}, {link: 'aws:vpce-0a1b2c3d4e5f60718'}]",
                "allow: [{originator: 10.8.0.0/16, via: us-south}, {originator: 10.8.1.0/24, via: eu-de}, {address: 10.8.1.0/24}]",
                "allow: [{address: 203.0.112.0/24}], deny: [{address: 203.0.112.0/25}]",
                "allow: [{address: 203.0.112.0/24}], deny: [{address: 203.0.112.0/24, until: 2027-01-01T00:00:00Z}]",
                "allow: [{address: 203.0.112.0/24}], deny: [{address: 203.0.112.0/24, enforcement: report}]",
                "allow: [{address: 203.0.112.7}], deny: [{private-endpoint: us-south}]",
                "allow: [{zone: office}], deny: [{address: 203.0.113.0/25}]",
                "allow: [{zone: office}], deny: [{zone: world}]",
                "allow: [{address: 203.0.113.66}], deny: [{zone: office}]",
                "allow: [{originator: 10.8.1.0/24, via: us-south}], deny: [{private-endpoint: eu-de}]",
                "allow: [{originator: 10.8.1.0/24, via: us-south}], deny: [{address: 10.8.1.0/24}]",
                "allow: [{originator: 10.8.1.0/24, via: us-south}], deny: [{originator: 10.8.1.0/25, via: us-south}]",
                "allow: [{private-endpoint: us-south}], deny: [{originator: 0.0.0.0/0, via: us-south}, {originator: '::/0', via: us-south}]",
                "allow: [{private-endpoint: us-south, from: 2027-01-01T00:00:00Z}, {originator: 10.8.1.0/24, via: us-south}]",
                "deny: [{address: 0.0.0.0/0}, {address: '::/0'}]",
                "allow: [{address: 10.0.0.0/8}, {address: '2001::/16'}]",
            })
    void aRuleThatDoesSomethingIsNot(String network) {
        assertThat(warnings(network)).isEmpty();
    }

    @Test
    void theEnterprisesAndAnIdentitysRulesAreLookedAtToo() {
        // When
        List<Problem> warnings = RuleWarnings.of(Policies.good("""
                        enterprise: {network: {allow: [{address: 0.0.0.0/0}]}}
                        accounts:
                          acme:
                            service-ids: {bot: {network: {allow: [{address: 203.0.113.1}, {address: 203.0.113.1}]}}}
                            users: {alice: {password: "$2y$04$0123456789012345678901234567890123456789012345678901.", network: {deny: [{address: 203.0.113.1, until: 2020-01-01T00:00:00Z}]}}}
                        """), NOW);
        // Then
        assertThat(warnings).extracting(warning -> warning.position().line()).containsExactlyInAnyOrder(1, 4, 5);
    }

    @Test
    void aHundredOfAKindAreToldAndTheOthersCounted() {
        // Given
        String rules = IntStream.range(0, 400)
                .mapToObj(i -> "{address: 203.0.113." + i % 200 + "}")
                .collect(Collectors.joining(","));
        // When
        List<String> warnings = warnings("allow: [{address: 0.0.0.0/0}], deny: [" + rules + "]");
        // Then
        assertThat(warnings).hasSize(102);
        assertThat(warnings)
                .filteredOn(warning -> warning.contains("stands twice"))
                .hasSize(100);
        assertThat(warnings.getLast()).endsWith("warning: and 100 more rules that stand twice");
        assertThat(warnings).anySatisfy(warning -> assertThat(warning).contains("every IPv4 address"));
    }

    /** Held against comparing every rule with every other. */
    @Property
    void theSweepFindsWhatComparingEachWithEachFinds(@ForAll("rules") List<String> allow) {
        // Given
        Policy policy = Policies.good("accounts: {acme: {network: {allow: " + allow + "}}}");
        List<Rule> rules = policy.account("acme")
                .flatMap(Account::network)
                .map(network -> {
                    List<Rule> all =
                            new ArrayList<>(network.allow().orElseThrow().rules());
                    all.addAll(network.onTrial().allow().rules());
                    return all;
                })
                .orElseThrow();
        // When
        List<String> found = RuleWarnings.of(policy, NOW).stream()
                .map(warning -> warning.position() + (warning.message().contains("twice") ? " twice" : " within"))
                .sorted()
                .toList();
        // Then
        List<String> expected = rules.stream()
                .flatMap(rule -> expected(rule, rules).stream())
                .sorted()
                .toList();
        assertThat(found).as("%s", allow).isEqualTo(expected);
    }

    private static List<String> expected(Rule rule, List<Rule> rules) {
        boolean twice = rules.stream()
                .anyMatch(other -> other.position().column() < rule.position().column()
                        && other.text().equals(rule.text())
                        && other.from().equals(rule.from())
                        && other.until().equals(rule.until())
                        && other.enforcement() == rule.enforcement());
        boolean within = rules.stream()
                .anyMatch(other -> !other.equals(rule)
                        && other.isPermanent()
                        && other.enforcement() == Rule.Enforcement.ENFORCE
                        && range(other).contains(range(rule).first())
                        && range(other).contains(range(rule).last()));
        return twice
                ? List.of(rule.position() + " twice")
                : within && !isFirstOfItsKind(rule, rules) ? List.of(rule.position() + " within") : List.of();
    }

    /** Of two that always count and are the same, the first has the other, and not the other way round. */
    private static boolean isFirstOfItsKind(Rule rule, List<Rule> rules) {
        boolean counts = rule.isPermanent() && rule.enforcement() == Rule.Enforcement.ENFORCE;
        return counts
                && rules.stream()
                        .filter(other -> !other.equals(rule)
                                && other.isPermanent()
                                && other.enforcement() == Rule.Enforcement.ENFORCE
                                && range(other).contains(range(rule).first())
                                && range(other).contains(range(rule).last()))
                        .allMatch(other -> range(other).equals(range(rule)));
    }

    private static AddressRange range(Rule rule) {
        return ((Rule.AddressMatcher) rule.matcher()).range();
    }

    @Provide
    Arbitrary<List<String>> rules() {
        Arbitrary<Integer> ends = Arbitraries.integers().between(0, 9);
        return Combinators.combine(
                        ends,
                        ends,
                        Arbitraries.of(
                                "",
                                "",
                                "",
                                ", until: 2027-01-01T00:00:00Z",
                                ", enforcement: report",
                                ", from: 2026-01-01T00:00:00Z"))
                .as((a, b, more) -> "{address: 192.0.2." + Math.min(a, b) + "-192.0.2." + Math.max(a, b) + more + "}")
                .list()
                .ofMaxSize(6);
    }

    @Tag("large")
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void manyRulesAreLookedAtInOneSweep() {
        // Given
        SplittableRandom random = new SplittableRandom(7);
        String rules = IntStream.range(0, 200_000)
                .mapToObj(i -> "{address: " + random.nextInt(1, 224) + "." + random.nextInt(256) + "."
                        + random.nextInt(256) + "." + random.nextInt(256) + "}")
                .collect(Collectors.joining(","));
        Policy policy =
                Policies.good("accounts: {acme: {network: {allow: [" + rules + "], deny: [{address: 0.0.0.0/0}]}}}");
        // When
        long start = System.nanoTime();
        List<Problem> warnings = RuleWarnings.of(policy, NOW);
        // Then
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(10);
        assertThat(warnings)
                .hasSizeGreaterThan(100)
                .last()
                .satisfies(last -> assertThat(last.message())
                        .matches("and \\d+ more rules that admit nobody whom the deny list leaves"));
    }

    @Tag("large")
    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS)
    void manyListsThatNameALargeZoneAreNotLookedAtForever() {
        // Given
        String zone = IntStream.range(0, 20_000)
                .mapToObj(i -> "10." + i / 200 + "." + i % 200 + ".1")
                .collect(Collectors.joining(","));
        String serviceIds = IntStream.range(0, 20_000)
                .mapToObj(i -> "bot" + i + ": {network: {allow: [{zone: z}, {address: 10.0.0.1}], deny: [{zone: z}]}}")
                .collect(Collectors.joining(","));
        Policy policy = Policies.good(
                "zones: {z: {addresses: [" + zone + "]}}\naccounts: {acme: {service-ids: {" + serviceIds + "}}}");
        // When
        long start = System.nanoTime();
        List<Problem> warnings = RuleWarnings.of(policy, NOW);
        // Then
        assertThat(warnings)
                .extracting(Problem::message)
                .anySatisfy(message -> assertThat(message).contains("zone z has all of it"))
                .last()
                .isEqualTo("zone z is not held against the other rules, nor are zones after it:"
                        + " too many rules name too large zones");
    }

    @Test
    void whatIsFoundAfterAChangeIsWhatIsFoundAfresh() {
        // Given
        PolicyCompiler compiler = new PolicyCompiler(Set.of());
        String many = IntStream.range(0, 90)
                .mapToObj(i -> "{address: 203.0.113." + i + "}")
                .collect(Collectors.joining(",", "{address: 203.0.113.0/24},", ""));
        Draft same = draft(compiler, "a", "accounts: {a: {network: {allow: [" + many + "]}}}");
        Draft zoned = draft(compiler, "b", "accounts: {b: {network: {allow: [{zone: z}, {address: 192.0.2.7}]}}}");
        Draft timed = draft(
                compiler,
                "c",
                "accounts: {c: {network: {allow: [{address: 192.0.2.7, until: " + NOW.plusSeconds(60) + "}]}}}");
        Draft changing = draft(compiler, "d", "accounts: {d: {network: {allow: [{address: 192.0.2.7}]}}}");
        Draft changed = draft(compiler, "d", "accounts: {d: {network: {allow: [{address: 0.0.0.0/0}]}}}");
        Draft zone = draft(compiler, "z", "zones: {z: {addresses: [198.51.100.0/24]}}");
        Draft wider = draft(compiler, "z", "zones: {z: {addresses: [192.0.2.0/24]}}");
        RuleWarnings warnings = new RuleWarnings();
        List<Problem> before = warnings.find(link(compiler, same, zoned, timed, changing, zone), NOW);
        Policy next = link(compiler, same, zoned, timed, changed, wider);
        Instant later = NOW.plusSeconds(60);

        // When
        List<Problem> after = warnings.find(next, later);

        // Then
        assertThat(after).isEqualTo(RuleWarnings.of(next, later)).isNotEqualTo(before);
        assertThat(after).extracting(problem -> problem.position().file()).containsOnly("a", "b", "c", "d");
        assertThat(before)
                .as("what has not changed is not looked at again")
                .filteredOn(problem -> problem.position().file().equals("a"))
                .hasSize(90)
                .allMatch(problem -> after.stream().anyMatch(other -> other == problem));
    }

    @Test
    void anOriginatorThatIsDeniedTwiceIsWarnedOfOnce() {
        assertThat(warnings("allow: [{originator: 10.8.1.0/24, via: us-south}],"
                        + " deny: [{private-endpoint: us-south}, {originator: 10.8.0.0/16, via: us-south}]"))
                .filteredOn(text -> text.contains("admits nobody"))
                .hasSize(1);
    }

    @Test
    void whatAddsNothingIsToldInTheOrderOfTheLines() {
        // When
        List<String> found = warnings("""
                allow: [{ zone: office, until: 2029-01-01T00:00:00Z },
                  { zone: office, until: 2028-01-01T00:00:00Z },
                  { zone: office },
                  { zone: office, until: 2027-01-01T00:00:00Z },
                  { zone: office, until: 2030-01-01T00:00:00Z }]""");
        // Then
        assertThat(found)
                .extracting(text -> text.substring(0, text.indexOf(' ')))
                .containsExactly("policy.yaml:4:15:", "policy.yaml:5:3:", "policy.yaml:7:3:", "policy.yaml:8:3:");
    }

    private static Draft draft(PolicyCompiler compiler, String name, String text) {
        return compiler.read(new PolicyCompiler.Document(name, text));
    }

    private static Policy link(PolicyCompiler compiler, Draft... drafts) {
        return ((PolicyCompiler.Compiled) compiler.link(List.of(drafts), Feeds.none())).policy();
    }

    private static List<String> warnings(String network) {
        Policy policy = Policies.good("zones: {office: {addresses: [203.0.113.0/24], except: [203.0.113.66]},\n"
                + "  world: {addresses: [64.0.0.0/2]}}\naccounts: {acme: {network: {\n      " + network + "}}}");
        return RuleWarnings.of(policy, NOW).stream().map(Problem::toString).toList();
    }
}
