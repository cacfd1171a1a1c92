package dev.postern.audit;

import java.util.List;

/** All the places where events are kept: each in its form, and each by a log of its own, so that none waits for another. */
public final class AuditOutlets {

    private final Reduction reduction;
    private final List<Outlet> outlets;

    /** A log, and the form of its lines. Outlets with equal forms stand beside each other, and are written once. */
    public record Outlet(AuditForm form, AuditLog log) {}

    /** Writes to these, after that reduction. */
    public AuditOutlets(Reduction reduction, List<Outlet> outlets) {
        this.reduction = reduction;
        this.outlets = List.copyOf(outlets);
    }

    /** Has the event written everywhere. Never blocks. */
    void write(AuditEvent event) {
        AuditEvent reduced = reduction.apply(event);
        for (int i = 0; i < outlets.size(); i++) {
            AuditForm form = outlets.get(i).form();
            byte[] line = form.line(reduced);
            outlets.get(i).log().write(line);
            while (i + 1 < outlets.size() && outlets.get(i + 1).form().equals(form)) {
                i++;
                outlets.get(i).log().write(line);
            }
        }
    }
}
