package dev.postern.setup;

import dev.postern.address.Address;
import dev.postern.address.AddressRange;
import org.eclipse.microprofile.config.Config;

/**
 * Where the service listens, as Quarkus is configured.
 *
 * @param host the address or name that it binds to
 * @param plainPort the port without TLS
 * @param plain whether that port answers requests
 */
record Listeners(String host, int plainPort, boolean plain) {

    private static final AddressRange LOOPBACK_IPV4 =
            new AddressRange(Address.ipv4(0x7f000000), Address.ipv4(0x7fffffff));
    private static final AddressRange LOOPBACK_IPV6 = AddressRange.of(Address.ipv6(0, 1));

    static Listeners of(Config config) {
        String host = config.getOptionalValue("quarkus.http.host", String.class).orElse("localhost");
        int port = config.getOptionalValue("quarkus.http.port", Integer.class).orElse(8080);
        String insecure = config.getOptionalValue("quarkus.http.insecure-requests", String.class)
                .orElse("enabled");
        return new Listeners(host, port, insecure.equalsIgnoreCase("enabled"));
    }

    boolean plainBeyondLoopback() {
        boolean loopback = host.equals("localhost")
                || Address.parse(host).map(Listeners::isLoopback).orElse(false);
        return plain && !loopback;
    }

    /** A name for it in samples: some clients refuse a realm with a loopback or private address. */
    String name() {
        return Address.parse(host)
                .map(address -> isLoopback(address) ? "localhost" : "THIS-HOST")
                .orElse(host);
    }

    private static boolean isLoopback(Address address) {
        return LOOPBACK_IPV4.contains(address) || LOOPBACK_IPV6.contains(address);
    }

    /** Where this process itself reaches the service. */
    String target() {
        return host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
    }
}
