package dev.postern.audit;

/** A form in which events are written. */
@FunctionalInterface
public interface AuditForm {

    /** The form of {@link AuditJson}: Postern's own, which its commands read back. */
    AuditForm POSTERN = AuditJson::line;

    /** The event as one line of printable ASCII, with its end. */
    byte[] line(AuditEvent event);
}
