package dev.postern.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys that Postern makes for itself, in a folder that several instances may share.
 *
 * <pre>
 *   authority.key, authority.crt      made once; registries trust it
 *   es256-20261121T172300Z.key, .crt  a key that signs from then on, and its certificate by the authority
 *   lock                              held while something is made or deleted
 * </pre>
 *
 * <p>The state of a key follows from the names of the files and the clock, so that instances need not speak with each other.
 * A key is there once its certificate is, which is written last. See {@link KeyRing} for its life.
 */
public final class KeyFolder {

    private static final Pattern CERTIFICATE = Pattern.compile("(es256|rs256)-(\\d{8}T\\d{6}Z)\\.crt");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** How long a private key outlives its duty, for a replica whose clock is behind. */
    private static final Duration PRIVATE_KEY_SLACK = Duration.ofMinutes(5);

    private final Path folder;
    private final Path bundle;
    private final SigningAlgorithm algorithm;
    private final String issuer;
    private final KeySchedule schedule;
    private final Map<String, PublishedKey> read = new HashMap<>();
    private Optional<Shown> shown = Optional.empty();

    /** What a look at the folder came to: which keys there are, and which of them signs. */
    private record Shown(List<Entry> entries, Entry signing) {}

    /** A key by its files. */
    private record Entry(SigningAlgorithm algorithm, Instant signsFrom) {
        String name() {
            return algorithm.name().toLowerCase(Locale.ROOT) + "-" + STAMP.format(signsFrom);
        }
    }

    /**
     * @param folder where the keys are
     * @param bundle where the registry's {@code rootcertbundle} is kept
     * @param algorithm of the key that signs
     * @param issuer the name in the certificates
     */
    public KeyFolder(Path folder, Path bundle, SigningAlgorithm algorithm, String issuer, KeySchedule schedule) {
        this.folder = folder;
        this.bundle = bundle;
        this.algorithm = algorithm;
        this.issuer = issuer;
        this.schedule = schedule;
    }

    /** The registry's {@code rootcertbundle}: the authority, and every published key for registries that look by key id. */
    public Path bundle() {
        return bundle;
    }

    /** The keys, made where there are none yet. Of several processes that start at once, one makes them. */
    public synchronized KeyRing load(Instant now) throws KeyFault {
        try {
            Files.createDirectories(folder);
            try (FileLocks lock = FileLocks.wait(folder.resolve("lock"))) {
                KeyAuthority authority = authority(now);
                if (ofAlgorithm(entries()).noneMatch(entry -> !entry.signsFrom().isAfter(now))) {
                    make(authority, now, now);
                }
                makeNext(now);
                deleteOld(now);
                writeBundle(authority.certificate(), entries());
            }
            return ring(now);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Makes and deletes what it is time for; the keys, where there are others than before. */
    public synchronized Optional<KeyRing> refresh(Instant now) throws KeyFault {
        try {
            List<Entry> entries = entries();
            if (makesNext(entries, now) || hasOld(entries, now)) {
                // Where another instance is at it, this one sees what came of it the next time.
                Optional<FileLocks> lock = FileLocks.tryNow(folder.resolve("lock"));
                if (lock.isPresent()) {
                    try (FileLocks held = lock.get()) {
                        makeNext(now);
                        deleteOld(now);
                        writeBundle(authority(now).certificate(), entries());
                    }
                }
                entries = entries();
            }
            Optional<Entry> signing = signing(entries, now);
            if (signing.isEmpty()) {
                throw new KeyFault("there is no signing key any more in " + folder + "; the last one stays in use");
            }
            if (shown.isPresent() && shown.get().equals(new Shown(entries, signing.get()))) {
                return Optional.empty();
            }
            return Optional.of(ring(now));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** When another key signs than now, where that is known: the next that is made, or by the schedule. */
    public synchronized Optional<Instant> changesAt() {
        return shown.flatMap(now -> ofAlgorithm(now.entries())
                .map(Entry::signsFrom)
                .filter(now.signing().signsFrom()::isBefore)
                .findFirst()
                .or(() -> schedule.every().isZero()
                        ? Optional.empty()
                        : Optional.of(now.signing().signsFrom().plus(schedule.every()))));
    }

    private KeyFault unusable(IOException e) {
        return new KeyFault("the signing keys in " + folder + " cannot be used ("
                + e.getClass().getSimpleName() + "); expected a folder that Postern may write to");
    }

    private KeyRing ring(Instant now) throws KeyFault, IOException {
        List<Entry> entries = entries();
        Entry signing = signing(entries, now).orElseThrow(() -> new KeyFault("there is no signing key in " + folder));
        List<PublishedKey> others = new ArrayList<>();
        SigningKey key = KeyFiles.read(
                signing.algorithm(), folder.resolve(signing.name() + ".key"), folder.resolve(signing.name() + ".crt"));
        for (Entry entry : entries) {
            if (!entry.equals(signing)) {
                others.add(published(entry));
            }
        }
        read.keySet().retainAll(entries.stream().map(Entry::name).collect(Collectors.toSet()));
        shown = Optional.of(new Shown(entries, signing));
        return new KeyRing(
                new SigningKey(
                        key.published(),
                        key.privateKey(),
                        Optional.of(authority(now).certificate())),
                others);
    }

    private PublishedKey published(Entry entry) throws KeyFault {
        PublishedKey known = read.get(entry.name());
        if (known == null) {
            known = KeyFiles.readPublished(entry.algorithm(), folder.resolve(entry.name() + ".crt"));
            read.put(entry.name(), known);
        }
        return known;
    }

    /** All keys, in the order in which they sign. */
    private List<Entry> entries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> CERTIFICATE.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .flatMap(name -> entry(name).stream())
                    .sorted(Comparator.comparing(Entry::signsFrom).thenComparing(Entry::algorithm))
                    .toList();
        }
    }

    private static Optional<Entry> entry(Matcher name) {
        try {
            return Optional.of(new Entry(
                    SigningAlgorithm.valueOf(name.group(1).toUpperCase(Locale.ROOT)),
                    STAMP.parse(name.group(2), Instant::from)));
        } catch (DateTimeParseException noSuchTime) {
            return Optional.empty();
        }
    }

    private Stream<Entry> ofAlgorithm(List<Entry> entries) {
        return entries.stream().filter(entry -> entry.algorithm() == algorithm);
    }

    private Optional<Entry> signing(List<Entry> entries, Instant now) {
        return ofAlgorithm(entries)
                .filter(entry -> !entry.signsFrom().isAfter(now))
                .reduce((earlier, later) -> later);
    }

    private Optional<Instant> nextSignsFrom(List<Entry> entries, Instant now) {
        return ofAlgorithm(entries)
                .reduce((earlier, later) -> later)
                .flatMap(newest -> schedule.nextSignsFrom(newest.signsFrom(), now));
    }

    private boolean makesNext(List<Entry> entries, Instant now) {
        return nextSignsFrom(entries, now).isPresent();
    }

    private void makeNext(Instant now) throws KeyFault, IOException {
        Optional<Instant> signsFrom = nextSignsFrom(entries(), now);
        if (signsFrom.isPresent()) {
            make(authority(now), signsFrom.get(), now);
        }
    }

    private void make(KeyAuthority authority, Instant signsFrom, Instant now) throws KeyFault {
        Entry entry = new Entry(algorithm, Instant.ofEpochSecond(signsFrom.getEpochSecond()));
        SigningKey key = authority.newKey(algorithm, issuer, now);
        KeyFiles.writeKeyThenCertificate(
                key, folder.resolve(entry.name() + ".key"), folder.resolve(entry.name() + ".crt"));
    }

    private KeyAuthority authority(Instant now) throws KeyFault {
        Path key = folder.resolve("authority.key");
        Path certificate = folder.resolve("authority.crt");
        if (!Files.exists(certificate)) {
            KeyAuthority made = KeyAuthority.generate(issuer, now);
            KeyFiles.writeKeyThenCertificate(
                    new SigningKey(SigningAlgorithm.ES256, made.privateKey(), made.certificate()), key, certificate);
        }
        SigningKey read = KeyFiles.read(SigningAlgorithm.ES256, key, certificate);
        return new KeyAuthority(read.privateKey(), read.certificate());
    }

    /** From when on a key no longer signs, by the next of its kind; of another kind, which nobody here knows, by its time. */
    private Optional<Instant> retiredAt(Entry entry, List<Entry> entries) {
        Optional<Instant> next = entries.stream()
                .filter(other -> other.algorithm() == entry.algorithm()
                        && other.signsFrom().isAfter(entry.signsFrom()))
                .map(Entry::signsFrom)
                .findFirst();
        return next.isPresent()
                        || entry.algorithm() == algorithm
                        || schedule.every().isZero()
                ? next
                : Optional.of(entry.signsFrom().plus(schedule.every()));
    }

    private boolean isOver(Entry entry, List<Entry> entries, Duration after, Instant now) {
        return retiredAt(entry, entries)
                .filter(at -> at.plus(after).isBefore(now))
                .isPresent();
    }

    private boolean hasOld(List<Entry> entries, Instant now) {
        return entries.stream()
                .anyMatch(entry -> isOver(entry, entries, schedule.keep(), now)
                        || isOver(entry, entries, PRIVATE_KEY_SLACK, now)
                                && Files.exists(folder.resolve(entry.name() + ".key")));
    }

    /** The private half first: what no longer signs must not be there to be stolen. */
    private void deleteOld(Instant now) throws IOException {
        List<Entry> entries = entries();
        for (Entry entry : entries) {
            if (isOver(entry, entries, PRIVATE_KEY_SLACK, now)) {
                Files.deleteIfExists(folder.resolve(entry.name() + ".key"));
            }
            if (isOver(entry, entries, schedule.keep(), now)) {
                Files.deleteIfExists(folder.resolve(entry.name() + ".crt"));
            }
        }
    }

    private void writeBundle(X509Certificate authority, List<Entry> entries) throws KeyFault, IOException {
        StringBuilder text = new StringBuilder(KeyFiles.pem(authority));
        for (Entry entry : entries) {
            text.append(KeyFiles.pem(published(entry).certificate()));
        }
        if (Files.exists(bundle) && Files.readString(bundle).contentEquals(text)) {
            return;
        }
        Path next = bundle.resolveSibling(bundle.getFileName() + ".new");
        Files.writeString(next, text);
        Files.move(next, bundle, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
