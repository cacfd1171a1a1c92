package dev.postern.setup;

import dev.postern.audit.AuditEvent.Form;
import dev.postern.audit.AuditForm;
import dev.postern.audit.AuditLog.Sink;
import dev.postern.audit.Pseudonyms;
import dev.postern.audit.Reduction;
import dev.postern.audit.form.EcsForm;
import dev.postern.audit.form.IbmForm;
import dev.postern.audit.form.OcsfForm;
import dev.postern.audit.form.OtlpForm;
import dev.postern.audit.form.SyslogForm;
import dev.postern.audit.sink.OtlpHttp;
import dev.postern.audit.sink.RotatedFile;
import dev.postern.audit.sink.StandardOutput;
import dev.postern.audit.sink.SyslogSinks;
import dev.postern.setup.PosternConfig.AuditFormat;
import dev.postern.setup.PosternConfig.AuditSink;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiFunction;
import javax.net.ssl.SSLContext;

/** What the settings say of audit events, checked, as what they mean. */
final class AuditSettings {

    private static final String PREFIX = "postern.audit.";
    private static final String ADDRESS = PREFIX + "syslog.address";
    private static final String ADDRESS_FORMS =
            "udp://HOST:PORT, tcp://HOST:PORT, tls://HOST:PORT or unix:///PATH of a stream socket";
    private static final long LEAST_SIZE = 64 * 1024;
    private static final long MOST_SIZE = 64L * 1024 * 1024 * 1024;
    private static final int MOST_FILES = 1000;
    private static final int LEAST_KEY = 32;
    private static final int MOST_KEY = 4096;

    private final PosternConfig config;
    private final PosternConfig.Audit audit;
    private final BiFunction<String, Optional<String>, SSLContext> trust;

    /** A place, ready to be written to. */
    record Place(String name, AuditForm form, Sink sink) {}

    /**
     * Settings.
     *
     * @param trust the trust of a TLS configuration, by the setting that names it, and its name; of the JDK's authorities, where
     *     there is none
     */
    AuditSettings(PosternConfig config, BiFunction<String, Optional<String>, SSLContext> trust) {
        this.config = config;
        this.audit = config.audit();
        this.trust = trust;
    }

    /** What is made less of. */
    Reduction reduction() {
        if (audit.subjects() == Form.TRUNCATED) {
            throw new StartFault(PREFIX + "subjects is 'truncated'; expected full or hashed");
        }
        boolean isHashed = audit.addresses() == Form.HASHED || audit.subjects() == Form.HASHED;
        if (!isHashed && audit.hashKey().isPresent()) {
            throw new StartFault(PREFIX + "hash-key is set, and nothing is hashed: set " + PREFIX + "addresses or "
                    + PREFIX + "subjects to hashed, too, or leave it out");
        }
        return new Reduction(audit.addresses(), audit.subjects(), new Pseudonyms(key()));
    }

    private byte[] key() {
        if (audit.hashKey().isEmpty()) {
            byte[] ofThisStart = new byte[LEAST_KEY];
            new SecureRandom().nextBytes(ofThisStart);
            return ofThisStart;
        }
        Path file = audit.hashKey().get();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] key = in.readNBytes(MOST_KEY + 1);
            if (key.length < LEAST_KEY || key.length > MOST_KEY) {
                throw new StartFault(PREFIX + "hash-key: " + file + " holds "
                        + (key.length > MOST_KEY ? "more than " + MOST_KEY : String.valueOf(key.length))
                        + " bytes; expected " + LEAST_KEY + " to " + MOST_KEY
                        + ", such as: openssl rand -out FILE 32");
            }
            return key;
        } catch (IOException e) {
            throw new StartFault(PREFIX + "hash-key: " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    /** Where events are kept; those of one form beside each other. */
    List<Place> places() {
        List<AuditSink> sinks = audit.sinks();
        if (sinks.isEmpty() || new HashSet<>(sinks).size() != sinks.size()) {
            throw new StartFault(PREFIX + "sinks is " + sinks.toString().toLowerCase(Locale.ROOT)
                    + "; expected one or more of stdout, file, syslog, otlp, each once");
        }
        List<Place> places = new ArrayList<>();
        for (AuditSink sink : sinks) {
            places.add(
                    switch (sink) {
                        case STDOUT ->
                            // The other log's lines go by the same stream: none of either stands in the middle of
                            // another.
                            new Place(
                                    "stdout",
                                    form(Optional.empty()),
                                    new StandardOutput(System.out, new FileOutputStream(FileDescriptor.out)));
                        case FILE -> file();
                        case SYSLOG -> syslog();
                        case OTLP -> otlp();
                    });
        }
        return places;
    }

    private AuditForm form(Optional<AuditFormat> own) {
        return switch (own.orElse(audit.format())) {
            case POSTERN -> AuditForm.POSTERN;
            case ECS -> new EcsForm();
            case OCSF -> new OcsfForm();
            case IBM -> new IbmForm(config.service(), config.region());
        };
    }

    private Place file() {
        PosternConfig.AuditFile file = audit.file();
        long size = file.maxSize().asLongValue();
        if (size < LEAST_SIZE || size > MOST_SIZE) {
            throw new StartFault(PREFIX + "file.max-size is " + size + " bytes; expected 64K to 64G");
        }
        Bounds.check(PREFIX + "file.max-files", file.maxFiles(), 1, MOST_FILES);
        return new Place("file", form(file.format()), new RotatedFile(file.path(), size, file.maxFiles()));
    }

    private Place syslog() {
        PosternConfig.AuditSyslog syslog = audit.syslog();
        String text =
                syslog.address().orElseThrow(() -> new StartFault(ADDRESS + " is not set; expected " + ADDRESS_FORMS));
        AuditForm lines = new SyslogForm(
                form(syslog.format()),
                syslog.hostname().orElseGet(AuditSettings::hostname),
                ProcessHandle.current().pid());
        return new Place("syslog", lines, syslog(text, syslog));
    }

    private Sink syslog(String text, PosternConfig.AuditSyslog syslog) {
        URI address = uri(text).orElseThrow(() -> notAnAddress(text));
        String scheme = String.valueOf(address.getScheme());
        if (syslog.tlsConfigurationName().isPresent() && !scheme.equals("tls")) {
            throw new StartFault(PREFIX + "syslog.tls-configuration-name is set, and " + ADDRESS + " is '" + text
                    + "', which is not over TLS; expected tls://HOST:PORT, or no such name");
        }
        if (scheme.equals("unix")) {
            String path = address.getPath();
            if (path == null || path.length() < 2 || address.getHost() != null) {
                throw notAnAddress(text);
            }
            return SyslogSinks.unix(Path.of(path));
        }
        String host = address.getHost();
        boolean isBare = (address.getPath() == null || address.getPath().isEmpty())
                && address.getUserInfo() == null
                && address.getQuery() == null
                && address.getFragment() == null;
        if (host == null || address.getPort() < 1 || address.getPort() > 65_535 || !isBare) {
            throw notAnAddress(text);
        }
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return switch (scheme) {
            case "udp" -> SyslogSinks.udp(bare, address.getPort());
            case "tcp" -> SyslogSinks.tcp(bare, address.getPort());
            case "tls" ->
                SyslogSinks.tls(
                        bare,
                        address.getPort(),
                        trust.apply(PREFIX + "syslog.tls-configuration-name", syslog.tlsConfigurationName()));
            default -> throw notAnAddress(text);
        };
    }

    private static StartFault notAnAddress(String text) {
        return new StartFault(ADDRESS + " is '" + text + "'; expected " + ADDRESS_FORMS);
    }

    private static Optional<URI> uri(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "-";
        }
    }

    private Place otlp() {
        PosternConfig.AuditOtlp otlp = audit.otlp();
        String key = PREFIX + "otlp.url";
        String expected = "; expected the collector's URL for logs, such as http://localhost:4318/v1/logs";
        URI url = otlp.url().orElseThrow(() -> new StartFault(key + " is not set" + expected));
        boolean isHttps = "https".equals(url.getScheme());
        if (!isHttps && !"http".equals(url.getScheme())
                || url.getHost() == null
                || url.getUserInfo() != null
                || url.getFragment() != null) {
            throw new StartFault(key + " is '" + url + "'" + expected);
        }
        if (!isHttps && otlp.bearerTokenFile().isPresent()) {
            throw new StartFault(
                    key + " is '" + url + "', and a bearer token for it is set, which whoever stands between"
                            + " could read; expected an https URL, or no token");
        }
        Bounds.check(PREFIX + "otlp.timeout", otlp.timeout(), Duration.ofSeconds(1), Duration.ofMinutes(1));
        Optional<SSLContext> context = otlp.tlsConfigurationName()
                .map(name -> trust.apply(PREFIX + "otlp.tls-configuration-name", Optional.of(name)));
        return new Place(
                "otlp",
                new OtlpForm(form(otlp.format())),
                new OtlpHttp(
                        OtlpHttp.Signal.LOGS,
                        url,
                        otlp.timeout(),
                        otlp.bearerTokenFile(),
                        context,
                        "postern",
                        BuiltVersion.text()));
    }
}
