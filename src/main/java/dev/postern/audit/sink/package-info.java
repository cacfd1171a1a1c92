/**
 * Where lines of events are kept: standard output, a file that is rotated, syslog, a collector of OpenTelemetry. Each is written to by
 * the thread of its log alone; it may block that thread, and nothing else.
 */
@NullMarked
package dev.postern.audit.sink;

import org.jspecify.annotations.NullMarked;
