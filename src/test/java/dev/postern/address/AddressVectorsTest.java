package dev.postern.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * What Python's {@code ipaddress} makes of address texts, recorded by {@code src/test/oracle/address-vectors.py}: the same
 * verdict and the same value here, but for the differences that are meant.
 */
class AddressVectorsTest {

    /** Where the two differ on purpose. */
    private enum Difference {
        /** Python keeps a scope id; here a zone has no meaning off its link, and is refused. */
        SCOPE_ID,
        /** Python keeps the IPv4-mapped form an IPv6 address; here it is the IPv4 address. */
        IPV4_MAPPED
    }

    /**
     * A line of the file.
     *
     * @param value the bits in hexadecimal digits, 8 or 32 of them; empty where Python refuses
     * @param scoped whether the text has a scope id
     */
    private record Vector(String text, String value, boolean scoped) {
        boolean accepted() {
            return !value.isEmpty();
        }

        boolean mapped() {
            return value.startsWith("00000000000000000000ffff");
        }

        Address address() {
            if (value.length() == 8) {
                return Address.ipv4(Integer.parseUnsignedInt(value, 16));
            }
            return Address.ipv6(
                    Long.parseUnsignedLong(value.substring(0, 16), 16),
                    Long.parseUnsignedLong(value.substring(16), 16));
        }
    }

    @Test
    void theVerdictAndTheValueArePythonsButForWhatIsMeant() throws IOException {
        // Given
        Map<Difference, Integer> differences = new EnumMap<>(Difference.class);
        int accepted = 0;
        int refused = 0;
        for (Vector vector : vectors()) {
            // When
            Optional<Address> address = Address.parse(vector.text());
            // Then
            if (!vector.accepted()) {
                refused++;
                assertThat(address).as(vector.text()).isEmpty();
            } else if (vector.scoped()) {
                differences.merge(Difference.SCOPE_ID, 1, Integer::sum);
                assertThat(vector.text()).contains("%");
                assertThat(address).as(vector.text()).isEmpty();
            } else if (vector.mapped()) {
                differences.merge(Difference.IPV4_MAPPED, 1, Integer::sum);
                assertThat(address)
                        .as(vector.text())
                        .contains(Address.ipv4(
                                Integer.parseUnsignedInt(vector.value().substring(24), 16)));
            } else {
                accepted++;
                assertThat(address).as(vector.text()).contains(vector.address());
                assertThat(address.orElseThrow().family().bits())
                        .isEqualTo(4 * vector.value().length());
            }
        }
        assertThat(accepted).isGreaterThan(30_000);
        assertThat(refused).isGreaterThan(50_000);
        assertThat(accepted + refused).isGreaterThanOrEqualTo(100_000);
        assertThat(differences).containsOnlyKeys(Difference.values());
        assertThat(differences.values()).allMatch(count -> count > 1_000);
    }

    /** Python says the same of what is printed here as of what it was read from. */
    @Test
    void whatIsPrintedIsReadBack() throws IOException {
        for (Vector vector : vectors()) {
            Address.parse(vector.text())
                    .ifPresent(address ->
                            assertThat(Address.parse(address.toString())).contains(address));
        }
    }

    private static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        try (InputStream file = AddressVectorsTest.class.getResourceAsStream("/address-vectors.txt.gz");
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(file), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int tab = line.indexOf('\t');
                String verdict = line.substring(tab + 1);
                int scope = verdict.indexOf('%');
                String value = verdict.equals("-") ? "" : verdict.substring(2, scope < 0 ? verdict.length() : scope);
                vectors.add(new Vector(unescaped(line.substring(0, tab)), value, scope >= 0));
            }
        }
        return vectors;
    }

    private static String unescaped(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                out.append((char) Integer.parseInt(text, i + 2, i + 6, 16));
                i += 5;
            } else {
                out.append(text.charAt(i));
            }
        }
        return out.toString();
    }
}
