package dev.postern.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.testing.Packaged;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The network lab, driven through its script. A command that outlives its time limit is ended with all that it started,
 * and is a failure.
 */
final class Lab {
    static final String IMAGE = "acme/app/hello";
    static final String PUBLIC_IMAGE = "acme/public/hello";

    /** The hosts that a test stands on. */
    static final String OFFICE = "office";

    static final String STRANGER = "stranger";
    static final String WORKER = "worker";
    static final String V6 = "v6";

    /** The host next to Postern, and the one before it where there are two proxies. */
    static final String PROXY = "proxy";

    static final String EDGE = "edge";

    /** The registry with Envoy before it. */
    static final String GUARDED = "registry.lab.test:5000";

    /** The same, to the worker, where a load balancer is the only way to it. */
    static final String BALANCED = "endpoint.lab.test:8443";

    private static final String PROXY_PORT = "postern.lab.test:8444";
    private static final String WHOAMI = "https://postern.lab.test:8443/whoami";

    /** Between the answers of one connection. */
    private static final String NEXT = "\u001e";

    private static final Duration LIMIT = Duration.ofSeconds(120);

    private final Path base;
    private final Path artifact;
    private final String name;
    private final Path script;
    private final Path directory;
    private final Map<String, String> environment;
    private @Nullable List<String> settings;
    private @Nullable List<String> rules;
    private @Nullable List<String> proxies;
    private @Nullable String guard;
    private boolean answersGuard;
    private boolean stocked;

    /**
     * @param base the directory of the source tree
     * @param artifact the packaged jar, or the native executable
     * @param name the prefix of the namespaces; labs of different names do not meet
     */
    Lab(Path base, Path artifact, String name) {
        this.base = base;
        this.artifact = artifact;
        this.name = name;
        script = base.resolve("src/test/lab/lab");
        directory = base.resolve("target").resolve(name);
        environment = Map.of(
                "LAB_DIR", directory.toString(),
                "LAB_NAME", name,
                "POSTERN_ARTIFACT", artifact.toString(),
                "POSTERN_JAVA_OPTS", String.join(" ", Packaged.options()),
                "JAVA_HOME", System.getProperty("java.home"));
    }

    /** Another lab, not up yet, that this one does not meet. */
    Lab beside(String suffix) {
        return new Lab(base, artifact, name + "-" + suffix);
    }

    Path base() {
        return base;
    }

    String name() {
        return name;
    }

    Path directory() {
        return directory;
    }

    Path script() {
        return script;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** What runs the package, as the launcher does: that of this run, which is never built on the way. */
    String command() {
        return "'" + String.join("' '", Packaged.command()) + "'";
    }

    /** Makes the lab anew, without Postern. One that an interrupted run has left standing is taken down first. */
    void up() {
        down();
        lab("up").succeeded();
    }

    void down() {
        settings = null;
        rules = null;
        proxies = null;
        guard = null;
        stocked = false;
        lab("down").succeeded();
    }

    /** Has Postern run with these settings of {@code lab postern start}, and with the defaults of all others. */
    void postern(String... settings) {
        List<String> wanted = List.of(settings);
        if (!wanted.equals(this.settings)) {
            this.settings = null;
            this.rules = null;
            answersGuard = false;
            lab(concat(List.of("postern", "restart"), settings)).succeeded();
            if (Packaged.hasCache()) {
                requireCache();
            }
            this.settings = wanted;
        }
    }

    private void requireCache() {
        try {
            logLine("postern", "Server Java ", ", with the AOT cache ");
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Has these kinds of proxies stand in front of Postern, one or two, the one that callers meet first.
     *
     * @param kinds the kinds; before them, {@code over=ipv6} where they are to send on over IPv6
     * @return what tells curl to go by them
     */
    String[] proxies(String... kinds) {
        List<String> wanted = List.of(kinds);
        if (!wanted.equals(proxies)) {
            proxies = null;
            lab(concat(List.of("proxy", "restart"), kinds)).succeeded();
            proxies = wanted;
        }
        return new String[] {"--connect-to", "::" + front(kinds) + ".lab.test:8443"};
    }

    /** The host where callers meet these proxies. */
    static String front(String... kinds) {
        return Arrays.stream(kinds).filter(kind -> !kind.contains("=")).count() == 2 ? EDGE : PROXY;
    }

    /**
     * Has this kind of guard stand before the registry, and waits for a Postern that has just started: its first answers may
     * take longer than the guard waits. The office must be admitted.
     */
    void guard(String kind) {
        guard(kind, "registry");
        if (answersGuard || kind.equals("envoy-proxy-protocol")) {
            return;
        }
        String token = login(OFFICE, buildBot()).token();
        for (int tries = 0; getGuarded(OFFICE, "/v2/", token).status() != 200; tries++) {
            if (tries == 60) {
                throw new AssertionError("no answer behind " + kind + ":\n" + log("guard"));
            }
        }
        answersGuard = true;
    }

    /** The same before the mirror, which answers with the request that has come to it. */
    void guardMirror(String kind) {
        guard(kind, "mirror");
    }

    private void guard(String kind, String behind) {
        String wanted = kind + " " + behind;
        if (!wanted.equals(guard)) {
            guard = null;
            answersGuard = false;
            lab("guard", "restart", kind, behind).succeeded();
            guard = wanted;
        }
    }

    /** Postern is another process, or will be, than the one that was started with the settings last asked for. */
    void posternIsGone() {
        settings = null;
        rules = null;
    }

    /** What the guarded registry answers to who shows this token. */
    Answer getGuarded(String host, String path, String token, String... curlArguments) {
        return getGuardedEach(host, path, token, List.<String[]>of(curlArguments))
                .getFirst();
    }

    /**
     * The same for several requests of one connection, each with what it has of its own. On a machine with too much to do,
     * Postern may take longer than the guard waits; whoever is told so asks again.
     */
    List<Answer> getGuardedEach(String host, String path, String token, List<String[]> requests) {
        List<Answer> answers = List.of();
        for (int tries = 0; tries < 5; tries++) {
            answers = askGuarded(host, path, token, requests);
            if (answers.stream().noneMatch(answer -> answer.status() == 503 || answer.status() == 504)) {
                break;
            }
        }
        return answers;
    }

    private List<Answer> askGuarded(String host, String path, String token, List<String[]> requests) {
        return getEach(
                host,
                "http://" + GUARDED + path,
                requests.stream()
                        .map(request -> concat(List.of("--header", "Authorization: Bearer " + token), request))
                        .toList());
    }

    Result pushGuarded(String host, String credentials, String repository) {
        return skopeo(
                host,
                "copy",
                "--dest-tls-verify=false",
                "--dest-creds",
                credentials,
                "oci:" + directory + "/image:1",
                "docker://" + GUARDED + "/" + repository + ":1");
    }

    /** Pulls from {@link #GUARDED} or {@link #BALANCED} into a new OCI layout. */
    Result pullGuarded(String host, String credentials, String registry, String repository, Path into) {
        return skopeo(
                host,
                "copy",
                "--src-tls-verify=false",
                "--src-creds",
                credentials,
                "docker://" + registry + "/" + repository + ":1",
                "oci:" + into + ":1");
    }

    /** What Postern says that it sees of a caller. */
    Seen whoami(String host, String... curlArguments) {
        return Seen.in(get(host, WHOAMI, curlArguments));
    }

    /** The same for several requests of one connection, each with what it has of its own. */
    List<Seen> whoami(String host, List<String[]> requests) {
        return getEach(host, WHOAMI, requests).stream().map(Seen::in).toList();
    }

    /** Has the test sender connect to Postern's port for PROXY headers, and ask for this path. */
    Result sendProxy(String host, String path, String... arguments) {
        return startSendProxy(host, PROXY_PORT, path, arguments).await();
    }

    Running startSendProxy(String host, String target, String path, String... arguments) {
        return start(host, concat(List.of(sender(), target, path), arguments));
    }

    /** The test sender's program. */
    String sender() {
        return script.resolveSibling("send-proxy").toString();
    }

    /** Asks for a token behind a PROXY header, as a client does at login. */
    Answer loginBehindHeader(String host, String credentials, String... arguments) {
        return loginBehindHeaderAt(PROXY_PORT, host, credentials, arguments);
    }

    /** The same at another port. */
    Answer loginBehindHeaderAt(String target, String host, String credentials, String... arguments) {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(UTF_8));
        String[] all = concat(List.of("--header", "Authorization: Basic " + basic), arguments);
        return Answer.parse(startSendProxy(host, target, "/token?service=registry.lab.test", all)
                .await()
                .succeeded()
                .out());
    }

    /** What Postern says that it sees of a caller behind a PROXY header. */
    Seen whoamiBehindHeader(String host, String... arguments) {
        return Seen.in(
                Answer.parse(sendProxy(host, "/whoami", arguments).succeeded().out()));
    }

    /** Has the registry hold the image under its two names, {@link #IMAGE} and {@link #PUBLIC_IMAGE}. */
    void stock() {
        if (!stocked) {
            allow("zone: office");
            for (String repository : List.of(IMAGE, PUBLIC_IMAGE)) {
                push(OFFICE, buildBot(), repository).succeeded();
            }
            stocked = true;
        }
    }

    /** Puts these rules in force as the allowlist of the account acme, and returns when they are. */
    void allow(String... rules) {
        List<String> wanted = List.of(rules);
        if (!wanted.equals(this.rules)) {
            this.rules = null;
            lab(concat(List.of("allow"), rules)).succeeded();
            this.rules = wanted;
        }
    }

    /** Writes this policy, and waits a few seconds for it to be in force. */
    Result policy(String yaml) {
        rules = null;
        Path file = directory.resolve("policy.given");
        try {
            Files.writeString(file, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lab("policy", file.toString());
    }

    /** What {@link #allow} would put in force. */
    String render(String... rules) {
        return lab(concat(List.of("render"), rules)).succeeded().out();
    }

    /** Basic credentials of a service id that may pull and push. */
    String buildBot() {
        return "iamapikey:" + lab("key", "build-bot").succeeded().out().strip();
    }

    /** Basic credentials of a service id that may only pull. */
    String readerBot() {
        return "iamapikey:" + lab("key", "reader-bot").succeeded().out().strip();
    }

    Result skopeo(String host, String... arguments) {
        return exec(host, concat(List.of("skopeo"), arguments));
    }

    /** Logs in and out again: a login that stays would lend its credentials to later commands. */
    Result skopeoLogin(String host, String credentials) {
        String[] user = credentials.split(":", 2);
        Result login = skopeo(host, "login", "--username", user[0], "--password", user[1], "registry.lab.test");
        if (login.code() == 0) {
            skopeo(host, "logout", "registry.lab.test").succeeded();
        }
        return login;
    }

    Result push(String host, String credentials, String repository) {
        return skopeo(
                host, "copy", "--dest-creds", credentials, "oci:" + directory + "/image:1", reference(repository));
    }

    /** Pulls into a new OCI layout; with null for the credentials, as nobody in particular. */
    Result pull(String host, @Nullable String credentials, String repository, Path into) {
        String destination = "oci:" + into + ":1";
        return credentials == null
                ? skopeo(host, "copy", "--src-no-creds", reference(repository), destination)
                : skopeo(host, "copy", "--src-creds", credentials, reference(repository), destination);
    }

    /** Where to pull to: a path that does not exist yet. */
    Path freshPath() {
        return directory.resolve("pulled-" + System.nanoTime());
    }

    static String reference(String repository) {
        return "docker://registry.lab.test/" + repository + ":1";
    }

    /** Asks for a token as a client does at login: for no scope. */
    Answer login(String host, String credentials, String... curlArguments) {
        return token(host, credentials, "", curlArguments);
    }

    /** Asks for a token; with null for the credentials, as nobody in particular. */
    Answer token(String host, @Nullable String credentials, String scope, String... curlArguments) {
        List<String> arguments = new ArrayList<>(List.of("--get", "--data-urlencode", "service=registry.lab.test"));
        if (credentials != null) {
            arguments.addAll(List.of("--user", credentials));
        }
        if (!scope.isEmpty()) {
            arguments.addAll(List.of("--data-urlencode", "scope=" + scope));
        }
        arguments.addAll(Arrays.asList(curlArguments));
        return get(host, "https://postern.lab.test:8443/token", arguments.toArray(String[]::new));
    }

    /** Asks for a token with each of these, as {@link #login} does, over one connection. */
    List<Answer> loginEach(String host, String credentials, List<String[]> requests) {
        return getEach(
                host,
                "https://postern.lab.test:8443/token?service=registry.lab.test",
                requests.stream()
                        .map(request -> concat(List.of("--user", credentials), request))
                        .toList());
    }

    Answer get(String host, String url, String... curlArguments) {
        return getEach(host, url, List.<String[]>of(curlArguments)).getFirst();
    }

    private List<Answer> getEach(String host, String url, List<String[]> requests) {
        List<String> command = new ArrayList<>(List.of("curl"));
        for (String[] request : requests) {
            command.addAll(command.size() == 1 ? List.of() : List.of("--next"));
            command.addAll(
                    List.of("--silent", "--show-error", "--include", "--connect-timeout", "5", "--max-time", "20"));
            command.addAll(List.of("--write-out", NEXT, url));
            command.addAll(Arrays.asList(request));
        }
        String[] answers =
                exec(host, command.toArray(String[]::new)).succeeded().out().split(NEXT, -1);
        if (answers.length != requests.size() + 1) {
            throw new AssertionError(answers.length - 1 + " answers to " + requests.size() + " requests: " + command);
        }
        List<Answer> parsed =
                Arrays.stream(answers).limit(requests.size()).map(Answer::parse).toList();
        parsed.stream().filter(answer -> answer.status() >= 400).forEach(this::keep);
        return parsed;
    }

    /** Keeps a refusal beside the servers' logs, for the search for secrets that follows the tests. */
    private void keep(Answer refusal) {
        try {
            Files.writeString(
                    directory.resolve("log/refusals.log"),
                    refusal.status() + " " + refusal.headers() + " " + refusal.body() + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps what the metrics say there, too. */
    void keepMetrics() {
        Result metrics = exec("postern", "curl", "--silent", "--max-time", "5", "http://127.0.0.1:9000/q/metrics");
        try {
            Files.writeString(directory.resolve("log/metrics.log"), metrics.out());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String log(String server) {
        return lab(server, "log").succeeded().out();
    }

    /** The first line of a server's log that has both texts. Servers answer first and log a moment later. */
    String logLine(String server, String text, String other) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < deadline) {
            Optional<String> line = log(server)
                    .lines()
                    .filter(l -> l.contains(text) && l.contains(other))
                    .findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            Thread.sleep(50);
        }
        throw new AssertionError("no line of the log of " + server + " has both " + text + " and " + other);
    }

    Result exec(String host, String... command) {
        return start(host, command).await();
    }

    Running start(String host, String... command) {
        return run(concat(List.of("exec", host), command));
    }

    Result lab(String... arguments) {
        return run(arguments).await();
    }

    private Running run(String... arguments) {
        return Running.start(concat(List.of(script.toString()), arguments), environment);
    }

    static String[] concat(List<String> first, String... second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(Arrays.asList(second));
        return all.toArray(String[]::new);
    }

    /** A command under way. Its output goes to files, so that it never waits for a reader. */
    record Running(Process process, String command, Path out, Path err) {
        static Running start(String[] command, Map<String, String> environment) {
            try {
                Path out = Files.createTempFile("lab", ".out");
                Path err = Files.createTempFile("lab", ".err");
                ProcessBuilder builder = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                return new Running(builder.start(), String.join(" ", command), out, err);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Result await() {
            return await(LIMIT);
        }

        Result await(Duration limit) {
            try {
                if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroy);
                    process.destroy();
                    throw new AssertionError("not done in " + limit.toSeconds() + " s: " + command + "\n" + output());
                }
                return new Result(
                        process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8), command);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroy();
                throw new AssertionError("interrupted: " + command, e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } finally {
                delete(out);
                delete(err);
            }
        }

        private String output() throws IOException {
            return Files.readString(out, UTF_8) + Files.readString(err, UTF_8);
        }

        private static void delete(Path file) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    record Result(int code, String out, String err, String command) {
        Result succeeded() {
            if (code != 0) {
                throw new AssertionError("exit code " + code + ": " + command + "\n" + out + err);
            }
            return this;
        }

        Result failed() {
            if (code == 0) {
                throw new AssertionError("succeeded, and should not have: " + command + "\n" + out + err);
            }
            return this;
        }
    }
}
