package dev.postern.identity.oidc;

import dev.postern.fetch.HttpsUrl;
import dev.postern.identity.federation.SaidClaims.Text;
import dev.postern.identity.federation.SaidClaims.Texts;
import dev.postern.identity.federation.SaidClaims.Value;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an issuer's discovery says to those who send people there to sign in (OpenID Connect Discovery 1.0, section 3).
 *
 * @param authorization where people are sent
 * @param token where a code is exchanged
 * @param endSession where people sign out, if it offers that (RP-Initiated Logout 1.0)
 * @param byPost whether the client's secret goes into the form, for it is not taken in a header
 * @param namesItself whether its answers always name it (RFC 9207, section 3)
 */
record ProviderMetadata(
        HttpsUrl authorization, HttpsUrl token, Optional<HttpsUrl> endSession, boolean byPost, boolean namesItself) {

    private static final String BASIC = "client_secret_basic";
    private static final String POST = "client_secret_post";

    /** What became of reading it. */
    sealed interface Outcome {}

    /** It says all that is needed. */
    record Read(ProviderMetadata metadata) implements Outcome {}

    /** It does not; {@code why} is a predicate of the discovery. */
    record Lacking(String why) implements Outcome {}

    static Outcome read(Map<String, Value> members) {
        Optional<HttpsUrl> authorization = url(members, "authorization_endpoint");
        Optional<HttpsUrl> token = url(members, "token_endpoint");
        if (authorization.isEmpty() || token.isEmpty()) {
            return new Lacking("has no https URLs of an authorization_endpoint and a token_endpoint");
        }
        List<String> methods = texts(members, "token_endpoint_auth_methods_supported", BASIC);
        if (!methods.contains(BASIC) && !methods.contains(POST)) {
            return new Lacking("takes a client's secret neither by " + BASIC + " nor by " + POST);
        }
        if (!texts(members, "response_types_supported", "code").contains("code")) {
            return new Lacking("gives no codes (response_types_supported)");
        }
        // Where a list is given, it must have the one that is used; where none is, nothing is known (RFC 8414, section
        // 2).
        if (!texts(members, "code_challenge_methods_supported", "S256").contains("S256")) {
            return new Lacking("does not take S256 (code_challenge_methods_supported)");
        }
        return new Read(new ProviderMetadata(
                authorization.get(),
                token.get(),
                url(members, "end_session_endpoint"),
                !methods.contains(BASIC),
                members.get("authorization_response_iss_parameter_supported") instanceof Text(String said)
                        && said.equals("true")));
    }

    private static Optional<HttpsUrl> url(Map<String, Value> members, String name) {
        return members.get(name) instanceof Text(String text)
                        && HttpsUrl.read(text) instanceof HttpsUrl.Understood(HttpsUrl url)
                ? Optional.of(url)
                : Optional.empty();
    }

    private static List<String> texts(Map<String, Value> members, String name, String unsaid) {
        return members.get(name) instanceof Texts(List<String> texts) ? texts : List.of(unsaid);
    }
}
