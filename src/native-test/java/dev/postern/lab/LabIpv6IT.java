package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A caller that has an IPv6 address and no other. */
@InLab
class LabIpv6IT {
    private final Lab lab;

    LabIpv6IT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void setUp() {
        lab.postern();
        lab.stock();
    }

    @Test
    void theHostPassesByItsBlock() {
        // Given
        lab.allow("zone: office", "address: \"2001:db8:1::/48\"");
        // When
        Lab.Result pull = lab.pull(Lab.V6, lab.buildBot(), Lab.IMAGE, lab.freshPath());
        // Then
        pull.succeeded();
    }

    @Test
    void theHostIsRefusedWithoutIt() {
        // Given
        lab.allow("zone: office", "address: \"2001:db8:2::/48\"");
        // When
        Answer answer = lab.token(Lab.V6, lab.buildBot(), "repository:" + Lab.IMAGE + ":pull");
        Lab.Result pull = lab.pull(Lab.V6, lab.buildBot(), Lab.IMAGE, lab.freshPath());
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'2001:db8:1::10'"));
        assertThat(pull.failed().err()).contains("403");
    }
}
