package dev.postern.policy.bundle;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.OwnFolder;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The last good bundle on disk, {@code bundle.copy}: what it is known by, its signature, and its bytes, which end the file. It
 * is of one URL, of which it holds a digest: the URL itself may hold a secret.
 */
public final class BundleFolder {

    private static final String COPY = "bundle.copy";
    private static final String FORM = "postern bundle 1";

    private final OwnFolder folder;
    private final HttpsUrl url;
    private final long most;

    /**
     * The copy in this directory, which is made when the first is kept.
     *
     * @param most the bytes of a bundle
     */
    public BundleFolder(Path directory, HttpsUrl url, long most) {
        this.folder = new OwnFolder(directory);
        this.url = url;
        this.most = most;
    }

    /** What became of looking for the copy. */
    sealed interface Kept {}

    /** There it is, as it was kept. */
    record Whole(Bundle bundle) implements Kept {}

    /** There is none of this URL. */
    record None() implements Kept {}

    /** There is one that cannot be used. */
    record Unusable(String why) implements Kept {}

    /** Where the copy is. */
    Path file() {
        return folder.file(COPY);
    }

    /** A new file for an answer, empty. */
    Path fetched() throws IOException {
        return folder.fetched();
    }

    void save(Bundle bundle) throws IOException {
        folder.replace(COPY, file -> {
            DataOutputStream out = new DataOutputStream(file);
            out.writeUTF(FORM);
            out.writeUTF(Bundle.sha256(url.exact()));
            out.writeUTF(bundle.validators().etag().orElse(""));
            out.writeUTF(bundle.validators().lastModified().orElse(""));
            out.writeUTF(bundle.signature().orElse(""));
            out.writeUTF(bundle.digest());
            out.write(bundle.bytes());
            out.flush();
        });
    }

    Kept load() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file())))) {
            if (!in.readUTF().equals(FORM)) {
                return unusable("is not of the form that this version of Postern writes");
            }
            if (!in.readUTF().equals(Bundle.sha256(url.exact()))) {
                return new None();
            }
            Validators validators = new Validators(Optional.of(in.readUTF()), Optional.of(in.readUTF()));
            String signature = in.readUTF();
            String digest = in.readUTF();
            Bundle bundle = new Bundle(
                    in.readNBytes((int) Math.min(most + 1, Integer.MAX_VALUE - 8)),
                    Optional.of(signature).filter(text -> !text.isEmpty()),
                    validators);
            if (bundle.bytes().length > most || !bundle.digest().equals(digest)) {
                return unusable("is damaged, or larger than " + most + " bytes");
            }
            return new Whole(bundle);
        } catch (NoSuchFileException none) {
            return new None();
        } catch (IOException e) {
            return unusable("cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private Unusable unusable(String why) {
        return new Unusable("the copy " + file() + " " + why);
    }

    /** Deletes what an earlier life has left half-done. */
    void sweep(Instant now) throws IOException {
        if (!Files.isDirectory(folder.directory())) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.directory())) {
            for (Path file : files) {
                if (folder.isLeftOver(file, now)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (DirectoryIteratorException | UncheckedIOException e) {
            throw new IOException(e);
        }
    }
}
