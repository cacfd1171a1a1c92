package dev.postern.identity.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.federation.SaidClaims.Nested;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.identity.federation.SaidClaims.Texts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths to claims. */
class SaidClaimsTest {

    private static final SaidClaims CLAIMS = new SaidClaims(Map.of(
            "sub", new Text("bob"),
            "groups", new Texts(List.of("a", "b")),
            "realm_access", new Nested(Map.of("roles", new Texts(List.of("reader")))),
            "https://example.com/roles", new Text("named by a URL"),
            "https://example.com/data", new Nested(Map.of("team", new Text("x"))),
            "kubernetes.io", new Nested(Map.of("pod", new Nested(Map.of("name", new Text("p"))))),
            "a", new Nested(Map.of("b", new Text("within"), "c", new Text("deep"))),
            "a/b", new Text("as it stands"),
            "none", new Texts(List.of())));

    @ParameterizedTest
    @CsvSource({
        "sub, bob",
        "groups, 'a,b'",
        "realm_access/roles, reader",
        "https://example.com/roles, named by a URL",
        "https://example.com/data/team, x",
        "kubernetes.io/pod/name, p",
        "a/b, as it stands",
        "a/c, deep"
    })
    void aPathLeadsToTexts(String path, String texts) {
        assertThat(CLAIMS.texts(path)).containsExactly(texts.split(","));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "sub/x",
                "subs",
                "Sub",
                "groups/0",
                "realm_access",
                "realm_access/",
                "/realm_access/roles",
                "realm_access.roles",
                "roles",
                "kubernetes.io/pod",
                "kubernetes/io/pod/name",
                "a/b/c",
                "none",
                "a"
            })
    void aPathLeadsNowhere(String path) {
        assertThat(CLAIMS.texts(path)).isEmpty();
    }
}
