package dev.postern.timing;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a caller says of the trace that its request is part of (W3C Trace Context, <em>Traceparent Header</em>).
 *
 * @param traceId 32 hexadecimal digits
 * @param parentId of the caller's span: 16
 * @param sampled whether the caller records it
 */
public record Traceparent(String traceId, String parentId, boolean sampled) {

    /** The header's name. */
    public static final String HEADER = "traceparent";

    private static final int LONGEST = 512;
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    /** Reads the header's lines; empty where there is not one line, and that one of the header's form. */
    public static Optional<Traceparent> of(List<String> lines) {
        return lines.size() == 1 ? parse(lines.getFirst()) : Optional.empty();
    }

    /** Reads the header's value; empty where it is none, which is as if there were no header. */
    public static Optional<Traceparent> parse(String text) {
        Matcher form = FORM.matcher(text.length() > LONGEST ? "" : text);
        if (!form.matches()
                || form.group(1).equals("ff")
                || form.group(1).equals("00") && form.group(5) != null
                || form.group(2).chars().allMatch(digit -> digit == '0')
                || form.group(3).chars().allMatch(digit -> digit == '0')) {
            return Optional.empty();
        }
        boolean sampled = (Integer.parseInt(form.group(4), 16) & 1) != 0;
        return Optional.of(new Traceparent(form.group(2), form.group(3), sampled));
    }
}
