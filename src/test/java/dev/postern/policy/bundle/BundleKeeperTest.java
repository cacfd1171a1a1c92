package dev.postern.policy.bundle;

import static dev.postern.policy.bundle.FollowedBundle.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Account;
import dev.postern.policy.bundle.VerifyingKey.Usable;
import dev.postern.policy.load.PolicyStore;
import dev.postern.testing.Publisher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Following a bundle: what is taken, what is not, and what stays in force. */
@Timeout(60)
class BundleKeeperTest {

    @TempDir
    Path data;

    private FollowedBundle bundle;

    @BeforeEach
    void aServer() {
        bundle = new FollowedBundle(data);
    }

    @AfterEach
    void theEnd() {
        bundle.close();
    }

    private Account account(String name) {
        return bundle.store.state().inForce().orElseThrow().account(name).orElseThrow();
    }

    @Test
    void allDocumentsOfABundleAreOnePolicy() {
        // Given
        bundle.has(
                "zones.yaml", "zones: {office: {addresses: [203.0.113.0/24]}}",
                "accounts/acme.yaml", "accounts: {acme: {network: {allow: [{zone: office}]}}}",
                "accounts/other.yaml", policy("other"));
        // When
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme", "other");
        assertThat(bundle.rejection()).isEmpty();
        assertThat(account("acme").position()).hasToString(bundle.name() + "!/accounts/acme.yaml:1:12");
    }

    @Test
    void aSingleDocumentIsABundleToo() {
        // Given
        bundle.server.answers(Publisher.says(policy("acme")));
        // When
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(account("acme").position()).hasToString(bundle.name() + ":1:12");
    }

    @Test
    void onlyTheDocumentThatChangedIsCompiledAgain() {
        // Given
        bundle.has("a.yaml", policy("acme"), "b.yaml", policy("other"));
        bundle.ask();
        Account acme = account("acme");
        // When
        bundle.has("a.yaml", policy("acme"), "b.yaml", "accounts: [");
        bundle.ask();
        bundle.has("b.yaml", policy("third"), "a.yaml", policy("acme"), "c.yaml", policy("fourth"));
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme", "fourth", "third");
        assertThat(account("acme")).isSameAs(acme);
    }

    @Test
    void theServerIsAskedWhetherItHasAnother() {
        // Given
        byte[] archive = Archives.of("a.yaml", policy("acme"));
        String date = "Mon, 01 Jun 2026 11:00:00 GMT";
        bundle.server.answers((request, out) -> (request.header("if-none-match").equals("\"1\"")
                        ? Publisher.status(304)
                        : Publisher.says(archive, "ETag: \"1\"", "Last-Modified: " + date))
                .write(request, out));
        bundle.ask();
        // When
        bundle.ask();
        // Then
        assertThat(bundle.server.requests()).hasSize(2);
        assertThat(bundle.server.requests().getFirst().header("if-none-match")).isEmpty();
        assertThat(bundle.server.requests().getLast().header("if-modified-since"))
                .isEqualTo(date);
        assertThat(bundle.server.requests().getLast().header("accept-encoding")).isEqualTo("identity");
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.changes).singleElement().isInstanceOf(PolicyStore.Loaded.class);
    }

    @Test
    void aServerIsNotAskedBeforeItIsTime() {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        // When
        bundle.now = bundle.now.plusSeconds(26);
        bundle.keeper.tick();
        // Then
        assertThat(bundle.server.requests()).hasSize(1);
        // When
        bundle.now = bundle.now.plusSeconds(8);
        bundle.keeper.tick();
        // Then
        assertThat(bundle.server.requests()).hasSize(2);
    }

    @Test
    void aServerThatMarksTheArchiveAsEncodedIsTakenAtItsBytes() {
        // Given
        bundle.server.answers(Publisher.says(Archives.of("a.yaml", policy("acme")), "Content-Encoding: gzip"));
        // When
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
    }

    // What goes wrong

    /** How something goes wrong, and what is said of it. */
    @FunctionalInterface
    interface Way {
        void happens(FollowedBundle bundle) throws IOException;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whateverGoesWrongTheLastGoodPolicyStaysAndItIsNamed(String name, Way way, String why) throws IOException {
        // Given
        OpenSsl openssl = new OpenSsl(data);
        bundle.key = Optional.of(((Usable) VerifyingKey.read(Files.readString(openssl.publicKey("signer")))).key());
        openssl.publicKey("other");
        bundle.start();
        byte[] good = Archives.of("a.yaml", policy("acme"));
        String signature = openssl.sign("signer", good);
        bundle.has(good, signature);
        bundle.ask();
        assertThat(bundle.accounts()).containsExactly("acme");
        byte[] copy = Files.readAllBytes(data.resolve("bundle/bundle.copy"));
        // When
        way.happens(bundle);
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.rejection()).contains(why).doesNotContain("s3cret");
        assertThat(bundle.changes).hasSize(2).last().isInstanceOf(PolicyStore.Rejected.class);
        assertThat(bundle.files()).containsExactly("bundle.copy");
        assertThat(data.resolve("bundle/bundle.copy")).hasBinaryContent(copy);
        // When
        if (name.equals("down")) {
            bundle.revive();
        }
        bundle.has(good, signature);
        bundle.ask();
        // Then
        assertThat(bundle.rejection()).isEmpty();
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.changes).hasSize(3);
    }

    static Stream<Arguments> whateverGoesWrongTheLastGoodPolicyStaysAndItIsNamed() {
        byte[] next = Archives.of("a.yaml", policy("acme"), "b.yaml", policy("intruder"));
        return Stream.of(
                Arguments.of("down", way(FollowedBundle::die), "cannot be connected to at 127.0.0.1"),
                answered(
                        "half a body",
                        next,
                        (request, out) -> {
                            out.write(Publisher.head(200, next.length));
                            out.write(next, 0, next.length / 2);
                        },
                        "broke the answer off"),
                answered("500", next, Publisher.status(500), "answered with status 500"),
                answered("404", next, Publisher.status(404), "answered with status 404"),
                answered("401", next, Publisher.status(401), "answered with status 401"),
                answered(
                        "a page for people",
                        next,
                        Publisher.says("<p>Sign in</p>", "Content-Type: text/html"),
                        "answered with a page for people"),
                signed("HTML without its type", "<!DOCTYPE html>".getBytes(StandardCharsets.UTF_8), "is HTML or XML"),
                answered(
                        "a redirect elsewhere",
                        next,
                        Publisher.status(302, "Location: https://other.example.test/postern.tar.gz"),
                        "answered with a redirect to another place"),
                answered(
                        "a redirect to plain HTTP",
                        next,
                        Publisher.status(301, "Location: http://" + FollowedBundle.NAME + "/postern.tar.gz"),
                        "answered with a redirect to another place"),
                answered(
                        "too large",
                        next,
                        Publisher.inChunks(new byte[FollowedBundle.MOST + 1], 10_000),
                        "answered with more than 100000 bytes"),
                signed("truncated gzip", Arrays.copyOf(next, next.length - 9), "is not whole"),
                signed(
                        "a bomb",
                        Archives.of("a.yaml", " ".repeat(FollowedBundle.MOST_EXPANDED)),
                        "expands to more than 1000000 bytes"),
                signed("traversal", Archives.of("../a.yaml", policy("intruder")), "has the entry '../a.yaml'"),
                signed(
                        "a link",
                        Archives.with(tar -> Archives.add(tar, "a.yaml", TarConstants.LF_SYMLINK, "/etc/passwd")),
                        "has the entry 'a.yaml', which is a link"),
                signed(
                        "two of one name",
                        Archives.of("a.yaml", policy("acme"), "a.yaml", policy("intruder")),
                        "has two entries 'a.yaml'"),
                signed("no documents", Archives.of("README.md", "nothing"), "holds no policy"),
                signed(
                        "a mistake in a document",
                        Archives.of("accounts/acme.yaml", "accounts:\n  acme: {netwrok: {}}\n"),
                        "/postern.tar.gz!/accounts/acme.yaml:2:10: error: unknown key 'netwrok'"),
                signed(
                        "a feed in a file",
                        Archives.of(
                                "a.yaml", "zones: {z: {feed: {format: lines, file: list.txt}}}\naccounts: {acme: {}}"),
                        "beside a policy in a bundle there are none"),
                signed("an invariant broken", Archives.of("a.yaml", policy("forbidden")), "must-refuse is broken"),
                signature("a bad signature", next, "MEUCIQ==", "has no good signature by the key sha256:"),
                signature("no text at all", next, "", "has no good signature by the key sha256:"),
                Arguments.of(
                        "another key's signature",
                        way(bundle -> bundle.has(next, new OpenSsl(bundle.data).sign("other", next))),
                        "has no good signature by the key sha256:"),
                Arguments.of(
                        "another bundle's signature",
                        way(bundle -> bundle.has(
                                next, new OpenSsl(bundle.data).sign("signer", Archives.of("a.yaml", policy("acme"))))),
                        "has no good signature by the key sha256:"),
                Arguments.of(
                        "a signature that is missing",
                        way(bundle -> bundle.server.answers(
                                (request, out) -> (request.target().endsWith(".sig")
                                                ? Publisher.status(404)
                                                : Publisher.says(next))
                                        .write(request, out))),
                        "postern.tar.gz.sig (answered with status 404); expected is one by the key sha256:"),
                Arguments.of(
                        "a signature that is too large",
                        way(bundle -> bundle.has(next, "A".repeat(20_000))),
                        "answered with more than 16384 bytes"));
    }

    private static Way way(Way way) {
        return way;
    }

    private static Arguments answered(String name, byte[] next, Publisher.Answer answer, String why) {
        return Arguments.of(
                name,
                way(bundle -> {
                    String signature = new OpenSsl(bundle.data).sign("signer", next);
                    bundle.server.answers(
                            (request, out) -> (request.target().endsWith(".sig") ? Publisher.says(signature) : answer)
                                    .write(request, out));
                }),
                why);
    }

    private static Arguments signed(String name, byte[] next, String why) {
        return Arguments.of(name, way(bundle -> bundle.has(next, new OpenSsl(bundle.data).sign("signer", next))), why);
    }

    private static Arguments signature(String name, byte[] next, String signature, String why) {
        return Arguments.of(name, way(bundle -> bundle.has(next, signature)), why);
    }

    @Test
    void aServerThatIsTooSlowIsGivenUp() {
        // Given
        bundle.patience = Duration.ofSeconds(1);
        bundle.start();
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        byte[] next = Archives.of("a.yaml", policy("other"));
        // When
        bundle.server.answers((request, out) -> {
            out.write(Publisher.head(200, next.length));
            out.write(next, 0, 20);
            out.flush();
            Thread.sleep(3_000);
            out.write(next, 20, next.length - 20);
        });
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.rejection()).isEqualTo(bundle.name() + ": did not answer whole within 1 s");
    }

    @Test
    void aTroubleIsToldOnceAndItsEndToo() {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        // When
        bundle.server.answers(Publisher.status(500));
        bundle.ask();
        bundle.ask();
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        bundle.ask();
        // Then
        assertThat(bundle.changes)
                .hasExactlyElementsOfTypes(
                        PolicyStore.Loaded.class, PolicyStore.Rejected.class, PolicyStore.Confirmed.class);
    }

    @Test
    void afterATroubleABundleThatWasNotTakenIsStillNamed() {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        bundle.has("a.yaml", policy("forbidden"));
        bundle.ask();
        // When
        bundle.server.answers(Publisher.status(500));
        bundle.ask();
        assertThat(bundle.rejection()).contains("500");
        bundle.has("a.yaml", policy("forbidden"));
        bundle.ask();
        // Then
        assertThat(bundle.rejection()).contains("must-refuse is broken");
        assertThat(bundle.accounts()).containsExactly("acme");
    }

    @Test
    void aServerWithoutABundleLeavesNothingInForceUntilItHasOne() {
        // Given
        bundle.ask();
        assertThat(bundle.store.state().inForce()).isEmpty();
        assertThat(bundle.rejection())
                .isEqualTo(bundle.name() + ": answered with status 404; there is no copy of it in use");
        // When
        bundle.has("a.yaml", policy("acme"));
        bundle.now = bundle.now.plusSeconds(3);
        bundle.keeper.tick();
        bundle.store.refresh();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
    }

    @Test
    void aServerThatHasNotAnsweredInTimeIsNamedUntilItHas() throws InterruptedException {
        // When
        bundle.keeper.awaitFirst(Duration.ofMillis(1));
        bundle.store.refresh();
        // Then
        assertThat(bundle.rejection())
                .isEqualTo(bundle.name() + ": has not answered within 1 ms; there is no copy of it in use");
        // When
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        bundle.keeper.awaitFirst(Duration.ZERO);
        bundle.store.refresh();
        // Then
        assertThat(bundle.rejection()).isEmpty();
        assertThat(bundle.accounts()).containsExactly("acme");
    }

    @Test
    void aServerAtAPrivateAddressIsAskedOnlyWhereTheOperatorSaysSo() {
        // Given
        bundle.allowed = "10.0.0.0/8";
        bundle.start();
        bundle.has("a.yaml", policy("acme"));
        // When
        bundle.ask();
        // Then
        assertThat(bundle.server.requests()).isEmpty();
        assertThat(bundle.rejection())
                .contains("is not asked: 127.0.0.1 is not a public address (postern.bundle.allowed-private-addresses)");
    }

    // The copy

    @Test
    void theLastGoodBundleServesAfterARestartWithADeadServer() throws IOException {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        bundle.has("a.yaml", policy("forbidden"));
        bundle.ask();
        bundle.die();
        // When
        bundle.start();
        bundle.store.refresh();
        // Then
        assertThat(bundle.keeper.isHeld()).isTrue();
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.files()).containsExactly("bundle.copy");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("bundle/bundle.copy"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("bundle"))))
                .isEqualTo("rwx------");
        // When
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.rejection()).contains("cannot be connected to");
    }

    @Test
    void afterARestartTheServerIsAskedWhetherItHasAnotherThanTheCopy() {
        // Given
        bundle.server.answers(Publisher.says(Archives.of("a.yaml", policy("acme")), "ETag: \"1\""));
        bundle.ask();
        // When
        bundle.start();
        bundle.server.answers(Publisher.status(304));
        bundle.ask();
        // Then
        assertThat(bundle.server.requests().getLast().header("if-none-match")).isEqualTo("\"1\"");
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.rejection()).isEmpty();
    }

    @Test
    void theCopysSignatureIsCheckedAgain() throws IOException {
        // Given
        OpenSsl openssl = new OpenSsl(data);
        bundle.key = key(openssl.publicKey("signer"));
        bundle.start();
        byte[] archive = Archives.of("a.yaml", policy("acme"));
        bundle.has(archive, openssl.sign("signer", archive));
        bundle.ask();
        assertThat(bundle.accounts()).containsExactly("acme");
        bundle.die();
        // When
        bundle.start();
        bundle.store.refresh();
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        // When
        bundle.key = key(openssl.publicKey("next"));
        bundle.start();
        bundle.store.refresh();
        // Then
        assertThat(bundle.accounts()).isEmpty();
        assertThat(bundle.copyTroubles).singleElement().asString().contains("no good signature by the key sha256:");
    }

    private static Optional<VerifyingKey> key(Path file) throws IOException {
        return Optional.of(((Usable) VerifyingKey.read(Files.readString(file))).key());
    }

    @Test
    void aCopyThatIsDamagedOrOfAnotherUrlIsNotUsed() throws IOException {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        bundle.die();
        Path copy = data.resolve("bundle/bundle.copy");
        byte[] good = Files.readAllBytes(copy);
        assertThat(new String(good, StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
        for (int at = 0; at < good.length; at += 7) {
            byte[] bad = good.clone();
            bad[at] ^= 4;
            Files.write(copy, bad);
            // When
            bundle.start();
            // Then: a bit of the validators or of the URL's digest is not the bundle's
            if (bundle.keeper.isHeld()) {
                bundle.store.refresh();
                assertThat(bundle.accounts()).as("byte %d", at).containsExactly("acme");
            }
        }
        for (int length = 0; length < good.length; length += 11) {
            Files.write(copy, Arrays.copyOf(good, length));
            bundle.start();
            assertThat(bundle.keeper.isHeld()).as("%d bytes", length).isFalse();
            assertThat(bundle.copyTroubles).hasSize(1);
        }
        Files.write(copy, good);
        bundle.target = "/other.tar.gz";
        bundle.start();
        assertThat(bundle.keeper.isHeld()).isFalse();
        assertThat(bundle.copyTroubles).isEmpty();
    }

    @Test
    void aBundleThatCannotBeKeptIsInForceAllTheSame() throws IOException {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.ask();
        Files.delete(data.resolve("bundle/bundle.copy"));
        Files.createDirectories(data.resolve("bundle/bundle.copy/in-the-way"));
        // When
        bundle.has("a.yaml", policy("other"));
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).containsExactly("other");
        assertThat(bundle.copyTroubles).singleElement().asString().contains("cannot be kept in");
    }

    // The token

    @Test
    void theServerIsShownTheTokenAndNobodyElseIs() throws IOException {
        // Given
        OpenSsl openssl = new OpenSsl(data);
        bundle.key = key(openssl.publicKey("signer"));
        bundle.token = Optional.of(Files.writeString(data.resolve("token"), "first\n"));
        byte[] archive = Archives.of("a.yaml", policy("acme"));
        bundle.has(archive, openssl.sign("signer", archive));
        bundle.start();
        // When
        bundle.ask();
        // Then
        assertThat(bundle.server.requests())
                .extracting(request -> request.header("authorization"))
                .containsExactly("Bearer first", "Bearer first");
        // When
        Files.writeString(data.resolve("token"), "second");
        bundle.signature = Optional.of("https://signatures.example.test:" + bundle.server.port() + "/x.sig");
        bundle.start();
        bundle.ask();
        // Then: its certificate is another name's, and it is not asked with the token
        assertThat(bundle.server.requests())
                .last()
                .satisfies(
                        request -> assertThat(request.header("authorization")).isEqualTo("Bearer second"));
        assertThat(bundle.server.requests()).hasSize(3);
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.rejection()).contains("has no signature at").doesNotContain("second");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void withoutATokenThatCanBeSentNobodyIsAsked(String text, String why) throws IOException {
        // Given
        bundle.has("a.yaml", policy("acme"));
        bundle.token = Optional.of(data.resolve("token"));
        if (!text.isEmpty()) {
            Files.writeString(data.resolve("token"), text);
        }
        bundle.start();
        // When
        bundle.ask();
        // Then
        assertThat(bundle.server.requests()).isEmpty();
        assertThat(bundle.rejection()).contains(why).doesNotContain("s3cret");
    }

    static Stream<Arguments> withoutATokenThatCanBeSentNobodyIsAsked() {
        return Stream.of(
                Arguments.of("", "there is no file"),
                Arguments.of("\n", "is not a token"),
                Arguments.of("s3cret\r\nHost: x", "is not a token"),
                Arguments.of("s3cret s3cret", "is not a token"),
                Arguments.of("s3cret".repeat(4000), "is not a token"),
                Arguments.of("s3crét", "is not a token"));
    }

    // Age

    @Test
    void anOlderSignedBundleIsRefusedWhereTheOperatorWantsThat() throws IOException {
        // Given
        OpenSsl openssl = new OpenSsl(data);
        bundle.key = key(openssl.publicKey("signer"));
        bundle.refuseOlder = true;
        bundle.start();
        Instant time = Instant.parse("2026-05-02T00:00:00Z");
        byte[] first = Archives.at(time, "a.yaml", policy("acme"));
        byte[] again = Archives.at(time, "a.yaml", policy("again"));
        byte[] older = Archives.at(time.minusSeconds(1), "a.yaml", policy("older"));
        byte[] newer = Archives.at(time.plusSeconds(1), "a.yaml", policy("again"));
        serve(openssl, first);
        assertThat(bundle.accounts()).containsExactly("acme");
        // When
        serve(openssl, older);
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        assertThat(bundle.rejection())
                .endsWith("is older than the one before: its newest entry is of 2026-05-01T23:59:59Z, and was of"
                        + " 2026-05-02T00:00:00Z (postern.bundle.refuse-older)");
        // When
        bundle.start();
        serve(openssl, older);
        // Then
        assertThat(bundle.accounts()).containsExactly("acme");
        // When
        serve(openssl, again);
        // Then
        assertThat(bundle.accounts()).containsExactly("again");
        // When
        serve(openssl, newer);
        serve(openssl, again);
        // Then
        assertThat(bundle.rejection()).contains("is older than the one before");
        // When
        byte[] document = policy("document").getBytes(StandardCharsets.UTF_8);
        serve(openssl, document);
        // Then
        assertThat(bundle.accounts()).containsExactly("again");
        assertThat(bundle.rejection()).contains("has no times in it");
    }

    private void serve(OpenSsl openssl, byte[] archive) {
        bundle.has(archive, openssl.sign("signer", archive));
        bundle.ask();
    }

    @Test
    void anOlderBundleIsTakenWhereTheOperatorDoesNotSayOtherwise() {
        // Given
        bundle.server.answers(
                Publisher.says(Archives.at(Instant.parse("2026-05-02T00:00:00Z"), "a.yaml", policy("acme"))));
        bundle.ask();
        // When
        bundle.server.answers(
                Publisher.says(Archives.at(Instant.parse("2026-05-01T00:00:00Z"), "a.yaml", policy("older"))));
        bundle.ask();
        // Then
        assertThat(bundle.accounts()).isEqualTo(List.of("older"));
    }
}
