package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Packaged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two replicas behind HAProxy, with a Redis between them: what fails of it, and nobody who pulls or pushes notices. */
@InLab
class LabReplicasIT {

    private static final Duration LOOPS = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String SETTINGS = """
            quarkus:
              http: { host: 127.0.0.1, port: %1$d }
              management: { host: 127.0.0.1, port: %2$d }
            postern:
              service: registry.lab.test
              issuer: postern.lab.test
              region: lab
              policy: "%3$s/policy.yaml"
              data: "%3$s/data-%1$d"
              token: { key: "%3$s/signing/ES256.key", certificate: "%3$s/signing/ES256.crt" }
              source: { trusted-proxies: [127.0.0.1] }
              redis: { hosts: "redis://127.0.0.1:6379" }
            """;

    /** In front of the page's own lines. */
    private static final String FRONT = """
            defaults
              mode http
              timeout connect 2s
              timeout client 30s
              timeout server 10s
            frontend front
              bind *:8443 ssl crt %s/tls/postern.pem
              option forwardfor
              default_backend postern
            """;

    private final Lab lab;
    private final List<Lab.Running> running = new ArrayList<>();

    LabReplicasIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void replicasInThePlaceOfPostern() throws Exception {
        lab.postern();
        lab.stock();
        lab.allow("zone: office");
        lab.lab("postern", "stop").succeeded();
    }

    @AfterEach
    void posternAgain() {
        running.reversed().forEach(LabReplicasIT::end);
        lab.lab("postern", "start").succeeded();
    }

    private static void end(Lab.Running one) {
        one.process().destroy();
        try {
            if (!one.process().waitFor(15, TimeUnit.SECONDS)) {
                one.process().destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Lab.Running start(String... command) {
        Lab.Running started = lab.start("postern", command);
        running.add(started);
        return started;
    }

    private Lab.Running replica(int port, int management) throws IOException {
        Path settings = lab.directory().resolve("replica-" + port + ".yaml");
        Files.writeString(settings, SETTINGS.formatted(port, management, lab.directory()));
        return start(Packaged.command("serve", "--config", settings.toString()).toArray(String[]::new));
    }

    /** HAProxy as docs/replicas.md has it, with ports of one host in the place of two. */
    private void balancer() throws Exception {
        String page = Files.readString(lab.base().resolve("docs/replicas.md"));
        String backend = page.substring(page.indexOf("backend postern\n"), page.lastIndexOf("```"));
        assertThat(backend).contains("198.51.100.21:8080 port 9000").contains("198.51.100.22:8080 port 9000");
        Path configuration = lab.directory().resolve("replicas.cfg");
        Files.writeString(
                configuration,
                FRONT.formatted(lab.directory())
                        + backend.replace("198.51.100.21:8080 port 9000", "127.0.0.1:8451 port 9451")
                                .replace("198.51.100.22:8080 port 9000", "127.0.0.1:8452 port 9452"));
        start("haproxy", "-db", "-f", configuration.toString());
        Instant end = Instant.now().plus(SOON);
        while (lab.get(
                                Lab.OFFICE,
                                "https://postern.lab.test:8443/jwks.json",
                                "--retry",
                                "20",
                                "--retry-all-errors",
                                "--retry-delay",
                                "1")
                        .status()
                != 200) {
            assertThat(Instant.now()).isBefore(end);
        }
    }

    private Lab.Running redis() {
        return start("redis-server", "--bind", "127.0.0.1", "--port", "6379", "--save", "");
    }

    private void awaitReady(int management, boolean degraded) throws Exception {
        Instant end = Instant.now().plus(SOON);
        while (true) {
            Lab.Result answer = lab.exec(
                    "postern",
                    "curl",
                    "--silent",
                    "--max-time",
                    "5",
                    "http://127.0.0.1:" + management + "/q/health/ready");
            String replicas = answer.out().replaceAll("(?s).*\"replicas\"|\\s", "");
            if (answer.code() == 0
                    && replicas.startsWith(",\"status\":\"UP\"")
                    && replicas.contains("\"degraded\":" + degraded)) {
                return;
            }
            assertThat(Instant.now()).as(answer.out()).isBefore(end);
            Thread.sleep(200);
        }
    }

    @Test
    void noPullAndNoPushIsRefusedWhileAReplicaIsRestartedAndRedisIsKilled() throws Exception {
        // Given
        Lab.Running redis = redis();
        Lab.Running one = replica(8451, 9451);
        replica(8452, 9452);
        awaitReady(9451, false);
        awaitReady(9452, false);
        balancer();
        String bot = lab.buildBot();
        String loop = lab.script().resolveSibling("pull-loop").toString();

        // When
        Instant begin = Instant.now();
        List<Lab.Running> pulls = IntStream.range(0, 2)
                .mapToObj(i -> lab.start(Lab.OFFICE, loop, String.valueOf(LOOPS.toSeconds()), bot, Lab.IMAGE, "1"))
                .toList();
        List<Lab.Result> pushes = new ArrayList<>();
        pushes.add(lab.push(Lab.OFFICE, bot, "acme/app/before"));
        end(one);
        pushes.add(lab.push(Lab.OFFICE, bot, "acme/app/one-is-gone"));
        replica(8451, 9451);
        awaitReady(9451, false);
        pushes.add(lab.push(Lab.OFFICE, bot, "acme/app/one-is-back"));
        redis.process().destroyForcibly();
        awaitReady(9451, true);
        awaitReady(9452, true);
        pushes.add(lab.push(Lab.OFFICE, bot, "acme/app/redis-is-gone"));
        redis();
        awaitReady(9451, false);
        awaitReady(9452, false);
        pushes.add(lab.push(Lab.OFFICE, bot, "acme/app/redis-is-back"));
        Duration took = Duration.between(begin, Instant.now());

        // Then
        pushes.forEach(Lab.Result::succeeded);
        List<String> answers = pulls.stream()
                .flatMap(each -> each.await().succeeded().out().lines())
                .toList();
        assertThat(answers)
                .hasSizeGreaterThan(100)
                .allSatisfy(line -> assertThat(line).endsWith(" 200 0"));
        System.out.printf(
                "Lab: a replica restarted and Redis killed within %s; %d answers to pulls in %s and %d pushes, none"
                        + " refused.%n",
                took, answers.size(), LOOPS, pushes.size());
    }

    @Test
    void theCallersAddressIsTheOneThatHaproxySaw() throws Exception {
        // Given
        redis();
        replica(8451, 9451);
        replica(8452, 9452);
        awaitReady(9451, false);
        awaitReady(9452, false);
        balancer();

        // Then: at either replica
        for (int i = 0; i < 4; i++) {
            assertThat(lab.login(Lab.OFFICE, lab.buildBot()).status()).isEqualTo(200);
            Answer refused = lab.login(Lab.STRANGER, lab.buildBot(), "--header", "X-Forwarded-For: 203.0.113.10");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).contains("'192.0.2.50'");
        }
    }
}
