package dev.postern.setup;

import dev.postern.token.KeyRing;
import dev.postern.token.PublishedKey;
import dev.postern.token.SigningKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The operator's key, and those that stood in its place before: they verify until what they signed has expired. */
final class ReplacedKeys {

    private final Duration keep;
    private final Map<PublishedKey, Instant> retired = new LinkedHashMap<>();
    private Optional<SigningKey> signing = Optional.empty();

    /** @param keep how long what a key has signed is good for */
    ReplacedKeys(Duration keep) {
        this.keep = keep;
    }

    /**
     * The ring with this key in the signing place.
     *
     * @param others that the operator has published beside it
     */
    KeyRing with(SigningKey key, List<PublishedKey> others, Instant now) {
        signing.filter(before -> !before.published().equals(key.published()))
                .ifPresent(before -> retired.put(before.published(), now.plus(keep)));
        signing = Optional.of(key);
        retired.remove(key.published());
        retired.values().removeIf(until -> until.isBefore(now));
        List<PublishedKey> all = new ArrayList<>(others);
        retired.keySet().stream().filter(other -> !all.contains(other)).forEach(all::add);
        all.remove(key.published());
        return new KeyRing(key, all);
    }
}
