package dev.postern.policy.importing;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * docker_auth's list as docker_auth decides by it, after its documentation: the first entry that matches gives those of the actions
 * asked for that are its own. Patterns are matched by Java's regular expressions, not by ours.
 */
final class DockerAuth {

    private final List<Map<String, Object>> entries = new ArrayList<>();

    @SuppressWarnings("unchecked")
    DockerAuth(String yaml) {
        Object root = new Yaml().load(yaml);
        Object acl = root instanceof Map<?, ?> map ? map.get("acl") : root;
        ((List<Object>) acl).forEach(entry -> entries.add((Map<String, Object>) entry));
    }

    /** The actions of a request that are allowed. */
    @SuppressWarnings("unchecked")
    Set<String> allowed(String account, String type, String name, String ip, Set<String> asked) {
        for (Map<String, Object> entry : entries) {
            Map<String, Object> match = (Map<String, Object>) entry.get("match");
            boolean matches = matches(match.get("account"), account, account)
                    && matches(match.get("type"), type, account)
                    && matches(match.get("name"), name, account)
                    && (match.get("ip") == null || contains(String.valueOf(match.get("ip")), ip))
                    && !match.containsKey("labels");
            if (matches) {
                List<String> actions = (List<String>) entry.get("actions");
                Set<String> allowed = new TreeSet<>(asked);
                if (!actions.equals(List.of("*"))) {
                    allowed.retainAll(actions);
                }
                return allowed;
            }
        }
        return Set.of();
    }

    private static boolean matches(Object condition, String text, String account) {
        if (condition == null) {
            return true;
        }
        String quoted = account.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0");
        String pattern = String.valueOf(condition).replace("${account}", quoted);
        if (pattern.length() > 2 && pattern.startsWith("/") && pattern.endsWith("/")) {
            return Pattern.compile(pattern.substring(1, pattern.length() - 1))
                    .matcher(text)
                    .find();
        }
        return Pattern.compile(shell(pattern), Pattern.DOTALL).matcher(text).matches();
    }

    private static String shell(String pattern) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            switch (c) {
                case '*' -> regex.append("[^/]*");
                case '?' -> regex.append("[^/]");
                case '[' -> {
                    int end = pattern.indexOf(']', i);
                    regex.append(pattern, i, end + 1);
                    i = end;
                }
                case '\\' ->
                    regex.append(
                            Matcher.quoteReplacement("\\" + pattern.charAt(++i)).replace("\\\\", "\\"));
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static boolean contains(String block, String ip) {
        return AddressRange.parse(block) instanceof AddressRange.Parsed parsed
                && parsed.range().contains(Address.parse(ip).orElseThrow());
    }
}
