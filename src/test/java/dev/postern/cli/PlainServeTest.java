package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code serve} read without picocli is what picocli reads, or is left to it. */
class PlainServeTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "serve --config a.yaml",
                "serve --config=a.yaml",
                "serve --config=a=b.yaml",
                "serve --config /etc/postern/application.yaml --profile prod",
                "serve --profile=local --config dir/../a.yaml",
                "serve --profile serve",
                "serve --profile a,b",
                "serve --config ${user.home}",
            })
    void theUsualFormsAreWhatPicocliReads(String line) {
        // Given
        String[] words = line.split(" ");

        // When
        Optional<ConfigOptions> read = PlainServe.read(words);

        // Then
        ServeCommand byPicocli = new ServeCommand();
        new CommandLine(byPicocli).parseArgs(Arrays.copyOfRange(words, 1, words.length));
        assertThat(read).hasValueSatisfying(options -> {
            assertThat(options.config).isEqualTo(byPicocli.options.config);
            assertThat(options.profile).isEqualTo(byPicocli.options.profile);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "help serve",
                "Serve",
                "serve --help",
                "serve -h",
                "serve --version",
                "serve prod",
                "serve --",
                "serve --config",
                "serve --config=",
                "serve --config --profile",
                "serve --config a --config b",
                "serve --profile a --profile=b",
                "serve --conf a",
                "serve --profil=a",
                "serve --config @file",
                "serve @file",
                "serve --config \"a\"",
                "serve --config a b",
                "serve =a",
                "policy check",
            })
    void whatIsWrittenOtherwiseIsLeftToPicocli(String line) {
        assertThat(PlainServe.read(line.split(" "))).isEmpty();
    }
}
