package dev.postern.source;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.address.Address;
import dev.postern.source.SourceSettings.ForwardingHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code Forwarded} from data. */
class ForwardedFuzzTest {

    private static final FuzzedConnections CONNECTIONS = new FuzzedConnections(ForwardingHeader.FORWARDED);
    private static final Pattern LEXEME = Pattern.compile("\\G(?:[!#$%&'*+.^_`|~0-9A-Za-z-]++|[ \t]++|[=;,]"
            + "|\"(?:[\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\t -~\\x80-\\xff])*+\")");
    private static final Pattern ELEMENT = Pattern.compile("b?(?:t=[tq]b?(?:;b?t=[tq]b?)*+(?:;b?)?)?");
    private static final List<String> PARAMETERS = List.of(
            "proto=https",
            "by=_proxy",
            "host=registry.example.com",
            "host=\"a,b;for=203.0.113.99\"",
            "x=\"\\\"\"",
            "y=\"\"");

    @FuzzTest(maxDuration = "2m")
    void anyLinesHaveADocumentedOutcome(byte[] data) {
        CONNECTIONS.holdForAny(FuzzedConnections.lines(data), ForwardedFuzzTest::elementsOf);
    }

    @FuzzTest(maxDuration = "2m")
    void theCallerOfAChainIsFound(FuzzedDataProvider data) {
        CONNECTIONS.holdForAChain(data, hop -> {
            String port = data.pickValue(List.of("", ":1", ":65535"));
            boolean ipv6 = hop.indexOf(':') >= 0;
            boolean quoted = ipv6 || !port.isEmpty() || data.consumeBoolean();
            String node = ipv6 ? "[" + hop + "]" + port : hop + port;
            String name = data.pickValue(List.of("for=", "For=", "FOR="));
            String pair = name + (quoted ? "\"" + escaped(node, data) + "\"" : node);
            String other = data.pickValue(PARAMETERS);
            return switch (data.consumeInt(0, 3)) {
                case 0 -> pair;
                case 1 -> pair + ";" + other;
                case 2 -> other + ";" + pair;
                default -> pair + ";";
            };
        });
    }

    private static String escaped(String text, FuzzedDataProvider data) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            out.append(data.consumeInt(0, 9) == 9 ? "\\" : "").append(c);
        }
        return out.toString();
    }

    /** RFC 7239 section 4 in two steps: lexemes, and the order in which they may stand in an element. */
    private static List<Optional<Address>> elementsOf(String line) {
        List<List<String>> elements = new ArrayList<>(List.of(new ArrayList<>()));
        Matcher lexeme = LEXEME.matcher(line);
        int at = 0;
        while (lexeme.find()) {
            at = lexeme.end();
            if (lexeme.group().equals(",")) {
                elements.add(new ArrayList<>());
            } else {
                elements.getLast().add(lexeme.group());
            }
        }
        if (at < line.length()
                || elements.size() > 4096
                || !elements.stream().allMatch(ForwardedFuzzTest::isByTheGrammar)) {
            return List.of(Optional.empty());
        }
        return elements.stream().map(ForwardedFuzzTest::node).toList();
    }

    private static boolean isByTheGrammar(List<String> lexemes) {
        String kinds = lexemes.stream().map(ForwardedFuzzTest::kind).collect(Collectors.joining());
        if (!ELEMENT.matcher(kinds).matches()) {
            return false;
        }
        List<String> names = IntStream.range(0, lexemes.size())
                .filter(i -> lexemes.get(i).equals("="))
                .mapToObj(i -> lexemes.get(i - 1).toLowerCase(Locale.ROOT))
                .toList();
        return Set.copyOf(names).size() == names.size();
    }

    private static String kind(String lexeme) {
        return switch (lexeme.charAt(0)) {
            case '"' -> "q";
            case ' ', '\t' -> "b";
            case '=', ';' -> lexeme;
            default -> "t";
        };
    }

    private static Optional<Address> node(List<String> lexemes) {
        for (int i = 1; i < lexemes.size() - 1; i++) {
            if (lexemes.get(i).equals("=") && lexemes.get(i - 1).equalsIgnoreCase("for")) {
                String value = lexemes.get(i + 1);
                return FuzzedConnections.node(
                        value.startsWith("\"")
                                ? value.substring(1, value.length() - 1).replaceAll("\\\\(.)", "$1")
                                : value);
            }
        }
        return Optional.empty();
    }
}
