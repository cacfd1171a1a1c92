package dev.postern.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of keys that Postern makes, by a clock that the test turns. */
class KeyFolderTest {

    private static final Instant START = Instant.parse("2026-06-01T12:00:00Z");
    private static final Duration EVERY = Duration.ofDays(30);
    private static final Duration AHEAD = Duration.ofDays(1);
    private static final Duration KEEP = Duration.ofDays(10);
    private static final KeySchedule SCHEDULE = new KeySchedule(EVERY, AHEAD, KEEP);

    @TempDir
    Path data;

    private KeyFolder folder(SigningAlgorithm algorithm) {
        return folder(algorithm, SCHEDULE);
    }

    private KeyFolder folder(SigningAlgorithm algorithm, KeySchedule schedule) {
        return new KeyFolder(data.resolve("signing"), data.resolve("bundle.pem"), algorithm, "postern", schedule);
    }

    @Test
    void aKeyIsPublishedBeforeItSignsAndVerifiedAfterwards() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256);
        KeyRing first = folder.load(START);

        // Until it is time for the next, nothing changes
        assertThat(folder.refresh(START.plus(EVERY).minus(AHEAD).minusSeconds(1)))
                .isEmpty();

        // Published
        KeyRing second = folder.refresh(START.plus(EVERY).minus(AHEAD)).orElseThrow();
        assertThat(second.signing().thumbprint()).isEqualTo(first.signing().thumbprint());
        assertThat(second.others()).hasSize(1);
        assertThat(folder.refresh(START.plus(EVERY).minusSeconds(1))).isEmpty();

        // Signing; the first is retired
        KeyRing third = folder.refresh(START.plus(EVERY)).orElseThrow();
        assertThat(third.signing().published()).isEqualTo(second.others().getFirst());
        assertThat(third.others()).containsExactly(first.signing().published());

        // Gone, once what it signed has expired
        assertThat(folder.refresh(START.plus(EVERY).plus(KEEP))).isEmpty();
        KeyRing fourth =
                folder.refresh(START.plus(EVERY).plus(KEEP).plusSeconds(1)).orElseThrow();
        assertThat(fourth.signing().thumbprint()).isEqualTo(third.signing().thumbprint());
        assertThat(fourth.others()).isEmpty();
    }

    @Test
    void thePrivateHalfIsDeletedSoonAfterItsDuty() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256);
        folder.load(START);
        folder.refresh(START.plus(EVERY).minus(AHEAD));
        folder.refresh(START.plus(EVERY));
        assertThat(privateKeys()).hasSize(3);

        // When
        folder.refresh(START.plus(EVERY).plus(Duration.ofMinutes(6)));

        // Then: the authority's and the one that signs
        assertThat(privateKeys())
                .hasSize(2)
                .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .isEqualTo("rw-------"));
    }

    @ParameterizedTest
    @EnumSource(SigningAlgorithm.class)
    void whoTrustsTheAuthorityTrustsEveryKey(SigningAlgorithm algorithm) throws Exception {
        // Given
        KeyFolder folder = folder(algorithm);
        KeyRing first = folder.load(START);
        X509Certificate authority = bundle().getFirst();

        // When
        folder.refresh(START.plus(EVERY).minus(AHEAD));
        KeyRing second = folder.refresh(START.plus(EVERY)).orElseThrow();

        // Then: as a registry checks it, by the authority as it was at first
        assertThat(bundle().getFirst()).isEqualTo(authority);
        for (SigningKey key : List.of(first.signing(), second.signing())) {
            assertThat(key.published().x5c()).hasSize(1);
            PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
            trust.setRevocationEnabled(false);
            trust.setDate(Date.from(START.plus(EVERY)));
            CertPathValidator.getInstance("PKIX")
                    .validate(
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(key.published().chain()),
                            trust);
        }
    }

    @Test
    void theBundleHasTheAuthorityAndEveryPublishedKey() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256);
        folder.load(START);

        // When
        KeyRing ring = folder.refresh(START.plus(EVERY).minus(AHEAD)).orElseThrow();

        // Then
        List<X509Certificate> bundle = bundle();
        assertThat(bundle).hasSize(3);
        assertThat(bundle.subList(1, 3))
                .containsExactlyInAnyOrderElementsOf(
                        ring.published().stream().map(PublishedKey::certificate).toList());
    }

    @Test
    void aRestartGoesOnWithTheSameKeys() throws Exception {
        // Given
        KeyFolder before = folder(SigningAlgorithm.ES256);
        before.load(START);
        KeyRing ring = before.refresh(START.plus(EVERY).minus(AHEAD)).orElseThrow();

        // When
        KeyRing after = folder(SigningAlgorithm.ES256)
                .load(START.plus(EVERY).minus(AHEAD).plusSeconds(5));

        // Then
        assertThat(after.published()).containsExactlyElementsOf(ring.published());
    }

    @Test
    void afterALongSleepTheNextKeyIsStillPublishedFirst() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256);
        KeyRing first = folder.load(START);
        Instant late = START.plus(EVERY.multipliedBy(3));

        // When
        KeyRing woken = folder(SigningAlgorithm.ES256).load(late);

        // Then
        assertThat(woken.signing().thumbprint()).isEqualTo(first.signing().thumbprint());
        assertThat(woken.others()).hasSize(1);
        assertThat(folder.refresh(late.plus(AHEAD)).orElseThrow().signing().published())
                .isEqualTo(woken.others().getFirst());
    }

    @Test
    void instancesThatStartAtOnceMakeOneKey() throws Exception {
        // Given
        List<Callable<KeyRing>> starts = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            starts.add(() -> folder(SigningAlgorithm.ES256).load(START));
        }

        // When
        Set<String> keys = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<KeyRing> ring : threads.invokeAll(starts)) {
                keys.add(ring.get().signing().thumbprint());
            }
        }

        // Then
        assertThat(keys).hasSize(1);
        assertThat(privateKeys()).hasSize(2);
    }

    @Test
    void replicasMakeOneNextKeyAndSeeTheSameRing() throws Exception {
        // Given
        KeyFolder one = folder(SigningAlgorithm.ES256);
        KeyFolder other = folder(SigningAlgorithm.ES256);
        one.load(START);
        other.load(START);
        Instant due = START.plus(EVERY).minus(AHEAD);

        // When
        KeyRing ones = one.refresh(due).orElseThrow();
        KeyRing others = other.refresh(due.plusSeconds(1)).orElseThrow();

        // Then
        assertThat(others.published()).isEqualTo(ones.published()).hasSize(2);
    }

    @Test
    void whoHoldsTheLockIsWaitedForByNobodyWhoServes() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256);
        folder.load(START);
        Instant due = START.plus(EVERY).minus(AHEAD);

        // When, Then
        try (FileLocks another = FileLocks.wait(data.resolve("signing/lock"))) {
            assertThat(folder.refresh(due)).isEmpty();
        }
        assertThat(folder.refresh(due)).isPresent();
    }

    @Test
    void anotherAlgorithmsKeysGoOnBeingVerified() throws Exception {
        // Given
        KeyRing elliptic = folder(SigningAlgorithm.ES256).load(START);

        // When
        KeyRing rsa = folder(SigningAlgorithm.RS256).load(START.plusSeconds(60));

        // Then
        assertThat(rsa.signing().algorithm()).isEqualTo(SigningAlgorithm.RS256);
        assertThat(rsa.others()).containsExactly(elliptic.signing().published());
    }

    @Test
    void withoutARotationTheKeyStays() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256, KeySchedule.never(KEEP));
        folder.load(START);

        // Then
        assertThat(folder.refresh(START.plus(Duration.ofDays(3650)))).isEqualTo(Optional.empty());
    }

    @Test
    void aDamagedKeyIsAFaultAndNotAnotherKey() throws Exception {
        // Given
        KeyFolder folder = folder(SigningAlgorithm.ES256);
        folder.load(START);
        for (Path key : privateKeys()) {
            if (key.getFileName().toString().startsWith("es256")) {
                Files.writeString(key, "damaged");
            }
        }

        // Then
        assertThatThrownBy(() -> folder(SigningAlgorithm.ES256).load(START.plusSeconds(9)))
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("there is no private key in");
    }

    private List<Path> privateKeys() throws Exception {
        try (Stream<Path> files = Files.list(data.resolve("signing"))) {
            return files.filter(file -> file.toString().endsWith(".key")).toList();
        }
    }

    private List<X509Certificate> bundle() throws Exception {
        Collection<? extends java.security.cert.Certificate> all = CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(data.resolve("bundle.pem"))));
        return all.stream().map(X509Certificate.class::cast).toList();
    }
}
