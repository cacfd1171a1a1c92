package dev.postern.identity.oidc;

import dev.postern.fetch.HttpsUrl;
import dev.postern.fetch.Validators;
import dev.postern.fetch.client.BearerFile;
import dev.postern.fetch.client.Fetched;
import dev.postern.fetch.client.HttpsFetcher.Manner;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.identity.federation.SaidClaims.Value;
import dev.postern.identity.oidc.IssuerKeys.Answered;
import dev.postern.identity.oidc.IssuerKeys.Keys;
import dev.postern.identity.oidc.IssuerKeys.Silent;
import dev.postern.identity.oidc.IssuerKeys.Source;
import dev.postern.identity.oidc.KeyPlace.Asking;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Where an issuer's keys are had. An answer is read so far as it is allowed to be long, and no further. */
final class KeySources {

    private static final long MOST_OF_DISCOVERY = 64 * 1024;

    private KeySources() {}

    /** What is at the place, asked for each time. */
    static Source of(KeyPlace place, String issuer) {
        return switch (place) {
            case KeyPlace.InFile file ->
                () -> switch (read(file.file(), KeyPlace.MOST_OF_KEYS)) {
                    case Bytes bytes -> keys(bytes, file.file().toString());
                    case None none -> new Silent("its keys cannot be had: " + none.why());
                };
            case KeyPlace.AtUrl at -> () -> keys(at.url(), at.asking());
            case KeyPlace.ByDiscovery by -> () -> discovered(by, issuer);
        };
    }

    /**
     * By OpenID Connect Discovery 1.0, section 4; it is believed only where the issuer calls itself by the very name by which
     * it is known here (section 4.3).
     */
    private static Answered discovered(KeyPlace.ByDiscovery by, String issuer) {
        HttpsUrl discovery = by.discovery();
        return switch (describe(by, issuer)) {
            case NotDescribed not -> new Silent(not.why());
            case Described described -> {
                if (!(described.members().get("jwks_uri") instanceof Text jwks)
                        || !(HttpsUrl.read(jwks.text()) instanceof HttpsUrl.Understood understood)) {
                    yield new Silent("its discovery " + discovery + " has no https URL of keys (jwks_uri)");
                }
                // The credential is for whoever was named by the operator.
                boolean beside = understood.url().isBeside(discovery);
                yield keys(
                        understood.url(),
                        beside ? by.asking() : new Asking(by.asking().fetcher(), Optional.empty()));
            }
        };
    }

    /** What an issuer says of itself. */
    sealed interface Description {}

    /** It is the issuer's own word. */
    record Described(Map<String, Value> members) implements Description {}

    /** There is none to be believed; {@code why} is for the log and the audit. */
    record NotDescribed(String why) implements Description {}

    /** Asks for the issuer's discovery; takes its time, and no longer than its limits say. */
    static Description describe(KeyPlace.ByDiscovery by, String issuer) {
        HttpsUrl discovery = by.discovery();
        return switch (fetch(discovery, by.asking(), MOST_OF_DISCOVERY)) {
            case None none -> new NotDescribed("its discovery cannot be had: " + none.why());
            case Bytes bytes -> {
                Map<String, Value> members;
                try {
                    members = Json.object(bytes.bytes());
                } catch (IOException e) {
                    yield new NotDescribed("its discovery " + discovery + " is not the JSON of one");
                }
                yield members.get("issuer") instanceof Text named
                                && named.text().equals(issuer)
                        ? new Described(members)
                        : new NotDescribed("its discovery " + discovery + " is another issuer's");
            }
        };
    }

    private static Answered keys(HttpsUrl jwks, Asking asking) {
        return switch (fetch(jwks, asking, KeyPlace.MOST_OF_KEYS)) {
            case Bytes bytes -> keys(bytes, jwks.toString());
            case None none -> new Silent("its keys cannot be had: " + none.why());
        };
    }

    private static Answered keys(Bytes bytes, String where) {
        return switch (KeySet.read(bytes.bytes())) {
            case KeySet.Read read -> new Keys(read.keys());
            case KeySet.Unreadable unreadable -> new Silent(where + " " + unreadable.why());
        };
    }

    private sealed interface Got {}

    private record Bytes(byte[] bytes) implements Got {}

    private record None(String why) implements Got {}

    private static Got fetch(HttpsUrl url, Asking asking, long most) {
        Optional<String> credential = Optional.empty();
        if (asking.bearer().isPresent()) {
            switch (BearerFile.read(asking.bearer().get())) {
                case BearerFile.Read read -> credential = Optional.of(read.token());
                case BearerFile.NotRead not -> {
                    return new None(not.why());
                }
            }
        }
        Path answer;
        try {
            answer = Files.createTempFile("postern-keys", ".json");
        } catch (IOException e) {
            return new None("there is no room for an answer in the directory for temporary files");
        }
        try {
            Manner manner = new Manner("application/json, application/jwk-set+json", false, credential, most);
            return switch (asking.fetcher().fetch(url, Validators.NONE, manner, answer)) {
                case Fetched.Body body -> read(body.file(), most);
                case Fetched.Unchanged unchanged -> new None(url + " answered that nothing has changed");
                case Fetched.Failed failed -> new None(url + " " + failed.why());
            };
        } finally {
            delete(answer);
        }
    }

    private static Got read(Path file, long most) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes((int) most + 1);
            return bytes.length > most ? new None(file + " is longer than " + most + " bytes") : new Bytes(bytes);
        } catch (IOException e) {
            return new None(file + " cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The directory is for temporary files.
        }
    }
}
