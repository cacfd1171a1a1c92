package dev.postern.policy.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.FeedFollower;
import dev.postern.policy.Draft;
import dev.postern.policy.KnownEndpoints;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Password files beside a policy: how their changes come into force, and what a bad one leaves as it was. */
class PasswordFilesTest {

    private static final String HASH = "$2y$05$0123456789012345678901234567890123456789012345678901.";
    private static final String OTHER = "$2y$06$0123456789012345678901234567890123456789012345678901.";
    private static final String POLICY = """
            accounts:
              acme: { namespaces: [acme], bindings: [{ subjects: [user:alice], roles: [Reader] }] }
            """;

    @TempDir
    Path directory;

    private final PolicyCompiler compiler = new PolicyCompiler(KnownEndpoints.named(Set.of()));
    private final List<PolicyStore.Change> changes = new ArrayList<>();
    private Path policy = Path.of("");
    private Path users = Path.of("");
    private PolicyStore store = store(Path.of(""));

    @BeforeEach
    void begin() {
        policy = directory.resolve("policy.yaml");
        users = directory.resolve("htpasswd");
        write(policy, POLICY);
        write(users, "alice:" + HASH);
        store = store(policy);
    }

    private PolicyStore store(Path documents) {
        return new PolicyStore(
                PasswordFiles.beside(PolicySource.files(documents, compiler), Map.of("acme", users), compiler),
                compiler,
                FeedFollower.NOBODY,
                (taken, now) -> List.of(),
                InstantSource.system(),
                changes::add);
    }

    private static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Path next = file.resolveSibling("." + file.getFileName());
            Files.write(next, bytes);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Optional<String> hash(String login) {
        return store.state()
                .inForce()
                .flatMap(known -> known.user(login))
                .map(owner -> owner.user().passwordHash());
    }

    private Policy refreshed() {
        store.refresh();
        assertThat(store.state().rejection()).isEmpty();
        return store.state().inForce().orElseThrow();
    }

    @Test
    void whoeverHasTheDocumentsIsToldOfThoseThatComeIntoForce() {
        // Given
        List<List<String>> told = new ArrayList<>();
        PolicySource files = PolicySource.files(policy, compiler);
        PolicySource documents = new PolicySource() {
            @Override
            public Reading read(Instant now) throws Unreadable {
                return files.read(now);
            }

            @Override
            public void inForce(List<Draft> drafts) {
                told.add(drafts.stream().map(Draft::name).toList());
            }
        };
        store = new PolicyStore(
                PasswordFiles.beside(documents, Map.of("acme", users), compiler),
                compiler,
                FeedFollower.NOBODY,
                (taken, now) -> List.of(),
                InstantSource.system(),
                changes::add);
        // When
        refreshed();
        // Then: of the documents alone
        assertThat(told).containsExactly(List.of(policy.toString()));
    }

    @Test
    void aChangeOfTheFileIsANewPolicy() {
        // Given
        Policy before = refreshed();
        assertThat(hash("alice")).hasValue(HASH);
        // When
        write(users, "alice:" + OTHER + "\nbob:" + HASH);
        Policy after = refreshed();
        // Then
        assertThat(hash("alice")).hasValue(OTHER);
        assertThat(hash("acme/bob")).hasValue(HASH);
        assertThat(after.version()).isNotEqualTo(before.version());
        assertThat(changes).hasSize(2).allMatch(PolicyStore.Loaded.class::isInstance);
    }

    @Test
    void nothingHappensWhileNothingChanges() throws IOException {
        // Given
        Policy before = refreshed();
        // When
        store.refresh();
        Files.setLastModifiedTime(users, FileTime.from(Instant.now().minusSeconds(3600)));
        store.refresh();
        write(users, "alice:" + HASH);
        store.refresh();
        // Then
        assertThat(store.state().inForce()).containsSame(before);
        assertThat(changes).hasSize(1);
    }

    @Test
    void aChangeThatKeepsSizeAndTimeIsSeen() throws IOException {
        // Given
        FileTime time = FileTime.from(Instant.now().minusSeconds(3600));
        Files.setLastModifiedTime(users, time);
        refreshed();
        // When
        write(users, "alice:" + OTHER);
        Files.setLastModifiedTime(users, time);
        refreshed();
        // Then
        assertThat(hash("alice")).hasValue(OTHER);
    }

    @Test
    void aBadFileLeavesItsUsersAndIsTold() {
        // Given
        refreshed();
        // When
        write(users, "alice:plain\nbob:" + HASH);
        store.refresh();
        // Then
        assertThat(hash("alice")).hasValue(HASH);
        assertThat(hash("bob")).isEmpty();
        assertThat(store.state().rejection().orElseThrow())
                .contains(users + ":1:7: error:")
                .doesNotContain("plain");
        store.refresh();
        assertThat(changes).hasSize(2).last().isInstanceOf(PolicyStore.Rejected.class);
    }

    @Test
    void aBadFileDoesNotKeepThePolicyFromChanging() {
        // Given
        refreshed();
        write(users, "alice:plain");
        store.refresh();
        // When
        write(policy, POLICY.replace("roles: [Reader]", "roles: [Writer]").replace("[acme]", "[acme, acme-labs]"));
        store.refresh();
        // Then
        assertThat(store.state().inForce().orElseThrow().ownerOf("acme-labs/app"))
                .isPresent();
        assertThat(hash("alice")).hasValue(HASH);
        assertThat(store.state().rejection()).isPresent();
    }

    @Test
    void aFileThatIsMendedIsTakenAndTheTroubleIsOver() {
        // Given
        refreshed();
        write(users, "alice:plain");
        store.refresh();
        // When
        write(users, "alice:" + OTHER);
        store.refresh();
        // Then
        assertThat(hash("alice")).hasValue(OTHER);
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void aFileThatIsPutBackAsItWasEndsTheTroubleToo() {
        // Given
        refreshed();
        write(users, "alice:plain");
        store.refresh();
        // When
        write(users, "alice:" + HASH);
        store.refresh();
        // Then
        assertThat(hash("alice")).hasValue(HASH);
        assertThat(store.state().rejection()).isEmpty();
        assertThat(changes).last().isInstanceOf(PolicyStore.Confirmed.class);
    }

    @Test
    void aFileThatIsGoneLeavesItsUsersAndIsTold() throws IOException {
        // Given
        refreshed();
        // When
        Files.delete(users);
        store.refresh();
        // Then
        assertThat(hash("alice")).hasValue(HASH);
        assertThat(store.state().rejection().orElseThrow())
                .contains(users + " cannot be read: there is no such file", "postern.htpasswd.acme");
        // And when it is back
        write(users, "bob:" + HASH);
        store.refresh();
        assertThat(hash("alice")).isEmpty();
        assertThat(hash("bob")).hasValue(HASH);
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void whatIsNoTextOrTooLargeIsToldAndLeavesItsUsers() {
        // Given
        refreshed();
        for (byte[] bad : List.of(new byte[] {'a', (byte) 0xff}, new byte[16 * 1024 * 1024 + 1])) {
            // When
            write(users, bad);
            store.refresh();
            // Then
            assertThat(hash("alice")).hasValue(HASH);
            assertThat(store.state().rejection().orElseThrow()).startsWith(users + " is ");
        }
    }

    @Test
    void aUserOfTheFileWhomThePolicyHasTooIsTakenFromNeither() {
        // Given
        refreshed();
        // When
        write(users, "alice:" + OTHER + "\nbob:" + HASH);
        write(policy, POLICY.replace("namespaces:", "users: { bob: { password: \"" + OTHER + "\" } }, namespaces:"));
        store.refresh();
        // Then
        assertThat(store.state().rejection().orElseThrow()).contains(users + ":2:1: error:", "'bob'");
        assertThat(hash("alice")).hasValue(HASH);
        assertThat(hash("bob")).isEmpty();
    }

    @Test
    void atAStartABadFileIsNoPolicy() {
        // Given
        write(users, "alice:plain");
        // When
        store.refresh();
        // Then
        assertThat(store.state().inForce()).isEmpty();
        assertThat(store.state().rejection().orElseThrow()).contains(users + ":1:7: error:");
        // And when it is mended
        write(users, "alice:" + HASH);
        refreshed();
        assertThat(hash("alice")).hasValue(HASH);
    }

    @Test
    void atAStartAMissingFileIsNoPolicy() throws IOException {
        // Given
        Files.delete(users);
        // When
        store.refresh();
        // Then
        assertThat(store.state().inForce()).isEmpty();
        assertThat(store.state().rejection().orElseThrow()).contains("there is no such file");
    }

    @Test
    void aLinkThatIsSwappedIsFollowed() throws IOException {
        // Given: as Kubernetes shows a secret
        Path first = Files.createDirectory(directory.resolve("first"));
        Path second = Files.createDirectory(directory.resolve("second"));
        write(first.resolve("htpasswd"), "alice:" + HASH);
        write(second.resolve("htpasswd"), "alice:" + OTHER);
        Path data = Files.createSymbolicLink(directory.resolve("..data"), first);
        Files.delete(users);
        Files.createSymbolicLink(users, Path.of("..data/htpasswd"));
        refreshed();
        // When
        Path next = Files.createSymbolicLink(directory.resolve("next"), second);
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        refreshed();
        // Then
        assertThat(hash("alice")).hasValue(OTHER);
    }
}
