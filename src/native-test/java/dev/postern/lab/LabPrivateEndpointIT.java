package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The worker at 10.8.0.5, whose packets arrive from 166.9.20.31: the service endpoint has rewritten their source. */
@InLab
class LabPrivateEndpointIT {
    private static final String SCOPE = "repository:" + Lab.IMAGE + ":pull";

    private final Lab lab;

    LabPrivateEndpointIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void setUp() {
        lab.postern();
        lab.stock();
    }

    @Test
    void theWorkerIsRefusedUnderTheTranslatedAddress() {
        // Given
        lab.allow("zone: office");
        // When
        Answer answer = lab.token(Lab.WORKER, lab.buildBot(), SCOPE);
        Lab.Result pull = lab.pull(Lab.WORKER, lab.buildBot(), Lab.IMAGE, lab.freshPath());
        // Then
        assertRefused(answer);
        assertThat(pull.failed().err()).contains("403");
    }

    @Test
    void theWorkerPassesOnceTheTranslatedAddressIsListed() {
        // Given
        lab.allow("zone: office", "address: 166.9.20.31");
        // When
        Answer answer = lab.token(Lab.WORKER, lab.buildBot(), SCOPE);
        Lab.Result pull = lab.pull(Lab.WORKER, lab.buildBot(), Lab.IMAGE, lab.freshPath());
        // Then
        assertThat(answer.granted()).containsExactly(SCOPE);
        pull.succeeded();
    }

    @Test
    void theWorkerPassesOnceTheEndpointIsListed() {
        // Given
        lab.allow("zone: office", "private-endpoint: lab");
        // When
        Answer answer = lab.token(Lab.WORKER, lab.buildBot(), SCOPE);
        Lab.Result pull = lab.pull(Lab.WORKER, lab.buildBot(), Lab.IMAGE, lab.freshPath());
        // Then
        assertThat(answer.granted()).containsExactly(SCOPE);
        pull.succeeded();
    }

    @Test
    void theWorkersOwnAddressInTheRulesDoesNotHelpIt() {
        // Given
        lab.allow("address: 10.8.0.0/24");
        // When
        Answer answer = lab.token(Lab.WORKER, lab.buildBot(), SCOPE);
        // Then
        assertRefused(answer);
    }

    @Test
    void theListedEndpointDoesNotHelpAStranger() {
        // Given
        lab.allow("private-endpoint: lab");
        // When
        Answer answer = lab.token(Lab.STRANGER, lab.buildBot(), SCOPE);
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'166.9.20.31' by private endpoint 'lab'"));
    }
}
