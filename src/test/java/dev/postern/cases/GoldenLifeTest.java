package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cases.CaseFile.Row;
import dev.postern.decision.Decision;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.policy.PolicyCompiler.Rejected;
import dev.postern.policy.load.PolicyStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The golden table, however the policy came to be in force: the same decision, to the last word of its explanation. */
class GoldenLifeTest {

    private static final String UNRELATED = "accounts: { unrelated: { network: { allow: [{ address: %s }] } } }\n";
    private static final InstantSource CLOCK = InstantSource.fixed(CaseFile.USUAL_TIME);

    @TempDir
    static Path directory;

    private static final Map<String, Map<Stage, Engine>> ENGINES = new HashMap<>();

    /** How the policy came to be in force. */
    enum Stage {
        /** Straight from its text. */
        COMPILED {
            @Override
            Policy policy(CaseFile file, Path folder) {
                Path own = folder.resolve("policy.yaml");
                PolicyCompiler compiler = Engine.compiler(file);
                return switch (compiler.compile(List.of(new Document(own.toString(), file.policy())))) {
                    case Compiled compiled -> compiled.policy();
                    case Rejected rejected ->
                        throw new AssertionError(rejected.problems().toString());
                };
            }
        },
        /** Loaded, and then another document of it changed. */
        RELOADED {
            @Override
            Policy policy(CaseFile file, Path folder) {
                PolicyStore store = store(file, folder);
                Policy before = load(store);
                write(folder.resolve("unrelated.yaml"), UNRELATED.formatted("192.0.2.0/25"));
                Policy after = load(store);
                assertThat(after.version()).isNotEqualTo(before.version());
                return after;
            }
        },
        /** Loaded by a process that has seen none before. */
        RESTARTED {
            @Override
            Policy policy(CaseFile file, Path folder) {
                return load(store(file, folder));
            }
        };

        abstract Policy policy(CaseFile file, Path folder);
    }

    static Stream<Arguments> rowsAtEachStage() {
        return Arrays.stream(Stage.values()).flatMap(stage -> GoldenTable.rows().map(row -> Arguments.of(stage, row)));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("rowsAtEachStage")
    void the_decision_is_the_same_word_for_word(Stage stage, Row row) {
        // Given
        Map<Stage, Engine> engines = ENGINES.computeIfAbsent(row.file().name(), name -> engines(row.file()));

        // When
        Decision decision = engines.get(stage).decide(row.golden());

        // Then
        engines.get(stage).run(row.golden()).assertIsExpectedOf(row);
        assertThat(decision)
                .hasToString(engines.get(Stage.COMPILED).decide(row.golden()).toString());
    }

    private static Map<Stage, Engine> engines(CaseFile file) {
        Path folder = directory.resolve(file.name());
        write(folder.resolve("policy.yaml"), file.policy());
        write(folder.resolve("unrelated.yaml"), UNRELATED.formatted("192.0.2.0/24"));
        Map<Stage, Engine> engines = new HashMap<>();
        for (Stage stage : Stage.values()) {
            engines.put(stage, new Engine(file, stage.policy(file, folder)));
        }
        return engines;
    }

    private static PolicyStore store(CaseFile file, Path folder) {
        return new PolicyStore(folder, Engine.compiler(file), Engine.review(file), CLOCK, change -> {});
    }

    private static Policy load(PolicyStore store) {
        store.refresh();
        assertThat(store.state().rejection()).isEmpty();
        return store.state().inForce().orElseThrow();
    }

    private static void write(Path path, String text) {
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
