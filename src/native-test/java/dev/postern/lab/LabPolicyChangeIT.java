package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Policies that change while Postern runs. */
@InLab
class LabPolicyChangeIT {
    private static final String SCOPE = "repository:" + Lab.IMAGE + ":pull";

    /** Postern's promise: a policy is in force this long after it was written. */
    private static final Duration PROMISE = Duration.ofSeconds(3);

    private final Lab lab;

    LabPolicyChangeIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void theOfficeIsAllowed() {
        lab.postern();
        lab.stock();
        lab.allow("zone: office");
    }

    @Test
    void aRuleThatIsRemovedWhilePullsRunRefusesThemWithinThreeSecondsAndFailsNone() throws Exception {
        // Given
        String loop = lab.script().resolveSibling("pull-loop").toString();
        List<Lab.Running> loops = IntStream.range(0, 4)
                .mapToObj(i -> lab.start(Lab.OFFICE, loop, "9", lab.buildBot(), Lab.IMAGE, "1"))
                .toList();
        Thread.sleep(2000);
        // This returns when Postern has just looked at its policy: the next change waits for as long as any will.
        lab.allow("zone: office", "address: 198.51.100.80");
        // When
        lab.allow("address: 192.0.2.0/24");
        Instant written = Files.getLastModifiedTime(lab.directory().resolve("policy.yaml"))
                .toInstant();
        List<List<Pull>> pulls = loops.stream()
                .map(running -> running.await()
                        .succeeded()
                        .out()
                        .lines()
                        .map(Pull::parse)
                        .toList())
                .toList();
        // Then
        List<Pull> all = pulls.stream().flatMap(List::stream).toList();
        assertThat(all).allSatisfy(pull -> assertThat(pull.curl()).isZero());
        assertThat(all).filteredOn("what", "manifest").extracting(Pull::status).containsOnly(200);
        List<Pull> tokens =
                all.stream().filter(pull -> pull.what().equals("token")).toList();
        assertThat(tokens).extracting(Pull::status).containsOnly(200, 403);
        Pull first = tokens.stream()
                .filter(pull -> pull.status() == 403)
                .min(Comparator.comparing(Pull::end))
                .orElseThrow();
        assertThat(first.end()).isAfter(written);
        assertThat(Duration.between(written, first.end())).isLessThanOrEqualTo(PROMISE);
        assertThat(tokens)
                .filteredOn(pull -> pull.start().isAfter(first.end()))
                .as("tokens asked for after the first refusal")
                .hasSizeGreaterThan(10)
                .extracting(Pull::status)
                .containsOnly(403);
        assertThat(tokens)
                .filteredOn(pull -> pull.end().isBefore(written))
                .as("tokens answered before the change")
                .hasSizeGreaterThan(10)
                .extracting(Pull::status)
                .containsOnly(200);
        System.out.printf(
                "Lab: %d answers while the rule was removed, none lost; the first refusal came %d ms after it was written.%n",
                all.size(), Duration.between(written, first.end()).toMillis());
    }

    @Test
    void aPolicyWithAMistakeLeavesTheLastGoodOneInForceUntilItIsMended() {
        // Given
        String mistaken = lab.render("zone: office").replace("public-access:", "publik-access:");
        // When
        Lab.Result bad = lab.policy(mistaken);
        Answer office = lab.token(Lab.OFFICE, lab.buildBot(), SCOPE);
        Answer stranger = lab.token(Lab.STRANGER, lab.buildBot(), SCOPE);
        lab.allow("address: 192.0.2.50");
        Answer strangerAfterwards = lab.token(Lab.STRANGER, lab.buildBot(), SCOPE);
        // Then
        assertThat(bad.failed().err()).contains("not in force");
        assertThat(office.granted()).containsExactly(SCOPE);
        assertThat(stranger.status()).isEqualTo(403);
        assertThat(strangerAfterwards.granted()).containsExactly(SCOPE);
    }

    @Test
    void textThatIsNoPolicyAtAllLeavesTheLastGoodOneInForce() {
        // When
        Lab.Result bad = lab.policy("accounts: [");
        Answer office = lab.token(Lab.OFFICE, lab.buildBot(), SCOPE);
        // Then
        assertThat(bad.failed().err()).contains("not in force");
        assertThat(office.granted()).containsExactly(SCOPE);
    }

    @Test
    void aSymbolicLinkThatIsSwappedAsForAConfigMapTakesEffectWithinThreeSeconds() throws Exception {
        // Given
        Path mount = Files.createDirectories(lab.directory().resolve("config-map"));
        project(mount, "..2026_01_01", lab.render("zone: office"));
        Files.createSymbolicLink(mount.resolve("policy.yaml"), Path.of("..data", "policy.yaml"));
        lab.postern("policy=" + mount);
        assertThat(lab.token(Lab.OFFICE, lab.buildBot(), SCOPE).granted()).containsExactly(SCOPE);
        // When
        project(mount, "..2026_01_02", lab.render("address: 192.0.2.0/24"));
        Instant swapped = Instant.now();
        Files.delete(mount.resolve("..2026_01_01").resolve("policy.yaml"));
        Files.delete(mount.resolve("..2026_01_01"));
        Answer answer = lab.token(Lab.OFFICE, lab.buildBot(), SCOPE);
        while (answer.status() == 200 && Instant.now().isBefore(swapped.plusSeconds(10))) {
            answer = lab.token(Lab.OFFICE, lab.buildBot(), SCOPE);
        }
        Duration delay = Duration.between(swapped, Instant.now());
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(delay).isLessThanOrEqualTo(PROMISE);
        System.out.printf("Lab: the swapped link was in force after %d ms.%n", delay.toMillis());
    }

    /** Publishes a file as a kubelet does: in a directory of its own, to which the link {@code ..data} is then moved. */
    private static void project(Path mount, String version, String policy) throws IOException {
        Path directory = Files.createDirectory(mount.resolve(version));
        Files.writeString(directory.resolve("policy.yaml"), policy);
        Path link = Files.createSymbolicLink(mount.resolve("..data_tmp"), Path.of(version));
        Files.move(link, mount.resolve("..data"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A line of pull-loop. */
    private record Pull(String what, Instant start, Instant end, int status, int curl) {
        static Pull parse(String line) {
            String[] fields = line.split(" ");
            return new Pull(
                    fields[0],
                    micros(fields[1]),
                    micros(fields[2]),
                    Integer.parseInt(fields[3]),
                    Integer.parseInt(fields[4]));
        }

        private static Instant micros(String text) {
            return Instant.EPOCH.plus(Long.parseLong(text), ChronoUnit.MICROS);
        }
    }
}
