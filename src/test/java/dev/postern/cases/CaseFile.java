package dev.postern.cases;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file of the golden table.
 *
 * @param name the file's name
 * @param settings what the operator has set
 * @param policy the text of the accounts' policy
 * @param credentials what callers can show, by a name for it
 * @param cases the cases
 */
record CaseFile(
        String name, Settings settings, String policy, Map<String, Credential> credentials, List<GoldenCase> cases) {

    /** When a case happens that does not say when. */
    static final Instant USUAL_TIME = Instant.parse("2026-06-15T12:00:00Z");

    /** The host name that a case asks for when it does not say which. */
    static final String USUAL_HOST = "registry.example.com";

    /** The settings of the operator that bear on decisions. */
    record Settings(
            List<String> trustedProxies,
            Map<String, PrivateEndpoint> privateEndpoints,
            Map<String, Issuer> issuers,
            String region,
            Optional<String> referUrl) {}

    /** A private endpoint of the settings. */
    record PrivateEndpoint(List<String> hostnames, List<String> translatedAddresses, List<String> linkIds) {}

    /** An issuer of the settings; its keys are those of {@link dev.postern.testing.TestIssuer#SHARED}. */
    record Issuer(
            String issuer,
            String audience,
            Optional<String> accountClaim,
            List<String> accounts,
            Optional<String> groupsClaim,
            Optional<String> rolesClaim,
            Map<String, String> roles) {}

    /** The value of an {@code Authorization} header. */
    record Credential(String authorization) {}

    /**
     * A request, and what must come of it.
     *
     * @param name what the case shows
     * @param peer the transport peer
     * @param proxy what a PROXY header says for it, which HTTP alone cannot carry
     * @param headers header lines besides {@code Host} and {@code Authorization}, in order
     * @param host the host name asked for
     * @param at when
     * @param credential what is shown; empty for an anonymous caller
     * @param scopes the scopes asked for; none is a login
     * @param expected what must come of it
     */
    record GoldenCase(
            String name,
            String peer,
            Optional<ProxyHeader> proxy,
            List<Header> headers,
            String host,
            Instant at,
            Optional<Credential> credential,
            List<String> scopes,
            Expected expected) {

        /** Whether the case is shown over HTTP too, and not by the engine alone. */
        boolean overHttp() {
            return proxy.isEmpty();
        }
    }

    /**
     * A PROXY header of version 2.
     *
     * @param address the address that it names
     * @param links the ids of the links that it carries, in order
     */
    record ProxyHeader(String address, List<String> links) {}

    /** A header line. */
    record Header(String name, String value) {}

    /** What becomes of a request: the third state is the caller whose address cannot be known. */
    enum Verdict {
        GRANTED,
        REFUSED,
        UNKNOWN
    }

    /**
     * What must come of a case. What is optional is compared where it stands.
     *
     * @param verdict the decision
     * @param reason the wire name of the reason
     * @param granted the actions granted, by scope; a scope that is granted nothing is left out
     * @param message what the caller reads
     * @param rule the policy's line at which the rule stands that decided
     * @param finding the last step of the explanation that names a rule: its ruleset, a colon, and what was found
     * @param source where the request comes from, in the words of {@link Observation#source()}
     * @param warning the refusal that there would be; "" for none
     */
    record Expected(
            Verdict verdict,
            String reason,
            Map<String, List<String>> granted,
            Optional<String> message,
            Optional<String> rule,
            Optional<String> finding,
            Optional<String> source,
            Optional<String> warning) {}

    /** A case with its file. Its text is the name of the test. */
    record Row(CaseFile file, GoldenCase golden) {
        @Override
        public String toString() {
            return file.name() + ": " + golden.name();
        }
    }

    /** The cases, each with this file. */
    List<Row> rows() {
        return cases.stream().map(golden -> new Row(this, golden)).toList();
    }
}
