package dev.postern.policy.importing;

import static dev.postern.policy.importing.ImportedPolicy.options;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.importing.PolicyImport.Imported;
import dev.postern.policy.importing.PolicyImport.Input;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of the formats, which are those of the command line. */
class ImportFormatTest {

    @Test
    void theNamesAreThoseOfTheDocumentation() {
        assertThat(Arrays.stream(ImportFormat.values()).map(ImportFormat::wireName))
                .containsExactly("acr-network-rule-set", "ibm-cbr", "docker-auth-acl", "github-allow-list");
    }

    @ParameterizedTest
    @EnumSource(ImportFormat.class)
    void aFormatIsFoundByItsName(ImportFormat format) {
        assertThat(ImportFormat.of(format.wireName())).contains(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "IBM_CBR", "ibm-cbr ", "Ibm-Cbr", "azure"})
    void anotherNameIsNoFormat(String name) {
        assertThat(ImportFormat.of(name)).isEmpty();
    }

    @Test
    void thePolicyBeginsWithWhereItComesFromAndWhatToDoNext() {
        // Given
        List<Input> pages = List.of(
                new Input("one.json", "[{\"allowListValue\": \"203.0.113.7\", \"isActive\": true}]"),
                new Input("two.json", "[]"));
        // Then
        assertThat(PolicyImport.run(ImportFormat.GITHUB_ALLOW_LIST, pages, options()))
                .isInstanceOfSatisfying(
                        Imported.class, imported -> assertThat(imported.yaml()).startsWith("""
                        # Imported from one.json (github-allow-list).
                        # Imported from two.json (github-allow-list).
                        # Look through it, then: postern policy check
                        accounts:
                          acme:
                        """));
    }
}
