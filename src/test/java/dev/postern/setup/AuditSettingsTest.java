package dev.postern.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where audit events may be said to go. */
class AuditSettingsTest {

    @TempDir
    Path directory;

    @Test
    void unsetTheyGoToStandardOutput() throws IOException {
        assertThat(names("{}")).containsExactly("stdout");
    }

    @Test
    void severalPlacesStandBesideEachOther() throws IOException {
        assertThat(
                        names(
                                "{ sinks: [file, stdout, syslog, otlp], syslog: { address: 'udp://[::1]:514' }, otlp: { url: 'http://localhost:4318/v1/logs' } }"))
                .containsExactly("file", "stdout", "syslog", "otlp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp://logs.example.com:514",
                "tcp://192.0.2.7:601",
                "tls://logs.example.com:6514",
                "tls://[2001:db8::1]:6514",
                "unix:///run/systemd/journal/stream"
            })
    void anAddressOfSyslogIsOneOfThese(String address) throws IOException {
        assertThat(names("{ sinks: [syslog], syslog: { address: '" + address + "' } }"))
                .containsExactly("syslog");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            { sinks: [stdout, stdout] }                                     | each once
            { sinks: [file], file: { max-size: 1K } }                       | postern.audit.file.max-size is 1024 bytes; expected 64K to 64G
            { sinks: [file], file: { max-size: 65G } }                      | expected 64K to 64G
            { sinks: [file], file: { max-files: 0 } }                       | postern.audit.file.max-files is 0; expected 1 to 1000
            { sinks: [file], file: { max-files: 1001 } }                    | expected 1 to 1000
            { sinks: [syslog] }                                             | postern.audit.syslog.address is not set; expected udp://
            { sinks: [syslog], syslog: { address: 'logs.example.com' } }    | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'http://logs:514' } }     | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'udp://logs' } }          | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'udp://logs:0' } }        | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'udp://logs:65536' } }    | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'tcp://logs:514/x' } }    | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'tcp://me@logs:514' } }   | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'unix://dev/log' } }      | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'unix:/' } }              | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'a b' } }                 | expected udp://HOST:PORT
            { sinks: [syslog], syslog: { address: 'tcp://l:514', tls-configuration-name: x } } | is not over TLS
            { sinks: [otlp] }                                               | postern.audit.otlp.url is not set; expected the collector's URL
            { sinks: [otlp], otlp: { url: 'ftp://c/v1/logs' } }             | expected the collector's URL
            { sinks: [otlp], otlp: { url: '/v1/logs' } }                    | expected the collector's URL
            { sinks: [otlp], otlp: { url: 'https://u:p@c/v1/logs' } }       | expected the collector's URL
            { sinks: [otlp], otlp: { url: 'http://c/l', bearer-token-file: t } } | expected an https URL, or no token
            { sinks: [otlp], otlp: { url: 'https://c/l', timeout: 1H } }    | postern.audit.otlp.timeout
            """)
    void whatCannotBeStopsTheStart(String audit, String message) {
        assertThatThrownBy(() -> settings(audit).places())
                .isInstanceOf(StartFault.class)
                .hasMessageContaining(message);
    }

    @Test
    void aKeyIsReadFromItsFile() throws IOException {
        // Given
        Path key = Files.write(directory.resolve("key"), new byte[32]);
        // Then
        assertThatCode(() -> settings("{ addresses: hashed, hash-key: '" + key + "' }")
                        .reduction())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 31, 4097})
    void aKeyOfAnotherLengthStopsTheStartAndIsNotShown(int length) throws IOException {
        // Given
        Path key = Files.writeString(directory.resolve("key"), "s".repeat(length));
        // Then
        assertThatThrownBy(() -> settings("{ addresses: hashed, hash-key: '" + key + "' }")
                        .reduction())
                .hasMessageContaining("expected 32 to 4096")
                .satisfies(fault -> assertThat(fault.getMessage()).doesNotContain("ssss"));
    }

    @Test
    void aKeyThatIsNotThereOrForNothingStopsTheStart() {
        assertThatThrownBy(() ->
                        settings("{ subjects: hashed, hash-key: /nowhere }").reduction())
                .hasMessageContaining("postern.audit.hash-key: /nowhere cannot be read");
        assertThatThrownBy(() -> settings("{ hash-key: /nowhere }").reduction())
                .hasMessageContaining("nothing is hashed");
        assertThatThrownBy(() -> settings("{ subjects: truncated }").reduction())
                .hasMessageContaining("postern.audit.subjects is 'truncated'; expected full or hashed");
    }

    private static List<String> names(String audit) throws IOException {
        return settings(audit).places().stream().map(AuditSettings.Place::name).toList();
    }

    private static AuditSettings settings(String audit) throws IOException {
        return new AuditSettings(OidcPageTest.config("postern: { audit: " + audit + " }"), (key, name) -> {
            try {
                return SSLContext.getDefault();
            } catch (NoSuchAlgorithmException e) {
                throw new AssertionError(e);
            }
        });
    }
}
