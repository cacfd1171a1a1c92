package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an account says of its identities, and the bounds of it. */
class AccountReaderTest {

    private static final Instant THEN = Instant.parse("2026-03-01T00:00:00Z");
    private static final String HASH = "$0123456789012345678901234567890123456789012345678901.";

    @Test
    void fromWhenOnTokensCountIsSaidOfTheAccountAndOfEachIdentity() {
        // When
        Policy policy = Policies.good("""
                accounts:
                  acme:
                    service-ids: { bot: { tokens-not-before: 2026-03-01T00:00:00Z }, other: {} }
                    users: { alice: { password: "$2y$04%s", tokens-not-before: 2026-03-01T00:00:00Z } }
                  late:
                    tokens-not-before: 2026-03-01T00:00:00Z
                    service-ids: { bot: {} }
                """.formatted(HASH));
        // Then
        assertThat(policy.tokensNotBefore(new Subject(Subject.Kind.SERVICE_ID, "acme", "bot")))
                .contains(THEN);
        assertThat(policy.tokensNotBefore(new Subject(Subject.Kind.USER, "acme", "alice")))
                .contains(THEN);
        assertThat(policy.tokensNotBefore(new Subject(Subject.Kind.SERVICE_ID, "acme", "other")))
                .isEmpty();
        assertThat(policy.tokensNotBefore(new Subject(Subject.Kind.SERVICE_ID, "late", "bot")))
                .contains(THEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "14"})
    void theCheapestAndTheDearestHashAreTaken(String cost) {
        assertThat(Policies.good("accounts: {acme: {users: {alice: {password: '$2y$" + cost + HASH + "'}}}}")
                        .user("alice"))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"03", "15"})
    void whatIsCheaperOrDearerIsNot(String cost) {
        assertThat(Policies.bad("accounts: {acme: {users: {alice: {password: '$2y$" + cost + HASH + "'}}}}"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message())
                        .isEqualTo("the bcrypt cost is " + Integer.parseInt(cost) + "; expected 4 to 14"));
    }

    @Test
    void theRulesOfAllSectionsAndListsAreCounted() {
        // When
        Policy policy = Policies.good("""
                enterprise: { network: { deny: [{ address: 192.0.2.1 }] } }
                accounts:
                  acme:
                    network: { allow: [{ address: 192.0.2.2 }, { address: 192.0.2.3, enforcement: report }] }
                    service-ids: { bot: { network: { allow: [{ address: 192.0.2.4 }] } } }
                    users: { alice: { password: "$2y$04%s", network: { deny: [{ address: 192.0.2.5 }] } } }
                    federated:
                      ci: { issuer: github, claims: { a: b }, network: { deny: [{ address: 192.0.2.6, enforcement: report }] } }
                """.formatted(HASH));
        // Then
        assertThat(policy.ruleCount()).isEqualTo(6);
    }

    @Test
    void anEntryMeansTheSameWhereNameIssuerAndClaimsAreTheSame() {
        // Given
        Account.Federated entry = entry(federated("a: b"));
        // Then
        assertThat(entry.meansTheSameAs(entry(federated("a: b")))).isTrue();
        assertThat(entry.meansTheSameAs(entry(federated("a: c")))).isFalse();
        assertThat(entry.meansTheSameAs(entry(federated("c: b")))).isFalse();
        assertThat(entry.meansTheSameAs(entry(federated("a: b").replace("github", "cluster"))))
                .isFalse();
        assertThat(entry.meansTheSameAs(entry(federated("a: b").replace("ci:", "cd:"))))
                .isFalse();
    }

    private static Account.Federated entry(String text) {
        return Policies.good(text)
                .account("acme")
                .orElseThrow()
                .federated()
                .values()
                .iterator()
                .next();
    }

    @Test
    void aLinkThatNoEndpointHasIsWarnedOf() {
        assertThat(Policies.good("accounts: {acme: {network: {allow: [{link: 'aws:vpce-0a1b2c3d4e5f60718'},"
                                + " {link: 'azure:16843009'}]}}}")
                        .warnings())
                .extracting(Problem::toString)
                .containsExactly("policy.yaml:1:76: warning: no private endpoint has the link azure:16843009:"
                        + " a caller by it is unknown, and refused");
    }

    @Test
    void theNameOfAnApiKeyIsAName() {
        assertThat(Policies.bad("accounts: {acme: {service-ids: {bot: {api-keys: [{id: 'no name', digest: 'sha-256:"
                        + "0123456789abcdef".repeat(4) + "'}]}}}}"))
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.message()).startsWith("'no name' is not the name of an API key: "));
    }

    @Test
    void anEntryOfFederatedCallersHas32ClaimsAtMost() {
        assertThat(Policies.good(federated(claims(32))).federated("github")).hasSize(1);
        assertThat(Policies.bad(federated(claims(33))))
                .extracting(Problem::message)
                .containsExactly("'claims' has at most 32 claims");
    }

    @Test
    void aClaimsNameHas256CharactersAtMost() {
        assertThat(Policies.good(federated("'" + "x".repeat(256) + "': a")).federated("github"))
                .hasSize(1);
        assertThat(Policies.bad(federated("'" + "x".repeat(257) + "': a")))
                .extracting(Problem::message)
                .containsExactly("a claim's name has 1 to 256 characters");
        assertThat(Policies.bad(federated("'': a")))
                .extracting(Problem::message)
                .containsExactly("a claim's name has 1 to 256 characters");
    }

    private static String claims(int count) {
        return IntStream.range(0, count).mapToObj(i -> "c" + i + ": a").collect(Collectors.joining(", "));
    }

    private static String federated(String claims) {
        return "accounts: {acme: {federated: {ci: {issuer: github, claims: {" + claims + "}}}}}";
    }
}
