package dev.postern.audit.form;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditForm;
import dev.postern.decision.Decision;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;

/**
 * Another form as the message of a syslog line (RFC 5424): facility <em>log audit</em>, severity <em>informational</em>, of a refusal
 * <em>warning</em>.
 */
public final class SyslogForm implements AuditForm {

    private static final int LOG_AUDIT = 13;
    private static final int WARNING = 4;
    private static final int INFORMATIONAL = 6;
    private static final int MOST_OF_A_NAME = 255;

    private final AuditForm message;
    private final String host;
    private final String rest;

    /**
     * Lines of this host.
     *
     * @param message the form of the message
     * @param host the host's name: what is not printable in it is left out
     * @param process the id of the process
     */
    public SyslogForm(AuditForm message, String host, long process) {
        this.message = message;
        String printable = host.replaceAll("[^!-~]", "");
        this.host = printable.isEmpty() ? "-" : printable.substring(0, Math.min(printable.length(), MOST_OF_A_NAME));
        this.rest = " postern " + process + " decision - ";
    }

    @Override
    public byte[] line(AuditEvent event) {
        int severity = event.decision() instanceof Decision.Refused ? WARNING : INFORMATIONAL;
        byte[] header = ("<" + (LOG_AUDIT * 8 + severity) + ">1 " + event.time().truncatedTo(ChronoUnit.MICROS) + " "
                        + host + rest)
                .getBytes(StandardCharsets.US_ASCII);
        byte[] body = message.line(event);
        byte[] line = new byte[header.length + body.length];
        System.arraycopy(header, 0, line, 0, header.length);
        System.arraycopy(body, 0, line, header.length, body.length);
        return line;
    }
}
