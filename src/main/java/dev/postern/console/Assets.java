package dev.postern.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The style sheet, the script, the library that draws charts, and the icon: files of ours, from the class path. */
final class Assets {

    private static final Map<String, String> TYPES = Map.of(
            "console.css", "text/css;charset=UTF-8",
            "console.js", "text/javascript;charset=UTF-8",
            "chart.umd.min.js", "text/javascript;charset=UTF-8",
            "icon.svg", "image/svg+xml");

    private final Map<String, String> texts = new TreeMap<>();
    private final String digest;

    Assets() {
        StringBuilder all = new StringBuilder();
        for (String name : TYPES.keySet().stream().sorted().toList()) {
            String text = read(name);
            texts.put(name, text);
            all.append(text);
        }
        digest = HexFormat.of().formatHex(ConsoleToken.Digest.of(all.toString()).bytes(), 0, 6);
    }

    private static String read(String name) {
        try (InputStream in = Assets.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the package lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Changes when one of them does: part of their addresses, so that a browser may keep them. */
    String digest() {
        return digest;
    }

    Answer answer(String name) {
        String type = TYPES.get(name);
        String text = texts.get(name);
        return type == null || text == null
                ? Answer.text(404, "there is no such file")
                : new Answer(200, type, text, Map.of("Cache-Control", "private, max-age=86400"));
    }
}
