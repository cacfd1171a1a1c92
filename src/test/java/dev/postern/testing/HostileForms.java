package dev.postern.testing;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/** Random and mutated forms of {@code POST /token}, made of such as are right. */
public final class HostileForms {

    private static final List<String> NAMES = List.of(
            "grant_type",
            "service",
            "client_id",
            "username",
            "password",
            "refresh_token",
            "scope",
            "access_type",
            "Password",
            "password[]",
            "",
            "x");

    private static final List<String> VALUES = List.of(
            "",
            "password",
            "refresh_token",
            "client_credentials",
            "offline",
            "registry:catalog:*",
            "repository:acme/app:pull,push",
            "repository:acme/../app:*",
            "iamapikey",
            "alice",
            "acme/alice",
            "null",
            "true");

    private final Mutations mutations;
    private final SplittableRandom random;
    private final List<Map<String, String>> right;

    /**
     * Forms made of these.
     *
     * @param right the fields of forms that are right
     */
    public HostileForms(Mutations mutations, List<Map<String, String>> right) {
        this.mutations = mutations;
        this.random = mutations.random();
        this.right = List.copyOf(right);
    }

    /** The next one; one in fifty is right. */
    public String next() {
        Map<String, String> form = right.get(random.nextInt(right.size()));
        String text = Forms.encoded(form);
        return switch (random.nextInt(25)) {
            case 0 -> random.nextBoolean() ? text : text.replace("&", "&&");
            case 1, 2, 3 -> new String(mutations.bytes(random.nextInt(300)), StandardCharsets.ISO_8859_1);
            case 4, 5, 6, 7, 8 -> mutations.mutated(text);
            case 9, 10, 11, 12, 13 ->
                new String(mutations.mutated(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
            case 14 -> text + ("&" + name() + "=" + encoded(value())).repeat(random.nextInt(1, 40));
            case 15 -> text.replace('&', ';');
            case 16 -> text.replaceFirst("%..", "%" + mutations.visible(2).replaceAll("[\\\\$]", "z"));
            default -> {
                List<String> fields = new ArrayList<>();
                changed(form).forEach((name, value) -> fields.add(name + "=" + encoded(value)));
                while (random.nextInt(4) == 0) {
                    fields.add(random.nextInt(fields.size() + 1), name() + "=" + encoded(value()));
                }
                yield String.join("&", fields);
            }
        };
    }

    /** One to three fields changed: left out, another value, a mutated one, another name. */
    private Map<String, String> changed(Map<String, String> form) {
        Map<String, String> changed = new LinkedHashMap<>(form);
        for (int changes = random.nextInt(1, 4); changes > 0 && !changed.isEmpty(); changes--) {
            List<String> names = List.copyOf(changed.keySet());
            String name = names.get(random.nextInt(names.size()));
            String value = changed.getOrDefault(name, "");
            switch (random.nextInt(4)) {
                case 0 -> changed.remove(name);
                case 1 -> changed.put(name, value());
                case 2 -> changed.put(name, value.isEmpty() ? "x" : mutations.mutated(value));
                default -> {
                    changed.remove(name);
                    changed.put(name(), value);
                }
            }
        }
        return changed;
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private String value() {
        return switch (random.nextInt(4)) {
            case 0 -> mutations.visible(random.nextInt(100));
            case 1 -> new String(mutations.bytes(random.nextInt(40)), StandardCharsets.ISO_8859_1);
            default -> VALUES.get(random.nextInt(VALUES.size()));
        };
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The values of the field, by the platform's decoder alone; none where the body is no form. */
    private static Optional<List<String>> values(String body, String name) {
        List<String> values = new ArrayList<>();
        try {
            for (String field : body.split("&", -1)) {
                String[] parts = field.split("=", 2);
                if (URLDecoder.decode(parts[0], StandardCharsets.UTF_8).equals(name)) {
                    values.add(parts.length == 1 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
                }
            }
        } catch (IllegalArgumentException notEncoded) {
            return Optional.empty();
        }
        return Optional.of(values);
    }

    /** The value of a field that stands once; {@code ""} where it does not. */
    public static String once(String body, String name) {
        return values(body, name)
                .filter(values -> values.size() == 1)
                .map(List::getFirst)
                .orElse("");
    }
}
