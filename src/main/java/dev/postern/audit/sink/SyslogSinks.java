package dev.postern.audit.sink;

import dev.postern.audit.AuditLog.Sink;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/** The ways to a syslog server. */
public final class SyslogSinks {

    private SyslogSinks() {}

    /** Datagrams (RFC 5426). */
    public static Sink udp(String host, int port) {
        return new SyslogDatagrams(host, port);
    }

    /** A stream (RFC 6587). */
    public static Sink tcp(String host, int port) {
        return new SyslogStream(TcpLine.opener(host, port, Optional.empty()));
    }

    /** A stream over TLS (RFC 5425), to a server with a certificate of that host. */
    public static Sink tls(String host, int port, SSLContext trust) {
        return new SyslogStream(TcpLine.opener(host, port, Optional.of(trust)));
    }

    /** A stream over a Unix socket. */
    public static Sink unix(Path path) {
        return new SyslogStream(UnixLine.opener(path));
    }
}
