package dev.postern.testing.secrets;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What looks like a secret, whoever made it. */
final class Shapes {

    /** Texts that are longer are cut: what makes the shape stands at their beginning. */
    private static final int WINDOW = 4096;

    private record Shape(String what, String begin, Pattern form) {}

    private static final List<Shape> ALL = List.of(
            new Shape(
                    "a JWT",
                    "eyJ",
                    Pattern.compile("eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{20,}")),
            new Shape("a private key in PEM", "-----BEGIN ", Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----")),
            new Shape("a bcrypt hash", "$2", Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}")),
            new Shape("Basic credentials", "Basic ", Pattern.compile("Basic ([A-Za-z0-9+/]{6,}={0,2})")),
            new Shape("a Bearer token", "Bearer ", Pattern.compile("Bearer [A-Za-z0-9._~+/-]{20,}")),
            new Shape(
                    "an API key",
                    "postern_",
                    Pattern.compile(
                            "postern_(?=[A-Za-z_-]*[0-9])(?=[a-z0-9_-]*[A-Z])[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])")));

    private Shapes() {}

    /** What looks like a secret at this place, if anything does. */
    static Optional<String> at(byte[] data, int index) {
        byte first = data[index];
        if (first != 'e' && first != '-' && first != '$' && first != 'B' && first != 'p') {
            return Optional.empty();
        }
        for (Shape shape : ALL) {
            if (begins(data, index, shape.begin())) {
                String window =
                        new String(data, index, Math.min(WINDOW, data.length - index), StandardCharsets.ISO_8859_1);
                Matcher form = shape.form().matcher(window);
                if (form.lookingAt() && isOne(shape, form)) {
                    return Optional.of(shape.what());
                }
            }
        }
        return Optional.empty();
    }

    /** The word "Basic" stands in sentences, too: what follows must be a user, a colon and a password. */
    private static boolean isOne(Shape shape, Matcher form) {
        if (form.groupCount() == 0) {
            return true;
        }
        try {
            String pair = new String(Base64.getDecoder().decode(form.group(1)), StandardCharsets.ISO_8859_1);
            return pair.matches("[ -~]+:[ -~]+");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static boolean begins(byte[] data, int index, String text) {
        if (index + text.length() > data.length) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (data[index + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
