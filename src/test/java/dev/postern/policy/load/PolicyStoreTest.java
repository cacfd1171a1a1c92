package dev.postern.policy.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.feed.FeedFollower;
import dev.postern.policy.Account;
import dev.postern.policy.Draft;
import dev.postern.policy.NetworkRules;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.Position;
import dev.postern.policy.Problem;
import dev.postern.policy.load.PolicyStore.Change;
import dev.postern.policy.load.PolicyStore.Loaded;
import dev.postern.policy.load.PolicyStore.Rejected;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Following a policy's files: what is taken, what is not, and what stays in force. */
class PolicyStoreTest {

    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");

    @TempDir
    Path directory;

    private final List<Change> changes = new ArrayList<>();
    private Instant now = START;
    private Path file;
    private PolicyStore store;

    @BeforeEach
    void aStoreOfOneFile() {
        file = directory.resolve("policy.yaml");
        store = store(file);
    }

    @Test
    void beforeTheFirstLookNothingIsInForce() {
        assertThat(store.state().inForce()).isEmpty();
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void aGoodFileComesIntoForce() throws IOException {
        // Given
        write(file, policy("acme"));
        // When
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().since()).contains(START);
        assertThat(store.state().rejection()).isEmpty();
        assertThat(changes).hasSize(1).first().isInstanceOf(Loaded.class);
    }

    @Test
    void aPolicyThatIsFoundBadOnReviewIsNotTakenAndTheLastGoodOneStays() throws IOException {
        // Given
        Position place = new Position("policy.yaml", 1, 1);
        store = reviewed((policy, at) -> policy.account("other").isPresent()
                ? List.of(
                        new Problem(Problem.Severity.WARNING, new Position("policy.yaml", 2, 1), "a doubt"),
                        new Problem(Problem.Severity.ERROR, place, "other is not allowed"))
                : List.of());
        loaded("acme");
        // When
        write(file, policy("other"));
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().rejection())
                .contains("policy.yaml:1:1: error: other is not allowed\npolicy.yaml:2:1: warning: a doubt");
        assertThat(changes).hasSize(2).last().isInstanceOf(Rejected.class);
    }

    @Test
    void whatAReviewDoubtsIsToldWithThePolicyThatComesIntoForce() throws IOException {
        // Given
        Problem doubt = new Problem(Problem.Severity.WARNING, new Position("policy.yaml", 1, 1), "a doubt");
        List<Instant> asked = new ArrayList<>();
        store = reviewed((policy, at) -> {
            asked.add(at);
            return List.of(doubt);
        });
        // When
        loaded("acme");
        // Then
        assertThat(asked).containsExactly(START);
        assertThat(store.state().warnings()).containsExactly(doubt);
        assertThat(changes)
                .singleElement()
                .isInstanceOfSatisfying(
                        Loaded.class, loaded -> assertThat(loaded.warnings()).containsExactly(doubt));
    }

    @Test
    void aMissingFileIsRejectedAndTakenOnceItIsThere() throws IOException {
        // When
        store.refresh();
        store.refresh();
        // Then
        assertThat(store.state().inForce()).isEmpty();
        assertRejected("policy.yaml cannot be read: there is no such file");
        assertThat(changes).hasSize(1);
        // When
        write(file, policy("acme"));
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void aChangeIsTaken() throws IOException {
        // Given
        loaded("acme");
        // When
        now = START.plusSeconds(60);
        write(file, policy("other"));
        store.refresh();
        // Then
        assertInForce("other");
        assertThat(store.state().since()).contains(START.plusSeconds(60));
        assertThat(changes).hasSize(2).allMatch(Loaded.class::isInstance);
    }

    @Test
    void aTouchIsNoChange() throws IOException {
        // Given
        loaded("acme");
        var before = store.state();
        // When
        now = START.plusSeconds(60);
        Files.setLastModifiedTime(file, FileTime.from(now));
        store.refresh();
        write(file, policy("acme"));
        store.refresh();
        // Then
        assertThat(store.state()).isSameAs(before);
        assertThat(changes).hasSize(1);
    }

    @Test
    void aBadFileKeepsTheLastGoodPolicyAndIsReportedOnce() throws IOException {
        // Given
        loaded("acme");
        // When
        write(file, "accounts: {acme: {namespace: [acme]}}\n");
        store.refresh();
        store.refresh();
        touch(30);
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().since()).contains(START);
        assertRejected("policy.yaml:1:19: error: unknown key 'namespace' in an account");
        assertThat(changes).hasSize(2).last().isInstanceOf(Rejected.class);
    }

    @Test
    void allMistakesAreTold() throws IOException {
        // Given
        write(file, "accounts:\n  acme: {namespace: [acme]}\n  other: {netwrok: {}}\n");
        // When
        store.refresh();
        // Then
        assertThat(store.state().rejection().orElseThrow().lines()).hasSize(2);
    }

    @Test
    void anotherMistakeIsReportedAgain() throws IOException {
        // Given
        loaded("acme");
        // When
        write(file, "accounts: {");
        store.refresh();
        write(file, "acounts: {}");
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(changes).hasSize(3);
        assertRejected("unknown key 'acounts'");
    }

    @Test
    void aMendedFileIsTakenAgain() throws IOException {
        // Given
        loaded("acme");
        write(file, "accounts: [");
        store.refresh();
        // When
        write(file, policy("mended"));
        store.refresh();
        // Then
        assertInForce("mended");
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void theFormerTextRestoredClearsTheRejection() throws IOException {
        // Given
        loaded("acme");
        write(file, "accounts: [");
        store.refresh();
        // When
        write(file, policy("acme"));
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().rejection()).isEmpty();
        assertThat(changes).hasSize(3).last().isInstanceOf(Loaded.class);
    }

    @Test
    void aDeletedFileKeepsThePolicyUntilItIsRestored() throws IOException {
        // Given
        loaded("acme");
        // When
        Files.delete(file);
        store.refresh();
        store.refresh();
        // Then
        assertInForce("acme");
        assertRejected("there is no such file");
        assertThat(changes).hasSize(2);
        // When
        write(file, policy("acme"));
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void anEmptiedFileKeepsThePolicy() throws IOException {
        // Given
        loaded("acme");
        // When
        write(file, "");
        store.refresh();
        // Then
        assertInForce("acme");
        assertRejected("policy.yaml:1:1: error: no accounts");
    }

    @Test
    void aFileReplacedByADirectoryKeepsThePolicy() throws IOException {
        // Given
        loaded("acme");
        // When
        Files.delete(file);
        Files.createDirectory(file);
        store.refresh();
        // Then
        assertInForce("acme");
        assertRejected("policy.yaml holds no policy; expected at least one file *.yaml or *.yml");
    }

    @Test
    void aFileThatIsNoTextKeepsThePolicy() throws IOException {
        // Given
        loaded("acme");
        // When
        Files.write(file, new byte[] {'a', (byte) 0xff, (byte) 0xfe, 0});
        store.refresh();
        // Then
        assertInForce("acme");
        assertRejected("policy.yaml is not UTF-8 text; expected a policy in YAML");
    }

    @Test
    void anotherEncodingIsNotGuessed() throws IOException {
        // Given
        Files.write(file, "accounts: {acme: {}} # Büro\n".getBytes(StandardCharsets.ISO_8859_1));
        // When
        store.refresh();
        // Then
        assertRejected("is not UTF-8 text");
    }

    @Test
    void aRewriteOfTheSameSizeAndTimeShortlyAfterTheFirstReadIsNoticed() throws IOException {
        // Given
        write(file, policy("acme"));
        Files.setLastModifiedTime(file, FileTime.from(START));
        now = START.plusMillis(500);
        store.refresh();
        // When
        write(file, policy("emca"));
        Files.setLastModifiedTime(file, FileTime.from(START));
        now = START.plusMillis(900);
        store.refresh();
        // Then
        assertInForce("emca");
    }

    @Test
    void aSettledFileIsNotReadAgain() throws IOException {
        // Given
        write(file, policy("acme"));
        Files.setLastModifiedTime(file, FileTime.from(START));
        now = START.plusSeconds(10);
        store.refresh();
        // When
        write(file, policy("emca"));
        Files.setLastModifiedTime(file, FileTime.from(START));
        store.refresh();
        // Then
        assertInForce("acme");
        // When
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(11)));
        store.refresh();
        // Then
        assertInForce("emca");
    }

    @Test
    void aFileOfTheFutureIsReadEachTime() throws IOException {
        // Given
        write(file, policy("acme"));
        Files.setLastModifiedTime(file, FileTime.from(START.plus(Duration.ofDays(1))));
        store.refresh();
        // When
        write(file, policy("emca"));
        Files.setLastModifiedTime(file, FileTime.from(START.plus(Duration.ofDays(1))));
        store.refresh();
        // Then
        assertInForce("emca");
    }

    // Directories

    @Test
    void allFilesOfADirectoryAreOnePolicy() throws IOException {
        // Given
        store = store(directory);
        write(directory.resolve("b.yaml"), "accounts: {acme: {network: {allow: [{zone: office}]}}}");
        write(directory.resolve("a.yml"), "zones: {office: {addresses: [203.0.113.0/24]}}");
        write(directory.resolve(".hidden.yaml"), "not: [a policy");
        write(directory.resolve("notes.txt"), "not: [a policy");
        Files.createDirectory(directory.resolve("sub.yaml"));
        // When
        store.refresh();
        // Then
        assertInForce("acme");
    }

    @Test
    void addingChangingAndRemovingAFileOfADirectoryAreChanges() throws IOException {
        // Given
        store = store(directory);
        write(directory.resolve("a.yaml"), policy("acme"));
        store.refresh();
        // When
        write(directory.resolve("b.yaml"), policy("other"));
        store.refresh();
        // Then
        assertInForce("acme", "other");
        // When
        write(directory.resolve("b.yaml"), policy("third"));
        store.refresh();
        // Then
        assertInForce("acme", "third");
        // When
        Files.delete(directory.resolve("a.yaml"));
        store.refresh();
        // Then
        assertInForce("third");
    }

    @Test
    void whatDidNotChangeIsNotCompiledAgain() throws IOException {
        // Given
        store = store(directory);
        write(directory.resolve("a.yaml"), policy("acme"));
        write(directory.resolve("b.yaml"), policy("other"));
        store.refresh();
        Account before = account("acme");
        // When
        write(directory.resolve("b.yaml"), "accounts: [");
        store.refresh();
        write(directory.resolve("b.yaml"), policy("third"));
        Files.setLastModifiedTime(directory.resolve("a.yaml"), FileTime.from(START.plusSeconds(30)));
        store.refresh();
        // Then
        assertInForce("acme", "third");
        assertThat(account("acme")).isSameAs(before);
    }

    @Test
    void aRuleFollowsItsZoneIntoAnotherFile() throws IOException {
        // Given
        store = store(directory);
        write(directory.resolve("a.yaml"), "accounts: {acme: {network: {allow: [{zone: office}]}}}");
        write(directory.resolve("z.yaml"), "zones: {office: {addresses: [203.0.113.0/24]}}");
        store.refresh();
        assertThat(admits("203.0.113.7")).isTrue();
        assertThat(admits("192.0.2.7")).isFalse();
        // When
        write(directory.resolve("z.yaml"), "zones: {office: {addresses: [192.0.2.0/24]}}");
        store.refresh();
        // Then
        assertThat(admits("203.0.113.7")).isFalse();
        assertThat(admits("192.0.2.7")).isTrue();
        // When
        Files.delete(directory.resolve("z.yaml"));
        store.refresh();
        // Then
        assertRejected("a.yaml:1:38: error: there is no zone 'office'; no zones are declared");
        assertThat(admits("192.0.2.7")).isTrue();
    }

    private Account account(String name) {
        return store.state().inForce().orElseThrow().account(name).orElseThrow();
    }

    private boolean admits(String address) {
        return account("acme")
                .network()
                .flatMap(NetworkRules::allow)
                .orElseThrow()
                .matchAddress(Address.parse(address).orElseThrow(), now)
                .isPresent();
    }

    @Test
    void oneBadFileOfADirectoryKeepsTheWholePolicy() throws IOException {
        // Given
        store = store(directory);
        write(directory.resolve("a.yaml"), policy("acme"));
        store.refresh();
        // When
        write(directory.resolve("a.yaml"), policy("changed"));
        write(directory.resolve("b.yaml"), "accounts: [");
        store.refresh();
        // Then
        assertInForce("acme");
        assertRejected("b.yaml:1:12: error: not YAML");
    }

    @Test
    void anEmptyDirectoryIsRejected() {
        // Given
        store = store(directory);
        // When
        store.refresh();
        // Then
        assertRejected("holds no policy; expected at least one file *.yaml or *.yml");
    }

    @Test
    void aDirectoryOfAFilesNameIsNoPartOfThePolicy() throws IOException {
        // Given
        store = store(directory);
        write(file, policy("acme"));
        write(Files.createDirectory(directory.resolve("more.yaml")).resolve("other.yaml"), policy("other"));
        // When
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(store.state().rejection()).isEmpty();
    }

    @Test
    void whatIsTooMuchIsRejectedBeforeItIsRead() throws IOException {
        // Given
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(257L * 1024 * 1024);
        }
        // When
        store.refresh();
        // Then
        assertRejected("policy.yaml holds 257 MiB; expected at most 256");
    }

    @Test
    void documentsAtHandAreAPolicyThatDoesNotChange() {
        // Given
        PolicyCompiler compiler = new PolicyCompiler(Set.of());
        PolicySource source = PolicySource.of(
                List.of(
                        new PolicyCompiler.Document("b", policy("beta")),
                        new PolicyCompiler.Document("a", policy("acme"))),
                compiler);
        store = new PolicyStore(
                source, compiler, FeedFollower.NOBODY, (policy, at) -> List.of(), () -> now, changes::add);
        // When
        store.refresh();
        store.refresh();
        // Then
        assertInForce("acme", "beta");
        assertThat(changes).hasSize(1);
    }

    @Test
    void ofDocumentsReadAgainThoseThatAreTheSameAreKept() {
        // Given
        DraftReader reader = new DraftReader(new PolicyCompiler(Set.of()));
        PolicyCompiler.Document same = new PolicyCompiler.Document("a", policy("acme"));
        List<Draft> known = reader.read(List.of(same, new PolicyCompiler.Document("b", policy("beta"))), List.of());
        // When
        List<Draft> again = reader.read(List.of(new PolicyCompiler.Document("b", policy("other")), same), known);
        // Then
        assertThat(again).extracting(Draft::name).containsExactly("b", "a");
        assertThat(again.get(1)).isSameAs(known.get(0));
        assertThat(again.get(0)).isNotSameAs(known.get(1));
    }

    @Test
    void aDanglingLinkIsRejected() throws IOException {
        // Given
        store = store(directory);
        Files.createSymbolicLink(directory.resolve("a.yaml"), directory.resolve("gone"));
        // When
        store.refresh();
        // Then
        assertRejected("a.yaml cannot be read: there is no such file");
    }

    // A ConfigMap: files are links to ..data/, which is a link to a directory with the time in its name.

    @Test
    void theSwapOfAConfigMapsLinkIsAChange() throws IOException {
        // Given
        Path volume = configMap("..2026_06_01", policy("acme"));
        store = store(volume);
        store.refresh();
        assertInForce("acme");
        // When
        swap(volume, "..2026_06_02", policy("emca"));
        store.refresh();
        // Then
        assertInForce("emca");
    }

    @Test
    void theSwapIsSeenThroughAFileOfTheConfigMapToo() throws IOException {
        // Given
        Path volume = configMap("..2026_06_01", policy("acme"));
        store = store(volume.resolve("policy.yaml"));
        now = START.plus(Duration.ofDays(365 * 100));
        store.refresh();
        // When
        swap(volume, "..2026_06_02", policy("emca"));
        store.refresh();
        // Then
        assertInForce("emca");
    }

    @Test
    void theSwapToTheSameTextIsNoChange() throws IOException {
        // Given
        Path volume = configMap("..2026_06_01", policy("acme"));
        store = store(volume);
        store.refresh();
        // When
        swap(volume, "..2026_06_02", policy("acme"));
        store.refresh();
        // Then
        assertInForce("acme");
        assertThat(changes).hasSize(1);
    }

    @Test
    void aSwapToABadTextKeepsThePolicy() throws IOException {
        // Given
        Path volume = configMap("..2026_06_01", policy("acme"));
        store = store(volume);
        store.refresh();
        // When
        swap(volume, "..2026_06_02", "accounts:");
        store.refresh();
        // Then
        assertInForce("acme");
        assertRejected("'accounts' has no value");
    }

    @Test
    void ofAConfigMapTheFilesOfOneMomentAreReadBeforeTheirLinksAreThere() throws IOException {
        // Given
        Path volume = configMap("..2026_06_01", policy("acme"));
        store = store(volume);
        store.refresh();
        // When: another file has taken the place of the first, and the kubelet has yet to link it
        Path next = Files.createDirectory(volume.resolve("..2026_06_02"));
        write(next.resolve("zones.yaml"), "zones: {office: {addresses: [203.0.113.0/24]}}");
        write(next.resolve("other.yaml"), "accounts: {other: {network: {allow: [{zone: office}]}}}");
        link(volume, "..2026_06_02");
        store.refresh();
        // Then
        assertInForce("other");
        assertThat(store.state().rejection()).isEmpty();
        assertThat(account("other").position().file())
                .isEqualTo(volume.resolve("other.yaml").toString());
        // When: it has, and has removed what is stale
        for (String name : List.of("zones.yaml", "other.yaml")) {
            Files.createSymbolicLink(volume.resolve(name), Path.of("..data", name));
        }
        Files.delete(volume.resolve("policy.yaml"));
        store.refresh();
        // Then
        assertInForce("other");
        assertThat(changes).hasSize(2).allMatch(Loaded.class::isInstance);
    }

    @Test
    void whatIsInAConfigMapsDirectoriesIsReadOnceAndFilesBesideItAreReadToo() throws IOException {
        // Given
        Path volume = configMap("..2026_06_01", policy("acme"));
        Path former = Files.createDirectory(volume.resolve("..2026_05_31"));
        write(former.resolve("policy.yaml"), policy("former"));
        write(volume.resolve("beside.yaml"), policy("beside"));
        Files.createSymbolicLink(
                volume.resolve("linked.yaml"), write(directory.resolve("elsewhere"), policy("linked")));
        store = store(volume);
        // When
        store.refresh();
        // Then
        assertInForce("acme", "beside", "linked");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void swapsWhileTheFilesAreReadAreNeverARejection() throws Exception {
        // Given
        Path volume = configMap("..2026_06_00", policy("a0"));
        store = store(volume);
        AtomicBoolean swapping = new AtomicBoolean(true);
        Thread kubelet = new Thread(() -> {
            try {
                for (int i = 1; i <= 60; i++) {
                    swap(volume, "..2026_06_" + i, policy("a" + i));
                    Thread.sleep(10);
                }
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            } finally {
                swapping.set(false);
            }
        });
        // When
        kubelet.start();
        while (swapping.get()) {
            store.refresh();
        }
        kubelet.join();
        store.refresh();
        // Then
        assertInForce("a60");
        assertThat(changes).hasSizeGreaterThan(10).allMatch(Loaded.class::isInstance);
    }

    private Path configMap(String version, String text) throws IOException {
        Path volume = Files.createDirectory(directory.resolve("volume"));
        Path first = Files.createDirectory(volume.resolve(version));
        write(first.resolve("policy.yaml"), text);
        Files.setLastModifiedTime(first.resolve("policy.yaml"), FileTime.from(START));
        Files.createSymbolicLink(volume.resolve("..data"), Path.of(version));
        Files.createSymbolicLink(volume.resolve("policy.yaml"), Path.of("..data", "policy.yaml"));
        return volume;
    }

    /** As the kubelet does: a new directory, a new link renamed over the old one, the old directory removed. */
    private static void swap(Path volume, String version, String text) throws IOException {
        Path before = volume.resolve("..data").toRealPath();
        Path next = Files.createDirectory(volume.resolve(version));
        write(next.resolve("policy.yaml"), text);
        Files.setLastModifiedTime(next.resolve("policy.yaml"), FileTime.from(START));
        link(volume, version);
        Files.delete(before.resolve("policy.yaml"));
        Files.delete(before);
    }

    private static void link(Path volume, String version) throws IOException {
        Path link = Files.createSymbolicLink(volume.resolve("..data_tmp"), Path.of(version));
        Files.move(link, volume.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private PolicyStore reviewed(Review review) {
        return new PolicyStore(file, new PolicyCompiler(Set.of()), review, () -> now, changes::add);
    }

    private PolicyStore store(Path path) {
        return new PolicyStore(path, new PolicyCompiler(Set.of()), () -> now, changes::add);
    }

    private void loaded(String account) throws IOException {
        write(file, policy(account));
        store.refresh();
        assertInForce(account);
    }

    private void touch(int seconds) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(START.plusSeconds(seconds)));
    }

    private static String policy(String account) {
        return "accounts: {" + account + ": {namespaces: [" + account + "]}}\n";
    }

    private static Path write(Path path, String text) throws IOException {
        return Files.writeString(path, text);
    }

    private void assertInForce(String... accounts) {
        assertThat(store.state().inForce().orElseThrow().accounts().stream()
                        .map(Account::name)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(accounts);
    }

    private void assertRejected(String fragment) {
        assertThat(store.state().rejection())
                .hasValueSatisfying(why -> assertThat(why).contains(fragment));
    }
}
