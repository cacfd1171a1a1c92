package dev.postern.cli;

import dev.postern.address.Address;
import dev.postern.address.LinkId;
import dev.postern.source.Connection;
import dev.postern.source.LinkMetadata;
import dev.postern.source.ListeningSocket;
import dev.postern.source.Peer;
import dev.postern.source.ProxyHeader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that tell what a request's connection says of the caller. */
final class ConnectionOptions {

    @Option(
            names = "--header",
            paramLabel = "'NAME: VALUE'",
            description = "A header line of the request; once for each, in order.")
    List<String> headers = new ArrayList<>();

    @Option(names = "--host", paramLabel = "NAME", description = "The host name that was asked for.")
    @Nullable
    String host;

    @Option(names = "--proxy", paramLabel = "ADDRESS", description = "The source address of a PROXY protocol header.")
    @Nullable
    String proxy;

    @Option(
            names = "--link",
            paramLabel = "LINK",
            description = "A link id that the PROXY header carries: aws:vpce-..., azure:..., gcp:...")
    List<String> links = new ArrayList<>();

    @Option(
            names = "--metadata",
            paramLabel = "KEY=TEXT",
            description =
                    "A field that Envoy hands on as untyped metadata; --peer is then its attributes.source.address.")
    Map<String, String> metadata = new LinkedHashMap<>();

    @Option(names = "--listener", paramLabel = "[ADDRESS:]PORT", description = "Where the connection arrived.")
    @Nullable
    String listener;

    @Spec(Spec.Target.MIXEE)
    CommandSpec spec;

    /** The connection of a request with this peer, an address or {@code unix}. */
    Connection connection(String peer) {
        Peer from = peer.equals("unix") ? new Peer.Unix() : new Peer.Ip(address("--peer", peer));
        if (proxy == null && !links.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--link needs --proxy: a PROXY header carries both");
        }
        if (proxy != null && !metadata.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--metadata and --proxy exclude each other: Envoy takes the PROXY header itself");
        }
        Optional<ProxyHeader> header = Optional.ofNullable(proxy)
                .map(text -> ProxyHeader.of(
                        address("--proxy", text), links.stream().map(this::link).toList()));
        Optional<ListeningSocket> arrival = Optional.ofNullable(listener)
                .map(text -> ListeningSocket.parse(text)
                        .orElseThrow(() -> new ParameterException(
                                spec.commandLine(), "--listener expects [ADDRESS:]PORT, found '" + text + "'")));
        List<String[]> lines = headers.stream().map(this::line).toList();
        return new Connection(
                from,
                header,
                name -> lines.stream()
                        .filter(line -> line[0].equals(name.toLowerCase(Locale.ROOT)))
                        .map(line -> line[1])
                        .toList(),
                Optional.ofNullable(host),
                arrival,
                metadata.isEmpty()
                        ? new LinkMetadata.None()
                        : new LinkMetadata.Fields(Optional.empty(), Optional.of(metadata)));
    }

    Address address(String option, String text) {
        return Address.parse(text)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), option + " expects an IPv4 or IPv6 address, found '" + text + "'"));
    }

    private LinkId link(String text) {
        return LinkId.parse(text)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--link expects " + LinkId.FORMS + ", found '" + text + "'"));
    }

    private String[] line(String text) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new ParameterException(spec.commandLine(), "--header expects 'NAME: VALUE', found '" + text + "'");
        }
        return new String[] {
            text.substring(0, colon).toLowerCase(Locale.ROOT),
            text.substring(colon + 1).strip()
        };
    }
}
