package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code GET /whoami}: anyone is told what Postern sees of it, and nothing else. */
@InLab
class LabWhoamiIT {
    private final Lab lab;

    LabWhoamiIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void setUp() {
        lab.postern();
    }

    @Test
    void aStrangerIsToldItsAddress() {
        // When
        Seen seen = lab.whoami(Lab.STRANGER);
        // Then
        assertThat(seen.source()).containsExactly("address=192.0.2.50", "side=public");
        assertThat(seen.evidence()).containsExactly("192.0.2.50 peer caller");
    }

    @Test
    void theWorkerIsToldTheTranslatedAddressAndItsEndpoint() {
        // When
        Seen seen = lab.whoami(Lab.WORKER);
        // Then
        assertThat(seen.source()).containsExactly("address=166.9.20.31", "endpoint=lab", "side=private");
        assertThat(seen.evidence()).containsExactly("166.9.20.31 peer private-endpoint");
    }

    @Test
    void aStrangerThatAsksForAPrivateNameIsUnknown() {
        // When
        Seen seen = lab.whoami(Lab.STRANGER, "--header", "Host: private.registry.lab.test");
        // Then
        assertThat(seen.source()).containsExactly("side=unknown", "why=private-endpoint-mismatch");
    }

    @Test
    void theSameIsToldAsText() {
        // When
        Answer answer =
                lab.get(Lab.V6, "https://postern.lab.test:8443/whoami", "--ipv6", "--header", "Accept: text/plain");
        // Then
        assertThat(answer.headers().get("content-type")).startsWith("text/plain");
        assertThat(answer.body()).contains("2001:db8:1::10");
    }
}
