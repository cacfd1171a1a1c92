package dev.postern.cli;

import picocli.CommandLine.Help.Ansi;

/** Whether somebody looks at what is printed. */
final class Terminal {

    private Terminal() {}

    /** Whether input and output are a terminal's that can be written over. Java does not tell the error output from them. */
    static boolean isThere() {
        return Ansi.AUTO.enabled();
    }
}
