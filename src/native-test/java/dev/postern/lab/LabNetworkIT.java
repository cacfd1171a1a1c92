package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The ground that the other tests stand on: who reaches whom, and under which address. */
@InLab
class LabNetworkIT {
    private final Lab lab;

    LabNetworkIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void theRegistrySendsItsCallersToPostern() {
        // When
        Answer answer = lab.get(Lab.OFFICE, "https://registry.lab.test/v2/");
        // Then
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers())
                .containsEntry(
                        "www-authenticate",
                        "Bearer realm=\"https://postern.lab.test:8443/token\",service=\"registry.lab.test\"");
    }

    @Test
    void theWorkerIsSeenUnderTheAddressOfTheServiceEndpoint() throws InterruptedException {
        // Given
        String agent = "lab-" + System.nanoTime();
        // When
        lab.get(Lab.WORKER, "https://registry.lab.test/v2/", "--user-agent", agent);
        // Then
        assertThat(lab.logLine("registry", agent, " - - ")).startsWith("166.9.20.31 - - ");
    }

    /** What a router has learned of a neighbour from that neighbour's own question it forgets in time. */
    @Test
    void theRouterFindsTheServiceEndpointByItself() {
        // Given
        lab.get(Lab.WORKER, "https://registry.lab.test/v2/");
        lab.exec("internet", "ip", "neighbour", "flush", "dev", "endpoint").succeeded();
        // When
        Answer answer = lab.get(Lab.WORKER, "https://registry.lab.test/v2/");
        // Then
        assertThat(answer.status()).isEqualTo(401);
    }

    @Test
    void theWorkerHasNoWayToOtherHosts() {
        // When
        Lab.Result route = lab.exec(Lab.WORKER, "ip", "route", "get", "203.0.113.10");
        // Then
        assertThat(route.failed().err()).contains("Network is unreachable");
    }

    @Test
    void theServiceEndpointPassesOnNothingButTheTwoServices() {
        // When
        Lab.Result connection = lab.exec(
                Lab.WORKER, "curl", "--silent", "--connect-timeout", "1", "http://postern.lab.test:8080/jwks.json");
        // Then
        assertThat(connection.code()).as("curl's exit code for a time-out").isEqualTo(28);
    }

    @Test
    void theIpv6HostReachesBothServices() {
        // When
        Answer registry = lab.get(Lab.V6, "https://registry.lab.test/v2/", "--ipv6");
        Answer postern = lab.get(Lab.V6, "https://postern.lab.test:8443/jwks.json", "--ipv6");
        // Then
        assertThat(registry.status()).isEqualTo(401);
        assertThat(postern.status()).isEqualTo(200);
    }
}
