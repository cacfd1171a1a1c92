package dev.postern.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Headers that name an address: anyone can send them, and only a trusted proxy is believed. */
@InLab
class LabForwardingHeaderIT {
    private final Lab lab;

    LabForwardingHeaderIT(Lab lab) {
        this.lab = lab;
    }

    static Stream<Arguments> headers() {
        return Stream.of(
                Arguments.argumentSet("X-Forwarded-For in one line", List.of("X-Forwarded-For: %s")),
                Arguments.argumentSet("X-Forwarded-For as a list", List.of("X-Forwarded-For: %s, %1$s, %1$s")),
                Arguments.argumentSet(
                        "X-Forwarded-For in several lines", List.of("X-Forwarded-For: %s", "x-forwarded-for: %s")),
                Arguments.argumentSet("Forwarded", List.of("Forwarded: for=%s")),
                Arguments.argumentSet("X-Real-IP", List.of("X-Real-IP: %s")),
                Arguments.argumentSet(
                        "all at once", List.of("X-Forwarded-For: %s", "Forwarded: for=%s", "X-Real-IP: %s")));
    }

    @Nested
    class FromAnUntrustedPeer {
        @BeforeEach
        void nobodyIsTrusted() {
            lab.postern();
            lab.allow("zone: office");
        }

        @ParameterizedTest
        @MethodSource("dev.postern.lab.LabForwardingHeaderIT#headers")
        void aStrangerThatForgesAnAllowedAddressIsRefusedAsItself(List<String> headers) {
            // When
            Answer answer = lab.login(Lab.STRANGER, lab.buildBot(), with(headers, "203.0.113.10"));
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
        }

        @ParameterizedTest
        @MethodSource("dev.postern.lab.LabForwardingHeaderIT#headers")
        void theOfficeThatForgesAnotherAddressIsStillTheOffice(List<String> headers) {
            // When
            Answer answer = lab.login(Lab.OFFICE, lab.buildBot(), with(headers, "192.0.2.50"));
            // Then
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    @Nested
    class FromATrustedProxy {
        @BeforeEach
        void theProxyIsTrusted() {
            lab.postern("trusted-proxies=198.51.100.80");
            lab.allow("zone: office");
        }

        @Test
        void theAddressThatItNamesIsJudged() {
            // When
            Answer allowed = lab.login(Lab.PROXY, lab.buildBot(), with(List.of("X-Forwarded-For: %s"), "203.0.113.10"));
            Answer refused = lab.login(Lab.PROXY, lab.buildBot(), with(List.of("X-Forwarded-For: %s"), "192.0.2.50"));
            // Then
            assertThat(allowed.status()).isEqualTo(200);
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.body()).isEqualTo(refused.refusalOf("'192.0.2.50'"));
        }

        @Test
        void theLastAddressOfAListIsJudgedAndNotTheFirst() {
            // When
            Answer answer = lab.login(
                    Lab.PROXY, lab.buildBot(), with(List.of("X-Forwarded-For: 203.0.113.10, %s"), "192.0.2.50"));
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
        }

        @Test
        void theLastAddressOfSeveralLinesIsJudgedAndNotTheFirst() {
            // Given
            List<String> lines = List.of("X-Forwarded-For: 203.0.113.10", "X-Forwarded-For: %s");
            // When
            Answer answer = lab.login(Lab.PROXY, lab.buildBot(), with(lines, "192.0.2.50"));
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
        }

        @Test
        void aHeaderOtherThanTheConfiguredOneIsNotBelieved() {
            // When
            Answer answer = lab.login(
                    Lab.PROXY, lab.buildBot(), with(List.of("Forwarded: for=%s", "X-Real-IP: %s"), "203.0.113.10"));
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'198.51.100.80'"));
        }

        @Test
        void aStrangersOwnHeaderIsStillNotBelieved() {
            // When
            Answer answer =
                    lab.login(Lab.STRANGER, lab.buildBot(), with(List.of("X-Forwarded-For: %s"), "203.0.113.10"));
            // Then
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.body()).isEqualTo(answer.refusalOf("'192.0.2.50'"));
        }
    }

    static String[] with(List<String> headers, String address) {
        return headers.stream()
                .flatMap(header -> Stream.of("--header", header.formatted(address)))
                .toArray(String[]::new);
    }
}
