package dev.postern.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Case files are read strictly. */
class CaseReaderTest {

    private static final String GOOD = """
            settings: { region: local }
            policy: "accounts: { acme: {} }"
            credentials: { bot: { user: iamapikey, password: key } }
            cases:
              - name: one
                peer: 203.0.113.9
                scopes: []
                credentials: bot
                expect: { decision: granted, reason: granted }
            """;

    @Test
    void a_file_without_mistakes_is_read() {
        // When
        CaseFile file = CaseReader.read("cases.yaml", GOOD);

        // Then
        assertThat(file.rows()).singleElement().hasToString("cases.yaml: one");
    }

    @Test
    void a_file_without_cases_is_a_mistake() {
        // Given
        String text = GOOD.substring(0, GOOD.indexOf("cases:")) + "cases: []\n";

        // Then
        assertThatThrownBy(() -> CaseReader.read("cases.yaml", text)).hasMessageContaining("has no cases");
    }

    @ParameterizedTest(name = "{1} for {0}")
    @CsvSource(
            quoteCharacter = '"',
            delimiter = '|',
            value = {
                "peer: 203.0.113.9 | \"{ peer: 203.0.113.9 }\" | expected",
                "peer: 203.0.113.9 | pear: 203.0.113.9 | has no 'peer'",
                "scopes: [] | \"scopes: []\n    xff: []\" | unknown keys [xff]",
                "scopes: [] | scope: [] | has no 'scopes'",
                "reason: granted | \"reason: granted, rul: x\" | unknown keys [rul]",
                "reason: granted | reason: not-permitted | do not go together",
                "decision: granted | decision: refused | do not go together",
                "decision: granted | decision: maybe | MAYBE",
                "credentials: bot | credentials: both | there are no credentials 'both'",
                "region: local | \"region: local, refer: x\" | unknown keys [refer]",
                "password: key | \"password: key, role: x\" | unknown keys [role]",
                "scopes: [] | \"scopes: []\n    proxy: { address: 10.8.0.1 }\" | 'proxy' goes with 'over: engine'",
                "scopes: [] | \"scopes: []\n    over: engine\" | 'proxy' goes with 'over: engine'",
                "scopes: [] | \"scopes: []\n    over: http\n    proxy: { address: 10.8.0.1 }\" | goes with 'over: engine'",
                "scopes: [] | \"scopes: []\n    over: engine\n    proxy: { address: 10.8.0.1, link: [] }\" | unknown keys [link]",
                "name: one | \"name: one\n    name: two\" | duplicate key",
            })
    void a_mistake_is_named(String right, String wrong, String message) {
        // Given
        String text = GOOD.replace(right, wrong);

        // Then
        assertThatThrownBy(() -> CaseReader.read("cases.yaml", text)).hasMessageContaining(message);
    }
}
