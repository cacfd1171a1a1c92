package dev.postern.feed.load;

import static dev.postern.feed.load.FollowedPublisher.START;
import static dev.postern.feed.load.FollowedPublisher.meta;
import static dev.postern.feed.load.FollowedPublisher.rules;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feed.FeedDeclaration;
import dev.postern.feed.FeedLocation;
import dev.postern.feed.FeedOutcome;
import dev.postern.feed.FeedRules;
import dev.postern.feed.FeedRules.WhenStale;
import dev.postern.feed.Feeds;
import dev.postern.feed.Gzip;
import dev.postern.feed.PublishedFeeds;
import dev.postern.feed.Samples;
import dev.postern.feed.Selection;
import dev.postern.testing.Publisher;
import dev.postern.testing.TestAuthority;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Following a publisher: what is asked, when, and what is kept of the answers. */
@Timeout(60)
class FeedKeeperTest {

    private static final String GOOD = meta("192.0.2.0/24", "2001:db8::/48");

    @TempDir
    Path directory;

    private FollowedPublisher world;
    private Publisher publisher;

    @BeforeEach
    void aPublisher() {
        world = new FollowedPublisher(directory.resolve("feeds"));
        publisher = world.publisher;
    }

    @AfterEach
    void theEnd() {
        world.close();
    }

    private void follow(FeedDeclaration... feeds) {
        world.keeper.follow(List.of(feeds));
    }

    private Publisher.Request last() {
        return publisher.requests().getLast();
    }

    // --- asking

    @Test
    void aFeedIsFetchedAtOnceAndThenAsOftenAsThePolicySays() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.says(GOOD));
        // When
        follow(feed);
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24", "2001:db8::/48");
        assertThat(publisher.requests()).hasSize(1);
        // When
        world.pass(Duration.ofMinutes(53));
        // Then
        assertThat(publisher.requests()).hasSize(1);
        // When
        world.pass(Duration.ofMinutes(14));
        // Then
        assertThat(publisher.requests()).hasSize(2);
    }

    @Test
    void thePublisherIsAskedByItsNameAtTheAddressThatWasJudged() {
        // Given
        publisher.answers(Publisher.says(GOOD));
        // When
        follow(world.feed("ci", new Selection.GithubMeta("actions"), "/meta?v=1&w=%20", FeedRules.DEFAULTS));
        // Then
        assertThat(last().target()).isEqualTo("/meta?v=1&w=%20");
        assertThat(last().serverName()).isEqualTo(FollowedPublisher.NAME);
        assertThat(last().header("host")).isEqualTo(FollowedPublisher.NAME + ":" + publisher.port());
        assertThat(last().header("user-agent")).isEqualTo("postern");
        assertThat(world.resolved).containsExactly(FollowedPublisher.NAME);
    }

    @Test
    void aPublisherThatKnowsItsAnswerIsNotAskedForAllOfItAgain() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.tagged("\"1\"", GOOD));
        follow(feed);
        Feeds before = world.keeper.snapshot();
        // When
        world.passRefresh();
        // Then
        assertThat(last().header("if-none-match")).isEqualTo("\"1\"");
        assertThat(world.state(feed).outcome()).isEqualTo(FeedOutcome.CONFIRMED);
        assertThat(world.state(feed).good().orElseThrow().confirmedAt()).isEqualTo(world.now());
        assertThat(world.keeper.snapshot()).isSameAs(before);
    }

    @Test
    void aDateServesWhereThereIsNoTag() {
        // Given
        String date = "Mon, 01 Jun 2026 11:00:00 GMT";
        publisher.answers(Publisher.says(GOOD, "Last-Modified: " + date));
        follow(world.feed("ci"));
        // When
        publisher.answers(Publisher.status(304));
        world.passRefresh();
        // Then
        assertThat(last().header("if-modified-since")).isEqualTo(date);
        assertThat(world.state(world.feed("ci")).outcome()).isEqualTo(FeedOutcome.CONFIRMED);
    }

    @Test
    void theTagIsKnownAfterARestart() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.tagged("\"1\"", GOOD));
        follow(feed);
        // When
        world.restart();
        follow(feed);
        // Then
        assertThat(last().header("if-none-match")).isEqualTo("\"1\"");
        assertThat(world.state(feed).outcome()).isEqualTo(FeedOutcome.CONFIRMED);
    }

    @Test
    void zonesOfOneUrlAreOneQuestion() {
        // Given
        publisher.answers(Publisher.tagged("\"1\"", GOOD));
        FeedDeclaration actions = world.feed("ci");
        FeedDeclaration hooks = world.feed("hooks", new Selection.GithubMeta("hooks"), "/meta", FeedRules.DEFAULTS);
        // When
        follow(actions, hooks);
        // Then
        assertThat(publisher.requests()).hasSize(1);
        assertThat(world.seen(hooks)).containsExactly("198.51.100.0/24");
        // When
        world.passRefresh();
        // Then
        assertThat(publisher.requests()).hasSize(2);
        assertThat(last().header("if-none-match")).isEqualTo("\"1\"");
    }

    @Test
    void aMistakeForOneZoneIsNoneForAnother() {
        // Given
        FeedDeclaration actions = world.feed("ci");
        FeedDeclaration none = world.feed("none", new Selection.GithubMeta("none"), "/meta", FeedRules.DEFAULTS);
        publisher.answers(Publisher.tagged("\"1\"", GOOD));
        // When
        follow(actions, none);
        // Then
        assertThat(world.seen(actions)).hasSize(2);
        assertThat(world.state(none).outcome()).isEqualTo(FeedOutcome.REFUSED);
        // When: the publisher must say all again to who has nothing
        world.passRefresh();
        // Then
        assertThat(last().header("if-none-match")).isEmpty();
    }

    @Test
    void aRedirectOnTheSameHostIsFollowedWithoutResolvingAgain() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers((request, out) -> {
            switch (request.target()) {
                case "/meta" -> Publisher.status(301, "Location: /a/meta").write(request, out);
                case "/a/meta" ->
                    Publisher.status(307, "Location: https://" + request.header("host") + "/b?c")
                            .write(request, out);
                case "/b?c" -> Publisher.status(302, "Location: d").write(request, out);
                case "/d" -> Publisher.says(GOOD).write(request, out);
                default -> Publisher.status(404).write(request, out);
            }
        });
        // When
        follow(feed);
        // Then
        assertThat(world.seen(feed)).hasSize(2);
        assertThat(world.resolved).hasSize(1);
    }

    @Test
    void aCompressedAnswerIsRead() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.says(Gzip.of(GOOD.getBytes(StandardCharsets.UTF_8)), "Content-Encoding: gzip"));
        // When
        follow(feed);
        // Then
        assertThat(last().header("accept-encoding")).isEqualTo("gzip");
        assertThat(world.seen(feed)).hasSize(2);
    }

    @Test
    void aFileOfFullSizeArrivesInChunks() {
        // Given
        Selection selection = new Selection.GithubMeta("actions");
        var prefixes = PublishedFeeds.prefixes(8_000);
        FeedDeclaration feed = world.feed("ci");
        byte[] body = PublishedFeeds.file(selection, prefixes).getBytes(StandardCharsets.UTF_8);
        // And: as it is published, indented, it is more than this test lets through
        String compact = new String(body, StandardCharsets.UTF_8).replaceAll("\\s+", "");
        publisher.answers(Publisher.inChunks(compact.getBytes(StandardCharsets.UTF_8), 1_000));
        // When
        follow(feed);
        // Then
        assertThat(world.state(feed).detail()).isEmpty();
        assertThat(world.state(feed).good().orElseThrow().prefixes()).isEqualTo(4_000);
    }

    // --- where a name leads

    @Test
    void aNameOfAPrivateAddressIsNotAsked() {
        for (String address : List.of("10.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "100.64.0.1")) {
            // Given
            world.names.put(FollowedPublisher.NAME, List.of(address));
            FeedDeclaration feed = world.feed("ci");
            // When
            world.restart();
            follow(feed);
            // Then
            assertThat(world.state(feed).detail())
                    .contains(FollowedPublisher.NAME + " is not asked")
                    .contains("is not a public address");
        }
        assertThat(publisher.requests()).isEmpty();
    }

    @Test
    void onePrivateAddressAmongPublicOnesIsTooMany() {
        // Given
        world.names.put(FollowedPublisher.NAME, List.of("127.0.0.1", "10.0.0.1"));
        publisher.answers(Publisher.says(GOOD));
        // When
        follow(world.feed("ci"));
        // Then
        assertThat(publisher.requests()).isEmpty();
        assertThat(world.state(world.feed("ci")).detail()).contains("10.0.0.1 is not a public address");
    }

    @Test
    void aNameThatMeansLoopbackLaterIsNotAskedThere() {
        // Given
        world.close();
        world = new FollowedPublisher(directory.resolve("other"), "");
        FeedDeclaration feed = world.feed("ci");
        world.publisher.answers(Publisher.says(GOOD));
        // When
        follow(feed);
        // Then
        assertThat(world.publisher.requests()).isEmpty();
        assertThat(world.state(feed).detail()).contains("127.0.0.1 is not a public address");
    }

    @Test
    void anotherAddressServesWhereTheFirstCannotBeConnectedTo() {
        // Given: nobody listens at the first
        world.names.put(FollowedPublisher.NAME, List.of("127.0.0.3", "127.0.0.1"));
        publisher.answers(Publisher.says(GOOD));
        // When
        follow(world.feed("ci"));
        // Then
        assertThat(world.seen(world.feed("ci"))).hasSize(2);
    }

    @Test
    void aNameWithoutAnAddressIsUnreachable() {
        // Given
        world.names.clear();
        // When
        follow(world.feed("ci"));
        // Then
        assertThat(world.state(world.feed("ci")).detail()).isEqualTo(FollowedPublisher.NAME + " has no address");
    }

    @Test
    void aServerThatIsNotTheNamesIsNotBelieved() {
        // Given
        try (Publisher other = new Publisher(FollowedPublisher.AUTHORITY.serverFor("other.example.test"))) {
            other.answers(Publisher.says(GOOD));
            FeedLocation.Syntax url =
                    FeedLocation.url("https://" + FollowedPublisher.NAME + ":" + other.port() + "/meta");
            FeedDeclaration feed = new FeedDeclaration(
                    "ci",
                    new Selection.GithubMeta("actions"),
                    ((FeedLocation.Understood) url).location(),
                    FeedRules.DEFAULTS);
            // When
            follow(feed);
            // Then
            assertThat(world.seen(feed)).isEmpty();
            assertThat(world.state(feed).detail())
                    .contains("cannot be connected to")
                    .contains("No subject alternative DNS name matching feeds.example.test");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void aServerOfAnUnknownAuthorityIsNotBelieved() {
        // Given
        try (Publisher other =
                new Publisher(new TestAuthority("CN=Other Authority").serverFor(FollowedPublisher.NAME))) {
            other.answers(Publisher.says(GOOD));
            FeedLocation.Syntax url =
                    FeedLocation.url("https://" + FollowedPublisher.NAME + ":" + other.port() + "/meta");
            FeedDeclaration feed = new FeedDeclaration(
                    "ci",
                    new Selection.GithubMeta("actions"),
                    ((FeedLocation.Understood) url).location(),
                    FeedRules.DEFAULTS);
            // When
            follow(feed);
            // Then
            assertThat(world.seen(feed)).isEmpty();
            assertThat(world.state(feed).detail())
                    .contains("cannot be connected to")
                    .contains("certification path");
        }
    }

    // --- what is kept

    @Test
    void aStartWithoutANetworkHasItsZones() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.says(GOOD));
        follow(feed);
        // When
        world.names.clear();
        world.restart();
        world.pass(Duration.ofDays(2));
        follow(feed);
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24", "2001:db8::/48");
        assertThat(world.state(feed).good().orElseThrow().confirmedAt()).isEqualTo(START);
    }

    @Test
    void aCopyIsItsOwnersOnly() throws IOException {
        // When
        publisher.answers(Publisher.says(GOOD));
        follow(world.feed("ci"));
        // Then
        Path folder = directory.resolve("feeds");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1).allSatisfy(file -> {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------");
                assertThat(file.getFileName().toString()).matches("ci\\.[0-9a-f]{16}\\.json");
            });
        }
    }

    @Test
    void aCopyThatIsNotWholeIsSaidAndNotUsed() throws IOException {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.says(GOOD));
        follow(feed);
        world.names.clear();
        Path copy = directory.resolve("feeds").resolve(feed.id().fileName() + ".json");
        String good = Files.readString(copy);
        for (String bad : List.of(
                "",
                good.substring(0, good.length() - 30),
                good.replace("192.0.2.0/24", "192.0.0.0/16"),
                good.replace("192.0.2.0/24", "192.0.2.1/24"),
                good.replace("\"192.0.2.0/24\", ", ""),
                good.replace("\"zone\" : \"ci\"", "\"zone\" : \"other\""),
                good.replace(feed.id().source(), "0123456789abcdef"),
                good.replace("\"version\" : \"1\"", "\"version\" : \"2\""),
                good.replace("2026-06-01T12:00:00Z", "yesterday"),
                good.replaceAll("\"digest\" : \"[0-9a-f]", "\"digest\" : \"x"))) {
            assertThat(bad).isNotEqualTo(good);
            Files.writeString(copy, bad);
            world.events.clear();
            // When
            world.restart();
            follow(feed);
            // Then
            assertThat(world.seen(feed)).as(bad).isEmpty();
            assertThat(world.troubles()).hasSize(1).first().asString().contains(copy.toString(), "is not used");
        }
        // When
        Files.writeString(copy, good);
        world.restart();
        follow(feed);
        // Then
        assertThat(world.seen(feed)).hasSize(2);
    }

    @Test
    void anotherSourceIsAnotherFeed() {
        // Given
        publisher.answers(Publisher.says(GOOD));
        follow(world.feed("ci"));
        // When: the same zone, by another key, while nobody answers
        world.names.clear();
        FeedDeclaration hooks = world.feed("ci", new Selection.GithubMeta("hooks"), "/meta", FeedRules.DEFAULTS);
        follow(hooks);
        // Then
        assertThat(world.seen(hooks)).isEmpty();
        // When: the policy is taken back
        follow(world.feed("ci"));
        // Then
        assertThat(world.seen(world.feed("ci"))).hasSize(2);
    }

    @Test
    void aFolderThatCannotBeWrittenLosesNothingNow() throws IOException {
        // Given: a file is where the folder should be
        Path folder = directory.resolve("feeds");
        publisher.answers(Publisher.says(GOOD));
        follow(world.feed("ci"));
        publisher.answers(Publisher.says(meta("192.0.2.0/24", "2001:db8::/48", "198.51.100.0/26")));
        Path copy = folder.resolve(world.feed("ci").id().fileName() + ".json");
        Files.delete(copy);
        Files.createDirectory(copy);
        Files.createFile(copy.resolve("in the way"));
        // When
        world.passRefresh();
        // Then
        assertThat(world.seen(world.feed("ci"))).hasSize(3);
        assertThat(world.troubles()).hasSize(1).first().asString().contains("cannot be kept on disk");
    }

    @Test
    void oldCopiesThatNoPolicyNamesAreDeletedAndYoungOnesKept() throws IOException {
        // Given
        publisher.answers(Publisher.says(GOOD));
        follow(world.feed("old"), world.feed("young"), world.feed("named"));
        Path folder = directory.resolve("feeds");
        Path half = Files.createFile(folder.resolve(".1-1.fetched"));
        for (Path file : List.of(copy("old"), copy("named"), half)) {
            Files.setLastModifiedTime(file, FileTime.from(START.minus(Duration.ofDays(40))));
        }
        Files.setLastModifiedTime(copy("young"), FileTime.from(START.minus(Duration.ofDays(20))));
        // When
        world.names.clear();
        world.restart();
        follow(world.feed("named"));
        // Then
        assertThat(copy("old")).doesNotExist();
        assertThat(half).doesNotExist();
        assertThat(copy("young")).exists();
        assertThat(copy("named")).exists();
    }

    private Path copy(String zone) {
        return directory.resolve("feeds").resolve(world.feed(zone).id().fileName() + ".json");
    }

    // --- what is held back

    @Test
    void whatIsHeldBackSurvivesARestartAndIsAcceptedByAPerson() throws IOException {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.says(GOOD));
        follow(feed);
        publisher.answers(Publisher.says(meta("192.0.2.0/25", "2001:db8::/48")));
        world.passRefresh();
        world.names.clear();
        world.restart();
        follow(feed);
        assertThat(world.seen(feed)).contains("192.0.2.0/24");
        String digest = world.state(feed).heldBack().orElseThrow().copy().digest();
        // When
        world.folder.accept(feed.id(), "another");
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.seen(feed)).contains("192.0.2.0/24");
        assertThat(world.troubles()).hasSize(1).first().asString().contains("is not what is held back now");
        // When
        world.folder.accept(feed.id(), digest);
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/25", "2001:db8::/48");
        // When
        world.restart();
        follow(feed);
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/25", "2001:db8::/48");
        assertThat(world.state(feed).heldBack()).isEmpty();
    }

    @Test
    void aPolicyWithOtherRulesTakesWhatTheFormerHeldBack() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.says(GOOD));
        follow(feed);
        publisher.answers(Publisher.says(meta("192.0.2.0/25", "2001:db8::/48")));
        world.passRefresh();
        world.names.clear();
        // When
        follow(world.feed("ci", rules(Optional.empty(), WhenStale.KEEP, 50)));
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/25", "2001:db8::/48");
    }

    // --- age

    @Test
    void aFeedThatIsTooOldIsRefusedAsThePolicySaysAndTakenAgainOnceItIsConfirmed() {
        // Given
        FeedDeclaration feed = world.feed("ci", rules(Optional.of(Duration.ofDays(7)), WhenStale.REFUSE, 30));
        publisher.answers(Publisher.says(GOOD));
        follow(feed);
        publisher.answers(Publisher.status(503));
        // When
        world.pass(Duration.ofDays(7));
        // Then
        assertThat(((Feeds.Had) world.keeper.snapshot().of(feed.id())).stale()).isFalse();
        // When
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(((Feeds.Had) world.keeper.snapshot().of(feed.id())).stale()).isTrue();
        assertThat(world.seen(feed)).hasSize(2);
        assertThat(world.keeper.statuses().getFirst().trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble).contains("is stale", "answered with status 503"));
        // When
        publisher.answers(Publisher.says(GOOD));
        world.passRefresh();
        // Then
        assertThat(((Feeds.Had) world.keeper.snapshot().of(feed.id())).stale()).isFalse();
    }

    @Test
    void whatWasConfirmedIsNotForgottenByARestart() {
        // Given
        FeedDeclaration feed = world.feed("ci");
        publisher.answers(Publisher.tagged("\"1\"", GOOD));
        follow(feed);
        for (int i = 0; i < 10; i++) {
            world.passRefresh();
        }
        // When
        world.names.clear();
        world.restart();
        follow(feed);
        // Then
        assertThat(world.state(feed).good().orElseThrow().confirmedAt()).isEqualTo(world.now());
        assertThat(world.state(feed).good().orElseThrow().fetchedAt()).isEqualTo(START);
    }

    // --- files

    private FeedDeclaration file(String path) {
        FeedLocation.Syntax location =
                FeedLocation.file(path, directory.resolve("policy.yaml").toString());
        return new FeedDeclaration(
                "partners", new Selection.Lines(), ((FeedLocation.Understood) location).location(), FeedRules.DEFAULTS);
    }

    private void write(String path, String text) throws IOException {
        Files.writeString(directory.resolve(path), text);
        Files.setLastModifiedTime(
                directory.resolve(path), FileTime.from(world.now().minusSeconds(60)));
    }

    @Test
    void aFileIsReadAtOnceAndAgainWhenItChanges() throws IOException {
        // Given
        FeedDeclaration feed = file("partners.txt");
        write("partners.txt", "192.0.2.0/24\n");
        // When
        follow(feed);
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24");
        // When
        write("partners.txt", "192.0.2.0/24\n198.51.100.0/24\n");
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24", "198.51.100.0/24");
    }

    @Test
    void aChangeThatItsTimeDoesNotShowIsSeenAllTheSame() throws IOException {
        // Given
        FeedDeclaration feed = file("partners.txt");
        Path path = directory.resolve("partners.txt");
        FileTime justNow = FileTime.from(world.now().minusMillis(100));
        Files.writeString(path, "192.0.2.0/24\n");
        Files.setLastModifiedTime(path, justNow);
        follow(feed);
        // When
        Files.writeString(path, "192.0.2.0/23\n");
        Files.setLastModifiedTime(path, justNow);
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/23");
    }

    @Test
    void aSwapOfASymbolicLinkIsAChange() throws IOException {
        // Given: as Kubernetes mounts a ConfigMap
        Files.createDirectory(directory.resolve("..1"));
        Files.createDirectory(directory.resolve("..2"));
        write("..1/partners.txt", "192.0.2.0/24\n");
        write("..2/partners.txt", "192.0.2.0/23\n");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..1"));
        Files.createSymbolicLink(directory.resolve("partners.txt"), Path.of("..data/partners.txt"));
        FeedDeclaration feed = file("partners.txt");
        follow(feed);
        // When
        Files.createSymbolicLink(directory.resolve("..next"), Path.of("..2"));
        Files.move(directory.resolve("..next"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/23");
    }

    @Test
    void aFileThatIsBadOrGoneLosesNothing() throws IOException {
        // Given
        FeedDeclaration feed = file("partners.txt");
        write("partners.txt", "192.0.2.0/24\n");
        follow(feed);
        for (String bad : List.of("", "<html>", "192.0.2.1/24", "# nothing\n")) {
            // When
            write("partners.txt", bad);
            world.pass(Duration.ofSeconds(1));
            // Then
            assertThat(world.seen(feed)).containsExactly("192.0.2.0/24");
            assertThat(world.state(feed).outcome()).isEqualTo(FeedOutcome.REFUSED);
        }
        // When
        Files.delete(directory.resolve("partners.txt"));
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24");
        assertThat(world.state(feed).detail()).contains("partners.txt is not there");
        // When
        world.restart();
        follow(feed);
        // Then
        assertThat(world.seen(feed)).containsExactly("192.0.2.0/24");
    }

    @Test
    void aFileIsAsOldAsItsLastModification() throws IOException {
        // Given
        FeedDeclaration feed = file("partners.txt");
        write("partners.txt", "192.0.2.0/24\n");
        follow(feed);
        // When
        world.pass(Duration.ofDays(10));
        // Then
        assertThat(world.state(feed).good().orElseThrow().age(world.now()))
                .isEqualTo(Duration.ofDays(10).plusSeconds(60));
        // When
        write("partners.txt", "192.0.2.0/25\n192.0.2.128/25\n");
        world.pass(Duration.ofSeconds(1));
        // Then
        assertThat(world.state(feed).good().orElseThrow().age(world.now())).isEqualTo(Duration.ofSeconds(61));
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        // Given
        Files.createDirectory(directory.resolve("partners.txt"));
        // When
        follow(file("partners.txt"));
        // Then
        assertThat(world.state(file("partners.txt")).detail()).contains("is not a file that can be read");
    }

    @Test
    void theSampleOfEveryFormIsFollowedAsAFile() throws IOException {
        for (Selection selection : Samples.SELECTIONS) {
            // Given
            String name = "feed-" + selection.format();
            Files.write(directory.resolve(name), Samples.of(selection));
            FeedLocation location = file(name).location();
            FeedDeclaration feed = new FeedDeclaration("zone", selection, location, FeedRules.DEFAULTS);
            // When
            follow(feed);
            // Then
            assertThat(world.seen(feed)).as(selection.text()).isNotEmpty();
        }
    }
}
