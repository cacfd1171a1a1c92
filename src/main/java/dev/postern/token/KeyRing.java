package dev.postern.token;

import java.util.ArrayList;
import java.util.List;

/**
 * The signing keys of one moment. A key lives through three states, and is verified in all of them:
 *
 * <pre>
 *                 publish-ahead            every                   life of what it signed
 *   (made) ────► PUBLISHED ────────► SIGNING ──────────► RETIRED ────────────────────────► (gone)
 *                in jwks.json,       signs all new       its private half is deleted,
 *                in the bundle       tokens              its public half verifies
 * </pre>
 *
 * @param signing the one that signs
 * @param others those that are published and verified beside it: the next, the retired, those of other replicas
 */
public record KeyRing(SigningKey signing, List<PublishedKey> others) {

    /** Keeps its own copy. */
    public KeyRing {
        others = List.copyOf(others);
    }

    /** A ring of one key. */
    public static KeyRing of(SigningKey signing) {
        return new KeyRing(signing, List.of());
    }

    /** The same ring with keys of others in it. */
    public KeyRing with(List<PublishedKey> more) {
        List<PublishedKey> all = new ArrayList<>(others);
        more.stream().filter(key -> !published().contains(key)).forEach(all::add);
        return new KeyRing(signing, all);
    }

    /** All that are published, the signing one first. */
    public List<PublishedKey> published() {
        List<PublishedKey> all = new ArrayList<>(others.size() + 1);
        all.add(signing.published());
        all.addAll(others);
        return all;
    }
}
