package dev.postern.address;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The id of a private link, as the cloud that made it writes it: {@code aws:vpce-0a1b2c3d4e5f60718},
 * {@code azure:16843009}, {@code gcp:81985529216486895}.
 *
 * @param cloud whose it is
 * @param value the id, in the cloud's own form
 */
public record LinkId(Cloud cloud, String value) {

    /** Whose link it is. */
    public enum Cloud {
        /** A VPC endpoint's id: {@code vpce-} and 8 to 17 hexadecimal digits. */
        AWS("vpce-[0-9a-f]{8,17}"),
        /** A Private Link's LinkID: 32 bits, unsigned, decimal. */
        AZURE("0|[1-9][0-9]{0,9}"),
        /** A Private Service Connect connection id: 64 bits, unsigned, decimal. */
        GCP("0|[1-9][0-9]{0,19}");

        private final Pattern form;

        Cloud(String form) {
            this.form = Pattern.compile(form);
        }

        private String prefix() {
            return name().toLowerCase(Locale.ROOT) + ":";
        }
    }

    /** The forms, for error texts. */
    public static final String FORMS =
            "a link id: aws:vpce-0a1b2c3d4e5f60718, azure:16843009 (32 bits) or gcp:81985529216486895 (64 bits)";

    private static final long MAX_AZURE = 0xffff_ffffL;

    /** Checks the form. */
    public LinkId {
        if (!isForm(cloud, value)) {
            throw new IllegalArgumentException("not a link id of " + cloud);
        }
    }

    /** The link of these 32 bits. */
    public static LinkId azure(int bits) {
        return new LinkId(Cloud.AZURE, Integer.toUnsignedString(bits));
    }

    /** The link of these 64 bits. */
    public static LinkId gcp(long bits) {
        return new LinkId(Cloud.GCP, Long.toUnsignedString(bits));
    }

    /** The link of this VPC endpoint id, or empty where the text is none. */
    public static Optional<LinkId> aws(String text) {
        return isForm(Cloud.AWS, text) ? Optional.of(new LinkId(Cloud.AWS, text)) : Optional.empty();
    }

    /** Reads {@code cloud:value}. */
    public static Optional<LinkId> parse(String text) {
        for (Cloud cloud : Cloud.values()) {
            if (text.startsWith(cloud.prefix())) {
                String value = text.substring(cloud.prefix().length());
                return isForm(cloud, value) ? Optional.of(new LinkId(cloud, value)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isForm(Cloud cloud, String value) {
        if (!cloud.form.matcher(value).matches()) {
            return false;
        }
        return switch (cloud) {
            case AWS -> true;
            case AZURE -> Long.parseLong(value) <= MAX_AZURE;
            case GCP -> new BigInteger(value).bitLength() <= Long.SIZE;
        };
    }

    /** The text that {@link #parse} reads back. */
    @Override
    public String toString() {
        return cloud.prefix() + value;
    }
}
