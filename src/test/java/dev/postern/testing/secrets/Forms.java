package dev.postern.testing.secrets;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The forms in which a secret may have been written. */
final class Forms {

    /** Fewer bytes say too little: they would be found where nobody wrote the secret. */
    static final int SHORTEST = 8;

    private static final int SHORTEST_ENCODED = 10;

    private Forms() {}

    /** The forms by what they are called. */
    static Map<String, byte[]> of(byte[] secret) {
        Map<String, byte[]> forms = new LinkedHashMap<>();
        String latin = new String(secret, StandardCharsets.ISO_8859_1);
        forms.put("plain", secret);
        add(forms, "URL-encoded", URLEncoder.encode(latin, StandardCharsets.ISO_8859_1), latin);
        add(
                forms,
                "URL-encoded",
                URLEncoder.encode(latin, StandardCharsets.ISO_8859_1).replace("+", "%20"),
                latin);
        add(forms, "JSON", latin.replace("\\", "\\\\").replace("\"", "\\\""), latin);
        add(forms, "JSON with escaped slashes", latin.replace("/", "\\/"), latin);
        add(forms, "hexadecimal", HexFormat.of().formatHex(secret), latin);
        add(forms, "upper-case hexadecimal", HexFormat.of().withUpperCase().formatHex(secret), latin);
        for (int before = 0; before < 3; before++) {
            // Inside of something longer, such as USER:PASSWORD, that begins so many bytes before a group of three.
            add(forms, "base64 (" + before + ")", within(Base64.getEncoder(), secret, before), latin);
            add(forms, "base64url (" + before + ")", within(Base64.getUrlEncoder(), secret, before), latin);
        }
        return forms;
    }

    private static void add(Map<String, byte[]> forms, String name, String form, String plain) {
        byte[] bytes = form.getBytes(StandardCharsets.ISO_8859_1);
        boolean isNew = forms.values().stream().noneMatch(known -> Arrays.equals(known, bytes));
        if (!form.equals(plain) && form.length() >= SHORTEST_ENCODED && isNew) {
            forms.put(forms.containsKey(name) ? name + " again" : name, bytes);
        }
    }

    /** The characters that depend on the secret alone. */
    private static String within(Base64.Encoder encoder, byte[] secret, int before) {
        byte[] all = new byte[before + secret.length];
        System.arraycopy(secret, 0, all, before, secret.length);
        String text = encoder.withoutPadding().encodeToString(all);
        int first = (before * 8 + 5) / 6;
        int end = all.length * 8 / 6;
        return first < end ? text.substring(first, end) : "";
    }
}
