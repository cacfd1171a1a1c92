package dev.postern.cli;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How the commands end, as a shell sees it: from 64 on, the codes of {@code sysexits.h}; from 128 on, those of signals. */
enum ExitCode {
    DONE(0, "done; where the command asks something, the answer is yes"),
    NO(1, "the answer is no: the command's own help says to what"),
    WRONG_USAGE(64, "wrong usage: there is no such command, option or value"),
    UNREADABLE(66, "a file that was named is not there, or cannot be read"),
    NOTHING_TO_RUN(69, "the launcher found no JDK 21 or later, or nothing to run"),
    OWN_FAULT(70, "Postern is at fault: it ended in a way that it does not foresee, or could not be built"),
    NOT_CREATED(73, "a file cannot be written, or is there already"),
    NOT_WRITTEN(74, "standard output takes no more: a full disk"),
    CONFIGURATION(78, "the configuration is at fault; the message says what, where, and what to do"),
    INTERRUPTED(130, "interrupted (Ctrl-C)"),
    BROKEN_PIPE(141, "nobody reads standard output any more, such as head, which has seen enough"),
    TERMINATED(143, "told to end (SIGTERM)");

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The number. */
    int code() {
        return code;
    }

    /** What it means, in a line or two. */
    String meaning() {
        return meaning;
    }

    /** Numbers and meanings, in order, as picocli lists them. */
    static Map<String, String> list() {
        Map<String, String> list = new LinkedHashMap<>();
        Arrays.stream(values()).forEach(each -> list.put(String.format("%3d", each.code), each.meaning));
        return list;
    }
}
