package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** Colours: where they are wanted, and what gets them. */
class TerminalTest {

    @ParameterizedTest
    @CsvSource({
        "xterm-256color,    , true",
        "linux,             , true",
        "dumb,              , false",
        "'',                , false",
        ",                  , false",
        "xterm-256color,  1 , false",
        "xterm-256color,yes , false",
        "xterm-256color, '' , true",
    })
    void coloursAreForTerminalsThatHaveThem(String term, String no, boolean wanted) {
        // Given
        Map<String, String> environment = new HashMap<>();
        environment.put("TERM", term);
        environment.put("NO_COLOR", no);
        // Then
        assertThat(Terminal.wantsColours(environment::get)).isEqualTo(wanted);
    }

    @Test
    void aBuildHasNoTerminal() {
        assertThat(Terminal.isThere(name -> "dumb")).isFalse();
    }

    @Test
    void theWordThatDecidesIsColoured() {
        // Given
        String text = "refused: address-denied\nsource: public, 203.0.113.66\n  - 192.0.2.0/24\n";
        // Then
        assertThat(Paint.on(colours(Ansi.ON), text))
                .isEqualTo("\u001b[31mrefused\u001b[0m: address-denied\nsource: public, 203.0.113.66\n"
                        + "\u001b[31m  - 192.0.2.0/24\u001b[0m\n");
        assertThat(Paint.on(colours(Ansi.ON), "granted: granted")).isEqualTo("\u001b[32mgranted\u001b[0m: granted");
    }

    @Test
    void withoutColoursATextStaysAsItIs() {
        assertThat(Paint.on(colours(Ansi.OFF), "refused: address-denied")).isEqualTo("refused: address-denied");
    }

    private static CommandLine colours(Ansi ansi) {
        return PosternCommand.commandLine().setColorScheme(CommandLine.Help.defaultColorScheme(ansi));
    }
}
