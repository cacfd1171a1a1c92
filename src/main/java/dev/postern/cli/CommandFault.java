package dev.postern.cli;

/** A command cannot go on; the message says why, and what was expected. */
final class CommandFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String why;

    /** Ends the command with this code. Without a stack trace: nobody needs to read code for it. */
    CommandFault(ExitCode exitCode, String why) {
        super(why, null, false, false);
        this.exitCode = exitCode;
        this.why = why;
    }

    ExitCode exitCode() {
        return exitCode;
    }

    String why() {
        return why;
    }
}
