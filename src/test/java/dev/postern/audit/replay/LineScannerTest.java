package dev.postern.audit.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditJson;
import dev.postern.audit.Events;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast way to a line's key takes what Postern writes, and tells lines apart as the way of a JSON parser does. */
class LineScannerTest {

    private static final Instant[] TURNS = {Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-06-02T00:00:00Z")
    };

    private final LineScanner scanner = new LineScanner(TURNS);
    private final LineKey keys = new LineKey(TURNS);

    @Test
    void eachEventThatPosternWritesIsTaken() {
        assertThat(Events.all()).allSatisfy((name, event) -> {
            String line = AuditJson.write(event);
            assertThat(key(line)).as(name).isPresent();
        });
    }

    @Test
    void itEndsWhereTheLineDoes() {
        // Given
        String line = line();
        byte[] bytes = ("x" + line + "\nnext").getBytes(StandardCharsets.US_ASCII);
        // Then
        assertThat(scanner.scan(bytes, 1, bytes.length, new Key())).isEqualTo(1 + line.length());
        assertThat(scanner.scan(bytes, 1, bytes.length - 5, new Key())).isEqualTo(1 + line.length());
        assertThat(scanner.scan(bytes, 1, line.length(), new Key())).isEqualTo(LineScanner.OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{}",
                "[]",
                "{\"time\":\"2026-06-01T12:00:00Z\"",
                "{\"time\":\"2026-06-01T12:00:00Z\",}",
                "{\"time\":\"2026-06-01T12:00:00Z\"}}",
                "{\"time\":\"2026-06-01T12:00:00Z\"} ",
                "{ \"time\":\"2026-06-01T12:00:00Z\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":01}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":1.5}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":-}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":tru}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":\"\\x\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":\"\\u12g4\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":\"\t\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":\"ü\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"do\\u006fr\":\"registry\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"source\":\"x\"}",
                "{\"time\":\"2026-06-01T12:00:00Z\",\"a\":[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}",
                "{\"time\":\"yesterday\"}",
                "{\"time\":1}",
                "{\"a\":\"2026-06-01T12:00:00Z\"}",
                "INFO started"
            })
    void whatPosternDoesNotWriteIsForTheParser(String line) {
        assertThat(key(line)).isEmpty();
    }

    /** Lines with one change each, of every event: where both ways have a key, they tell the same lines apart. */
    @Test
    void whatTheParserTellsApartIsToldApart() {
        // Given
        Random random = new Random(7);
        List<String> events =
                Events.all().values().stream().map(AuditJson::write).toList();
        Map<Key, String> parsedByScanned = new HashMap<>();
        int both = 0;
        int neither = 0;
        for (int i = 0; i < 200_000; i++) {
            // When
            String line = changed(events.get(random.nextInt(events.size())), random);
            Optional<Key> scanned = key(line);
            Optional<String> parsed = keys.of(line.getBytes(StandardCharsets.ISO_8859_1), 0, line.length());
            // Then
            if (scanned.isPresent()) {
                assertThat(parsed).as(line).isPresent();
                String before = parsedByScanned.putIfAbsent(scanned.get(), parsed.get());
                assertThat(before == null ? parsed.get() : before).as(line).isEqualTo(parsed.get());
                both++;
            } else {
                neither++;
            }
        }
        assertThat(both).isGreaterThan(50_000);
        assertThat(neither).isGreaterThan(20_000);
    }

    private static String changed(String line, Random random) {
        int at = random.nextInt(line.length());
        String octet = String.valueOf("\"\\{}[]:,0u aétrd1".charAt(random.nextInt(17)));
        return switch (random.nextInt(4)) {
            case 0 -> line;
            case 1 -> line.substring(0, at) + line.substring(at + 1);
            case 2 -> line.substring(0, at) + octet + line.substring(at);
            default -> line.substring(0, at) + octet + line.substring(at + 1);
        };
    }

    private static String line() {
        return AuditJson.write(Events.all().values().stream().findFirst().orElseThrow());
    }

    private Optional<Key> key(String line) {
        Key key = new Key();
        byte[] bytes = line.getBytes(StandardCharsets.ISO_8859_1);
        return scanner.scan(bytes, 0, bytes.length, key) == LineScanner.OTHER
                ? Optional.empty()
                : Optional.of(key.copy());
    }
}
