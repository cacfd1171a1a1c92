package dev.postern.policy.bundle;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.BearerFile;
import dev.postern.fetch.client.Fetched;
import dev.postern.fetch.client.HttpsFetcher;
import dev.postern.fetch.client.HttpsFetcher.Manner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Asks for a bundle, and for its signature; holds the one to the other, and reads it. Fails by its results alone. */
public final class BundleAsking {

    private static final int MOST_OF_A_SIGNATURE = 16 * 1024;

    private final Question question;
    private final HttpsFetcher fetcher;

    /**
     * What is asked for.
     *
     * @param url where the bundle is
     * @param signing the key that it must be signed by, and where the signature is; empty where anybody's word does
     * @param token the file with the bearer token for the server that has the bundle
     * @param bytes the size of the bundle, as it comes
     * @param expanded the size of its archive
     */
    public record Question(HttpsUrl url, Optional<Signing> signing, Optional<Path> token, long bytes, long expanded) {
        /** What problems call the bundle: its query may be a secret. */
        String name() {
            return url.withoutQuery();
        }
    }

    /** By which key a bundle is signed, and where its signature is. */
    public record Signing(VerifyingKey key, HttpsUrl url) {}

    /** What came of asking. */
    sealed interface Answer {}

    /** There is one, signed as it must be, and it can be read. */
    record Had(Bundle bundle, BundleReader.Contents contents) implements Answer {}

    /** It is the one that is known. */
    record Unchanged() implements Answer {}

    /** There is none that is of use. */
    record Failed(String why) implements Answer {}

    /** Asks by this fetcher. */
    public BundleAsking(Question question, HttpsFetcher fetcher) {
        this.question = question;
        this.fetcher = fetcher;
    }

    Question question() {
        return question;
    }

    /** The contents, asked for once, for whoever keeps nothing. */
    public BundleReader.Result once(Path into) {
        try {
            return switch (ask(Validators.NONE, into)) {
                case Had had -> had.contents();
                case Unchanged unchanged -> new BundleReader.Refused("is said to be known, and is not");
                case Failed failed -> new BundleReader.Refused(failed.why());
            };
        } catch (IOException e) {
            return new BundleReader.Refused(unkept(e));
        }
    }

    static String unkept(IOException e) {
        return "its answer cannot be kept or read (" + e.getClass().getSimpleName() + ")";
    }

    /**
     * Asks.
     *
     * @param known by what the server knows the bundle that we have
     * @param into a file for answers, the caller's to delete
     */
    Answer ask(Validators known, Path into) throws IOException {
        Optional<String> token = Optional.empty();
        if (question.token().isPresent()) {
            switch (BearerFile.read(question.token().get())) {
                case BearerFile.Read read -> token = Optional.of(read.token());
                case BearerFile.NotRead not -> {
                    return new Failed("is not asked for: " + not.why());
                }
            }
        }
        return switch (fetcher.fetch(question.url(), known, manner(token, question.bytes()), into)) {
            case Fetched.Unchanged unchanged -> new Unchanged();
            case Fetched.Failed failed -> new Failed(failed.why());
            case Fetched.Body body -> {
                byte[] bytes = Files.readAllBytes(body.file());
                yield question.signing().isPresent()
                        ? signed(bytes, body.validators(), question.signing().get(), token, into)
                        : judged(new Bundle(bytes, Optional.empty(), body.validators()));
            }
        };
    }

    private Answer signed(byte[] bytes, Validators validators, Signing signing, Optional<String> token, Path into)
            throws IOException {
        // The token is for the bundle's server alone.
        Optional<String> shown = token.filter(any -> signing.url().isBeside(question.url()));
        return switch (fetcher.fetch(signing.url(), Validators.NONE, manner(shown, MOST_OF_A_SIGNATURE), into)) {
            case Fetched.Unchanged unchanged -> new Failed("has no signature at " + signing.url());
            case Fetched.Failed failed ->
                new Failed("has no signature at " + signing.url() + " (" + failed.why()
                        + "); expected is one by the key " + signing.key().fingerprint());
            case Fetched.Body body ->
                judged(new Bundle(
                        bytes, Optional.of(Files.readString(body.file(), StandardCharsets.ISO_8859_1)), validators));
        };
    }

    /** What is there to be said of a bundle that is at hand: fetched just now, or in an earlier life. */
    Answer judged(Bundle bundle) {
        if (question.signing().isPresent()) {
            VerifyingKey key = question.signing().get().key();
            if (!bundle.signature()
                    .filter(signature -> key.hasSigned(bundle.bytes(), signature))
                    .isPresent()) {
                return new Failed("has no good signature by the key " + key.fingerprint());
            }
        }
        return switch (BundleReader.read(bundle.bytes(), question.name(), question.expanded())) {
            case BundleReader.Contents contents -> new Had(bundle, contents);
            case BundleReader.Refused refused -> new Failed(refused.why());
        };
    }

    private static Manner manner(Optional<String> token, long bytes) {
        // As it is: the signature is that of the bytes.
        return new Manner("*/*", false, token, bytes);
    }
}
