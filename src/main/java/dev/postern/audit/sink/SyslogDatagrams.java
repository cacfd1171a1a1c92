package dev.postern.audit.sink;

import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.AuditLog.Taken;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Syslog over UDP (RFC 5426): a message a datagram. Nobody says whether one arrived; one that is too long for a datagram is lost. */
public final class SyslogDatagrams implements Sink {

    /** Of IPv4, with its header and UDP's. */
    private static final int MOST_BYTES = 65_507;

    private final String host;
    private final int port;
    private volatile @Nullable DatagramSocket socket;

    /** To this host, by name or address. */
    public SyslogDatagrams(String host, int port) {
        this.host = host;
        this.port = port;
    }

    @Override
    public Taken write(byte[] lines, int length) {
        try {
            DatagramSocket to = socket;
            if (to == null) {
                to = new DatagramSocket();
                socket = to;
            }
            DatagramSocket open = to;
            InetAddress address = InetAddress.getByName(host);
            int[] lost = {0};
            Frames.<IOException>each(lines, length, (batch, from, size) -> {
                if (size > MOST_BYTES) {
                    lost[0]++;
                } else {
                    open.send(new DatagramPacket(batch, from, size, address, port));
                }
            });
            return new Taken.Kept(lost[0]);
        } catch (IOException e) {
            close();
            return new Taken.Later(
                    "syslog at " + host + ":" + port + ": " + e.getClass().getSimpleName());
        }
    }

    @Override
    public void close() {
        DatagramSocket open = socket;
        socket = null;
        if (open != null) {
            open.close();
        }
    }
}
