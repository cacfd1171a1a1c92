package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** A token that names the address to which it was issued, at the registry. */
@InLab(needs = {"envoy", "nginx", "haproxy", "caddy", "traefik"})
class LabGuardBindingIT {
    static final Object KINDS = LabGuardIT.KINDS;

    private static final String TAGS = "/v2/" + Lab.IMAGE + "/tags/list";

    private final Lab lab;

    LabGuardBindingIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void bound() {
        lab.postern("guard=yes", "bind-to-source=address");
        lab.stock();
        lab.allow("zone: office");
    }

    @ParameterizedTest
    @FieldSource("KINDS")
    void itIsRefusedFromAnotherHostOfTheOffice(String kind) {
        // Given
        lab.guard(kind);
        String token = lab.token(Lab.OFFICE, lab.buildBot(), "repository:" + Lab.IMAGE + ":pull")
                .token();
        // When
        Answer office = lab.getGuarded(Lab.OFFICE, TAGS, token);
        Answer neighbour = lab.getGuarded("office2", TAGS, token);
        // Then
        assertThat(office.status()).isEqualTo(200);
        assertThat(neighbour.status()).isEqualTo(403);
        assertThat(neighbour.body()).isEqualTo(neighbour.refusalOf("'203.0.113.11'"));
    }
}
