package dev.postern.setup;

import dev.postern.audit.AuditEvent;
import dev.postern.token.KeyIdForm;
import dev.postern.token.SigningAlgorithm;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The operator's settings: {@code application.yaml}, environment variables or system properties, under {@code postern}.
 * Unknown keys stop the start.
 */
@ConfigMapping(prefix = "postern")
public interface PosternConfig {

    /** The registry's service name: the audience of tokens, and what the registry's {@code auth.token.service} says. */
    @WithDefault("registry.localhost")
    String service();

    /** The issuer of tokens: what the registry's {@code auth.token.issuer} says. */
    @WithDefault("postern")
    String issuer();

    /** The region of this Postern: a binding to another grants nothing here. */
    @WithDefault("local")
    String region();

    /**
     * The accounts' policy: a file, a directory of {@code *.yaml}, or the {@code https} URL of a bundle. Unset, an example is
     * made under {@link #data()}.
     */
    Optional<String> policy();

    /** How often the policy's files are looked at: 1 s to 1 min. */
    @WithDefault("1s")
    Duration policyRefresh();

    /** Where a refused caller can ask for access: named in refusals. */
    Optional<URI> referUrl();

    /** Where Postern keeps what it generates. */
    @WithDefault("data")
    Path data();

    /** Tokens and the key that signs them. */
    Token token();

    /** Whose word about the caller's address is believed. */
    Source source();

    /** The publishers that zones follow. */
    Feeds feeds();

    /** How a policy that is a bundle is had. */
    Bundle bundle();

    /** Password files, by the account whose users they hold. */
    Map<String, Path> htpasswd();

    /** How users' passwords are checked. */
    Passwords passwords();

    /** How often credentials may be wrong. */
    Throttle throttle();

    /** When more comes than can be answered. */
    Overload overload();

    /** What replicas share. */
    Redis redis();

    /** The registry behind the doors. */
    Registry registry();

    /** Envoy's authorization calls, and what it is configured to say in them. */
    Envoy envoy();

    /** Proxies that ask by HTTP. */
    Forward forward();

    /** Whoever else asks. */
    Authzen authzen();

    /** What becomes of audit events. */
    Audit audit();

    /** For how long at most decisions are made for nobody after the start, until it is ready: up to 10 s; with 0, none. */
    @WithDefault("1s")
    Duration warmUp();

    /** What traces are made of decisions. */
    Tracing tracing();

    /** The network rules of the policy. */
    Rules rules();

    /** The management port. */
    Management management();

    /** The page for people, on the management port. */
    Console console();

    /** The private endpoints by which callers may come, by name. */
    Map<String, PrivateEndpoint> privateEndpoints();

    /** The issuers whose tokens are taken, by a name for each. */
    Map<String, Issuer> oidc();

    /** An IAM whose API keys are taken. */
    Iam iam();

    /** Tokens and the key that signs them. */
    interface Token {
        /** How long a token is good for: 60 s to 24 h. */
        @WithDefault("5m")
        Duration lifetime();

        /** {@code ES256} or {@code RS256}. */
        @WithDefault("ES256")
        SigningAlgorithm algorithm();

        /** How the header names the key: {@code x5c}, {@code libtrust} or {@code thumbprint}. */
        @WithDefault("x5c")
        KeyIdForm keyId();

        /** The private key, PEM. Unset, keys are generated under {@link PosternConfig#data()}. Read anew when it changes. */
        Optional<Path> key();

        /** The certificate of the key, PEM, and after it those of the authorities between it and what registries trust. */
        Optional<Path> certificate();

        /** Certificates of keys that are published and verified beside it: the one before, the one to come. */
        Optional<List<Path>> otherCertificates();

        /** Instead of files: the TLS configuration ({@code quarkus.tls.NAME}) whose key store holds the key. */
        Optional<String> tlsConfigurationName();

        /** When generated keys change. */
        Rotation rotation();

        /** Whether a signed token is given again for the same request while most of its life is left. */
        @WithDefault("true")
        boolean reuse();

        /** Whether refresh tokens are given and taken. */
        @WithDefault("true")
        boolean refreshTokens();

        /** How long a refresh token is good for: 5 min to 90 days. */
        @WithDefault("30d")
        Duration refreshLifetime();

        /** To what a token is bound: {@code off}, {@code address} or {@code network}. */
        @WithDefault("off")
        String bindToSource();
    }

    /** When generated keys change. */
    interface Rotation {
        /** How long each signs; {@code 0S}: for ever. Unset, 30 days where tokens carry {@code x5c}, else for ever. */
        Optional<Duration> every();

        /** How long a key is published before it signs. */
        @WithDefault("1d")
        Duration publishAhead();
    }

    /** Whose word about the caller's address is believed. */
    interface Source {
        /** Addresses and blocks of proxies. */
        Optional<List<String>> trustedProxies();

        /** Instead of a list: how many proxies there are between the caller and Postern, whoever they are. */
        OptionalInt forwardedHops();

        /** {@code x-forwarded-for}, {@code forwarded} or {@code none}. */
        @WithDefault("x-forwarded-for")
        String forwardingHeader();

        /** The NAT64 prefixes (RFC 6052) whose addresses stand for IPv4 addresses. */
        Optional<List<String>> nat64Prefixes();

        /** A listener for connections that begin with a PROXY protocol header. */
        ProxyProtocol proxyProtocol();
    }

    /** A listener for connections that begin with a PROXY protocol header, version 1 or 2; never optional there. */
    interface ProxyProtocol {
        /** Whether there is one. */
        @WithDefault("false")
        boolean enabled();

        /** Where it listens. */
        @WithDefault("localhost")
        String host();

        /** The port that leads to the plain HTTP port. */
        @WithDefault("8081")
        int port();

        /** The port that leads to the HTTPS port; none unless set. */
        OptionalInt sslPort();

        /** Addresses and blocks of those who may send the header; everybody else's connection is closed. */
        Optional<List<String>> trustedSenders();

        /** How long the header may take. */
        @WithDefault("5s")
        Duration headerTimeout();

        /** How many connections there may be, those included whose header has not come yet: 1 to 1,000,000. */
        @WithDefault("10000")
        int maxConnections();
    }

    /** The publishers that zones follow. */
    interface Feeds {
        /** How long fetching a feed may take in all: 1 s to 10 min. */
        @WithDefault("30s")
        Duration timeout();

        /** How long a connection to one of a publisher's addresses may take. */
        @WithDefault("5s")
        Duration connectTimeout();

        /** How long the start waits for feeds of which there is no copy: up to 10 min. */
        @WithDefault("20s")
        Duration startTimeout();

        /** The size of a feed's file, as it comes and decompressed: 1 K to 1 G. */
        @WithDefault("64M")
        MemorySize maxSize();

        /** How many prefixes a zone may get of a feed. */
        @WithDefault("2000000")
        int maxPrefixes();

        /** The name of the TLS configuration ({@code quarkus.tls.NAME}) whose certificates are trusted. */
        Optional<String> tlsConfigurationName();

        /** Addresses and blocks that are not public, and at which publishers are asked all the same. */
        Optional<List<String>> allowedPrivateAddresses();
    }

    /** How a policy that is a bundle is had. */
    interface Bundle {
        /** How often its server is asked: 1 s to 1 h. */
        @WithDefault("30s")
        Duration refresh();

        /** The file of the public key (PEM) by which the bundle must be signed. Unset, no signature is asked for. */
        Optional<Path> publicKey();

        /** The URL of its signature. Unset, that of the bundle with {@code .sig} after its path. */
        Optional<String> signature();

        /** Whether a signed bundle is refused whose newest entry is older than that of the last good one. */
        @WithDefault("false")
        boolean refuseOlder();

        /** The file with the bearer token for the bundle's server; read before each question. */
        Optional<Path> bearerTokenFile();

        /** How long fetching may take in all: 1 s to 10 min. */
        @WithDefault("30s")
        Duration timeout();

        /** How long a connection to one of the server's addresses may take. */
        @WithDefault("5s")
        Duration connectTimeout();

        /** How long the start waits for the first bundle where there is no copy: up to 10 min. */
        @WithDefault("20s")
        Duration startTimeout();

        /** The size of the bundle as it comes: 1 K to 256 M. */
        @WithDefault("16M")
        MemorySize maxSize();

        /** The size of its archive, expanded: 1 K to 256 M. */
        @WithDefault("64M")
        MemorySize maxExpandedSize();

        /** The name of the TLS configuration ({@code quarkus.tls.NAME}) whose certificates are trusted. */
        Optional<String> tlsConfigurationName();

        /** Addresses and blocks that are not public, and at which the server is asked all the same. */
        Optional<List<String>> allowedPrivateAddresses();
    }

    /** How users' passwords are checked. */
    interface Passwords {
        /** A user's hash that costs more is a mistake: 4 to 16, each twice as slow as the one before. */
        @WithDefault("14")
        int maxBcryptCost();

        /** How long a check may wait for its turn: 100 ms to 1 min. */
        @WithDefault("5s")
        Duration maxWait();

        /** How many passwords are remembered that were found right: up to 1,000,000; with 0, none. */
        @WithDefault("10000")
        int cacheSize();

        /** How long they are: 1 s to 1 h. */
        @WithDefault("5m")
        Duration cacheLife();
    }

    /** When more comes than can be answered. */
    interface Overload {
        /** How long requests may wait for those that came with them: 50 ms to 10 s; with 0, as long as it takes. */
        @WithDefault("200ms")
        Duration maxLag();
    }

    /** How often credentials may be wrong. */
    interface Throttle {
        /** In this time: 1 s to 1 h. */
        @WithDefault("1m")
        Duration window();

        /** From one place: an IPv4 address, or the /64 block of an IPv6 address. 1 to 1,000,000. */
        @WithDefault("10")
        int failuresPerSource();

        /** With one name, from all places that its account lists, and from all others: 1 to 1,000,000 each. */
        @WithDefault("30")
        int failuresPerSubject();
    }

    /** What replicas share. */
    interface Redis {
        /** A Redis that replicas share: its URL, or several, separated by commas. Unset, nothing is shared. */
        Optional<String> hosts();

        /** What becomes of refresh tokens while it is not to be had: {@code accept} or {@code refuse}. */
        @WithDefault("accept")
        WithoutRedis refreshTokensWithout();
    }

    /** What becomes of refresh tokens while nobody knows what other replicas revoke. */
    enum WithoutRedis {
        /** They count, as far as is known. */
        ACCEPT,
        /** They are refused until it is known. */
        REFUSE
    }

    /** The registry behind the doors. */
    interface Registry {
        /** What is asked of a request: {@code network}, {@code token} or {@code identity}. */
        @WithDefault("token")
        String mode();

        /** The URL of the token service, as the registry's {@code auth.token.realm} says. */
        Optional<String> realm();

        /** Token services of others whose registry tokens are taken, by a name for each. */
        Map<String, RegistryIssuer> issuers();
    }

    /** A token service of another's whose registry tokens are taken. */
    interface RegistryIssuer extends IssuerKeys {
        /** Its tokens' {@code iss}, exactly. */
        String issuer();

        /** The service names of the registries for which it gives tokens. Unset, {@link PosternConfig#service()} alone. */
        Optional<List<String>> audiences();

        /** Its URL, for challenges where a route's registry is one of these; unset, {@link Registry#realm()}. */
        Optional<String> realm();
    }

    /** What becomes of audit events. */
    interface Audit {
        /** Where they are kept: {@code stdout}, {@code file}, {@code syslog}, {@code otlp}; each at most once. */
        @WithDefault("stdout")
        List<AuditSink> sinks();

        /** Their form: {@code postern}, {@code ecs}, {@code ocsf} or {@code ibm}. */
        @WithDefault("postern")
        AuditFormat format();

        /** What becomes of callers' addresses in them: {@code full}, {@code truncated} or {@code hashed}. */
        @WithDefault("full")
        AuditEvent.Form addresses();

        /** What becomes of people's names in them: {@code full} or {@code hashed}. */
        @WithDefault("full")
        AuditEvent.Form subjects();

        /** The file with the key of what is hashed: 32 bytes or more. Unset, each start has one of its own. */
        Optional<Path> hashKey();

        /** The file that they are kept in. */
        AuditFile file();

        /** The syslog server that they are sent to. */
        AuditSyslog syslog();

        /** The collector of OpenTelemetry that they are sent to. */
        AuditOtlp otlp();
    }

    /** A place where audit events are kept. */
    enum AuditSink {
        STDOUT,
        FILE,
        SYSLOG,
        OTLP
    }

    /** A form of audit events. */
    enum AuditFormat {
        /** Postern's own, which its commands read. */
        POSTERN,
        /** The Elastic Common Schema. */
        ECS,
        /** The Open Cybersecurity Schema Framework. */
        OCSF,
        /** The shape of IBM Cloud's auditing events. */
        IBM
    }

    /** A file of audit events. */
    interface AuditFile {
        /** The file. */
        @WithDefault("${postern.data:data}/audit/audit.jsonl")
        Path path();

        /** How large it may grow before it is put aside: 64K to 64G. */
        @WithDefault("128M")
        MemorySize maxSize();

        /** How many there are at most, the one that is written to included: 1 to 1000. */
        @WithDefault("8")
        int maxFiles();

        /** Its form, where it is another. */
        Optional<AuditFormat> format();
    }

    /** A syslog server. */
    interface AuditSyslog {
        /** {@code udp://HOST:PORT}, {@code tcp://HOST:PORT}, {@code tls://HOST:PORT} or {@code unix:///PATH} of a stream. */
        Optional<String> address();

        /** For {@code tls}: the TLS configuration ({@code quarkus.tls.NAME}) whose trust store it must be of. */
        Optional<String> tlsConfigurationName();

        /** The name of this host in its lines. Unset, the system's. */
        Optional<String> hostname();

        /** Its form, where it is another. */
        Optional<AuditFormat> format();
    }

    /** A collector of OpenTelemetry. */
    interface AuditOtlp {
        /** Its URL for logs: {@code https://collector.example.com:4318/v1/logs}. */
        Optional<URI> url();

        /** The file with a bearer token for it; read before each question. */
        Optional<Path> bearerTokenFile();

        /** How long an exchange may take: 1 s to 1 min. */
        @WithDefault("10s")
        Duration timeout();

        /** The TLS configuration ({@code quarkus.tls.NAME}) whose trust store it must be of. */
        Optional<String> tlsConfigurationName();

        /** Its form, where it is another. */
        Optional<AuditFormat> format();
    }

    /** Traces of decisions, by OpenTelemetry. */
    interface Tracing {
        /** The collector's URL for traces; unset, there are none. */
        Optional<URI> url();

        /** Which part of the decisions is recorded that belong to no trace of a proxy's: 0 to 1. */
        @WithDefault("0.01")
        double ratio();

        /** The file with a bearer token for the collector; read before each exchange. */
        Optional<Path> bearerTokenFile();

        /** How long an exchange may take: 1 s to 1 min. */
        @WithDefault("10s")
        Duration timeout();

        /** The TLS configuration whose certificates the collector may have; unset, those of the JDK's authorities. */
        Optional<String> tlsConfigurationName();
    }

    /** The network rules of the policy. */
    interface Rules {
        /** How long a rule may not have been used before it is named in the log: 1 h to 3,650 days. */
        @WithDefault("30d")
        Duration unusedAfter();
    }

    /** The management port. */
    interface Management {
        /** The file with the token without which metrics are not shown: 16 characters or more. Read anew when it changes. */
        Optional<Path> tokenFile();
    }

    /** The page for people, on the management port. */
    interface Console {
        /** Whether there is one. */
        @WithDefault("false")
        boolean enabled();

        /** The file with the token by which people sign in: 16 characters or more. Read anew when it changes. */
        Optional<Path> tokenFile();

        /** How long somebody stays signed in by the token: 1 min to 24 h. */
        @WithDefault("8h")
        Duration session();

        /** The issuer by which people sign in. */
        ConsoleOidc oidc();
    }

    /** An issuer of OpenID Connect by which people sign in to the console; its discovery tells the rest. */
    interface ConsoleOidc {
        /** Its name, exactly, and the URL of its discovery. Unset, nobody signs in so. */
        Optional<String> issuer();

        /** The id that it knows this console by. */
        Optional<String> clientId();

        /** The file with the client's secret: read at each exchange. Unset, the client has none. */
        Optional<Path> clientSecretFile();

        /** Where it sends people back: the console's URL as browsers know it, and {@code callback}. */
        Optional<String> redirectUri();

        /** What is asked for; {@code openid} always is. */
        @WithDefault("openid")
        List<String> scopes();

        /** The claim of the ID token that says who may enter; {@code a/b} is b within a. */
        @WithDefault("groups")
        String claim();

        /** The values of which it must have one. */
        Optional<List<String>> allowed();

        /** How long somebody stays signed in: 1 min to 24 h. Whether they may is asked again after it. */
        @WithDefault("1h")
        Duration session();

        /** The algorithms that it signs with; asymmetric ones only. */
        @WithDefault("RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA")
        List<String> algorithms();

        /** How far its clock and this one may be apart: up to 5 min. */
        @WithDefault("30s")
        Duration clockSkew();

        /** How long an answer may take in all: 1 s to 1 min. */
        @WithDefault("5s")
        Duration timeout();

        /** The name of the TLS configuration ({@code quarkus.tls.NAME}) whose certificates are trusted. */
        Optional<String> tlsConfigurationName();

        /** Addresses and blocks that are not public, and at which it is asked all the same. */
        Optional<List<String>> allowedPrivateAddresses();
    }

    /** Whoever else asks: the OpenID AuthZEN Authorization API. */
    interface Authzen {
        /** Whether they are answered. */
        @WithDefault("false")
        boolean enabled();
    }

    /** Proxies that ask by HTTP. */
    interface Forward {
        /** Whether they are answered. */
        @WithDefault("false")
        boolean enabled();
    }

    /** Envoy's authorization calls, and what it is configured to say in them. */
    interface Envoy {
        /** Whether they are answered. */
        @WithDefault("false")
        boolean enabled();

        /** What its PROXY protocol filter notes of the headers that it takes. */
        LinkMetadata linkMetadata();
    }

    /** The metadata of Envoy's PROXY protocol filter: keys as they are named there ({@code on_tlv_present}). */
    interface LinkMetadata {
        /** The namespace of the keys. */
        @WithDefault("envoy.filters.listener.proxy_protocol")
        String namespace();

        /** The keys of the AWS field, 0xEA. */
        Optional<List<String>> aws();

        /** The keys of the Azure field, 0xEE. */
        Optional<List<String>> azure();

        /** The keys of the Google field, 0xE0. */
        Optional<List<String>> gcp();

        /** The keys of fields that carry no link. */
        Optional<List<String>> other();
    }

    /** A private endpoint. */
    interface PrivateEndpoint {
        /** Host names that only callers of this endpoint have reason to ask for. */
        Optional<List<String>> hostnames();

        /** The addresses that the server side sees for callers of this endpoint. */
        Optional<List<String>> translatedAddresses();

        /** The ids of its links, which a PROXY header carries: {@code aws:vpce-…}, {@code azure:…}, {@code gcp:…}. */
        Optional<List<String>> linkIds();

        /** The sockets at which its callers arrive, and nobody else: {@code PORT} or {@code ADDRESS:PORT}. */
        Optional<List<String>> listener();
    }

    /** Where an issuer's keys are, how they are asked for, and what its tokens may be. */
    interface IssuerKeys {
        /** The {@code https} URL of its keys (RFC 7517). */
        Optional<String> jwks();

        /** A file of its keys, instead of a URL. */
        Optional<Path> jwksFile();

        /** The algorithms that it signs with; asymmetric ones only. */
        @WithDefault("RS256,RS384,RS512,PS256,PS384,PS512,ES256,ES384,ES512,EdDSA")
        List<String> algorithms();

        /** How far its clock and this one may be apart: up to 5 min. */
        @WithDefault("30s")
        Duration clockSkew();

        /** How long a token may be: 1 K to 16 K. */
        @WithDefault("8K")
        MemorySize maxTokenSize();

        /** How often its keys are asked for: 10 s to 24 h. */
        @WithDefault("10m")
        Duration keysRefresh();

        /** How old keys are good while it does not answer: 1 min to 30 days, and no less than the refresh. */
        @WithDefault("24h")
        Duration keysMaxAge();

        /** How long it takes at least from one question to the next, for tokens of keys that are not at hand: 1 s to 1 min. */
        @WithDefault("5s")
        Duration keysInterval();

        /** How long an answer may take in all: 1 s to 1 min. */
        @WithDefault("5s")
        Duration timeout();

        /** How long a connection to one of its addresses may take. */
        @WithDefault("2s")
        Duration connectTimeout();

        /** The file with the bearer token for its keys; read before each question. */
        Optional<Path> bearerTokenFile();

        /** The name of the TLS configuration ({@code quarkus.tls.NAME}) whose certificates are trusted. */
        Optional<String> tlsConfigurationName();

        /** Addresses and blocks that are not public, and at which it is asked all the same. */
        Optional<List<String>> allowedPrivateAddresses();
    }

    /** An issuer of OpenID Connect whose tokens are taken; without a place of its keys, its discovery tells. */
    interface Issuer extends IssuerKeys {
        /** Its tokens' {@code iss}, exactly; without {@link #jwks()} or {@link #jwksFile()}, the URL of its discovery, too. */
        String issuer();

        /** What a token must be meant for: one of these must be in {@code aud}. */
        List<String> audiences();

        /** The claim that names the caller. */
        @WithDefault("sub")
        String subjectClaim();

        /** The claim that names the caller's account, where the issuer is believed in that. */
        Optional<String> accountClaim();

        /** The accounts that its callers can belong to. Unset, all that name it; required with {@link #accountClaim()}. */
        Optional<List<String>> accounts();

        /** The claim with the caller's groups. */
        Optional<String> groupsClaim();

        /** The claim with the caller's roles. */
        Optional<String> rolesClaim();

        /** What a role of the issuer's is here: {@code Reader}, {@code Writer} or {@code Manager}. */
        Map<String, String> roles();
    }

    /** An IAM whose API keys are exchanged for tokens of an issuer. */
    interface Iam {
        /** The {@code https} URL at which. Unset, there is no IAM. */
        Optional<String> tokenEndpoint();

        /** The name of the issuer under {@code postern.oidc} whose tokens it gives. */
        Optional<String> issuer();

        /** How long an exchanged key is remembered, and never longer than the token that it gave: up to 1 h. */
        @WithDefault("5m")
        Duration cache();

        /** How long one try may take: 1 s to 1 min. */
        @WithDefault("5s")
        Duration timeout();

        /** How long a connection may take. */
        @WithDefault("2s")
        Duration connectTimeout();

        /** How often is tried again, where the IAM could not answer: up to 5. */
        @WithDefault("2")
        int retries();

        /** The name of the TLS configuration ({@code quarkus.tls.NAME}) whose certificates are trusted. */
        Optional<String> tlsConfigurationName();
    }
}
