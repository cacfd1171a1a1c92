import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A day of audit events, decided again by a changed policy: how long {@code postern replay} takes, and how much memory.
 *
 * <p>{@code java src/bench/programs/Replay.java target/quarkus-app/quarkus-run.jar [lines [file]]}: by default 1,000,000 lines, of 100
 * accounts with 5 service ids, 20 addresses and 10 repositories each: 100,000 different requests, as they come. The command runs as a
 * process of its own with 320 MiB of heap, and the most memory that it has resident is read from the system. The file, where one is
 * named, stays.
 */
public final class Replay {

    private static final int ACCOUNTS = 100;
    private static final int IDENTITIES = 5;
    private static final int ADDRESSES = 20;
    private static final int REPOSITORIES = 10;

    private Replay() {}

    public static void main(String... args) throws IOException, InterruptedException {
        Path jar = Path.of(args[0]).toAbsolutePath();
        long lines = args.length > 1 ? Long.parseLong(args[1]) : 1_000_000;
        Path folder = Files.createTempDirectory("replay");
        Path file = args.length > 2 ? Path.of(args[2]).toAbsolutePath() : folder.resolve("audit.jsonl");
        try {
            if (!Files.exists(file)) {
                write(file, lines);
            }
            Path policy = Files.writeString(folder.resolve("new.yaml"), policy());
            run(jar, policy, file, folder, lines);
        } finally {
            try (var files = Files.list(folder)) {
                for (Path each : files.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
    }

    /** Of every account, the last of its addresses is no longer allowed. */
    private static String policy() {
        StringBuilder text = new StringBuilder("accounts:\n");
        for (int a = 0; a < ACCOUNTS; a++) {
            text.append("  a").append(a).append(":\n    namespaces: [a").append(a).append("]\n    network:\n      allow:\n");
            for (int i = 0; i < ADDRESSES - 1; i++) {
                text.append("        - {address: ").append(address(a, i)).append("}\n");
            }
            text.append("    service-ids:\n");
            for (int i = 0; i < IDENTITIES; i++) {
                text.append("      bot").append(i).append(": {}\n");
            }
            text.append("    bindings:\n      - {subjects: [");
            for (int i = 0; i < IDENTITIES; i++) {
                text.append(i == 0 ? "" : ", ").append("service-id:bot").append(i);
            }
            text.append("], roles: [Writer]}\n");
        }
        return text.toString();
    }

    private static String address(int account, int index) {
        return "203." + account + ".113." + (index + 1);
    }

    private static void write(Path file, long lines) throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        Instant time = Instant.parse("2026-06-01T00:00:00Z");
        long begin = System.nanoTime();
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1024 * 1024)) {
            for (long i = 0; i < lines; i++) {
                int account = random.nextInt(ACCOUNTS);
                String scope = "repository:a" + account + "/r" + random.nextInt(REPOSITORIES) + ":";
                String address = address(account, random.nextInt(ADDRESSES));
                String subject = "service-id:a" + account + "/bot" + random.nextInt(IDENTITIES);
                String line = "{\"time\":\"" + time.plusMillis(i * 86_400_000 / lines) + "\",\"decision\":\""
                        + String.format(Locale.ROOT, "%016d", i) + "\",\"door\":\"registry\",\"outcome\":\"granted\","
                        + "\"reason\":\"granted\",\"source\":{\"side\":\"public\",\"address\":\"" + address
                        + "\",\"evidence\":[{\"address\":\"10.0.0.1\",\"by\":\"peer\",\"finding\":\"trusted-proxy\"},"
                        + "{\"address\":\"" + address + "\",\"by\":\"x-forwarded-for\",\"finding\":\"caller\"}]},"
                        + "\"subject\":\"" + subject + "\",\"credential\":\"api-key:k1\",\"scopes\":[{\"asked\":\"" + scope
                        + "pull,push\",\"granted\":\"pull,push\",\"reason\":\"granted\"}],\"rule\":{\"ruleset\":\"scope " + scope
                        + "pull,push\",\"finding\":\"pull,push\",\"outcome\":\"granted\"},\"explanation\":[{\"ruleset\":\"account a"
                        + account + "\",\"finding\":\"allowed by address " + address
                        + "\",\"outcome\":\"passed\",\"at\":\"/etc/postern/policy.d/a.yaml:7:11\"},{\"ruleset\":\"scope " + scope
                        + "pull,push\",\"finding\":\"pull,push\",\"outcome\":\"granted\"}],\"policy\":\"3f1c9a7be2d4\","
                        + "\"client\":{\"service\":\"registry.example.com\",\"account\":\"iamapikey\",\"client_id\":\"docker\"},"
                        + "\"token\":\"5c2d4b1e-8f0a-4b8e-9f0d-0123456789ab\"}\n";
                out.write(line.getBytes(StandardCharsets.US_ASCII));
            }
        }
        System.out.printf(
                Locale.ROOT,
                "%,d lines, %,d MiB, written in %.1f s%n",
                lines,
                Files.size(file) >> 20,
                (System.nanoTime() - begin) / 1e9);
    }

    private static void run(Path jar, Path policy, Path file, Path folder, long lines)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx320m",
                "-XX:+UseParallelGC"));
        if (jar.toString().endsWith(".jar")) {
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            command.addAll(List.of("@" + jar));
        }
        command.addAll(List.of("replay", "--policy", policy.toString(), "--top", "3", file.toString()));
        Path output = folder.resolve("output");
        long begin = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        long most = 0;
        Duration processors = Duration.ZERO;
        while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
            most = Math.max(most, resident(process.pid()));
            processors = process.info().totalCpuDuration().orElse(processors);
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.print(Files.readString(output));
        System.out.printf(
                Locale.ROOT,
                "exit %d after %.1f s (%.1f s of processors): %,.0f lines a second, %d MiB resident at most%n",
                process.exitValue(),
                seconds,
                processors.toMillis() / 1e3,
                lines / seconds,
                most / 1024);
    }

    /** The most that the process has had resident, in KiB. */
    private static long resident(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .map(line -> line.replaceAll("[^0-9]", ""))
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(0);
        } catch (IOException gone) {
            return 0;
        }
    }
}
