package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.address.Address;
import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Gate;
import dev.postern.decision.Purpose;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.decision.Warrant;
import dev.postern.distribution.OciError;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import dev.postern.policy.Policy;
import dev.postern.policy.PolicyCompiler;
import dev.postern.policy.PolicyCompiler.Compiled;
import dev.postern.policy.PolicyCompiler.Document;
import dev.postern.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page on reasons has each of them, with the words that the server says. */
class ReasonsPageTest {

    private static final Path PAGE = Path.of("docs/reasons.md");
    private static final Gate GATE = new Gate("local", Optional.empty());
    private static final Source PUBLIC = new Source.PublicSource(address("192.0.2.50"), List.of());
    private static final Source PRIVATE = new Source.PrivateSource("us-south", address("166.9.20.31"), List.of());
    private static final Source UNKNOWN = new Source.UnknownSource(Source.Why.TOO_MANY_HOPS, List.of());
    private static final Authentication ANYBODY = new Authentication.Authenticated(new Identity.Anonymous());

    @Test
    void eachReasonHasItsSectionAndThereIsNoOther() throws IOException {
        // When
        List<String> sections = Files.readAllLines(PAGE).stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> line.substring(3))
                .toList();
        // Then
        assertThat(sections)
                .containsExactlyElementsOf(
                        Arrays.stream(Reason.values()).map(Reason::wireName).toList());
    }

    @Test
    void eachSectionSaysWhatIsSeenAndWhatToDo() throws IOException {
        for (Reason reason : Reason.values()) {
            assertThat(section(reason))
                    .as(reason.wireName())
                    .contains("| who pulls sees |", "| the answer |", "| the operator sees |", "| what to do |");
        }
    }

    @Test
    void whatWhoPullsSeesIsWhatTheServerSays() throws IOException {
        // Given
        Map<Reason, Decision.Refused> refusals = refusals();
        assertThat(refusals.keySet())
                .isEqualTo(EnumSet.complementOf(EnumSet.of(Reason.GRANTED, Reason.MALFORMED_REQUEST)));
        for (Map.Entry<Reason, Decision.Refused> refusal : refusals.entrySet()) {
            // Then
            assertThat(refusal.getValue().reason()).isEqualTo(refusal.getKey());
            assertThat(row(refusal.getKey(), "who pulls sees"))
                    .contains("`" + refusal.getValue().message() + "`");
        }
    }

    @Test
    void theStatusAndCodeAreTheServers() throws IOException {
        for (Reason reason : EnumSet.complementOf(EnumSet.of(Reason.GRANTED))) {
            OciError error = OciError.of(reason, "");
            assertThat(row(reason, "the answer"))
                    .as(reason.wireName())
                    .contains(String.valueOf(error.status()), "`" + error.code() + "`");
        }
    }

    @Test
    void thePageOfTheServerHasEachMessageInTheSectionOfItsCode() throws IOException {
        // Given
        String page = Files.readString(Path.of("src/main/resources/postern/reasons.html"));
        refusals().forEach((reason, refusal) -> {
            String code = OciError.of(reason, "").code().toLowerCase(Locale.ROOT);
            // When
            String section =
                    page.replaceAll("(?s).*(?=<h2 id=\"" + code + "\")", "").replaceAll("(?s)(?<=.)<h2.*", "");
            // Then: addresses and names are left out there
            assertThat(section)
                    .as(reason.wireName())
                    .contains("<code>"
                            + refusal.message().replaceAll("'[^']*'", "'…'").replaceAll("\\.$", ""));
        });
    }

    private static Map<Reason, Decision.Refused> refusals() {
        Map<Reason, Decision.Refused> refusals = new EnumMap<>(Reason.class);
        refusals.put(Reason.NOT_PERMITTED, passage("", new Warrant.Bindings()));
        refusals.put(Reason.ADDRESS_NOT_LISTED, ofNetwork("allow: []", PUBLIC));
        refusals.put(Reason.ADDRESS_DENIED, ofNetwork("deny: [{address: 192.0.2.50}]", PUBLIC));
        refusals.put(Reason.PUBLIC_ACCESS_DISABLED, ofNetwork("public-access: disabled", PUBLIC));
        refusals.put(Reason.PRIVATE_ACCESS_DISABLED, ofNetwork("private-access: disabled", PRIVATE));
        refusals.put(Reason.SOURCE_UNKNOWN, refused("", UNKNOWN, new Authentication.NotAttempted()));
        refusals.put(
                Reason.BOUND_ELSEWHERE,
                passage("", new Warrant.Token(List.of(scope()), Optional.of("address:203.0.113.9"))));
        refusals.put(Reason.NO_CREDENTIALS, refused("", PUBLIC, new Authentication.Missing()));
        refusals.put(Reason.BAD_CREDENTIALS, refused("", PUBLIC, new Authentication.Rejected()));
        refusals.put(
                Reason.TOO_MANY_FAILURES, refused("", PUBLIC, new Authentication.Throttled(Duration.ofSeconds(1))));
        refusals.put(Reason.UNAVAILABLE, (Decision.Refused)
                GATE.withoutPolicy(new AccessRequest(PUBLIC, new Authentication.NotAttempted(), List.of())));
        return refusals;
    }

    private static Decision.Refused ofNetwork(String network, Source source) {
        return refused("    network: {" + network + "}\n", source, ANYBODY);
    }

    private static Decision.Refused refused(String network, Source source, Authentication caller) {
        return (Decision.Refused)
                GATE.decide(policy(network), new AccessRequest(source, caller, List.of(scope())), Instant.EPOCH);
    }

    private static Decision.Refused passage(String network, Warrant warrant) {
        return (Decision.Refused) GATE.decide(
                policy(network),
                new AccessRequest(
                        PUBLIC,
                        ANYBODY,
                        List.of(Scope.of("repository", "acme/app", Set.of("push"))),
                        new Purpose.Passage(warrant, Optional.empty())),
                Instant.EPOCH);
    }

    private static Policy policy(String network) {
        String text = "accounts:\n  acme:\n    namespaces: [acme]\n" + network
                + "    bindings: [{subjects: [anonymous], roles: [Reader]}]\n";
        return ((Compiled) new PolicyCompiler(Set.of("us-south")).compile(List.of(new Document("policy.yaml", text))))
                .policy();
    }

    private static Scope scope() {
        return Scope.of("repository", "acme/app", Set.of("pull"));
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    private static String section(Reason reason) throws IOException {
        return Pattern.compile("^## " + reason.wireName() + "$(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(PAGE))
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElse("");
    }

    private static String row(Reason reason, String name) throws IOException {
        return section(reason)
                .lines()
                .filter(line -> line.startsWith("| " + name + " |"))
                .findFirst()
                .orElse("");
    }
}
