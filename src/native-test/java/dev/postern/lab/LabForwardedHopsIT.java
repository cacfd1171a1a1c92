package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Proxies known by their number: two of them, so the second address from the right is the caller. */
@InLab(needs = "nginx")
class LabForwardedHopsIT {
    private final Lab lab;
    private String[] way = {};

    LabForwardedHopsIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void setUp() {
        lab.postern("forwarded-hops=2");
        lab.allow("zone: office");
        way = lab.proxies("nginx", "nginx");
    }

    @Test
    void theOfficePasses() {
        // When
        Answer answer = lab.login(Lab.OFFICE, lab.buildBot(), way);
        // Then
        assertThat(answer.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("dev.postern.lab.LabForwardingHeaderIT#headers")
    void aStrangerThatForgesAnAllowedAddressIsRefusedAsItself(List<String> headers) {
        // When
        Answer answer = lab.login(
                Lab.STRANGER,
                lab.buildBot(),
                Lab.concat(List.of(way), LabForwardingHeaderIT.with(headers, "203.0.113.10")));
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: */*", "X-Forwarded-For: 203.0.113.10"})
    void whoeverComesByFewerProxiesIsUnknown(String header) {
        // When
        Seen seen = lab.whoami(Lab.STRANGER, "--header", header);
        // Then
        assertThat(seen.source()).containsExactly("side=unknown", "why=too-few-hops");
    }
}
