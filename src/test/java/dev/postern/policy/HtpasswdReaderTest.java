package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.Feeds;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Password files, and how their users come into the policy. */
class HtpasswdReaderTest {

    private static final String HASH = "$2y$05$0123456789012345678901234567890123456789012345678901.";
    private static final String OTHER = "$2b$06$0123456789012345678901234567890123456789012345678901.";
    private static final String ACCOUNT = """
            accounts:
              acme:
                namespaces: [acme]
                users: { carol: { password: "%s" } }
                bindings: [{ subjects: [user:alice], roles: [Reader] }]
            """.formatted(HASH);

    private static PolicyCompiler.Outcome compile(String policy, String account, String users) {
        return compile(new PolicyCompiler(KnownEndpoints.named(java.util.Set.of())), policy, account, users);
    }

    private static PolicyCompiler.Outcome compile(
            PolicyCompiler compiler, String policy, String account, String users) {
        return compiler.link(
                List.of(
                        compiler.read(new Document("policy.yaml", policy)),
                        compiler.readUsers(account, new Document("htpasswd", users))),
                Feeds.none());
    }

    private static Policy good(String users) {
        return switch (compile(ACCOUNT, "acme", users)) {
            case Compiled compiled -> compiled.policy();
            case Rejected rejected ->
                throw new AssertionError(rejected.problems().toString());
        };
    }

    private static String problems(PolicyCompiler.Outcome outcome) {
        return switch (outcome) {
            case Compiled compiled -> throw new AssertionError("it was taken");
            case Rejected rejected ->
                rejected.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
        };
    }

    private static Optional<String> hash(Policy policy, String login) {
        return policy.user(login).map(owner -> owner.user().passwordHash());
    }

    @Test
    void theUsersOfTheFileAreTheAccountsBesideItsOwn() {
        // When
        Policy policy = good("# the people\n\nalice:" + HASH + "\n   \nbob:" + OTHER + "  \r\n");
        // Then
        assertThat(hash(policy, "alice")).hasValue(HASH);
        assertThat(hash(policy, "acme/alice")).hasValue(HASH);
        assertThat(hash(policy, "bob")).hasValue(OTHER);
        assertThat(hash(policy, "carol")).hasValue(HASH);
        assertThat(policy.account("acme").orElseThrow().users()).hasSize(3);
        assertThat(policy.warnings()).isEmpty();
        assertThat(policy.highestBcryptCost()).isEqualTo(6);
    }

    @Test
    void anotherFileIsAnotherVersionOfThePolicy() {
        assertThat(good("alice:" + HASH).version())
                .isEqualTo(good("alice:" + HASH).version())
                .isNotEqualTo(good("alice:" + OTHER).version());
    }

    @Test
    void whoIsRemovedFromTheFileIsGoneWhateverNamesThemStill() {
        // When
        Policy policy = good("bob:" + HASH);
        // Then
        assertThat(policy.user("alice")).isEmpty();
        assertThat(policy.warnings().toString())
                .contains("policy.yaml:5:16: warning: the binding names user:acme/alice")
                .contains("neither the account nor its password file has");
    }

    @Test
    void anEmptyFileIsAFileOfNobody() {
        assertThat(good("").user("alice")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "alice | htpasswd:2:1: error: there is no colon",
                "TopSecret | htpasswd:2:1: error: there is no colon",
                ":$2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:1: error: what stands before",
                "al ice:$2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:1: error: what stands before",
                "acme/alice:$2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:1: error: what stands before",
                "älice:$2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:1: error: what stands before",
                "alice: | htpasswd:2:7: error: what user 'alice' has is not a bcrypt hash",
                "alice:TopSecret | htpasswd:2:7: error: what user 'alice' has is not a bcrypt hash",
                "alice:$apr1$TopSecre$0123456789012345678901 | htpasswd:2:7: error: what user 'alice' has is not a bcrypt hash",
                "alice:{SHA}TopSecret= | htpasswd:2:7: error: what user 'alice' has is not a bcrypt hash",
                "alice:$6$TopSecret$0123456789 | htpasswd:2:7: error: what user 'alice' has is not a bcrypt hash",
                "alice:$2x$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:7: error: what user 'alice' has is not",
                "alice:$2y$05$012345678901234567890123456789012345678901234567890. | htpasswd:2:7: error: what user 'alice' has is not",
                "alice:$2y$05$0123456789012345678901234567890123456789012345678901.:more | htpasswd:2:7: error: what user 'alice' has is not",
                "alice: $2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:7: error: what user 'alice' has is not",
                "alice:$2y$15$0123456789012345678901234567890123456789012345678901. | htpasswd:2:7: error: the bcrypt cost is 15; expected 4 to 14",
                "alice:$2y$31$0123456789012345678901234567890123456789012345678901. | htpasswd:2:7: error: the bcrypt cost is 31; expected 4 to 14",
                "alice:$2y$03$0123456789012345678901234567890123456789012345678901. | htpasswd:2:7: error: the bcrypt cost is 3; expected 4 to 14",
                "alice:$2y$00$0123456789012345678901234567890123456789012345678901. | htpasswd:2:7: error: the bcrypt cost is 0; expected 4 to 14",
                "bob:$2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:1: error: the user 'bob' stands twice; the first is at line 1",
                "carol:$2y$05$0123456789012345678901234567890123456789012345678901. | htpasswd:2:1: error: the account 'acme' (policy.yaml:2:3) has a user 'carol' of its own",
            })
    void aLineThatIsNoUserIsTold(String line, String told) {
        // When
        String problems = problems(compile(ACCOUNT, "acme", "bob:" + HASH + "\n" + line + "\n"));
        // Then
        assertThat(problems).contains(told).doesNotContain("TopSecre", "0123456789");
    }

    @Test
    void everyMistakeIsToldAtOnce() {
        // When
        String problems = problems(compile(ACCOUNT, "acme", "x\nalice:y\nz\n"));
        // Then
        assertThat(problems).contains("htpasswd:1:1", "htpasswd:2:7", "htpasswd:3:1");
    }

    @Test
    void anAccountThatIsNowhereHasNoUsers() {
        assertThat(problems(compile(ACCOUNT, "acne", "alice:" + HASH)))
                .contains("htpasswd:1:1: error: no document has the account 'acne'");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 12})
    void theOperatorSaysWhatAHashMayCostInTheFileAndInThePolicy(int most) {
        // Given
        PolicyCompiler compiler = new PolicyCompiler(KnownEndpoints.named(java.util.Set.of()), most);
        String costly = HASH.replace("$05$", "$13$");
        // When
        String inTheFile = problems(compile(compiler, ACCOUNT.replace("$05$", "$04$"), "acme", "alice:" + costly));
        String inThePolicy = problems(compiler.compile(List.of(new Document("p", ACCOUNT.replace("$05$", "$13$")))));
        // Then
        assertThat(inTheFile).contains("htpasswd:1:7: error: the bcrypt cost is 13; expected 4 to " + most);
        assertThat(inThePolicy).contains("the bcrypt cost is 13; expected 4 to " + most);
    }

    @Test
    void theNumberOfUsersIsBounded() {
        // Given
        String users = IntStream.rangeClosed(1, 100_001)
                .mapToObj(i -> "user-" + i + ":" + HASH + "\n")
                .collect(Collectors.joining());
        // Then
        assertThat(problems(compile(ACCOUNT, "acme", users))).contains("htpasswd:100001:1: error: more users than");
        assertThat(good(users.substring(0, users.lastIndexOf("user-100001")))
                        .account("acme")
                        .orElseThrow()
                        .users())
                .hasSize(100_001);
    }

    @Property
    void anyTextHasAnOutcome(@ForAll String text) {
        // When
        Draft draft = Policies.COMPILER.readUsers("acme", new Document("htpasswd", text));
        // Then
        assertThat(draft.errors()).allMatch(problem -> problem.position().line() >= 1);
    }
}
