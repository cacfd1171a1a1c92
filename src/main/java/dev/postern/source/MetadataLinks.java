package dev.postern.source;

import dev.postern.address.LinkId;
import dev.postern.source.Hop.By;
import dev.postern.source.Hop.Finding;
import dev.postern.source.Source.Why;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The links in a proxy's metadata.
 *
 * <p>Bytes are believed before text, and where there are both, they must say the same: Envoy keeps the last of a repeated field
 * as bytes and the first as text. A key that no setting names may carry a link, so it is not passed over.
 *
 * <p>Which encoding a text is in is the proxy's setting, and cannot be seen. What can be Base64 is read as Base64 and as nothing
 * else. As UTF-8, the fields of AWS and Azure begin with 0x01, which is not of that alphabet; the 8 bytes of a field of Google's
 * may all be, and then they might be the Base64 of a shorter one.
 */
final class MetadataLinks {

    /** Longer than any link in either encoding. */
    private static final int MAX_TEXT = 64;

    /** Stands for each byte that is not UTF-8; and for itself. */
    private static final char LOST = '!';

    private final LinkKeys keys;

    MetadataLinks(LinkKeys keys) {
        this.keys = keys;
    }

    /** What the metadata say. */
    sealed interface Outcome {}

    /** The links, at most one of each cloud. */
    record Links(List<LinkId> ids) implements Outcome {}

    /** Which link it is, or whether there is one, cannot be known. */
    record Refused(Why why, Hop hop) implements Outcome {
        Refused(Why why, String what) {
            this(why, new Hop(what, By.METADATA, Finding.NOT_A_LINK));
        }
    }

    Outcome read(LinkMetadata metadata) {
        return switch (metadata) {
            case LinkMetadata.None none -> new Links(List.of());
            case LinkMetadata.Unreadable unreadable -> new Refused(Why.MALFORMED_LINK_METADATA, unreadable.what());
            case LinkMetadata.Fields fields -> read(fields);
        };
    }

    private Outcome read(LinkMetadata.Fields fields) {
        Map<String, byte[]> bytes = fields.bytes().orElse(Map.of());
        Map<String, String> texts = fields.text().orElse(Map.of());
        // In order, so that the same metadata have the same outcome.
        Set<String> present = new TreeSet<>(bytes.keySet());
        present.addAll(texts.keySet());
        boolean both = fields.bytes().isPresent() && fields.text().isPresent();
        Set<LinkId.Cloud> seen = EnumSet.noneOf(LinkId.Cloud.class);
        List<LinkId> ids = new ArrayList<>(1);
        for (String key : present) {
            Optional<byte[]> value = Optional.ofNullable(bytes.get(key));
            Optional<String> text = Optional.ofNullable(texts.get(key));
            Optional<LinkId.Cloud> cloud = Optional.ofNullable(keys.clouds().get(key));
            if (cloud.isEmpty() && !keys.others().contains(key)) {
                return new Refused(Why.UNLISTED_LINK_METADATA, key);
            }
            if (cloud.isEmpty()) {
                continue;
            }
            if (both && !sayTheSame(value, text)) {
                return new Refused(Why.CONTRADICTORY_LINK_METADATA, key);
            }
            if (!seen.add(cloud.get())) {
                return new Refused(Why.DUPLICATE_LINK, key);
            }
            Optional<LinkId> id = value.isPresent()
                    ? CloudLinks.id(cloud.get(), value.get())
                    : text.flatMap(given -> id(cloud.get(), given));
            if (id.isEmpty()) {
                boolean lossy = value.isEmpty()
                        && text.filter(given -> isLossy(cloud.get(), given)).isPresent();
                return new Refused(lossy ? Why.LOSSY_LINK_METADATA : Why.MALFORMED_LINK, key);
            }
            ids.add(id.get());
        }
        return new Links(List.copyOf(ids));
    }

    /** The link that the text carries without a doubt. */
    private static Optional<LinkId> id(LinkId.Cloud cloud, String text) {
        if (text.length() > MAX_TEXT || text.indexOf(LOST) >= 0) {
            return Optional.empty();
        }
        return CloudLinks.id(cloud, base64(text).orElseGet(() -> utf8(text)));
    }

    /** Whether a text that carries no link for certain may carry one: were it known of which bytes it was made. */
    private static boolean isLossy(LinkId.Cloud cloud, String text) {
        return text.length() <= MAX_TEXT && CloudLinks.id(cloud, utf8(text)).isPresent();
    }

    private static boolean sayTheSame(Optional<byte[]> bytes, Optional<String> text) {
        return bytes.isPresent()
                && text.isPresent()
                && (isUtf8Of(text.get(), bytes.get()) || text.get().equals(base64(bytes.get())));
    }

    private static boolean isUtf8Of(String text, byte[] bytes) {
        byte[] shown = utf8(text);
        if (shown.length != bytes.length) {
            return false;
        }
        for (int i = 0; i < bytes.length; i++) {
            boolean lost = shown[i] == LOST && bytes[i] < 0;
            if (shown[i] != bytes[i] && !lost) {
                return false;
            }
        }
        return true;
    }

    /** Strict: padded, and no bit set that is thrown away. */
    private static Optional<byte[]> base64(String text) {
        try {
            return Optional.of(Base64.getDecoder().decode(text)).filter(bytes -> text.equals(base64(bytes)));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
