package dev.postern.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of scopes. */
class ScopeTest {

    private static final String SEGMENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
    private static final String HOST =
            "(?=[^/]*[.:]|localhost/)(?:[a-z0-9][a-z0-9.-]*|\\[[0-9a-f:]+\\])(?::[0-9]{1,5})?/";
    private static final String ACTION = "(?:[a-z]+|\\*)?";

    /** The whole grammar at once; it says nothing of lengths. */
    private static final Pattern GRAMMAR = Pattern.compile("[a-z0-9]+(?:\\([a-z0-9]+\\))?:(?:" + HOST + ")?" + SEGMENT
            + "(?:/" + SEGMENT + ")*:" + ACTION + "(?:," + ACTION + ")*");

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "repository:acme/app:pull repository acme/app pull",
                "repository:acme/app:pull,push repository acme/app pull,push",
                "repository:acme/app:push,pull repository acme/app pull,push",
                "repository:acme/app:pull,pull,pull repository acme/app pull",
                "repository:acme/app:* repository acme/app *",
                "repository:acme/app:pull,*,delete repository acme/app *,delete,pull",
                "repository:acme/app: repository acme/app ''",
                "repository:acme/app:, repository acme/app ''",
                "repository:acme/app:pull,,push repository acme/app pull,push",
                "repository:app:pull repository app pull",
                "repository:a:pull repository a pull",
                "repository:acme/app/web/v2:pull repository acme/app/web/v2 pull",
                "repository:a.b/c_d/e__f/g-h/i--j:pull repository a.b/c_d/e__f/g-h/i--j pull",
                "repository:0/1:pull repository 0/1 pull",
                "registry:catalog:* registry catalog *",
                "repository(plugin):acme/app:pull repository acme/app pull",
                "registry(x1):catalog:* registry catalog *",
                "anything:acme/app:do anything acme/app do",
                "chart2:acme/app:read chart2 acme/app read",
                "repository:registry.example.com/acme/app:pull repository registry.example.com/acme/app pull",
                "repository:registry.example.com:5000/acme/app:pull repository registry.example.com:5000/acme/app pull",
                "repository:localhost/acme/app:pull repository localhost/acme/app pull",
                "repository:localhost:5000/acme/app:pull repository localhost:5000/acme/app pull",
                "repository:203.0.113.7:5000/app:pull repository 203.0.113.7:5000/app pull",
                "repository:[2001:db8::7]:5000/app:pull repository [2001:db8::7]:5000/app pull"
            })
    void aScopeIsReadWithItsActionsInOrderAndOnceEach(String text, String type, String name, String actions) {
        // When
        Scope scope = scope(text);
        // Then
        assertThat(scope.type()).isEqualTo(type);
        assertThat(scope.name()).isEqualTo(name);
        assertThat(String.join(",", scope.actions())).isEqualTo(actions);
        assertThat(scope(scope.toString())).isEqualTo(scope);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::",
                ":::",
                "pull",
                "repository",
                "repository:",
                "repository:acme/app",
                "repository::pull",
                ":acme/app:pull",
                "::pull",
                " repository:acme/app:pull",
                "repository:acme/app:pull ",
                "repository :acme/app:pull",
                "repository: acme/app:pull",
                "repository:acme/app :pull",
                "repository:acme app:pull",
                "repository:acme/app:pull push",
                "repository:acme/app:pull, push",
                "repository:acme/app:pull;push",
                "repository:acme/app:pull\n",
                "repository:acme/app\n:pull",
                "repository:acme/app:pull\u0000",
                "Repository:acme/app:pull",
                "REPOSITORY:acme/app:pull",
                "repo-sitory:acme/app:pull",
                "repository():acme/app:pull",
                "repository(plugin:acme/app:pull",
                "repository(plugin)x:acme/app:pull",
                "repository(Plugin):acme/app:pull",
                "repository(a)(b):acme/app:pull",
                "repository:acme/App:pull",
                "repository:ACME/app:pull",
                "repository:Acme:pull",
                "repository:registry.Example.com/acme:pull",
                "repository:/acme/app:pull",
                "repository:acme/app/:pull",
                "repository:acme//app:pull",
                "repository:/:pull",
                "repository:.:pull",
                "repository:..:pull",
                "repository:acme/../other:pull",
                "repository:../acme:pull",
                "repository:acme/..:pull",
                "repository:acme/./app:pull",
                "repository:acme..app:pull",
                "repository:acme___app:pull",
                "repository:-acme:pull",
                "repository:acme-:pull",
                "repository:acme-/app:pull",
                "repository:acme.:pull",
                "repository:_acme:pull",
                "repository:acme._app:pull",
                "repository:acme/app@sha256:pull",
                "repository:acme%2fapp:pull",
                "repository:acme\\app:pull",
                "repository:acme/*:pull",
                "repository:*:pull",
                "repository:acme/äpp:pull",
                "repository:acme/app:latest:pull:push",
                "repository:registry.example.com:port/app:pull",
                "repository:registry.example.com:123456/app:pull",
                "repository:registry.example.com:5000:pull",
                "repository:registry.example.com:5000/:pull",
                "repository::5000/app:pull",
                "repository:[::1/app:pull",
                "repository:::1/app:pull",
                "repository:user@host.example/app:pull",
                "repository:http://host.example/app:pull",
                "repository:acme/app:Pull",
                "repository:acme/app:PULL",
                "repository:acme/app:pull1",
                "repository:acme/app:pull-push",
                "repository:acme/app:**",
                "repository:acme/app:*pull",
                "repository:acme/app:pull|push",
                "repository:acme/app:'pull'",
                "repository:acme/app:\"pull\"",
                "repository:acme/app:p\u00fcll"
            })
    void anythingElseIsMalformedAndTheMessageNamesTheForm(String text) {
        assertThat(Scope.parse(text))
                .isInstanceOfSatisfying(
                        Scope.Malformed.class,
                        malformed -> assertThat(malformed.why()).contains(Scope.FORM));
    }

    @Test
    void aNameHasAtMost255CharactersAndItsHostAsMany() {
        // Given
        String path = "a".repeat(255);
        String host = "h." + "x".repeat(253);
        // Then
        assertThat(scope("repository:" + path + ":pull").name()).hasSize(255);
        assertThat(scope("repository:" + host + "/" + path + ":pull").name()).hasSize(511);
        assertThat(Scope.parse("repository:" + path + "a:pull")).isInstanceOf(Scope.Malformed.class);
        assertThat(Scope.parse("repository:host.example/" + path + "a:pull")).isInstanceOf(Scope.Malformed.class);
        assertThat(Scope.parse("repository:" + host + "x/" + path + ":pull")).isInstanceOf(Scope.Malformed.class);
    }

    @Test
    @Timeout(value = 10, unit = TimeUnit.SECONDS)
    void hostileTextIsReadWithoutBacktracking() {
        for (String piece : List.of("a", "a.", "a-", "--", "__", "a/", ":", ",", "(", "*,", "a_", ".a")) {
            assertThat(Scope.parse("repository:" + piece.repeat(100_000) + "!:pull"))
                    .isInstanceOf(Scope.Malformed.class);
            assertThat(Scope.parse(piece.repeat(100_000))).isInstanceOf(Scope.Malformed.class);
            assertThat(Scope.parse("repository:acme/app:" + piece.repeat(100_000) + "!"))
                    .isInstanceOf(Scope.Malformed.class);
        }
        String long255 = "a-".repeat(127) + "-";
        assertThat(Scope.parse("repository:" + long255 + ":pull")).isInstanceOf(Scope.Malformed.class);
    }

    @Property
    void printedAndReadAgainItIsTheSame(@ForAll("scopes") Scope scope) {
        assertThat(Scope.parse(scope.toString())).isEqualTo(new Scope.Parsed(scope));
    }

    @Property
    void theOrderAndRepetitionOfActionsMeanNothing(@ForAll("scopes") Scope scope) {
        // Given
        String actions = String.join(",", scope.actions().reversed());
        // When
        String text = scope.type() + "(class):" + scope.name() + ":" + actions + "," + actions;
        // Then
        assertThat(Scope.parse(text)).isEqualTo(new Scope.Parsed(scope));
    }

    @Property
    void randomTextIsAScopeOrAMessage(@ForAll("texts") String text) {
        switch (Scope.parse(text)) {
            case Scope.Parsed parsed ->
                assertThat(Scope.parse(parsed.scope().toString())).isEqualTo(parsed);
            case Scope.Malformed malformed -> assertThat(malformed.why()).contains(Scope.FORM);
        }
    }

    @Property(tries = 20_000)
    void aTextIsAScopeWhereTheGrammarSaysSo(@ForAll("pieces") String text) {
        assertThat(Scope.parse(text) instanceof Scope.Parsed)
                .as(text)
                .isEqualTo(GRAMMAR.matcher(text).matches());
    }

    @Provide
    Arbitrary<String> pieces() {
        Arbitrary<String> any = Arbitraries.of(
                "a", "b0", "pull", ":", "/", ".", "_", "__", "-", "(", ")", ",", "*", "[", "]", "localhost", "A", " ");
        Arbitrary<String> texts = any.list().ofMaxSize(8).map(pieces -> String.join("", pieces));
        return Arbitraries.oneOf(
                texts,
                texts.map(name -> "repository:" + name + ":pull"),
                texts.map(name -> "repository:localhost:5000/" + name + ":*"),
                texts.map(actions -> "repository:acme/app:" + actions),
                texts.map(type -> "repo" + type + ":acme/app:pull"));
    }

    @Test
    void laterChangesOfTheActionsDoNotReachTheScope() {
        // Given
        var actions = new TreeSet<>(Set.of("pull"));
        Scope scope = new Scope("repository", "acme/app", actions);
        // When
        actions.add("push");
        // Then
        assertThat(scope.actions()).containsExactly("pull");
    }

    private static Scope scope(String text) {
        return switch (Scope.parse(text)) {
            case Scope.Parsed parsed -> parsed.scope();
            case Scope.Malformed malformed -> throw new AssertionError(text + ": " + malformed.why());
        };
    }

    @Provide
    Arbitrary<Scope> scopes() {
        Arbitrary<String> types = Arbitraries.of("repository", "registry", "chart2");
        Arbitrary<String> names = Arbitraries.of("acme", "a.b", "c_d", "e__f", "g--h", "0", "app")
                .list()
                .ofMinSize(1)
                .ofMaxSize(5)
                .map(segments -> String.join("/", segments));
        Arbitrary<String> hosts = Arbitraries.of("", "", "localhost/", "h.example/", "h.example:5000/", "[::1]:443/");
        Arbitrary<Set<String>> actions =
                Arbitraries.of("pull", "push", "delete", "*", "list").set().ofMaxSize(5);
        return Combinators.combine(types, hosts, names, actions)
                .as((type, host, name, set) -> Scope.of(type, host + name, set));
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(60),
                Arbitraries.strings().withChars("ab:/,.*_-([])5A").ofMaxLength(30),
                Arbitraries.strings().withChars("a:/.,").ofMaxLength(12).map(text -> "repository:" + text));
    }
}
