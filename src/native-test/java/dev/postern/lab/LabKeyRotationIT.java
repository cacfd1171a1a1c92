package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys that change while a real registry is pulled from and pushed to, and is told nothing but the authority, once. */
@InLab
class LabKeyRotationIT {

    private static final int EVERY_SECONDS = 6;
    private static final int SECONDS = 26;

    private final Lab lab;

    LabKeyRotationIT(Lab lab) {
        this.lab = lab;
    }

    @AfterEach
    void theKeysOfTheLabAgain() throws Exception {
        lab.postern();
    }

    @Test
    void noPullAndNoPushIsRefusedWhileKeysChange() throws Exception {
        // Given: the registry trusts the authority, and no single key below it
        lab.postern();
        lab.stock();
        lab.allow("zone: office");
        lab.postern("rotation=" + EVERY_SECONDS);
        lab.allow("zone: office");
        Path bundle = lab.directory().resolve("signing/bundle.crt");
        String before = Files.readString(bundle);
        Files.writeString(bundle, before + Files.readString(lab.directory().resolve("data/signing/authority.crt")));
        lab.lab("registry", "restart").succeeded();

        // When
        String loop = lab.script().resolveSibling("pull-loop").toString();
        String bot = lab.buildBot();
        List<Lab.Running> pulls = IntStream.range(0, 2)
                .mapToObj(i -> lab.start(Lab.OFFICE, loop, String.valueOf(SECONDS), bot, Lab.IMAGE, "1"))
                .toList();
        Instant end = Instant.now().plusSeconds(SECONDS);
        List<Lab.Result> pushes = new ArrayList<>();
        Set<String> signing = new TreeSet<>();
        while (Instant.now().isBefore(end)) {
            pushes.add(lab.push(Lab.OFFICE, bot, "acme/app/pushed-" + pushes.size()));
            signing.add(firstKey());
        }

        // Then
        pushes.forEach(Lab.Result::succeeded);
        List<String> answers = pulls.stream()
                .flatMap(running -> running.await().succeeded().out().lines())
                .toList();
        assertThat(answers)
                .hasSizeGreaterThan(100)
                .allSatisfy(line -> assertThat(line).endsWith(" 200 0"));
        assertThat(signing).hasSizeGreaterThanOrEqualTo(SECONDS / EVERY_SECONDS - 1);
        try (Stream<Path> files = Files.list(lab.directory().resolve("data/signing"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".crt"))).hasSizeGreaterThan(signing.size());
        }
        System.out.printf(
                "Lab: %d keys signed within %s; %d answers to pulls and %d pushes, none refused.%n",
                signing.size(), Duration.ofSeconds(SECONDS), answers.size(), pushes.size());
    }

    /** The key that signs stands first in the published set. */
    private String firstKey() throws Exception {
        JsonNode keys = new ObjectMapper()
                .readTree(lab.get(Lab.OFFICE, "https://postern.lab.test:8443/jwks.json")
                        .body());
        return keys.path("keys").path(0).path("kid").asText();
    }
}
