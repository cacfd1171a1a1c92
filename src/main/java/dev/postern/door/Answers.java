package dev.postern.door;

import dev.postern.decision.AccessRequest;
import dev.postern.decision.Decision;
import dev.postern.decision.Reason;
import dev.postern.decision.Scope;
import dev.postern.distribution.OciError;
import dev.postern.door.Passage.Allowed;
import dev.postern.door.Passage.Facts;
import dev.postern.door.Passage.Header;
import dev.postern.door.Passage.Stopped;
import dev.postern.door.RegistrySettings.Mode;
import dev.postern.identity.Authentication;
import dev.postern.identity.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decisions as a registry would tell them.
 *
 * @param mode what was asked of the request
 * @param scopes what it needs
 */
record Answers(RegistrySettings settings, Mode mode, List<Scope> scopes) {

    private static final String BAD_TOKEN = "the token is not valid, or is no longer";

    Passage of(String id, AccessRequest access, Decision decision) {
        Facts facts = new Facts(Optional.of(id), decision.reason(), subject(access), access.source());
        return switch (decision) {
            case Decision.Granted granted ->
                new Allowed(facts, granted.wouldBe().map(Decision.WouldBe::message));
            case Decision.Refused refused -> {
                OciError error = error(refused, access);
                List<Header> headers = headers(Optional.of(id));
                challenge(error, refused.reason())
                        .ifPresent(value -> headers.add(new Header("WWW-Authenticate", value)));
                error.retryAfter(delay(access))
                        .ifPresent(seconds -> headers.add(new Header("Retry-After", Long.toString(seconds))));
                yield new Stopped(facts, error.status(), headers, error.body(Optional.of(id), settings.reasons()));
            }
        };
    }

    private static Optional<Duration> delay(AccessRequest access) {
        return access.authentication() instanceof Authentication.Throttled throttled
                ? Optional.of(throttled.retryAfter())
                : Optional.empty();
    }

    /** What stands beside every refusal. */
    static List<Header> headers(Optional<String> decision) {
        List<Header> headers = new ArrayList<>(5);
        headers.add(new Header("Content-Type", "application/json"));
        headers.add(new Header("Cache-Control", "no-store"));
        decision.ifPresent(id -> headers.add(new Header(OciError.DECISION_HEADER, id)));
        return headers;
    }

    private Optional<String> subject(AccessRequest access) {
        return mode != Mode.NETWORK && access.authentication() instanceof Authentication.Authenticated known
                ? Optional.of(subject(known.identity()))
                : Optional.empty();
    }

    private static String subject(Identity identity) {
        return switch (identity) {
            case Identity.Anonymous anonymous -> "anonymous";
            case Identity.Foreign foreign -> foreign.text();
            case Identity.Known known -> known.subject().toString();
            case Identity.Federated federated -> federated.subject().toString();
        };
    }

    private OciError error(Decision.Refused refused, AccessRequest access) {
        OciError usual = OciError.of(refused.reason(), refused.message());
        boolean anonymous = access.authentication() instanceof Authentication.Authenticated known
                && known.identity() instanceof Identity.Anonymous;
        return switch (mode) {
            case NETWORK -> usual;
            case TOKEN ->
                switch (refused.reason()) {
                    case BAD_CREDENTIALS -> OciError.of(refused.reason(), BAD_TOKEN);
                    // Clients ask for another token then, with the scope of the challenge.
                    case NOT_PERMITTED -> new OciError(401, usual.code(), usual.message());
                    default -> usual;
                };
            case IDENTITY ->
                refused.reason() == Reason.NOT_PERMITTED && anonymous
                        ? new OciError(401, "UNAUTHORIZED", "authentication required")
                        : usual;
        };
    }

    private Optional<String> challenge(OciError error, Reason reason) {
        if (error.status() != 401) {
            return Optional.empty();
        }
        return Optional.of(
                mode == Mode.TOKEN
                        ? Challenge.bearer(
                                settings,
                                scopes,
                                switch (reason) {
                                    case BAD_CREDENTIALS -> Optional.of("invalid_token");
                                    case NOT_PERMITTED -> Optional.of("insufficient_scope");
                                    default -> Optional.empty();
                                })
                        : Challenge.basic(settings));
    }
}
